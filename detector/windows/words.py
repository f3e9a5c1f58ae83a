"""What clients say of themselves, counted over a day (detector/stages/client_words.py says what)."""

from detector.categories import UNAUTHORIZED_CLIENT_BIT
from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import CONTRARY, FOREIGN
from detector.windows.rings import add

FOREIGN_BIT, CONTRARY_BIT = 1, 2


@compiled
def hear(event: Record, head: Record, totals: Array, hours: Array, out: Record) -> None:
    """Count an event by a foreign client or by one that contradicts itself, and read the counts of a day."""
    words = int(event["client_words"])
    if event["excused"] & UNAUTHORIZED_CLIENT_BIT:
        return
    if words & FOREIGN_BIT:
        add(head, totals, hours, FOREIGN)
        out["foreign_24h"] = totals[FOREIGN]
    if words & CONTRARY_BIT:
        add(head, totals, hours, CONTRARY)
        out["contrary_24h"] = totals[CONTRARY]

"""Handovers: an account that the platform gives to somebody else begins anew, as a new one does.

What the former holder did says nothing about the new one: other devices, another city, a new password. The
moment is that from which the entitlement names another `holder`, and the row begins anew with the first event
from then on.
"""

from collections.abc import Iterator

from detector.policy import Entitlements
from detector.stages.ledger import Ledger
from detector.stages.order import Ordered, part
from detector.stages.rows import RowTable


def between_handovers(
    ordered: Ordered, table: RowTable[Ledger], entitlements: Entitlements
) -> Iterator[Ordered]:
    """Yield events in parts; where one ends, the rows of accounts with a new holder have begun anew.

    The rows of all events must be in `table`, and each part be folded before the next is asked for.
    """
    handed, begin, last = entitlements.handed_over, 0, dict[str, int]()
    keys = [event.account_id for event in ordered.events] if handed else []
    for place, key in enumerate(keys):
        if key is None or key not in handed:
            continue
        time = int(ordered.times[place])
        before = last.get(key, int(table.row(key)["head"]["last_ms"]))
        last[key] = time
        if any(before < moment <= time for moment in entitlements.handovers(key)):
            if begin < place:
                yield part(ordered, begin, place)
            begin = place
            table.begin_anew(key)
    yield part(ordered, begin, len(ordered.events)) if begin else ordered

"""How long Redis keeps what it is given: the policy in force says it, so a change needs no restart."""

from detector.clock import now_ms
from detector.policy import Book
from detector.stores import Kept


def kept(book: Book) -> Kept:
    """Return for how long what is written now is kept, by the policy of this moment of the wall clock.

    It is garbage that is collected, so no event's own time is meant.
    """
    said = book.at(now_ms()).retention
    return Kept(rows_ms=said.windows_ms, tallies_ms=said.uses_ms)

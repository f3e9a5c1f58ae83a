"""Hours: by what share those of some hands are other ones than those of others."""

from detector.windows.compiled import Array, compiled
from detector.windows.habits.layout import DAY_HOURS, HANDS

PART_HOURS = 4
"""Hours are compared in parts of a day: a few days of two people of like habits fill no 24 hours alike."""


@compiled
def hours_apart(hands: Array, some: int, others: int) -> float:
    """Return the distance in total variation, 0 to 1, of two sets of hands; 0 where one was never at work.

    Hand `h` is bit `h` of a set.
    """
    mine, theirs = _total(hands, some, 0, DAY_HOURS), _total(hands, others, 0, DAY_HOURS)
    if mine == 0 or theirs == 0:
        return 0.0
    shared = 0.0
    for part in range(0, DAY_HOURS, PART_HOURS):
        share = _total(hands, some, part, part + PART_HOURS) / mine
        shared += min(share, _total(hands, others, part, part + PART_HOURS) / theirs)
    return max(0.0, 1.0 - shared)


@compiled
def _total(hands: Array, chosen: int, start: int, stop: int) -> int:
    total = 0
    for place in range(HANDS):
        if chosen >> (place + 1) & 1 and hands[place]["last"] != 0:
            for hour in range(start, stop):
                total += int(hands[place]["hours"][hour])
    return total

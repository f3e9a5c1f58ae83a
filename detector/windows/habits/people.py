"""How many people: the largest set of hands of which each two were at work at once."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.largest_set import largest_set
from detector.windows.habits.layout import HANDS

AT_ONCE = 24
"""What interleavings of two hands must count to: two in two metropolises, or half an hour within one. One
alone may be a remote desktop, or a page that loads itself anew as no timer does."""


@compiled
def count_people(habits: Record, hands: Array) -> None:
    """Find the largest set of hands that pairwise interleave, and how often those two do that did it least.

    One person can be one of them only, so there are at least so many people.
    """
    there = 0
    for hand in range(HANDS):
        if hands[hand]["last"] != 0:
            there |= 1 << hand
    people, sure = largest_set(habits["pairs"], there, AT_ONCE)
    habits["interleaved"] = habits["pairs"].max()
    habits["people"] = people
    habits["people_sure"] = sure

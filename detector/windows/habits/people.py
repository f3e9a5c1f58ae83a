"""How many people: the largest set of hands of which each two were at work at once."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.layout import HANDS

AT_ONCE = 24
"""What interleavings of two hands must count to: two in two metropolises, or half an hour within one. One
alone may be a remote desktop, or a page that loads itself anew as no timer does."""
PAIR = 2


@compiled
def count_people(habits: Record, hands: Array) -> None:
    """Find the largest set of hands that pairwise interleave, and how often those two do that did it least.

    One person can be one of them only, so there are at least so many people: a largest clique, by trying all
    sets of the eight hands.
    """
    pairs = habits["pairs"]
    people, sure = 1, 0
    for chosen in range(3, 1 << HANDS):
        size, weakest = 0, 255
        for hand in range(HANDS):
            if chosen >> hand & 1 == 0:
                continue
            size += 1
            if hands[hand]["last"] == 0:
                weakest = 0
            for other in range(hand + 1, HANDS):
                if chosen >> other & 1:
                    weakest = min(weakest, int(pairs[hand, other]))
            if weakest < AT_ONCE:
                break
        if size < PAIR or weakest < AT_ONCE:
            continue
        if size > people or (size == people and weakest > sure):
            people, sure = size, weakest
    habits["interleaved"] = pairs.max()
    habits["people"] = people
    habits["people_sure"] = sure

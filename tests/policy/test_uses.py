"""Tallies of uses: they add up in any order and parts, stay within bounds, and tell what is new."""

from functools import reduce
from operator import add
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.policy.uses import (
    MOST_NETWORKS,
    MOST_PLACES,
    SETTLED_MS,
    Use,
    Uses,
    note,
    place_of,
    provider_of,
)

HOME, AWAY, CLOUD = place_of(4134, 7), place_of(4837, 8), place_of(37963, 9)
NOTES = st.lists(
    st.tuples(st.integers(0, 10**13), st.integers(1, 200), st.sampled_from([None, HOME, AWAY, CLOUD])),
    min_size=1,
)


def used(*notes: tuple[int, int, int | None]) -> Use:
    """Return the tally of an entry that was used at these moments, from these networks and places."""
    uses: Uses = {}
    for time_ms, network, place in notes:
        note(uses, "ann", "device d", time_ms, network, place)
    return uses["ann"]["device d"]


@given(NOTES, st.randoms(), st.integers(1, 9))
def test_parts_add_up_to_the_whole_in_any_order(
    notes: list[tuple[int, int, int | None]], chance: Random, parts: int
) -> None:
    shuffled = chance.sample(notes, len(notes))
    divided = [used(*shuffled[start::parts]) for start in range(min(parts, len(notes)))]
    assert used(*notes) == reduce(add, divided)


def test_a_tally_says_how_often_when_and_from_how_many_networks() -> None:
    use = used((5, 1, HOME), (3, 2, HOME), (9, 1, None))
    assert (3, 3, 9, {1, 2}, {HOME: (3, 5)}) == (
        use.hits,
        use.first_ms,
        use.last_ms,
        use.networks,
        use.places,
    )


def test_whose_entry_it_is_keeps_tallies_apart() -> None:
    uses: Uses = {}
    for owner, name in (("ann", "device d"), ("org:acme", "device d"), ("ann", "device e")):
        note(uses, owner, name, 5, 1, None)
    assert {"ann": {"device d", "device e"}, "org:acme": {"device d"}} == {
        owner: set(of_owner) for owner, of_owner in uses.items()
    }


def test_a_tally_is_bounded_and_counts_every_hit() -> None:
    use = used(*((time, time, place_of(time, 0)) for time in range(1, 1_000)))
    assert (999, MOST_NETWORKS, MOST_PLACES) == (use.hits, len(use.networks), len(use.places))
    assert {999 - back for back in range(MOST_PLACES)} == {provider_of(place) for place in use.places}


@pytest.mark.parametrize(("later_ms", "new"), [(SETTLED_MS - 1, []), (SETTLED_MS, [CLOUD])])
def test_a_place_is_new_where_the_entry_was_in_use_elsewhere_for_a_week(
    later_ms: int, new: list[int]
) -> None:
    use = used((1_000, 1, HOME), (1_000 + later_ms, 2, CLOUD), (2_000 + later_ms, 1, HOME))
    assert new == use.new_places()


def test_a_place_is_new_once() -> None:
    before = used((0, 1, HOME))
    first = before + used((SETTLED_MS, 2, CLOUD))
    again = first + used((SETTLED_MS + 5, 3, CLOUD))
    assert ([CLOUD], []) == (first.new_places(before), again.new_places(first))


def test_what_was_used_earlier_than_was_known_is_no_news() -> None:
    """Another shard's tally may begin earlier, and know the place."""
    here, there = used((SETTLED_MS + 9, 1, CLOUD)), used((0, 1, CLOUD))
    assert [] == (here + there).new_places()

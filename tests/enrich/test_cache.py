"""The bounded cache of rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.enrich.cache import RowCache

DTYPE = np.dtype([("value", "i8")])


def squares(capacity: int) -> RowCache[int]:
    return RowCache(DTYPE, lambda key: (key * key,), capacity)


@given(st.lists(st.lists(st.integers(0, 50), max_size=60), max_size=12), st.integers(1, 20))
def test_each_batch_finds_its_own_rows_whatever_came_before(batches: list[list[int]], capacity: int) -> None:
    cache = squares(capacity)

    for batch in batches:
        slots = cache.slots(batch, len(batch))

        assert [key * key for key in batch] == cache.rows["value"][slots].tolist()
        assert capacity + len(set(batch)) > len(cache)


def test_a_batch_above_the_capacity_is_kept_whole_and_forgotten_at_the_next() -> None:
    cache = squares(10)

    slots = cache.slots(range(3000), 3000)
    assert [key * key for key in range(3000)] == cache.rows["value"][slots].tolist()

    cache.slots([7], 1)
    assert 1 == len(cache)
    assert 1024 == len(cache.rows)


def test_row_0_belongs_to_no_key() -> None:
    cache = squares(10)

    assert 0 not in cache.slots([3, 4], 2)
    assert 0 == cache.rows["value"][0]


def test_hits_and_misses_are_counted() -> None:
    cache = squares(10)

    cache.slots([1, 2, 1], 3)
    cache.slots([1, 3], 2)

    assert (2, 3) == (cache.hits, cache.misses)


def test_a_key_is_kept_shortened() -> None:
    cache: RowCache[str] = RowCache(DTYPE, lambda key: (len(key),), 10, lambda key: key[:3])

    slots = cache.slots(["abcdef", "abcxyz", "abc"], 3)

    assert 1 == len(set(slots.tolist()))
    assert 1 == len(cache)
    assert 3 == cache.rows["value"][slots[0]]


def test_a_key_that_cannot_be_worked_out_leaves_nothing_behind() -> None:
    cache: RowCache[int] = RowCache(DTYPE, lambda key: (1 // key,), 10)

    for _ in range(2):
        try:
            cache.slots([5, 0], 2)
        except ZeroDivisionError:
            continue

    slots = cache.slots([5, 1], 2)
    assert [0, 1] == cache.rows["value"][slots].tolist()

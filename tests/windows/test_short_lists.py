"""Short lists of hashes keep the newest, each once."""

import numpy as np

from detector.windows.short_lists import holds, put_first


def listed(*hashes: int, size: int = 3) -> list[int]:
    kept = np.zeros(size, np.uint32)
    for each in hashes:
        put_first(kept, each)
    return [int(each) for each in kept]


def test_the_newest_comes_first_and_the_oldest_makes_room() -> None:
    assert [4, 3, 2] == listed(1, 2, 3, 4)


def test_what_is_there_already_moves_to_the_front() -> None:
    assert [1, 3, 2] == listed(1, 2, 3, 1)
    assert [3, 2, 1] == listed(1, 2, 3, 3)


def test_hashes_are_told_apart_by_their_low_half() -> None:
    kept = np.zeros(2, np.uint32)
    put_first(kept, 7 << 32 | 9)
    assert (True, False) == (holds(kept, 9), holds(kept, 7))

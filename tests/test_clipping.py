"""Long identifiers are made short and stay apart."""

import pytest

from detector.clipping import LONGEST, clipped


@pytest.mark.parametrize("text", [None, "", "a", "中" * LONGEST])
def test_what_is_short_enough_is_left_as_it_is(text: str | None) -> None:
    assert text == clipped(text)


def test_a_longer_one_keeps_its_beginning_and_a_hash_of_the_whole() -> None:
    """The digits are those of BLAKE2b (RFC 7693) with 16 bytes, without a key."""
    assert "a" * 224 + "29e452ed1a672b027a1cd3f5ac4849c6" == clipped("a" * 257)


def test_equal_ones_stay_equal_and_different_ones_different() -> None:
    ends = ["", "b", "c", "\U0001f600"]
    assert 4 == len({clipped("a" * LONGEST + "a" + end) for end in ends for _ in range(2)})

"""Numbers with their nouns."""

import pytest

from detector.cli.words import counted


@pytest.mark.parametrize(
    ("number", "noun", "plural", "said"),
    [
        (0, "alert", "", "0 alerts"),
        (1, "alert", "", "1 alert"),
        (12_000, "alert", "", "12,000 alerts"),
        (2, "entry", "entries", "2 entries"),
        (1, "entry", "entries", "1 entry"),
    ],
)
def test_one_is_one_and_everything_else_are_many(number: int, noun: str, plural: str, said: str) -> None:
    assert said == counted(number, noun, plural)

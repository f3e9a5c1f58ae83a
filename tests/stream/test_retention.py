"""For how long Redis keeps what it is given."""

import time

import pytest

from detector.policy import default_book
from detector.stores import Kept
from detector.stream.retention import kept
from tests.policy.making import book, edited

DAY_MS = 86_400_000
LATER = edited('version = "1"', 'version = "2"\neffective = 2030-01-01T00:00:00Z').replace(
    'windows = "71d"\nuses = "366d"', 'windows = "30d"\nuses = "90d"'
)
IN_2030_S = 1_893_456_000


def test_a_store_that_is_told_nothing_keeps_for_as_long_as_the_shipped_policy_says() -> None:
    assert Kept() == kept(default_book())


@pytest.mark.parametrize(("moment_s", "days"), [(IN_2030_S - 1, (71, 366)), (IN_2030_S, (30, 90))])
def test_the_policy_of_the_wall_clocks_moment_says_it(
    monkeypatch: pytest.MonkeyPatch, moment_s: int, days: tuple[int, int]
) -> None:
    monkeypatch.setattr(time, "time", lambda: moment_s)
    rows, tallies = days
    assert Kept(rows * DAY_MS, tallies * DAY_MS) == kept(book(edited(), LATER))

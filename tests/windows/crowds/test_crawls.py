"""What the row of a crowd that crawls remembers."""

from typing import Any

import numpy as np
import pytest

from detector.windows.crowds.crawls import CRAWL_CELL, CRAWL_ROW, fold_crawls
from detector.windows.crowds.layout import DAY_MS, ENTRIES

START_MS = 20_600 * DAY_MS
"""08:00 of a day in China."""


class Crowd:
    """One row, and the cells folded into it."""

    def __init__(self) -> None:
        self.rows = np.zeros(1, CRAWL_ROW)

    def hears(self, after_ms: int, **facts: int) -> Any:
        cell = np.zeros(1, CRAWL_CELL)
        for name, value in ({"time_ms": START_MS + after_ms, "account": 1, "pages": 25} | facts).items():
            cell[name] = value
        return fold_crawls(cell, self.rows).view(np.recarray)[0]


def test_who_tells_again_keeps_the_place_and_tells_of_now() -> None:
    crowd = Crowd()
    crowd.hears(0, who=7, pages=25)
    crowd.hears(1, who=8, pages=50)
    seen = crowd.hears(1000, who=7, pages=100)
    assert 0 == seen["slot"]
    assert [0, 999, -1] == seen["age_ms"][:3].tolist()
    assert [100, 50, 0] == seen["pages"][:3].tolist()


def test_who_told_longest_ago_makes_room() -> None:
    crowd = Crowd()
    for who in range(ENTRIES):
        crowd.hears(who, who=who + 1)
    crowd.hears(500, who=1)
    assert 1 == crowd.hears(1000, who=999)["slot"]


def test_equal_addresses_clients_and_paths_are_one() -> None:
    crowd = Crowd()
    for who, address, client, path in ((1, 5, 1, 9), (2, 6, 1, 8), (3, 5, 1, 9)):
        seen = crowd.hears(who, who=who, address=address, client=client, path=path)
    assert [0, 1, 0] == seen["addresses"][:3].tolist()
    assert [0, 0, 0] == seen["clients"][:3].tolist()
    assert [0, 1, 0] == seen["paths"][:3].tolist()


def test_users_are_counted_whether_they_crawl_or_not() -> None:
    crowd = Crowd()
    for who in range(40):
        assert -1 == crowd.hears(who, who=who * 977, user=1)["slot"]
    seen = crowd.hears(100, who=1)
    assert 41 == pytest.approx(float(seen["users"]), rel=0.1)
    assert 1 == pytest.approx(float(seen["crawlers"]), rel=0.1)


@pytest.mark.parametrize(("days", "users"), [(0, 2), (1, 2), (2, 1), (30, 1)])
def test_users_of_today_and_yesterday_count(days: int, users: int) -> None:
    crowd = Crowd()
    crowd.hears(0, who=3, user=1)
    assert users == pytest.approx(float(crowd.hears(days * DAY_MS, who=5)["users"]), rel=0.1)


def test_visitors_are_no_users() -> None:
    assert 0.0 == Crowd().hears(0, who=3, account=0)["users"]

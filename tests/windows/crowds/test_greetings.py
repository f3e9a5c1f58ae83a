"""What the row of a greeting remembers."""

from typing import Any

import numpy as np

from detector.windows.crowds.greetings import BROWSER, GREETING_CELL, GREETING_ROW, PROGRAM, fold_greetings
from detector.windows.crowds.layout import DAY_MS, ENTRIES

START_MS = 20_600 * DAY_MS


class Crowd:
    """One row, and the cells folded into it."""

    def __init__(self) -> None:
        self.rows = np.zeros(1, GREETING_ROW)

    def hears(self, after_ms: int, **facts: int) -> Any:
        cell = np.zeros(1, GREETING_CELL)
        for name, value in (
            {"time_ms": START_MS + after_ms, "account": 1, "called": BROWSER} | facts
        ).items():
            cell[name] = value
        return fold_greetings(cell, self.rows).view(np.recarray)[0]


def test_who_calls_itself_two_things_is_remembered_as_both() -> None:
    crowd = Crowd()
    crowd.hears(0, who=7)
    crowd.hears(1, who=7, called=PROGRAM)
    seen = crowd.hears(1000, who=7)
    assert 0 == seen["slot"]
    assert [BROWSER, PROGRAM, 0] == seen["called"][:3].tolist()
    assert [0, 999, -1] == seen["age_ms"][:3].tolist()


def test_prefixes_are_told_apart_within_a_sort() -> None:
    crowd = Crowd()
    for who, prefix, sort in ((1, 5, PROGRAM), (2, 5, BROWSER), (3, 5, PROGRAM), (4, 6, PROGRAM)):
        seen = crowd.hears(who, who=who, prefix=prefix, called=sort)
    assert [0, 1, 0, 3] == seen["prefixes"][:4].tolist()


def test_who_knocked_and_when_is_remembered_of_him_alone() -> None:
    crowd = Crowd()
    crowd.hears(0, who=1, account=0, knocks=1)
    crowd.hears(10, who=2, account=0)
    assert [30, -1, -1] == crowd.hears(30, who=1, account=0)["knock_age_ms"][:3].tolist()
    for who in range(2, ENTRIES + 2):
        seen = crowd.hears(1000 + who, who=who)
    assert {-1} == set(seen["knock_age_ms"].tolist())


def test_clients_are_told_apart_whatever_they_call_themselves() -> None:
    crowd = Crowd()
    for who, client, sort in ((1, 5, PROGRAM), (2, 6, BROWSER), (3, 5, BROWSER)):
        seen = crowd.hears(who, who=who, client=client, called=sort)
    assert [0, 1, 0] == seen["clients"][:3].tolist()


def test_the_oldest_makes_room() -> None:
    crowd = Crowd()
    for who in range(ENTRIES):
        crowd.hears(who, who=who + 1)
    crowd.hears(500, who=1)
    assert 1 == crowd.hears(1000, who=999)["slot"]

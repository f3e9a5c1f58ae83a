"""Audit lines on the control topic: what is read of them, and that workers pass them over."""

import msgspec
import pytest

from detector.policy import Entitlement, Stamped
from detector.stream.audit import KINDS, Controls, Exported, Forgetting, Forgotten, Hold, Line, _take
from detector.stream.control import PASSED_OVER

ANN, BEN = "aa" * 16, "bb" * 16
ANN_BEFORE = "cc" * 16
"""Under the key before."""
LINES: list[Line] = [
    Hold("c-1", held=True, reason="dispute", author="x", at=1),
    Exported(ANN, "x", 2, 1, 1),
    Forgetting(ANN, "x", 3, ["c-1"], {"c-2": "held: dispute"}, 9),
    Forgotten(ANN, "x", 4, {"accounts-00": 9}),
]


def read(*values: bytes) -> Controls:
    found = Controls()
    for value in values:
        _take(found, value, "ann", {ANN, ANN_BEFORE})
    return found


def hold(case: str, *, held: bool) -> bytes:
    return msgspec.json.encode(Hold(case, held, "dispute", "x", 1))


@pytest.mark.parametrize("line", LINES)
def test_a_line_survives_and_tells_a_worker_nothing(line: Line) -> None:
    data = msgspec.json.encode(line)
    assert line == msgspec.json.decode(data, type=Line)
    assert msgspec.json.decode(data)["kind"] in PASSED_OVER
    assert {msgspec.json.decode(msgspec.json.encode(one))["kind"] for one in LINES} == KINDS


def test_the_last_word_on_a_case_counts() -> None:
    assert {"c-1": "dispute"} == read(
        hold("c-1", held=True), hold("c-2", held=True), hold("c-2", held=False)
    ).holds
    assert {"c-1": "dispute"} == read(hold("c-1", held=False), hold("c-1", held=True)).holds


def test_only_the_accounts_own_lines_and_entitlements_are_read() -> None:
    others = [Exported(BEN, "x", 2, 1, 1), Stamped("ben", 5, Entitlement(plan="trial"), "e/0/1")]
    own = [
        LINES[1],
        Exported(ANN_BEFORE, "x", 1, 1, 1),
        Stamped("ann", 5, Entitlement(plan="member"), "e/0/2"),
    ]
    found = read(*map(msgspec.json.encode, [*others, *own]))
    assert (own[:2], own[2:]) == (found.lines, found.entitlements)


@pytest.mark.parametrize("value", [b"", b"no JSON", b"[]", b'{"kind": 7}', b'{"kind":"privacy_hold"}'])
def test_what_cannot_be_read_is_passed_over(value: bytes) -> None:
    assert Controls() == read(value)
    assert {"c-1": "dispute"} == read(value, hold("c-1", held=True)).holds

"""`detector entitlements` shows what is granted and what it was used for."""

import json
from pathlib import Path
from typing import Any

import pytest

from detector.cli import entitlements, main
from detector.cli.entries_read import Granted
from detector.policy import Entitlement, Entitlements, Stamped
from detector.policy.entitlements import Allow
from detector.policy.uses import SETTLED_MS, Use, place_of
from detector.replay import read_entitlements
from detector.stream.entries import SOON_MS, Entry

START_MS = 1_780_243_200_000
NOW = START_MS + SETTLED_MS + 1
HOME, CLOUD = place_of(4808, 1), place_of(37963, 2)
STRAYED = Use(12, START_MS, NOW, {1, 2, 3}, {HOME: (START_MS, NOW), CLOUD: (START_MS + SETTLED_MS, NOW)})
DEVICE = Allow("device", "d1", "a second laptop", "kim", expires=NOW + 9 * SOON_MS)
RANGE = Allow("cidr", "203.0.113.0/24", "a partner", "kim", expires=NOW + SOON_MS, for_=["crawler"])
ASN = Allow("asn", 4808, "head office", "kim", expires=NOW + 9 * SOON_MS)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entitlements of ann, the second in force, with an entry used from somewhere new; one of a firm."""
    known = Entitlements()
    known.put(Stamped("ann", 0, Entitlement(plan="trial"), "e/0/1"))
    known.put(Stamped("ann", START_MS, Entitlement(plan="member", allow=[DEVICE]), "e/0/2"))
    known.put(Stamped("ann", NOW + 1, None, "e/0/3"))
    known.put(Stamped("org:acme", 0, Entitlement(seats=5, allow=[RANGE, ASN]), "e/0/4"))
    uses = {"device": STRAYED}

    async def read(_: Any, key: str | None) -> Granted:
        entries = [
            Entry(owner, allow, uses.get(allow.kind))
            for owner, allow in known.entries(NOW)
            if key in {None, owner}
        ]
        return Granted(known, NOW, entries)

    async def read_all(_: Any) -> Entitlements:
        return known

    monkeypatch.setattr(entitlements, "read_granted", read)
    monkeypatch.setattr(entitlements, "read_entitlements", read_all)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert 0 == main(["entitlements", *arguments])
    return capsys.readouterr().out


@pytest.mark.usefixtures("said")
def test_every_entry_is_listed_with_its_uses(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(run(capsys, "list", "--json"))
    assert NOW == listed["moment"]
    device, range_, asn = listed["entries"]
    assert {
        "key": "ann",
        "kind": "device",
        "value": "d1",
        "reason": "a second laptop",
        "author": "kim",
        "expires": NOW + 9 * SOON_MS,
        "categories": ["account_sharing", "seat_sharing", "city_switching"],
        "hits": 12,
        "first_used": START_MS,
        "last_used": NOW,
        "networks": 3,
        "new_providers": [37963],
        "doubts": ["used from somewhere new"],
    } == device
    assert ("org:acme", ["crawler"], 0, None) == (
        range_["key"],
        range_["categories"],
        range_["hits"],
        range_["last_used"],
    )
    assert (["expires unused"], []) == (range_["doubts"], asn["doubts"])


@pytest.mark.usefixtures("said")
def test_only_the_doubtful_are_listed_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "list", "--doubtful")
    assert "2 allow entries at 2026-06-07T16:00:00Z" in shown
    assert "used from somewhere new (AS37963)" in shown
    assert "expires unused" in shown
    assert "4808" not in shown


@pytest.mark.usefixtures("said")
def test_of_one_account_all_is_shown_that_was_ever_said_and_what_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, _, before, now, later, *_ = run(capsys, "show", "ann").splitlines()
    assert "ann" == first
    assert ("ever", "plan trial") == (before.split()[0], " ".join(before.split()[1:]))
    assert [">", "2026-05-31T16:00:00Z", "plan", "member,", "allow", "1"] == now.split()
    assert ["2026-06-07T16:00:00Z", "removed"] == later.split()


@pytest.mark.usefixtures("said")
def test_what_is_exported_is_what_a_replay_reads(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "entitlements.jsonl").write_text(run(capsys, "export"))
    exported = read_entitlements(tmp_path / "entitlements.jsonl")
    assert [0, START_MS, NOW + 1, 0] == [one.counts_from for one in exported]
    assert ["trial", "member", None, None] == [
        one.entitlement.plan if one.entitlement else None for one in exported
    ]
    assert exported[1].entitlement == Entitlement(plan="member", allow=[DEVICE])


@pytest.mark.usefixtures("said")
def test_of_whom_nothing_was_said_the_exit_code_is_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == main(["entitlements", "show", "bob"])
    assert "nothing was ever said of bob" in capsys.readouterr().err

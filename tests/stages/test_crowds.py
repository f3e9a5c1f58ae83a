"""Stage crowds: what it finds depends on the events alone, not on senders, batches or restarts."""

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.cells import Cell, CellBlock, CrowdKey, decode_cells, encode_cells
from detector.enrich import Enricher
from detector.errors import StateError
from detector.findings import Finding
from detector.privacy import Pseudonymizer
from detector.stages.assemble import Workshop
from detector.stages.crowds import Crowds, CrowdsCheckpoint
from tests.support.events import BEIJING, CLOUD, GUANGZHOU, SHANGHAI, START_MS, Message, message

SENDERS = 3
STEP_MS = 7_000
END_MS = START_MS + 10_000_000


@pytest.fixture(scope="module")
def workshop(enricher: Enricher, pseudonyms: Pseudonymizer) -> Workshop:
    return Workshop(enricher, pseudonyms, 86_400_000, 300_000)


def story() -> list[Message]:
    """A farm on one device that changes its address, a dormitory, a guesser, and who looks around."""
    chance, told = Random(5), []
    for number in range(90):
        pause_ms = 2 * 3_600_000 if number >= 88 else 0  # the last ones come later
        time = START_MS + number * STEP_MS + pause_ms
        farm: dict[str, Any] = {
            "account_id": f"farm{number}",
            "ip": [BEIJING, SHANGHAI][number % 2],
            "device_id": "farm",
            "registration": {"username": f"lucky{number}", "email_domain": "mail.example"},
        }
        dormitory: dict[str, Any] = {
            "account_id": f"student{number}",
            "ip": GUANGZHOU,
            "device_id": f"phone{number}",
            "registration": {"username": "".join(chance.choices("abcdefghij", k=8))},
        }
        told.append(message(f"f{number:03}", time, type="registration", **farm))
        told.append(message(f"d{number:03}", time + 1_000, type="registration", **dormitory))
        guess: dict[str, Any] = {"account_id": f"victim{number}", "ip": CLOUD, "reason": "bad_password"}
        told.append(message(f"g{number:03}", time + 1_500, type="login_failure", **guess))
        told.append(message(f"r{number:03}", time + 2_000, type="request", path=f"/{number}"))
    return told


STORY = story()


def cells(workshop: Workshop, partition: int) -> list[Cell]:
    """The cells of the events that lie in one of SENDERS partitions."""
    shard = workshop.accounts("session-events", partition)
    shard.read([each for place, each in enumerate(STORY) if place % SENDERS == partition])
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    shard.judge(ordered)
    return shard.take_cells()


@pytest.fixture(scope="module")
def sent(workshop: Workshop) -> list[list[Cell]]:
    return [cells(workshop, partition) for partition in range(SENDERS)]


def blocks(sent: Sequence[Sequence[Cell]], seed: int) -> list[CellBlock]:
    """The same cells in blocks cut anywhere, the senders' interleaved anyhow, some sent twice."""
    chance, ways = Random(seed), []
    for sender, own in enumerate(sent):
        ordered = sorted(own, key=lambda cell: cell.order)
        moments = sorted(chance.sample(range(START_MS, END_MS), chance.randrange(1, 8)))
        way, begin = [], 0
        for moment in [*moments, END_MS]:
            end = sum(cell.time < moment for cell in ordered)
            way.append(CellBlock(sender, SENDERS, moment, tuple(ordered[max(0, begin - 2) : end])))
            begin = end
        ways.append(way)
    merged = []
    while any(ways):
        merged.append(chance.choice([way for way in ways if way]).pop(0))
    return [decode_cells(encode_cells(block)) for block in merged]


class Live:
    """A shard with what Redis keeps of it."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._stored: dict[str, tuple[bytes, bytes | None]] = {}
        self._saved: CrowdsCheckpoint | None = None
        self.findings: list[Finding] = []
        self._published = 0
        self.shard = self._new()

    def _new(self) -> Crowds:
        return self._workshop.crowds("session-events")

    def read(self, offset: int, block: CellBlock) -> None:
        self.shard.read(offset, block)
        closed = self.shard.close()
        for key in self.shard.missing(closed):
            self.shard.put(key, *self._stored.get(key.text, (None, None)))
        found = self.shard.judge(closed)
        self.findings += [each for each in found if each.time >= self._published]
        self._published = max(self._published, self.shard.frontier)

    def checkpoint(self) -> None:
        for table in self.shard.tables.values():
            for key, row, ledger in table.changes():
                self._stored[key] = (row, ledger or self._stored.get(key, (row, None))[1])
            table.settle()
            table.evict(1)
        self._saved = msgspec.json.decode(msgspec.json.encode(self.shard.checkpoint()), type=CrowdsCheckpoint)

    def crash(self) -> int:
        self.shard = self._new()
        if self._saved is None:
            self.shard.begin_at(0)
            return 0
        self.shard.restore(self._saved)
        return self._saved.resume


def found(workshop: Workshop, log: Sequence[CellBlock]) -> list[Finding]:
    live = Live(workshop)
    for offset, block in enumerate(log):
        live.read(offset, block)
    return live.findings


@pytest.fixture(scope="module")
def expected(workshop: Workshop, sent: list[list[Cell]]) -> list[Finding]:
    return found(workshop, [CellBlock(n, SENDERS, END_MS, tuple(own)) for n, own in enumerate(sent)])


def test_the_farm_is_found_and_the_dormitory_is_not(expected: list[Finding]) -> None:
    accounts = {each.id for finding in expected for each in finding.related}
    assert accounts
    assert CLOUD in {finding.subject.id for finding in expected}
    assert {"farm"} == {name.rstrip("0123456789") for name in accounts}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_how_cells_arrive_changes_nothing(
    workshop: Workshop, sent: list[list[Cell]], expected: list[Finding], seed: int
) -> None:
    assert expected == found(workshop, blocks(sent, seed))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_a_restart_changes_nothing(
    workshop: Workshop, sent: list[list[Cell]], expected: list[Finding], seed: int
) -> None:
    chance, live, log, offset = Random(seed), Live(workshop), blocks(sent, seed), 0
    crashes = 4
    while offset < len(log):
        live.read(offset, log[offset])
        offset += 1
        if chance.random() < 0.4:
            live.checkpoint()
        if crashes and chance.random() < 0.2:
            crashes -= 1
            offset = live.crash()
    assert expected == live.findings


def test_nothing_is_judged_before_every_sender_has_spoken(workshop: Workshop, sent: list[list[Cell]]) -> None:
    shard = workshop.crowds("session-events")
    for sender in range(SENDERS - 1):
        shard.read(sender, CellBlock(sender, SENDERS, END_MS, tuple(sent[sender])))
    assert [] == shard.close()
    assert 0 < shard.held
    shard.read(SENDERS, CellBlock(SENDERS - 1, SENDERS, START_MS + 1, ()))
    assert ["f000"] == sorted({cell.event_id for cell in shard.close()})


def test_a_cell_of_an_unknown_family_is_an_error_that_says_what_to_do(workshop: Workshop) -> None:
    stranger = Cell(
        CrowdKey("tomorrow", "address", BEIJING),
        1,
        "e",
        "request",
        BEIJING,
        None,
        None,
        None,
        None,
        0,
        (),
        0,
        0,
    )
    with pytest.raises(StateError, match="'tomorrow' was found, which this release does not"):
        workshop.crowds("session-events").missing([stranger])


def test_evidence_and_accounts_are_bounded(expected: list[Finding]) -> None:
    assert 20 == max(len(finding.evidence) for finding in expected)
    assert 50 == max(len(finding.related) for finding in expected)
    assert 64 == max(finding.related_total for finding in expected)

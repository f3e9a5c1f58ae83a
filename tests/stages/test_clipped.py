"""Identifiers as long as their events: what is found of them fits into a message."""

from typing import Any

import pytest

from detector.clipping import LONGEST, clipped
from detector.enrich import Enricher
from detector.findings import Block, Finding, encode_block
from detector.privacy import Pseudonymizer
from detector.stages.assemble import Workshop
from tests.support.events import BEIJING, SHANGHAI, START_MS, Message, message
from tests.support.restarts import Runner

LONG = 7_000
"""Three of them fill an event."""
MINUTE_MS = 60_000
HARMLESS_BYTES = 50_000
"""Far less than what a broker lets through."""


@pytest.fixture(scope="module")
def runner(enricher: Enricher, pseudonyms: Pseudonymizer) -> Runner:
    """A shard that has judged a pair in two cities, and sign-ups, with identifiers that end alike."""
    workshop = Workshop(enricher, pseudonyms, 0, 300_000)
    told: list[Message] = []

    def tell(minute: int, **fields: Any) -> None:
        told.append(message(f"e{minute:04}", START_MS + minute * MINUTE_MS, **fields))

    for minute in range(0, 120, 2):
        for place, ip in enumerate([BEIJING, SHANGHAI]):
            tell(
                minute + place,
                ip=ip,
                org_id="o" * LONG,
                device_id="\u0001" * LONG + str(place),
                session_id="s" * LONG + str(minute),
            )
    tell(
        121,
        type="registration",
        account_id="new",
        device_id="d" * LONG,
        registration={"invite_code": "i" * LONG, "email_domain": "e" * LONG, "username": "u" * LONG},
    )
    runner = Runner(lambda: workshop.accounts("session-events", 0))
    runner.read(told)
    runner.shard.raise_frontier(runner.shard.newest + 1)
    runner.advance()
    return runner


def test_the_finding_with_the_longest_identifiers_fits_into_a_message(runner: Runner) -> None:
    assert len(runner.findings) > 3
    assert max(map(size, runner.findings)) < HARMLESS_BYTES
    assert {clipped("o" * LONG)} == {each.org_id for each in runner.findings}


def size(finding: Finding) -> int:
    return len(encode_block(Block(0, 1, 0, (finding,))))


def test_what_evidence_shows_of_two_devices_are_two_devices(runner: Runner) -> None:
    shown = {each.device_id for finding in runner.findings for each in finding.evidence}
    assert {clipped("\u0001" * LONG + place) for place in "01"} == shown


def test_ledgers_hold_no_long_identifiers(runner: Runner) -> None:
    ledgers = [ledger or b"" for _, _, ledger in runner.shard.table.changes()]
    assert 0 < max(map(len, ledgers)) < HARMLESS_BYTES


def test_cells_and_their_keys_are_short(runner: Runner) -> None:
    cells = runner.shard.take_cells()
    kinds = {cell.key.kind for cell in cells}
    assert {"device", "invite_code", "email_domain"} <= kinds
    texts = [text for cell in cells for text in (cell.key.id, cell.device_id, cell.session_id) if text]
    assert LONGEST == max(map(len, texts))

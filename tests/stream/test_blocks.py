"""Blocks between stages."""

import pytest
from aiokafka import ConsumerRecord
from aiokafka.structs import TopicPartition

from detector.alerts import Subject
from detector.cells import Cell, CellBlock, CrowdKey, encode_cells
from detector.errors import StateError
from detector.findings import Block, Finding, encode_block
from detector.stream import blocks
from detector.stream.blocks import ANNOUNCE_S, CELLS, FINDINGS, BlockSender, blocks_in, cells_in
from detector.stream.kafka import partition_of
from tests.ladder.making import finding

SOURCE = TopicPartition("findings", 1)
ANN, BOB = (finding(subject=Subject("account", name)) for name in ("ann", "bob"))


def record(offset: int, value: bytes | None) -> ConsumerRecord:
    return ConsumerRecord(*SOURCE, offset, 0, 0, None, value, None, 0, 0, [])


def sent(sender: BlockSender[Finding], *, everywhere: bool) -> dict[int | None, Block]:
    records = sender.records([ANN, BOB], 77, everywhere=everywhere)
    return {
        each.partition: block for each in records for _, block in blocks_in(SOURCE, [record(0, each.value)])
    }


def test_a_subjects_findings_go_to_its_home_with_the_senders_frontier() -> None:
    found = sent(BlockSender(FINDINGS, "findings", 50, sender=3, senders=4), everywhere=False)
    homes = {partition_of(b"ann", 50): ANN, partition_of(b"bob", 50): BOB}
    assert {home: Block(3, 4, 77, (one,)) for home, one in homes.items()} == found


def test_a_frontier_that_is_due_goes_everywhere() -> None:
    found = sent(BlockSender(FINDINGS, "findings", 50, sender=3, senders=4), everywhere=True)
    assert (50, {77}) == (len(found), {block.frontier for block in found.values()})


def test_a_frontier_is_due_once_in_a_while() -> None:
    sender = BlockSender(FINDINGS, "findings", 2, sender=0, senders=1)
    sender.announced(100.0, 77)
    assert [False, True] == [sender.due(100.0 + after_s) for after_s in (ANNOUNCE_S / 2, ANNOUNCE_S)]


def test_a_frontier_is_heard_once_it_went_everywhere() -> None:
    sender = BlockSender(FINDINGS, "findings", 2, sender=0, senders=1)
    assert not sender.heard(0)
    sender.announced(100.0, 77)
    assert [True, False] == [sender.heard(frontier) for frontier in (77, 78)]


def test_what_is_no_block_is_named_by_its_place() -> None:
    good = encode_block(Block(0, 1, 5))
    records = [record(6, good), record(7, None), record(8, b"{")]
    read = blocks_in(SOURCE, records)
    assert (6, Block(0, 1, 5)) == next(read)
    with pytest.raises(StateError, match="findings-1 holds at 8 what is no block"):
        next(read)


def cell(number: int) -> Cell:
    key = CrowdKey("signups", "device", "d")
    return Cell(key, number, f"e{number}", "registration", "192.0.2.1", None, "d", None, None, 0, (), 0, -1)


def test_what_does_not_fit_into_one_message_goes_in_several_and_the_last_says_how_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = [cell(number) for number in range(20)]
    monkeypatch.setattr(blocks, "LARGEST_BLOCK", len(encode_cells(CellBlock(0, 1, 77, tuple(cells)))) // 3)
    records = BlockSender(CELLS, "crowds", 1, sender=0, senders=1).records(cells, 77, everywhere=False)
    read = [one for each in records for _, one in cells_in(SOURCE, [record(0, each.value)])]
    assert [each.time for each in cells] == [each.time for one in read for each in one.cells]
    assert [*[0] * (len(read) - 1), 77] == [one.frontier for one in read]
    assert len(read) > 2


def test_what_fits_into_no_message_is_still_sent_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LARGEST_BLOCK", 1)
    records = BlockSender(CELLS, "crowds", 1, sender=0, senders=1).records(
        [cell(1), cell(2)], 77, everywhere=False
    )
    assert 2 == len(records)

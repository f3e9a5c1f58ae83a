"""`detector privacy` before it asks anybody, and under two keys.

What it does is in tests/integration/test_privacy.py.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiokafka.structs import TopicPartition

from detector.cli import main, privacy
from detector.cli.privacy import Desk
from detector.keyring import ACCOUNT, Keyring
from detector.settings import Settings
from detector.stages.accounts import Checkpoint
from detector.stores import MemoryStore, StoredRow
from detector.stream.audit import Controls
from detector.stream.stored_under import encode_stored
from detector.stream.tallies import KIND

OLD, NEW = Keyring("the old one"), Keyring("the new one", "the old one")


def test_no_file_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "ann.json"
    there.write_text("before")
    assert 1 == main(["privacy", "export", "ann", "--author", "x", "--to", str(there)])
    assert "is there already" in capsys.readouterr().err
    assert "before" == there.read_text()


@pytest.mark.parametrize("words", [["export", "ann"], ["forget", "ann"], ["hold", "c-1", "--reason", "r"]])
def test_nothing_is_done_for_nobody(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["privacy", *words])
    assert "--author" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["export", "forget", "hold"])
def test_help_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["privacy", name, "--help"])
    assert f"Example: detector privacy {name}" in capsys.readouterr().out


class Fence:
    """Keeps nobody from sending."""

    def __init__(self, *_: object, **__: object) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


async def desk(under: Keyring) -> Desk:
    """A desk with both keys, before a shard that has ann's row and tally under the first one of `under`."""
    store = MemoryStore()
    nothing: Any = None
    claim, _ = await store.claim("accounts-00")
    rows: dict[bytes, StoredRow] = {under.first.name("ann", ACCOUNT): (b"row", None)}
    checkpoint = Checkpoint(resume=3, position=7, frontier=9, newest=9)
    payload = encode_stored(msgspec.json.encode(checkpoint), {}, kept_ms=0)
    await store.checkpoint(claim, payload, rows, {under.first.name("ann", KIND): b"tally"})
    shards = {"accounts-00": TopicPartition("session-events", 0)}
    made: Any = store
    return Desk(Settings(), "ann", NEW, nothing, nothing, made, shards, nothing)


@pytest.mark.parametrize("under", [OLD, NEW])
async def test_an_account_is_found_and_forgotten_under_either_key(
    under: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ShardTransactions", Fence)
    there = await desk(under)
    assert ["accounts-00"] == list(await there.rows())
    assert {"accounts-00": 9} == await there.forget_rows()
    assert {} == await there.rows()
    assert [None, None] == await there.store.read_tallies("accounts-00", NEW.names("ann", KIND))


async def test_audit_lines_are_looked_for_under_both_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(_: object, __: str, account: str, hashes: Collection[str]) -> Controls:
        assert ("ann", {name.hex() for name in NEW.names("ann", ACCOUNT)}) == (account, set(hashes))
        return Controls()

    monkeypatch.setattr(privacy, "read_controls", read)
    there = await desk(OLD)
    assert 2 == len(NEW.names("ann", ACCOUNT))
    assert Controls() == await there.controls()

"""What sealing rows costs, and a second pseudonym key: stage accounts with its rows in a real Redis.

    python benchmarks/bench_keys.py [--accounts 4000] [--rounds 3]

First, rows as they are after half a simulated day, stored and read as they are, and sealed. Then the day is
judged in batches. Rows are stored after each and let go of, so that the next one reads
again every row that it needs: as bad as it gets, for a worker keeps those that are in use. Under two keys a
row is asked for under both names; the first time all of them are moved. Times are this process's CPU.
"""

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from aiokafka.structs import TopicPartition
from history import START_MS, made
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from detector.keyring import ACCOUNT, ROW, Keyring
from detector.local import running_redis
from detector.metrics import Metrics
from detector.settings import Settings
from detector.stages.accounts import NO_STAMP
from detector.stages.assemble import Workshop
from detector.stores import RedisStore
from detector.stream.kit import open_workshop
from detector.stream.shard_rows import ShardRows

ROOT = Path(__file__).parents[1]
BATCH = 20_000
TIMES = 5
OLD, NEW = "the old one", "the new one"


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a log."""

    value: bytes
    offset: int
    timestamp: int = NO_STAMP


def kit_of(keyring: Keyring, store: RedisStore) -> Any:  # noqa: ANN401  # what of a kit a shard's rows ask for
    """Return what a shard's rows work with; none stays in memory."""
    metrics = Metrics(CollectorRegistry())
    return SimpleNamespace(keyring=keyring, store=store, metrics=metrics, settings=Settings(rows_in_memory=1))


async def judged(
    workshop: Workshop, store: RedisStore, keyring: Keyring, day: list[Line]
) -> tuple[int, float]:
    """Judge a day; return how many rows were read, and the CPU seconds that reading and storing rows took."""
    stage = workshop.accounts("session-events", 0)
    source = TopicPartition("session-events", 0)
    rows = ShardRows(kit_of(keyring, store), {ACCOUNT: stage.table}, source, stage="accounts", shards=1)
    await rows.claim()
    read, seconds = 0, 0.0
    for start in range(0, len(day), BATCH):
        stage.read(day[start : start + BATCH])
        closed = stage.close()
        keys = stage.missing(closed)
        begun = time.process_time()
        await rows.load(ACCOUNT, keys)
        seconds += time.process_time() - begun
        stage.judge(closed)
        stage.take_cells()
        begun = time.process_time()
        await rows.store(b"{}")
        seconds += time.process_time() - begun
        read += len(keys)
    return read, seconds


def clocks() -> NDArray[np.float64]:
    """Return this process's CPU and the time, seconds."""
    return np.array([time.process_time(), time.perf_counter()])


async def sealing(url: str, rows: list[tuple[str, bytes]]) -> None:
    """Measure and print what it takes to store and to read rows, as they are and sealed."""
    key, redis = Keyring(OLD).first, Redis.from_url(url)
    named = [(key.name(account, ACCOUNT), row) for account, row in rows]
    for sealed in (False, True):
        store = RedisStore.from_url(url, group=f"sealed-{sealed}", ttl_ms=3_600_000)
        claim, _ = await store.claim("accounts-00")
        before = (await redis.info("memory"))["used_memory"]
        took = []
        for _ in range(TIMES):
            begun = clocks()
            told = {name: (key.seal(ROW, name, row) if sealed else row, None) for name, row in named}
            await store.checkpoint(claim, b"", told)
            stored = clocks()
            found = await store.load(claim, list(told))
            for name, each in zip(told, found, strict=True):
                if sealed and each is not None:
                    key.open(ROW, name, each[0])
            took.append([stored - begun, clocks() - stored])
        taken = (await redis.info("memory"))["used_memory"] - before
        await store.close()
        (store_cpu, store_all), (read_cpu, read_all) = np.min(took, axis=0) / len(rows) * 1e6
        print(
            f"{len(rows)} rows {'sealed' if sealed else 'as they are'}, {taken / len(rows):,.0f} bytes in "
            f"Redis each: {store_all:.1f} us to store, {store_cpu:.1f} of them CPU; {read_all:.1f} to read, "
            f"{read_cpu:.1f} of them CPU"
        )
    await redis.aclose()


def half_a_day(workshop: Workshop, day: list[Line]) -> list[tuple[str, bytes]]:
    """Return the rows after half of it, by account."""
    stage = workshop.accounts("session-events", 0)
    stage.read(day[: len(day) // 2])
    closed = stage.close()
    for account in stage.missing(closed):
        stage.table.put(account, None, None)
    stage.judge(closed)
    return [(account, row) for account, row, _ in stage.table.changes()]


async def rounds(url: str, day: list[Line], count: int) -> None:
    """Measure and print."""
    workshop = open_workshop(Settings())
    await sealing(url, half_a_day(workshop, day))
    for number in range(count):
        told = []
        for name, keyring in (
            ("", Keyring(OLD)),  # fills the store and the caches
            ("one key", Keyring(OLD)),
            ("two keys, all rows moved", Keyring(NEW, OLD)),
            ("two keys", Keyring(NEW, OLD)),
        ):
            store = RedisStore.from_url(url, group=f"bench-{number}", ttl_ms=3_600_000)
            begun = time.process_time()
            read, seconds = await judged(workshop, store, keyring, day)
            whole = time.process_time() - begun
            await store.close()
            told.append((name, whole / len(day) * 1e6, seconds / len(day) * 1e6, seconds / read * 1e6))
        _, base, _, base_row = told[1]
        for name, whole, of_rows, row in told[1:]:
            print(
                f"{name}: {row:.1f} us to read and store a row ({row / base_row:.2f}); an event takes "
                f"{whole:.1f} us ({whole / base:.2f}), {of_rows:.1f} of them for rows"
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    day = [Line(event, place) for place, (_, event) in enumerate(made(chosen.accounts, 1))]
    print(f"{len(day)} events from {START_MS}, batches of {BATCH}")
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder), root=ROOT) as url:
        asyncio.run(rounds(url, day, chosen.rounds))


if __name__ == "__main__":
    main()

"""Throughput of the live path: Kafka to alerts, with rows in Redis, one worker.

    python benchmarks/bench_live.py [--accounts 4000] [--rounds 3] [--processes N]

A topic is filled first, then each round reads it whole: once with nothing but aiokafka and `json.loads` (what
any Python consumer must do), once with `detector worker`, of as many processes as it chooses. Broker,
Redis and reader share the machine.

The rate is that of the log's middle, from its first tenth to its last: at the end the worker waits, as it
must, until it knows that nothing more comes. The time of the whole stands beside it.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.structs import TopicPartition
from history import made

from detector.children import processes_by_cores
from detector.local import running_kafka, running_redis
from detector.local.process import free_ports
from detector.stream.kafka import partition_of

ROOT = Path(__file__).parents[1]
TOPIC = "session-events"
PARTITIONS = 4
LONGEST_S = 300.0
LOOK_S = 0.2


async def fill(brokers: str, history: list[tuple[bytes, bytes]]) -> None:
    """Write the history to the topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])
    await admin.close()
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers, linger_ms=20, max_batch_size=500_000, compression_type="lz4"
    )
    await producer.start()
    homes: dict[bytes, int] = {}
    for key, value in history:
        home = homes.get(key)
        if home is None:
            home = homes[key] = partition_of(key, PARTITIONS)
        await producer.send(TOPIC, value, key=key, partition=home)
    await producer.stop()


async def plain(brokers: str, count: int) -> float:
    """Return the seconds that reading and parsing alone take."""
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)
    await consumer.start()
    partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    consumer.assign(partitions)
    await consumer.seek_to_beginning()
    read, begun = 0, time.perf_counter()
    while read < count:
        for records in (await consumer.getmany(timeout_ms=200, max_records=20_000)).values():
            read += sum(1 for record in records if json.loads(record.value))
    seconds = time.perf_counter() - begun
    await consumer.stop()
    return seconds


def judged(port: int) -> float:
    """Return how many events a worker says it judged."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[-1]) for line in lines if line.startswith("detector_events_total"))


def live(brokers: str, redis_url: str, group: str, count: int, processes: int) -> list[tuple[float, float]]:
    """Return at which moments, seconds, how many events a new worker had judged, from the first to all."""
    (port,) = free_ports(1)
    environment = os.environ | {
        "DETECTOR_BROKERS": brokers,
        "DETECTOR_REDIS_URL": redis_url,
        "DETECTOR_GROUP": group,
        "DETECTOR_IDLE_TIMEOUT": "1s",
        "DETECTOR_TOPIC_ENFORCEMENT": f"{group}-enforcement",
        "DETECTOR_METRICS_PORT": str(port),
        "DETECTOR_PROCESSES": str(processes),
    }
    with worker(environment) as (process, log):
        deadline = time.monotonic() + LONGEST_S
        moments: list[tuple[float, float]] = []
        while not moments or moments[-1][1] < count:
            done = judged(port)
            if done:
                moments.append((time.perf_counter(), done))
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                sys.exit(f"the worker did not finish:\n{log.read().decode()[-2000:]}")
            time.sleep(LOOK_S)
        return moments


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """Run a worker, whose log is beside it, and stop it at the end."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "detector", "worker"],
            env=environment,
            stderr=log,
        )
        try:
            yield process, log
        finally:
            process.terminate()
            process.wait()


def middle(moments: list[tuple[float, float]], count: int) -> float:
    """Return the events a second between a tenth and nine tenths of all."""
    within = [moment for moment in moments if 0.1 * count <= moment[1] <= 0.9 * count]
    (begun, first), (ended, last) = within[0], within[-1]
    return (last - first) / (ended - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=processes_by_cores())
    chosen = parser.parse_args()
    history = made(chosen.accounts, 1)
    with (
        tempfile.TemporaryDirectory() as kafka_folder,
        tempfile.TemporaryDirectory() as redis_folder,
        running_kafka(Path(kafka_folder), root=ROOT) as brokers,
        running_redis(Path(redis_folder), root=ROOT) as redis_url,
    ):
        asyncio.run(fill(brokers, history))
        print(
            f"{len(history)} events of {chosen.accounts} accounts, {PARTITIONS} partitions, "
            f"1 worker of {chosen.processes} process(es)"
        )
        for number in range(chosen.rounds):
            base = len(history) / asyncio.run(plain(brokers, len(history)))
            moments = live(brokers, redis_url, f"bench-{number}", len(history), chosen.processes)
            rate, whole = middle(moments, len(history)), moments[-1][0] - moments[0][0]
            print(
                f"live {rate:,.0f} events/s; read and json.loads alone {base:,.0f}: ratio {rate / base:.2f}"
                f" (all of it in {whole:.1f} s)"
            )


if __name__ == "__main__":
    main()

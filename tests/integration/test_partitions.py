"""A topic that gets more partitions: the worker ends, says so, and does not begin again under that name."""

import subprocess
import time
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from tests.integration.live import Live, Worker

LONG_S = 60.0


def ended(worker: Worker) -> tuple[int, str]:
    """Wait for a worker's end; return its exit code and the error it says."""
    try:
        code = worker.process.wait(timeout=LONG_S)
    except subprocess.TimeoutExpired as error:
        raise AssertionError(worker.log.read_text()[-3000:]) from error
    return code, "\n".join(line for line in worker.log.read_text().splitlines() if line.startswith("error: "))


async def test_partitions_that_are_added_end_the_worker_with_what_to_do(
    kafka: str, redis_url: str, names: str, tmp_path: Path
) -> None:
    live = Live(kafka, redis_url, names, tmp_path)
    await live.create(live.events)
    said = (
        f"error: topic {live.events} has 6 partitions, and had 4 when the group {names} began: keys have "
        "moved away from what is known of them; begin anew under another name (--group, DETECTOR_GROUP)"
    )
    now = int(time.time() * 1000)
    event = b'{"event_id":"e","type":"login_success","time":%d,"account_id":"a","ip":"192.0.2.1"}' % now
    with live.worker() as worker:
        await live.send([(b"a", event)])
        worker.until(lambda: worker.judged() > 0)
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
        await admin.start()
        await admin.create_partitions({live.events: NewPartitions(total_count=6)})
        await admin.close()
        assert (1, said) == ended(worker)
    with live.worker() as worker:
        assert (1, said) == ended(worker)

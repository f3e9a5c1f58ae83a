"""The live worker as a process of its own, and what its metrics say."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from detector.errors import UnavailableError
from detector.local.process import if_we_die

COMMAND = (sys.executable, "-P", "-m", "detector", "worker")
COUNTED = ("detector_events", "detector_events_rejected", "detector_late_events", "detector_duplicate_events")
"""Every event that was read ends in one of these, by the names of their families."""
_PATIENCE_S = 90.0  # the very first start compiles the kernels
_POLL_S = 0.2  # a page of metrics costs the worker 10 ms
_ANSWER_S = 1.0
_STOP_S = 2.0
_LOG_LINES = 3
_OK = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the worker is: events it is done with, alerts it published, and event time decided (Unix ms).

    `decided_ms` is that of the slowest partition, 0 while one of the `findings` partitions has told nothing.
    """

    done: int
    rejected: int
    alerts: int
    decided_ms: int


@dataclass(frozen=True, slots=True)
class LiveWorker:
    """A running worker: its process, its log, its metrics' port, and how many partitions decide."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int
    findings: int

    @property
    def metrics_url(self) -> str:
        """Where Prometheus would read it."""
        return f"http://127.0.0.1:{self.port}/metrics"

    def ready(self) -> bool:
        """Say whether it serves its partitions."""
        return _get(self.port, "/readyz")[0] == _OK

    def read(self) -> Reading:
        """Read its metrics, all 0 while it does not answer."""
        status, text = _get(self.port, "/metrics")
        return parse_metrics(text if status == _OK else "", self.findings)

    def wait_until_ready(self) -> None:
        """Wait for it to serve. Raises UnavailableError where it ends before, or takes too long."""
        deadline = time.monotonic() + _PATIENCE_S
        while not self.ready():
            self._check(deadline, "is not ready")
            time.sleep(_POLL_S)

    async def until(self, enough: Callable[[Reading], bool]) -> Reading:
        """Wait until a reading is `enough`, and give it.

        Raises UnavailableError where the worker ends before, or nothing moves for long.
        """
        last, deadline = None, 0.0
        while True:
            reading = await asyncio.to_thread(self.read)
            if enough(reading):
                return reading
            if reading != last:
                last, deadline = reading, time.monotonic() + _PATIENCE_S
            self._check(deadline, "does not get on")
            await asyncio.sleep(_POLL_S)

    def wait(self) -> None:
        """Wait until it ends, which it should not: raises UnavailableError."""
        code = self.process.wait()
        raise UnavailableError(f"the worker ended with code {code}; {self._last_words()}")

    def _check(self, deadline: float, what: str) -> None:
        code = self.process.poll()
        if code is not None:
            raise UnavailableError(f"the worker ended with code {code}; {self._last_words()}")
        if time.monotonic() > deadline:
            raise UnavailableError(f"the worker {what} for {_PATIENCE_S:g} s; {self._last_words()}")

    def _last_words(self) -> str:
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        return "\n".join((f"its log is {self.log}, and ends:", *lines[-_LOG_LINES:]))


@contextmanager
def running_worker(
    environment: Mapping[str, str], log: Path, *, port: int, findings: int
) -> Generator[LiveWorker]:
    """Run `detector worker` in its `environment`, its output in `log`, and stop it at the end.

    It gets no Ctrl-C of ours, and does not outlive us.
    """
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603  # this program, no shell
            COMMAND,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environment),
            start_new_session=True,
        ) as process,
        if_we_die("kill", "-KILL", str(process.pid)),
    ):
        try:
            yield LiveWorker(process, log, port, findings)
        finally:
            _stop(process)


def parse_metrics(text: str, findings: int) -> Reading:
    """Read a page of metrics; `findings` partitions must have told how far they decided."""
    totals: dict[str, float] = {}
    decided: list[float] = []
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == f"{family.name}_total":
                totals[family.name] = totals.get(family.name, 0.0) + sample.value
            elif sample.name == "detector_frontier_timestamp_seconds" and sample.labels["stage"] == "cases":
                decided.append(sample.value)
    return Reading(
        done=round(sum(totals.get(name, 0.0) for name in COUNTED)),
        rejected=round(totals.get("detector_events_rejected", 0.0)),
        alerts=round(totals.get("detector_alerts", 0.0)),
        decided_ms=round(min(decided) * 1000) if len(decided) == findings else 0,
    )


def _get(port: int, path: str) -> tuple[int, str]:
    """Ask the worker; 0 and no text where it does not answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_ANSWER_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let it leave its group in order, and kill it where that takes too long or a second Ctrl-C comes."""
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_S)
    finally:
        process.kill()

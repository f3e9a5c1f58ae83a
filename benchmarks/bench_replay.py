"""Throughput of `detector replay` from a JSON lines file.

    python benchmarks/bench_replay.py [--accounts 2000] [--days 6] [--rounds 3]

The same simulated day follows itself, as often as there are days. Beside each run, while the machine
is in one mood, the file is read with `json.loads` alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
from history import made

DAY_MS = 86_400_000


def moved(event: bytes, days: int) -> bytes:
    """Return the line of an event some days later, under another id."""
    told = msgspec.json.decode(event)
    told |= {"event_id": f"{told['event_id']}-{days}", "time": told["time"] + days * DAY_MS}
    return msgspec.json.encode(told) + b"\n"


def main() -> None:
    """Measure and print; the time of a replay is that of the whole command, start-up included."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    day = [event for _, event in made(chosen.accounts, 1)]
    count = len(day) * chosen.days
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.jsonl"
        with events.open("wb") as file:
            for number in range(chosen.days):
                file.writelines(moved(event, number) for event in day)
        print(f"{count} events of {chosen.accounts} accounts")
        for _ in range(chosen.rounds):
            begun = time.perf_counter()
            with events.open("rb") as file:
                for line in file:
                    json.loads(line)
            base = count / (time.perf_counter() - begun)
            begun = time.perf_counter()
            command = [
                sys.executable,
                "-m",
                "detector",
                "replay",
                str(events),
                "--alerts",
                f"{folder}/alerts",
            ]
            subprocess.run(command, check=True, capture_output=True)
            rate = count / (time.perf_counter() - begun)
            print(f"replay {rate:,.0f} events/s; json.loads alone {base:,.0f}: ratio {rate / base:.2f}")


if __name__ == "__main__":
    main()

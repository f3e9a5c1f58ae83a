"""Throughput of `detector replay` from a JSON lines file.

    python benchmarks/bench_replay.py [--accounts 2000] [--rounds 3]

Beside each run, in the same machine's mood, the file is read with `json.loads` alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from history import made


def main() -> None:
    """Measure and print; the time of a replay is that of the whole command, start-up included."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    history = made(chosen.accounts, 1)
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.jsonl"
        events.write_bytes(b"\n".join(event for _, event in history) + b"\n")
        print(f"{len(history)} events of {chosen.accounts} accounts")
        for _ in range(chosen.rounds):
            begun = time.perf_counter()
            with events.open("rb") as file:
                for line in file:
                    json.loads(line)
            base = len(history) / (time.perf_counter() - begun)
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
            rate = len(history) / (time.perf_counter() - begun)
            print(f"replay {rate:,.0f} events/s; json.loads alone {base:,.0f}: ratio {rate / base:.2f}")


if __name__ == "__main__":
    main()

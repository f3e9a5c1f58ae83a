"""Precision, recall, delay and false alarms on histories that no rule was tuned on: docs/accuracy.md.

    python -m benchmarks.accuracy [--population full] [--accounts 1092] [--days 14] [--seeds 11]
    python -m benchmarks.accuracy --tuning --page tuning.md

One process a seed, two at a time; time and memory grow with accounts times days. With `--tuning` the seeds
are those that rules may be tuned on, and the page also names what was wrong and what was missed.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.measure.history import Measured, Size, measure
from benchmarks.measure.page import page, particulars
from benchmarks.measure.seeds import REPORTING, TUNING
from detector.simulate.profiles import POPULATIONS

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--population", choices=sorted(POPULATIONS), default="full")
    parser.add_argument("--accounts", type=int, help="inhabitants of each history; unset: a whole deck")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--seeds", type=int, default=11, choices=range(1, len(REPORTING) + 1), metavar="N")
    parser.add_argument("--tuning", action="store_true", help="measure on seeds that rules may be tuned on")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--page", type=Path, help="where the page goes; docs/accuracy.md without --tuning")
    chosen = parser.parse_args(arguments)
    if chosen.tuning and chosen.page is None:
        parser.error("--tuning needs --page: docs/accuracy.md is for the reporting seeds")
    accounts = chosen.accounts or len(POPULATIONS[chosen.population].deck)
    size = Size(chosen.population, accounts, chosen.days)
    seeds = (TUNING if chosen.tuning else REPORTING)[: chosen.seeds]
    measured: list[Measured] = []
    with ProcessPoolExecutor(chosen.processes) as pool:
        for each in pool.map(partial(measure, size=size), seeds):
            print(f"seed {each.seed}: {each.events} events, {len(each.alerts)} alerts", flush=True)
            measured.append(each)
    text = page(measured, size) + (particulars(measured) if chosen.tuning else "")
    path = chosen.page or PAGE
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()

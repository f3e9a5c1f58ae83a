"""Precision, recall, delay and false alarms on histories that no rule was tuned on: docs/accuracy.md.

    python -m benchmarks.accuracy [--population full] [--decks 1] [--days 14] [--seeds 4]
    python -m benchmarks.accuracy --tuning --page tuning.md

A deck of the population `full` is about 3,300 accounts, 5 million events in two weeks; four of them hold more
than 20,000 innocent account-weeks. One process a seed, two at a time: about half an hour on two cores. Time,
memory and room for temporary files (5 GB) grow with decks times days. With `--tuning` the seeds are those
that rules may be tuned on, and the page also names what was wrong and what was missed.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.measure.history import Measured, Size, measure
from benchmarks.measure.page import page, particulars
from benchmarks.measure.seeds import REPORTING, TUNING
from detector.cli.words import counted
from detector.simulate.profiles import POPULATIONS

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the page."""
    options = parser()
    chosen = options.parse_args(arguments)
    if chosen.tuning and chosen.page is None:
        options.error("--tuning needs --page: docs/accuracy.md is for the reporting seeds")
    size = Size(chosen.population, chosen.days, chosen.decks or 1, chosen.accounts)
    seeds = (TUNING if chosen.tuning else REPORTING)[: chosen.seeds]
    measured: list[Measured] = []
    with ProcessPoolExecutor(chosen.processes) as pool:
        for each in pool.map(partial(measure, size=size), seeds):
            measured.append(each)
            print(
                f"{len(measured)} of {len(seeds)}, seed {each.seed}: {counted(each.events, 'event')}, "
                f"{counted(len(each.alerts), 'alert')}",
                flush=True,
            )
    text = page(measured, size) + (particulars(measured) if chosen.tuning else "")
    path = chosen.page or PAGE
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path}")


def parser() -> argparse.ArgumentParser:
    """Return what can be asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--population", choices=sorted(POPULATIONS), default="full")
    many = options.add_mutually_exclusive_group()
    many.add_argument("--decks", type=int, help="whole decks in each history; unset: one")
    many.add_argument("--accounts", type=int, help="instead, accounts in each: some profiles are missing")
    options.add_argument("--days", type=int, default=14)
    options.add_argument("--seeds", type=int, default=4, choices=range(1, len(REPORTING) + 1), metavar="N")
    options.add_argument("--tuning", action="store_true", help="measure on seeds that rules may be tuned on")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--page", type=Path, help="where the page goes; docs/accuracy.md without --tuning")
    return options


if __name__ == "__main__":
    main()

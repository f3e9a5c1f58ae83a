"""Compiling all kernels, which takes one to two minutes, once: for whoever sets a machine up.

    python -m detector.stages.kernels     in as many processes as there are cores to use

What is not compiled then is compiled when a worker starts or when it is first needed, and kept likewise
(detector/windows/compiled.py).
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numba.core import config
from numpy.typing import NDArray

from detector.children import processes_by_cores
from detector.enrich.clients import describe_client
from detector.stages.families import FAMILIES, Family
from detector.stages.raised import heard
from detector.windows import EVENT, ROW, fold

_SEVERAL = 2
"""A column of a single record is of another type to numba: it lies in one piece."""


def compile_all() -> None:
    """Fold events, and cells of each family, into empty rows, and hold back what no rule has said."""
    _compile_accounts()
    for family in FAMILIES:
        _compile(family)


def compile_side_by_side() -> None:
    """Do the same in several processes, and then in this one, which finds most of it compiled.

    Where some of it is kept already, hardly anything is left to do, and starting processes would take longer.
    """
    if not _any_is_kept():
        _compile_in_processes()
    compile_all()


def _any_is_kept() -> bool:
    folder: str = config.CACHE_DIR  # type: ignore[attr-defined]  # numba makes its settings when it is imported
    return bool(folder) and any(Path(folder).rglob("*.nbi"))


def _compile_in_processes() -> None:
    with ProcessPoolExecutor(processes_by_cores(), get_context("spawn")) as pool:
        parts = [
            pool.submit(_compile_accounts),
            *(pool.submit(_compile_family, each.name) for each in FAMILIES),
        ]
        for part in parts:
            part.result()


def warm_up() -> None:
    """Do what the first events would wait for, and their worker's heartbeats with them."""
    compile_all()
    describe_client("Mozilla/5.0", None)  # reads the patterns of user agents


def _compile_accounts() -> None:
    rows = np.zeros(_SEVERAL, ROW)
    _hold_back(fold(np.zeros(_SEVERAL, EVENT), rows), rows)


def _compile_family(name: str) -> None:
    _compile(next(family for family in FAMILIES if family.name == name))


def _compile(family: Family) -> None:
    rows = np.zeros(_SEVERAL, family.rows.dtype)
    _hold_back(family.fold(np.zeros(_SEVERAL, family.cell), rows), rows)


def _hold_back(features: NDArray[np.void], rows: NDArray[np.void]) -> None:
    places, strengths = np.zeros(1, np.intp), np.zeros(1)
    heard(places, strengths, features, rows, 0, places > 0)


if __name__ == "__main__":
    compile_side_by_side()

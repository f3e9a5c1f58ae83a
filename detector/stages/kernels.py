"""Compiling all kernels, which takes one to two minutes, once: for whoever sets a machine up.

    python -m detector.stages.kernels

What is not compiled then is compiled when a worker starts or when it is first needed, and kept likewise
(detector/windows/compiled.py).
"""

import numpy as np
from numpy.typing import NDArray

from detector.enrich.clients import describe_client
from detector.stages.families import FAMILIES
from detector.stages.raised import hold_back
from detector.windows import EVENT, ROW, fold

_SEVERAL = 2
"""A column of a single record is of another type to numba: it lies in one piece."""


def compile_all() -> None:
    """Fold events, and cells of each family, into empty rows, and hold back what no rule has said."""
    rows = np.zeros(_SEVERAL, ROW)
    _hold_back(fold(np.zeros(_SEVERAL, EVENT), rows), rows)
    for family in FAMILIES:
        rows = np.zeros(_SEVERAL, family.rows.dtype)
        _hold_back(family.fold(np.zeros(_SEVERAL, family.cell), rows), rows)


def warm_up() -> None:
    """Do what the first events would wait for, and their worker's heartbeats with them."""
    compile_all()
    describe_client("Mozilla/5.0", None)  # reads the patterns of user agents


def _hold_back(features: NDArray[np.void], rows: NDArray[np.void]) -> None:
    places, strengths = np.zeros(1, np.intp), np.zeros(1)
    hold_back(places, strengths, features["row"], features["time_ms"], rows["raised_ms"], rows["raised"], 0)


if __name__ == "__main__":
    compile_all()

"""Compiling all kernels, which takes one to two minutes, once: for whoever sets a machine up.

    python -m detector.stages.kernels

What is not compiled then is compiled when it is first needed, and kept likewise
(detector/windows/compiled.py).
"""

import numpy as np
from numpy.typing import NDArray

from detector.stages.families import FAMILIES
from detector.stages.raised import hold_back
from detector.windows import EVENT, ROW, fold


def compile_all() -> None:
    """Fold one event, and one cell of each family, into an empty row, and hold back what no rule has said."""
    rows = np.zeros(1, ROW)
    _hold_back(fold(np.zeros(1, EVENT), rows), rows)
    for family in FAMILIES:
        rows = np.zeros(1, family.rows.dtype)
        _hold_back(family.fold(np.zeros(1, family.cell), rows), rows)


def _hold_back(features: NDArray[np.void], rows: NDArray[np.void]) -> None:
    places, strengths = np.zeros(1, np.intp), np.zeros(1)
    hold_back(places, strengths, features["row"], features["time_ms"], rows["raised_ms"], rows["raised"], 0)


if __name__ == "__main__":
    compile_all()

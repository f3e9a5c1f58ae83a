"""Rows of accounts as a shard has them: several, whatever their number in use."""

import numpy as np
from numpy.typing import NDArray

from detector.windows import ROW


def empty_rows(used: int) -> NDArray[np.void]:
    """Return rows for places 0 to `used`, the last one to be left alone.

    A column of a single record is of another type to numba, for which all kernels would be compiled again.
    """
    return np.zeros(used + 1, ROW)

"""Fold random cells of every family: under NUMBA_DISABLE_JIT=1 the oracle of the crowds' kernels."""

import sys
from pathlib import Path

import numpy as np
from numba.core import config
from numpy.typing import NDArray

from detector.stages.families import FAMILIES, Family

ROWS = 3
CELLS = 400
START_MS = 1_780_243_200_000


def random_cells(family: Family, seed: int) -> NDArray[np.void]:
    """Return cells whose facts often agree, some years of them in all; CELLS of them, in order."""
    rng = np.random.default_rng(seed)
    cells = np.zeros(CELLS, family.cell)
    gaps = np.exp(rng.uniform(0.0, np.log(4 * 86_400_000), CELLS))
    cells["time_ms"] = START_MS + np.cumsum(gaps).astype(np.int64)
    cells["row"] = rng.integers(0, ROWS, CELLS)
    cells["kind"] = rng.integers(0, 10, CELLS)
    cells["excused"] = rng.integers(0, 2, CELLS)
    for name in family.facts:
        cells[name] = rng.integers(0, rng.choice([2, 5, 2000]), CELLS)
    return cells


def folded(family: Family, seed: int) -> tuple[bytes, bytes]:
    """Return the bytes of the features and of the rows, what lies between their fields included."""
    rows = np.zeros(ROWS, family.rows.dtype)
    features = family.fold(random_cells(family, seed), rows)
    return (
        features.view(f"V{features.dtype.itemsize}").tobytes(),
        rows.view(f"V{rows.dtype.itemsize}").tobytes(),
    )


def main(folder: Path, seeds: int) -> None:
    """Write the bytes of every family and seed."""
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba makes its settings when it is imported
        raise SystemExit("the kernels are compiled: set NUMBA_DISABLE_JIT=1")
    for family in FAMILIES:
        for seed in range(seeds):
            features, rows = folded(family, seed)
            (folder / f"{family.name}-{seed}.features").write_bytes(features)
            (folder / f"{family.name}-{seed}.rows").write_bytes(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

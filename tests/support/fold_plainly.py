"""Fold what a file holds and write what came of it: under NUMBA_DISABLE_JIT=1 the oracle of the kernels."""

import sys
from pathlib import Path

import numpy as np
from numba.core import config

from detector.windows import EVENT, FEATURES, ROW, fold
from tests.support.rows import empty_rows


def main(source: Path, target: Path) -> None:
    """Read arrays `events-<case>` and `sizes`, the rows in use; write `features-<case>` and `rows-<case>`."""
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba makes its settings when it is imported
        raise SystemExit("the kernels are compiled: set NUMBA_DISABLE_JIT=1")
    results = {}
    with np.load(source) as given:
        for case, size in enumerate(given["sizes"].tolist()):
            rows = empty_rows(size)
            features = fold(given[f"events-{case}"].view(EVENT), rows)
            # As plain bytes: a file of arrays would keep fields, not what lies between them.
            results[f"features-{case}"] = features.view(f"V{FEATURES.itemsize}")
            results[f"rows-{case}"] = rows.view(f"V{ROW.itemsize}")
    np.savez(target, allow_pickle=False, **results)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The kernels of every family of crowds, compiled and as plain Python; batches."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from detector.stages.families import FAMILIES, Family
from tests.support import crowds_plainly
from tests.support.crowds_plainly import CELLS, ROWS, folded, random_cells

SEEDS = 1

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything folded by one process of plain Python; warnings of numpy are errors there too."""
    folder = tmp_path_factory.mktemp("plain")
    subprocess.run(  # noqa: S603  # our own module in our own interpreter
        [sys.executable, "-W", "error", "-m", crowds_plainly.__name__, str(folder), str(SEEDS)],
        check=True,
        timeout=120,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
    )
    return folder


@each_family
@pytest.mark.parametrize("seed", range(SEEDS))
def test_compiled_code_is_plain_python_to_the_byte(plain: Path, family: Family, seed: int) -> None:
    features, rows = folded(family, seed)
    assert (plain / f"{family.name}-{seed}.features").read_bytes() == features
    assert (plain / f"{family.name}-{seed}.rows").read_bytes() == rows


@each_family
@pytest.mark.parametrize("cut", [1, 7, CELLS // 2])
def test_cells_cut_anywhere_give_the_same_rows_and_features(family: Family, cut: int) -> None:
    rows = np.zeros(ROWS, family.rows.dtype)
    cells = random_cells(family, cut)
    parts = [family.fold(part, rows) for part in (cells[:cut], cells[cut:])]
    features = b"".join(part.view(f"V{part.dtype.itemsize}").tobytes() for part in parts)
    assert folded(family, cut) == (features, rows.view(f"V{rows.dtype.itemsize}").tobytes())


@each_family
def test_an_untouched_row_becomes_one_of_the_families_version(family: Family) -> None:
    rows = np.zeros(ROWS, family.rows.dtype)
    family.fold(random_cells(family, 0)[:1], rows)
    assert [family.rows.version] == sorted(set(rows["version"].tolist()) - {0})

"""How kernels are compiled, and where the machine code is kept.

numba's own cache looks at the file of a function only, not at the functions that it calls: after a change in
one file it would go on with the old code of another. So the machine code is kept in a folder named after the
text of all kernels.
"""

import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import numba
from numba.core import config

Record: TypeAlias = Any
"""A record of a structured array; its fields are in layout.py, where mypy cannot see them."""
Array: TypeAlias = Any
"""An array or a view of one, as numba hands it to a kernel."""


def _cache_folder() -> str:
    here = Path(__file__).parent
    sources = [*sorted(here.rglob("*.py")), here.parent / "categories.py"]
    text = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    for base in _bases():
        folder = base / "detector" / f"kernels-{text}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".writable").touch()
        except OSError:
            continue
        return str(folder)
    return ""


def _bases() -> Iterator[Path]:
    """Yield where the machine code may be kept: first beside the environment, for all who use that."""
    if sys.prefix != sys.base_prefix:
        yield Path(sys.prefix) / "var" / "cache"
    yield Path.home() / ".cache"
    yield Path(tempfile.gettempdir())


_FOLDER = _cache_folder()
config.CACHE_DIR = _FOLDER  # type: ignore[attr-defined]  # numba makes its settings when it is imported
compiled = numba.njit(cache=bool(_FOLDER))
"""Decorator of kernels; under `NUMBA_DISABLE_JIT=1` they run as plain Python."""
inlined = numba.njit(cache=bool(_FOLDER), inline="always")
"""The same, for a kernel that only one other calls and that calls many: compiled as a part of its caller.

Each kernel is compiled together with all that it calls, and so a second time for who calls it.
"""

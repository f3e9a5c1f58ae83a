"""The files that a replay reads and writes: standard input and output among them, never one over another."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from detector.errors import InputError, UsageError

DASH = Path("-")
"""Standard input among what is read, standard output where alerts go."""


def check_distinct(alerts: Path, read: Iterable[Path]) -> None:
    """Refuse alerts that would take the place of what is read, whatever it is called; raises `UsageError`."""
    names = list(read)
    if names.count(DASH) > 1:
        raise UsageError("- is given twice, but standard input can be read only once")
    if any(_same(alerts, path) for path in names if DASH not in {alerts, path}):
        raise UsageError(f"--alerts {alerts} is one of the files that are read: name another")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:  # one of them is not there, or not to be seen
        return False


def spooled(inputs: Sequence[Path], folder: Path) -> list[Path]:
    """Give standard input a file in `folder`, because the history is read twice."""
    paths = []
    for path in inputs:
        if path == DASH:
            path = folder / "stdin"  # noqa: PLW2901  # the same input, where it can be read again
            with path.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        paths.append(path)
    return paths


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` at the end: a replay that fails leaves what was there.

    What is no file (`-`, a pipe, a device) is written to as it is. Raises `InputError` where that fails.
    """
    try:
        if path == DASH:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not path.is_file():
            with path.open("wb") as out:
                yield out
        else:
            with _beside(path.resolve()) as out:
                yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}; give another path") from error


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)

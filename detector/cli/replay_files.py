"""The files that a replay reads and writes: standard input and output among them, never one over another."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from detector.alerts import Alert, encode
from detector.errors import InputError, UsageError
from detector.evidence import Head, encode_heads, head_of

DASH = Path("-")
"""Standard input among what is read, standard output where alerts go."""


def check_distinct(read: Iterable[Path], alerts: Path, **others: Path | None) -> None:
    """Refuse files to be written that would take the place of what is read, or of one another.

    Whatever they are called; `others` are given by their options' names, and never standard output. Raises
    `UsageError`.
    """
    names = list(read)
    if names.count(DASH) > 1:
        raise UsageError("- is given twice, but standard input can be read only once")
    written = {"alerts": alerts}
    for option, path in others.items():
        if path is None:
            continue
        if path == DASH:
            raise UsageError(f"--{option} - : that is kept apart from all else; name a file")
        for other, taken in written.items():
            if _same(path, taken):
                raise UsageError(f"--{option} {path} is the file of --{other}: name another")
        written[option] = path
    for option, path in written.items():
        if path != DASH and any(_same(path, name) for name in names if name != DASH):
            raise UsageError(f"--{option} {path} is one of the files that are read: name another")


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
def alerts_written(path: Path, heads_path: Path | None) -> Iterator[Callable[[Sequence[Alert]], None]]:
    """Give a function that writes alerts; the heads of their chains go to a file of their own, at the end."""
    heads: dict[str, Head] = {}
    with ExitStack() as files:
        tips = None if heads_path is None else files.enter_context(replacing(heads_path))
        out = files.enter_context(replacing(path))

        def write(alerts: Sequence[Alert]) -> None:
            out.writelines(encode(alert) + b"\n" for alert in alerts)
            if tips is not None:
                heads.update((alert.case_id, head_of(alert)) for alert in alerts)

        yield write
        if tips is not None:
            tips.writelines(encode_heads(heads))


@contextmanager
def shadow_written(path: Path | None) -> Iterator[Callable[[Sequence[Alert]], None]]:
    """Give a function that writes alerts in shadow mode; None: nowhere."""
    if path is None:
        yield lambda _: None
    else:
        with alerts_written(path, None) as write:
            yield write


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

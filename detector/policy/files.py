"""Policies from files, and the one that is shipped."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from detector.errors import InputError
from detector.policy.book import Book
from detector.policy.reading import Sheet, read
from detector.policy.version import Version, in_shadow

SHIPPED: Final = "default.toml"
"""The policy in force where no other is given: the agreement of 2024-08-08, mildly."""


def read_sheet(path: str) -> Sheet:
    """Read one file; raises `InputError` where that cannot be done, and notes what is wrong in it."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    return read(path, data)


def read_sheets(paths: Iterable[str]) -> list[Sheet]:
    """Read files; before those that are all in shadow comes the shipped policy, which is in force then."""
    sheets = [read_sheet(path) for path in paths]
    return [default_sheet(), *sheets] if all(in_shadow(sheet.tables) for sheet in sheets) else sheets


def load_book(paths: Iterable[str] | None) -> Book:
    """Return the book of some files, None: the shipped one; raises `InputError` for what cannot be used."""
    return default_book() if paths is None else Book.of(read_sheets(paths))


def default_text() -> str:
    """Return the shipped policy as it is written."""
    return (files("detector.policy") / SHIPPED).read_text("utf-8")


def default_sheet() -> Sheet:
    """Return the shipped policy as it was read."""
    return read(SHIPPED, default_text().encode())


def default_book() -> Book:
    """Return a book of the shipped policy."""
    return Book((_shipped(),))


@lru_cache(maxsize=1)
def _shipped() -> Version:
    (version,) = Book.of([default_sheet()]).versions
    return version

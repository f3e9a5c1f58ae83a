"""A policy that is applied while workers run: the record of the control topic that brings it to them all."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from detector.events import LATEST_MS
from detector.policy.book import Book, Version, in_shadow
from detector.policy.reading import PolicyError, Sheet, read
from detector.policy.structure import Wrong


class Applied(msgspec.Struct, frozen=True):
    """A policy on the control topic: its file as it was written, and from which moment on it counts, Unix ms.

    `hash` is the `policy_hash` of its general part. A date that the file itself names counts no more.
    """

    version: str
    hash: str
    counts_from: Annotated[int, msgspec.Meta(ge=0, lt=LATEST_MS)]
    text: str
    author: str | None = None
    note: str | None = None
    kind: Literal["policy"] = "policy"

    @classmethod
    def of(
        cls, sheet: Sheet, text: str, counts_from: int, author: str | None = None, note: str | None = None
    ) -> "Applied":
        """Return the record of a file that has no mistakes."""
        general = Version.of(sheet.tables).policies[None, None]
        return cls(general.version, general.hash, counts_from, text, author, note)

    @property
    def source(self) -> str:
        """What a log line calls it."""
        return f"version {self.version}"

    def sheet(self) -> Sheet:
        """Return its text as it was read, with what this release finds wrong in it."""
        return read(self.source, self.text.encode())

    def read(self) -> Version:
        """Return the version that it brings; raises `PolicyError` where this release cannot use it."""
        sheet = self.sheet()
        check_applicable(sheet)
        return Version.of(sheet.tables, self.counts_from)


def check_applicable(sheet: Sheet) -> None:
    """Raise `PolicyError` for a file that cannot be put in force: it has mistakes, or is to be tried out."""
    problems = sheet.problems
    if not problems and in_shadow(sheet.tables):
        said = "what is in shadow is not put in force: take `mode` out, or name the file to the workers"
        problems = [sheet.problem(Wrong(("mode",), said))]
    if problems:
        raise PolicyError(problems)


def put_all(book: Book, records: Iterable[Applied]) -> list[tuple[Applied, Version | PolicyError]]:
    """Put into a book what was applied, in the order in which it was; return each with its version.

    What this release cannot use is passed over, as workers do, and has its error in the place of a version.
    """
    found: list[tuple[Applied, Version | PolicyError]] = []
    for record in records:
        try:
            version = record.read()
        except PolicyError as error:
            found.append((record, error))
        else:
            book.put(version)
            found.append((record, version))
    return found

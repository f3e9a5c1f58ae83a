"""What is done to policies while workers run: the records of the control topic that bring it to them all."""

from collections.abc import Iterable
from typing import Annotated, ClassVar, Final, Self, TypeAlias

import msgspec

from detector.events import LATEST_MS
from detector.policy.book import Book
from detector.policy.reading import PolicyError, Sheet, read
from detector.policy.structure import Wrong
from detector.policy.version import Version, in_shadow

Moment: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=LATEST_MS)]
"""From when on a record counts, Unix ms."""


class Applied(msgspec.Struct, frozen=True, tag_field="kind", tag="policy"):
    """A policy on the control topic: its file as it was written, and from which moment on it counts, Unix ms.

    `hash` is the `policy_hash` of its general part. A date that the file itself names counts no more.
    """

    kind: ClassVar[str] = "policy"
    version: str
    hash: str
    counts_from: Moment
    text: str
    author: str | None = None
    note: str | None = None

    @classmethod
    def of(
        cls, sheet: Sheet, text: str, counts_from: int, author: str | None = None, note: str | None = None
    ) -> Self:
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

    def put_into(self, book: Book) -> Version:
        """Put the version in force; return it. Raises `PolicyError`, and the book stays as it is."""
        version = self.read()
        book.put(version)
        return version


class Tried(Applied, frozen=True, tag="policy_in_shadow"):
    """A policy that is tried out in shadow from its moment on, whether or not its file says `mode`."""

    kind: ClassVar[str] = "policy_in_shadow"

    def read(self) -> Version:
        """See `Applied.read`."""
        sheet = self.sheet()
        if sheet.problems:
            raise PolicyError(sheet.problems)
        return Version.of(sheet.tables, self.counts_from)

    def put_into(self, book: Book) -> Version:
        """Put the version in shadow; return the one of its name that is there then. Raises `PolicyError`."""
        version = self.read()
        known = book.tried(version.name)
        if known is not None and known.policies != version.policies:
            said = "is the name of another policy that is or was in shadow: two policies need two names"
            raise PolicyError([self.sheet().problem(Wrong(("version",), said))])
        book.try_out(version)
        return known or version


class Ended(msgspec.Struct, frozen=True, tag_field="kind", tag="policy_in_shadow_ended"):
    """The end of a policy in shadow, by its `version`: from a moment on it decides nothing more."""

    kind: ClassVar[str] = "policy_in_shadow_ended"
    version: str
    counts_from: Moment
    author: str | None = None
    note: str | None = None

    @property
    def source(self) -> str:
        """See `Applied.source`."""
        return f"the end of version {self.version}"

    def put_into(self, book: Book) -> Version | None:
        """End it; return the version, None where there is none of that name."""
        book.end(self.version, self.counts_from)
        return book.tried(self.version)


PolicyRecord: TypeAlias = Applied | Tried | Ended
KINDS: Final = frozenset({Applied.kind, Tried.kind, Ended.kind})
"""Kinds of records of the control topic that are about policies."""


def check_applicable(sheet: Sheet) -> None:
    """Raise `PolicyError` for a file that cannot be put in force: it has mistakes, or is to be tried out."""
    problems = sheet.problems
    if not problems and in_shadow(sheet.tables):
        said = "what is in shadow is not put in force: take `mode` out, or try it out with --shadow"
        problems = [sheet.problem(Wrong(("mode",), said))]
    if problems:
        raise PolicyError(problems)


def put_all(
    book: Book, records: Iterable[PolicyRecord]
) -> list[tuple[PolicyRecord, Version | PolicyError | None]]:
    """Do to a book what the records say, in their order; return each with the version that it is about.

    What this release cannot use is passed over, as workers do, and has its error in the place of a version.
    """
    found: list[tuple[PolicyRecord, Version | PolicyError | None]] = []
    for record in records:
        try:
            found.append((record, record.put_into(book)))
        except PolicyError as error:
            found.append((record, error))
    return found

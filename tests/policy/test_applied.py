"""A policy as it lies on the control topic, and what becomes of it in a book."""

import msgspec

from detector.policy.applied import Applied, put_all
from detector.policy.reading import PolicyError
from tests.policy.making import SHIPPED, book, edited, sheet

TEXT = "# why: 云\n" + edited('version = "1"', 'version = "2"\neffective = 2026-01-01T00:00:00Z')


def applied(text: str, moment: int) -> Applied:
    return Applied.of(sheet(text), text, moment, "ann", "milder")


def test_a_record_has_the_file_as_it_was_written_and_by_whom() -> None:
    read = msgspec.json.decode(msgspec.json.encode(applied(TEXT, 1_000)), type=Applied)
    assert (TEXT, "2", "ann", "milder") == (read.text, read.version, read.author, read.note)
    assert book(TEXT).at(0).hash == read.hash


def test_the_records_moment_counts_not_the_files_date() -> None:
    of = book(SHIPPED)
    put_all(of, [applied(TEXT, 1_000)])
    assert ["1", "2"] == [of.at(moment).version for moment in (999, 1_000)]


def test_what_cannot_be_used_is_passed_over_and_told() -> None:
    of = book(SHIPPED)
    broken = msgspec.structs.replace(applied(TEXT, 1_000), text=TEXT.replace("half_life", "half_live"))
    (_, error), (_, version) = put_all(of, [broken, applied(TEXT, 2_000)])
    assert isinstance(error, PolicyError)
    assert "version 2, line" in str(error)
    assert ["1", "2"] == [of.at(moment).version for moment in (1_999, 2_000)]
    assert version is of.versions[1]

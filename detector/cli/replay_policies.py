"""The policies of a replay: its files, and what was applied while the live service ran."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from detector.cli.clients import hushed_clients
from detector.cli.topic_url import TopicUrl
from detector.policy import Book, load_book
from detector.policy.applied import PolicyRecord, put_all
from detector.policy.reading import PolicyError
from detector.replay import read_applied
from detector.settings import Settings


def policies(settings: Settings, applied: str | None) -> Book:
    """Return the book of the settings' files with what was applied: a file, or the control topic itself.

    Raises `InputError`, `UsageError`, `UnavailableError`.
    """
    book = load_book(settings.policy)
    put_applied(book, [] if applied is None else applied_records(applied, settings))
    return book


def put_applied(book: Book, records: Sequence[PolicyRecord]) -> None:
    """Do to a book what was done live, and warn of what this release cannot use."""
    for record, version in put_all(book, records):
        if isinstance(version, PolicyError):
            click.echo(
                f"warning: {record.source}, which was applied, cannot be used by this release and is passed "
                f"over, as by its workers: {version.problems[0]}",
                err=True,
            )


def files_of(settings: Settings, applied: str | None) -> Iterator[Path]:
    """Yield the files that are read for it."""
    yield from map(Path, settings.policy or ())
    if applied is not None and TopicUrl.parse(applied) is None:
        yield Path(applied)


def applied_records(applied: str, settings: Settings) -> list[PolicyRecord]:
    """Return what was applied: of a file, or of the control topic.

    Raises `InputError`, `UsageError`, `UnavailableError`.
    """
    url = TopicUrl.parse(applied)
    if url is None:
        return read_applied(Path(applied))
    from detector.stream.kafka import KafkaClients  # noqa: PLC0415  # who replays files needs no Kafka
    from detector.stream.policy_log import read_policies  # noqa: PLC0415  # as above

    clients = KafkaClients(url.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    with hushed_clients():
        return asyncio.run(read_policies(clients, url.topic))

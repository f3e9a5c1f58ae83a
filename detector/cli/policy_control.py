"""What the commands about policies of running workers have in common: the control topic as it is now."""

from dataclasses import dataclass
from typing import Self

from detector.cli.moment import here_and_utc
from detector.policy import Book, load_book
from detector.policy.applied import PolicyRecord, put_all
from detector.policy.reading import PolicyError
from detector.policy.version import Version
from detector.settings import Settings
from detector.stream.kafka import KafkaClients
from detector.stream.policy_log import append, highest_frontier, read_policies

CONTROL_SETTINGS = ("brokers", "group", "topic_session_events", "topic_detector_control", "policy")
"""The settings that such a command takes."""


@dataclass(frozen=True, slots=True)
class Control:
    """The book of the workers' files with what was applied, how far the group has judged, and the records.

    `frontier` is in Unix ms; each record has the version that it is about beside it, or why it has none.
    """

    book: Book
    frontier: int
    records: list[tuple[PolicyRecord, Version | PolicyError | None]]

    @classmethod
    async def read(cls, settings: Settings) -> Self:
        """Read the topic; raises `UnavailableError`, and `InputError` for a file that cannot be used."""
        clients = _clients(settings)
        book, topics = load_book(settings.policy), settings.topics
        records = put_all(book, await read_policies(clients, topics.control))
        return cls(book, await highest_frontier(clients, settings.group, topics.session_events), records)

    def applied(self, version: Version) -> bool:
        """Return whether a version of the book came by the topic."""
        return any(version is known for _, known in self.records)


async def write(settings: Settings, record: PolicyRecord) -> None:
    """Write a record to the control topic; raises `UnavailableError`."""
    await append(_clients(settings), settings.topics.control, record)


def since_text(version: Version) -> str:
    """Return from when on a version counts, as a person reads it."""
    return from_text(version.since_ms)


def from_text(moment_ms: int) -> str:
    """Return a moment, Unix ms, from which something counts, as a person reads it."""
    return f"from {here_and_utc(moment_ms)} on" if moment_ms > 0 else "from ever"


def _clients(settings: Settings) -> KafkaClients:
    return KafkaClients(settings.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)

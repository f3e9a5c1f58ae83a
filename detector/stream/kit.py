"""What the shards of one worker share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from detector.enrich import Enricher, files
from detector.keyring import Keyring
from detector.logs import get_logger
from detector.metrics import Metrics
from detector.policy import load_book
from detector.privacy import row_hashes
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stages.masks import Mask, doubt
from detector.stores import RowStore
from detector.stream.complaints import Complaints
from detector.stream.kafka import KafkaClients
from detector.stream.topics import TopicReport

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kit:
    """Clients, store, databases and settings; `events`, `crowds` and `findings` are numbers of partitions.

    `logs` tells where logs begin and end; it reads nothing, so its answers do not wait behind a fetch. `room`
    has the largest message, bytes, that each topic takes, where Kafka tells it.
    """

    settings: Settings
    clients: KafkaClients
    admin: AIOKafkaAdminClient
    logs: AIOKafkaConsumer
    store: RowStore
    workshop: Workshop
    keyring: Keyring
    metrics: Metrics
    events: int
    crowds: int
    findings: int
    room: Mapping[str, int] = field(default_factory=dict)
    complaints: Complaints = field(default_factory=Complaints)

    @property
    def partitions(self) -> tuple[int, int, int]:
        """The numbers of partitions of the events, the crowds and the findings."""
        return (self.events, self.crowds, self.findings)


def open_workshop(settings: Settings) -> Workshop:
    """Read the policy and open the databases.

    Raises `UsageError` for a database that cannot be read, `InputError` for a policy that is wrong.
    """
    book = load_book(settings.policy)
    hidden = doubt(book, settings.alert_key)
    if hidden is not None:
        log.warning(hidden)
    hashes = row_hashes()
    enricher = Enricher(
        files("city", settings.geoip_city),
        files("asn", settings.geoip_asn),
        hash64=lambda text: hashes.hash64(text, "network"),
    )
    return Workshop(
        enricher,
        hashes,
        settings.allowed_lateness_ms,
        settings.max_ahead_ms,
        settings.trusted_proxies,
        mask=Mask(settings.alert_key),
        own_clients=settings.own_clients,
        book=book,
    )


def make_kit(
    settings: Settings,
    clients: KafkaClients,
    admin: AIOKafkaAdminClient,
    logs: AIOKafkaConsumer,
    store: RowStore,
    workshop: Workshop,
    metrics: Metrics,
    report: TopicReport,
) -> Kit:
    """Put the kit together; `report` is what is known of the topics."""
    return Kit(
        settings=settings,
        clients=clients,
        admin=admin,
        logs=logs,
        store=store,
        workshop=workshop,
        keyring=Keyring(settings.pseudonym_key, settings.pseudonym_key_other),
        metrics=metrics,
        events=report.partitions[settings.topics.session_events],
        crowds=report.partitions[settings.topics.crowds],
        findings=report.partitions[settings.topics.findings],
        room=report.room,
    )

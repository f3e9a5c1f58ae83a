"""What the shards of one worker share."""

from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from detector.metrics import Metrics
from detector.policy import Policy
from detector.privacy import Pseudonymizer, Sealer
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stores import RowStore
from detector.stream.kafka import KafkaClients


@dataclass(frozen=True, slots=True)
class Kit:
    """Clients, store, databases and settings; `findings` and `events` are numbers of partitions.

    `logs` tells where logs begin and end; it reads nothing, so its answers do not wait behind a fetch.
    """

    settings: Settings
    clients: KafkaClients
    admin: AIOKafkaAdminClient
    logs: AIOKafkaConsumer
    store: RowStore
    workshop: Workshop
    pseudonyms: Pseudonymizer
    sealer: Sealer
    metrics: Metrics
    policy: Policy
    events: int
    findings: int

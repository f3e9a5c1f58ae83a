"""The topics: those that are missing are created, those that fit badly are named."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import BrokerResponseError, IncompatibleBrokerVersion, TopicAlreadyExistsError, for_code

from detector.errors import UnavailableError
from detector.stream.kafka import reporting
from detector.stream.topic_specs import LARGEST, FoundTopic, TopicSpec, judge

_APPEAR_ATTEMPTS = 100
_APPEAR_PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What was found and done. With `errors` the pipeline cannot run; `warnings` are for Kafka's keeper.

    `room` has the largest batch, bytes, that each topic takes, where Kafka tells it.
    """

    created: tuple[str, ...]
    partitions: Mapping[str, int]
    room: Mapping[str, int]
    errors: tuple[str, ...]
    warnings: tuple[str, ...]

    def check(self) -> None:
        """Raise `UnavailableError` that names everything that stands in the way."""
        if self.errors:
            raise UnavailableError("; ".join(self.errors))


async def ensure_topics(
    admin: AIOKafkaAdminClient, wanted: Sequence[TopicSpec], *, replication_factor: int = 1
) -> TopicReport:
    """Create what is missing, judge what is there; `UnavailableError` where Kafka does not answer."""
    with reporting("looking after the topics"):
        there = set(await admin.list_topics())
        missing = await _sized([spec for spec in wanted if spec.name not in there], there, admin)
        refused = await _create(admin, missing, replication_factor)
        usable = [spec for spec in wanted if spec.name not in refused]
        partitions = await _partitions(admin, [spec.name for spec in usable])
        configs = await _configs(admin, [spec.name for spec in usable])
    found = {name: FoundTopic(count, configs.get(name)) for name, count in partitions.items()}
    errors, warnings = judge(usable, found)
    return TopicReport(
        created=tuple(spec.name for spec in missing if spec.name not in refused),
        partitions=partitions,
        room={name: int(each[LARGEST]) for name, each in configs.items() if LARGEST in each},
        errors=(*refused.values(), *errors),
        warnings=warnings,
    )


async def _sized(
    missing: Sequence[TopicSpec], there: set[str], admin: AIOKafkaAdminClient
) -> list[TopicSpec]:
    """Give each topic that must have as many partitions as one that is there that number."""
    twins = {spec.same_partitions_as or "" for spec in missing} & there
    counts = await _partitions(admin, sorted(twins))
    return [
        replace(spec, partitions=counts.get(spec.same_partitions_as or "", spec.partitions))
        for spec in missing
    ]


async def _create(
    admin: AIOKafkaAdminClient, missing: Sequence[TopicSpec], replication_factor: int
) -> dict[str, str]:
    """Create topics; what Kafka says against it, by name of the topic."""
    cluster = await admin.describe_cluster()
    # A broker without a controller (the one inside confluent-kafka) makes a topic when it is first asked for.
    has_controller = cluster["controller_id"] in {broker["node_id"] for broker in cluster["brokers"]}
    if not missing or not has_controller:
        return {}
    answer = await admin.create_topics(
        [
            NewTopic(spec.name, spec.partitions, replication_factor, topic_configs=spec.configs())
            for spec in missing
        ]
    )
    specs = {spec.name: spec for spec in missing}
    return {
        name: f"topic {name} is missing and Kafka does not let this worker create it"
        f" ({for_code(code).__name__}: {message}): create {specs[name]}"
        for name, code, message in answer.topic_errors
        if code not in (0, TopicAlreadyExistsError.errno)
    }


async def _partitions(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """Count partitions, and wait for those just created to have their leaders."""
    for _ in range(_APPEAR_ATTEMPTS):
        described = await admin.describe_topics(names) if names else []
        waiting = [
            topic["topic"]
            for topic in described
            if topic["error_code"] or any(part["error_code"] for part in topic["partitions"])
        ]
        if not waiting:
            return {topic["topic"]: len(topic["partitions"]) for topic in described}
        await asyncio.sleep(_APPEAR_PAUSE_S)
    raise UnavailableError(f"topics {', '.join(waiting)} have no leader: look at the brokers")


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    """Read the topics' settings, of those that Kafka tells."""
    try:
        answers = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        )
    except (IncompatibleBrokerVersion, BrokerResponseError):
        return {}
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for answer in answers
        for code, _, _, name, entries in answer.resources
        if not code
    }

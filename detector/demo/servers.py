"""The broker and the Redis of a demo: those that are named, else such as are started for it."""

import secrets
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from detector.local import embedded_broker, embedded_redis
from detector.local.process import free_ports
from detector.settings import PREFIX, TABLE, Settings
from detector.stream.topic_specs import FOREVER, TopicSpec, pipeline_topics

IDLE_TIMEOUT: Final = "2s"
"""A simulated history ends, and nobody wants to wait for it to grow cold."""
_OF_KAFKA = ("SECURITY_PROTOCOL", "SASL_", "SSL_")
_TOPICS = "topic_"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the worker finds everything: its environment, and the same as settings.

    `name` begins the names of topics, group and keys where something that was running is used; else it is "".
    """

    environment: Mapping[str, str]
    settings: Settings
    name: str


@contextmanager
def surroundings(
    brokers: str | None, redis_url: str | None, environ: Mapping[str, str]
) -> Generator[Surroundings]:
    """Give the surroundings of one run; what was started for it ends with the context.

    A broker or a Redis that is named is somebody's: topics, group and keys there get names that nobody has.
    Of `environ` no setting counts, but for Kafka's security where brokers are named. Raises UnavailableError
    where nothing can be started, UsageError for settings that make no sense.
    """
    name = f"demo-{secrets.token_hex(4)}" if brokers or redis_url else ""
    variables = _chosen(name, own_topics=brokers is not None)
    if brokers is not None:
        variables |= {key: text for key, text in environ.items() if _is_of_kafka(key)}
    with ExitStack() as started:
        if brokers is None:
            # It refuses to create topics, and gives those it is asked for four partitions.
            wanted = wanted_topics(Settings.from_environment(variables))
            partitions = {spec.name: spec.partitions for spec in wanted}
            brokers = started.enter_context(embedded_broker(partitions))
            variables[f"{PREFIX}CHECK_CRCS"] = "false"
            variables[f"{PREFIX}PROCESSES"] = "1"  # it does not tell one process how far another is
        variables[f"{PREFIX}BROKERS"] = brokers
        variables[f"{PREFIX}REDIS_URL"] = redis_url or started.enter_context(embedded_redis())
        others = {key: text for key, text in environ.items() if not key.startswith(PREFIX)}
        yield Surroundings({**others, **variables}, Settings.from_environment(variables), name)


def _chosen(name: str, *, own_topics: bool) -> dict[str, str]:
    variables = {
        f"{PREFIX}IDLE_TIMEOUT": IDLE_TIMEOUT,
        f"{PREFIX}METRICS_PORT": str(free_ports(1)[0]),
    }
    if name:
        variables[f"{PREFIX}GROUP"] = name
    if own_topics:
        variables |= {
            setting.variable: f"{name}-{setting.default}"
            for setting in TABLE
            if setting.field.startswith(_TOPICS) and setting.default
        }
    return variables


def _is_of_kafka(variable: str) -> bool:
    return variable.startswith(tuple(PREFIX + word for word in _OF_KAFKA))


def wanted_topics(settings: Settings) -> tuple[TopicSpec, ...]:
    """List the topics of a run; nothing in them is ever old enough to be let go."""
    return pipeline_topics(
        settings.topics,
        events=settings.session_events_partitions,
        crowds=settings.crowds_partitions,
        findings=settings.findings_partitions,
        window_ms=FOREVER,
        enriched=False,
    )

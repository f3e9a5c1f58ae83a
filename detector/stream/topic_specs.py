"""What the pipeline demands of its topics, and where one that is there falls short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detector.stream.kafka import BATCH_BYTES, LARGEST_LETTER_BYTES, MAX_MESSAGE_BYTES
from detector.topics import Topics

FOREVER = -1
LARGEST = "max.message.bytes"
_BATCH_OVERHEAD_BYTES = 1_000
_LEAST_ROOM_BYTES = 2 * BATCH_BYTES
"""What every topic that is written must take: a batch, or an event of 64 KiB with what is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """What is demanded of a topic; it is created so where it is missing.

    `kept_ms` is the shortest time that messages must stay (`FOREVER`: no end, None: no demand), `broker_time`
    asks for the broker's timestamps (LogAppendTime). `room` is the largest message, bytes, that it must take,
    `wished_room` the largest for which it is created. A topic that exists may have another number of
    partitions, unless it must have as many as `same_partitions_as`.
    """

    name: str
    partitions: int
    compacted: bool = False
    kept_ms: int | None = None
    broker_time: bool = False
    room: int = 0
    wished_room: int | None = None
    same_partitions_as: str | None = None

    def configs(self) -> dict[str, str]:
        """Name the settings with which it is created."""
        configs = {"cleanup.policy": "compact"} if self.compacted else {}
        if self.kept_ms is not None:
            configs["retention.ms"] = str(self.kept_ms)
        if self.broker_time:
            configs["message.timestamp.type"] = "LogAppendTime"
        if self.wished_room is not None:
            configs[LARGEST] = str(self.wished_room + _BATCH_OVERHEAD_BYTES)
        return configs

    def __str__(self) -> str:
        """Describe it for a person who creates it by hand."""
        configs = "".join(f" {name}={value}" for name, value in self.configs().items())
        return f"{self.name} (partitions={self.partitions}{configs})"


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as it is; `configs` is None where Kafka does not tell."""

    partitions: int
    configs: Mapping[str, str] | None


def pipeline_topics(
    names: Topics, *, events: int, crowds: int, findings: int, window_ms: int, enriched: bool
) -> tuple[TopicSpec, ...]:
    """List every topic of the pipeline.

    `events`, `crowds` and `findings` are numbers of partitions, `window_ms` is the longest time that a stage
    looks back: its input must stay longer, or a lost row cannot be folded again.
    """
    outputs = [names.late, names.enforcement, names.shadow]
    if enriched:
        outputs.append(names.enriched)
    return (
        # Event times of the past would let retention empty the topic, and lateness is judged by the
        # broker's clock.
        TopicSpec(name=names.session_events, partitions=events, broker_time=True),
        *(TopicSpec(name=name, partitions=events, room=_LEAST_ROOM_BYTES) for name in outputs),
        TopicSpec(
            name=names.dead_letters,
            partitions=events,
            room=_LEAST_ROOM_BYTES,
            wished_room=LARGEST_LETTER_BYTES,
        ),
        TopicSpec(
            name=names.crowds,
            partitions=crowds,
            kept_ms=window_ms,
            broker_time=True,
            room=MAX_MESSAGE_BYTES,
            wished_room=MAX_MESSAGE_BYTES,
        ),
        TopicSpec(
            name=names.findings,
            partitions=findings,
            kept_ms=window_ms,
            broker_time=True,
            room=MAX_MESSAGE_BYTES,
            wished_room=MAX_MESSAGE_BYTES,
        ),
        TopicSpec(
            name=names.cases,
            partitions=findings,
            compacted=True,
            same_partitions_as=names.findings,
            room=MAX_MESSAGE_BYTES,
            wished_room=MAX_MESSAGE_BYTES,
        ),
        TopicSpec(name=names.control, partitions=1, kept_ms=FOREVER, broker_time=True),
        TopicSpec(name=names.entitlements, partitions=1, compacted=True),
        TopicSpec(name=names.feedback, partitions=1),
    )


def judge(
    wanted: Sequence[TopicSpec], found: Mapping[str, FoundTopic]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name what fits so badly that the pipeline cannot run, then what only deserves a warning."""
    errors: list[str] = []
    warnings: list[str] = []
    for spec in wanted:
        topic = found[spec.name]
        twin = found.get(spec.same_partitions_as or "")
        if twin is not None and twin.partitions != topic.partitions:
            errors.append(
                f"topic {spec.name} has {topic.partitions} partitions and {spec.same_partitions_as} has"
                f" {twin.partitions}: they must have the same number, create one of them anew"
            )
        if topic.configs is not None:
            errors += _unfit(spec, topic.configs)
            warnings += _doubtful(spec, topic.configs)
    silent = [spec.name for spec in wanted if found[spec.name].configs is None]
    if silent:
        warnings.append(f"Kafka does not tell the settings of {', '.join(silent)}: they are not checked")
    return tuple(errors), tuple(warnings)


def _unfit(spec: TopicSpec, configs: Mapping[str, str]) -> list[str]:
    problems = []
    if spec.compacted and "compact" not in configs.get("cleanup.policy", "compact"):
        problems.append(
            f"topic {spec.name} has cleanup.policy={configs['cleanup.policy']}: set it to compact, or Kafka"
            " throws state away"
        )
    largest = int(configs.get(LARGEST, spec.room))
    if largest < spec.room:
        wanted = spec.configs().get(LARGEST, spec.room)
        problems.append(f"topic {spec.name} has {LARGEST}={largest}: raise it to {wanted}")
    return problems


def _doubtful(spec: TopicSpec, configs: Mapping[str, str]) -> list[str]:
    doubts = []
    kept = int(configs.get("retention.ms", FOREVER))
    deletes = "delete" in configs.get("cleanup.policy", "delete")
    if spec.compacted and deletes and "compact" in configs.get("cleanup.policy", "") and kept != FOREVER:
        doubts.append(f"topic {spec.name} is compacted, but forgets after retention.ms={kept}")
    if spec.kept_ms is not None and deletes and kept != FOREVER and not 0 <= spec.kept_ms <= kept:
        doubts.append(
            f"topic {spec.name} keeps messages for retention.ms={kept}: set {spec.kept_ms}, or what is lost"
            " cannot be worked out again"
        )
    if spec.kept_ms is not None and deletes and int(configs.get("retention.bytes", FOREVER)) != FOREVER:
        doubts.append(
            f"topic {spec.name} forgets by size (retention.bytes={configs['retention.bytes']}): set -1,"
            " or what is lost cannot be worked out again"
        )
    stamped = configs.get("message.timestamp.type", "LogAppendTime")
    if spec.broker_time and stamped != "LogAppendTime":
        doubts.append(
            f"topic {spec.name} has message.timestamp.type={stamped}: the producers' clocks decide what is"
            " late; LogAppendTime is safer"
        )
    return doubts

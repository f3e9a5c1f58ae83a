"""The one file that reads configuration: every setting with its kind, default and meaning, once.

A setting is a field of `Settings`; its variable is `DETECTOR_` and the field's name in capitals (without the
unit `_ms`), its option the same name with dashes. The command line (cli/options.py) and the page
docs/settings.md are made from the same fields.
"""

import dataclasses
import difflib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from detector.errors import UsageError
from detector.topics import Topics
from detector.values import (
    BROKERS,
    FLAG,
    KAFKA_NAME,
    NAMES,
    NETWORKS,
    PATH,
    PATHS,
    PORT,
    REDIS_URL,
    SECRET,
    TEXT,
    Kind,
    choice,
    count,
    duration,
)

PREFIX = "DETECTOR_"
RETIRED = {
    "DETECTOR_ALERT_IP": 'the policy says how alerts show addresses: `[privacy] addresses = "truncated"`',
    "DETECTOR_ROWS_KEPT": 'the policy says how long windows are kept: `[retention] windows = "71d"`',
}
"""Variables that were settings once, and may not be passed over in silence."""
_META = "setting"
_SECURED = ("sasl_mechanism", "sasl_plain_username", "sasl_plain_password", "ssl_cafile", "ssl_certfile")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: a setting's field, its kind, its default as a person writes it, its meaning."""

    field: str
    kind: Kind
    default: str
    help: str
    has_option: bool = True

    @property
    def name(self) -> str:
        """The field without its unit, e.g. `commit_interval` for `commit_interval_ms`."""
        return self.field.removesuffix("_ms")

    @property
    def variable(self) -> str:
        """The environment variable, e.g. `DETECTOR_COMMIT_INTERVAL`."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str | None:
        """The command-line option; secrets have none, because a machine's process list is public."""
        return "--" + self.name.replace("_", "-") if self.has_option and not self.kind.secret else None

    def parse(self, text: str, said: str) -> Any:  # noqa: ANN401 (the kind decides the type)
        """Make a value of `text`; `said` names where it was written. Raises `UsageError`."""
        try:
            return self.kind.parse(text.strip())
        except ValueError:
            raise UsageError(f"{said}: {self.kind.show(text)} is not {self.kind.expected}") from None

    def show(self, value: Any) -> str:  # noqa: ANN401 (as above)
        """Return `value` as text for a log or a message, what is secret hidden."""
        return self.kind.show(value) if isinstance(value, str) else repr(value)


def _set(kind: Kind, default: str, meaning: str, *, option: bool = True) -> Any:  # noqa: ANN401 (any default)
    value = kind.parse(default) if default else None
    return dataclasses.field(default=value, metadata={_META: (kind, default, meaning, option)})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """All settings, checked. Durations are whole milliseconds; None is what was left unset."""

    brokers: str = _set(BROKERS, "localhost:9092", "Kafka's bootstrap servers")
    redis_url: str = _set(REDIS_URL, "redis://localhost:6379/0", "the Redis that keeps rows and checkpoints")
    group: str = _set(KAFKA_NAME, "detector", "consumer group, and first part of the internal topics' names")
    instance: str | None = _set(
        KAFKA_NAME, "", "lasting name of this worker, e.g. its pod's: static membership"
    )
    geoip_city: tuple[str, ...] | None = _set(
        PATHS, "", "city databases (.mmdb), asked in order; unset: the one shipped"
    )
    geoip_asn: tuple[str, ...] | None = _set(PATHS, "", "the same for ASN databases")
    pseudonym_key: str | None = _set(
        SECRET,
        "",
        "what names in Redis are hashed with, and rows sealed: the same for all workers of a group",
    )
    pseudonym_key_other: str | None = _set(
        SECRET,
        "",
        "a second key under which rows are found too, while keys change: the next one, then the one before",
    )
    alert_key: str | None = _set(
        SECRET,
        "",
        "what alerts hash addresses with, where the policy has them `hashed`; unset: they are hidden",
    )
    trusted_proxies: tuple[str, ...] | None = _set(
        NETWORKS,
        "",
        "whose `forwarded_for` is believed; none: nobody's; unset: not known, and an event that has one is "
        "not judged by its address",
    )
    own_clients: tuple[str, ...] | None = _set(
        NAMES,
        "",
        "the platform's own clients, as events name their `client`; `app:*` is all that begin so; unset: not "
        "known, and only plug-ins and contradictions are told",
    )
    policy: tuple[str, ...] | None = _set(
        PATHS,
        "",
        "what is enforced and how firmly (TOML): a file for each version, which counts from its date on; "
        "unset: the policy shipped",
    )
    processes: int | None = _set(
        count(most=64),
        "",
        "processes of this worker, each with partitions of its own; unset: one for each core, four at most",
    )
    metrics_port: int = _set(PORT, "9108", "port of /metrics, /healthz and /readyz")
    log_format: str = _set(choice("text", "json"), "text", "how log lines look")
    log_level: str = _set(choice("debug", "info", "warning", "error"), "info", "the least that is logged")
    traceback: bool = _set(FLAG, "false", "show the traceback of an error", option=False)

    allowed_lateness_ms: int = _set(duration(zero=True), "5s", "how far out of order events may come")
    idle_timeout_ms: int = _set(duration(), "10s", "a partition quiet for so long closes what it holds")
    max_ahead_ms: int = _set(duration(zero=True), "5m", "how far ahead of the broker's clock an event may be")
    commit_interval_ms: int = _set(duration(), "200ms", "time between two Kafka transactions of a partition")
    checkpoint_interval_ms: int = _set(duration(), "2s", "time between two checkpoints of a shard in Redis")
    rows_in_memory: int = _set(count(), "200000", "rows that a worker keeps in memory, per stage")

    session_events_partitions: int = _set(count(most=448), "4", "partitions of the events, if created")
    crowds_partitions: int = _set(count(most=64), "4", "partitions of the crowds, if created")
    findings_partitions: int = _set(count(most=1_000), "2", "partitions of the findings, if created")
    replication_factor: int = _set(count(most=100), "1", "replicas of a topic, if created")
    enriched_topic_enabled: bool = _set(FLAG, "false", "also write each event with its place and network")

    topic_session_events: str = _set(KAFKA_NAME, "session-events", "events, in")
    topic_session_events_dlq: str = _set(KAFKA_NAME, "session-events.dlq", "what could not be read, out")
    topic_session_events_late: str = _set(KAFKA_NAME, "session-events.late", "what came too late, out")
    topic_session_events_enriched: str = _set(
        KAFKA_NAME, "session-events.enriched", "events and their place, out"
    )
    topic_account_entitlements: str = _set(KAFKA_NAME, "account-entitlements", "plans and limits, in")
    topic_detector_feedback: str = _set(KAFKA_NAME, "detector-feedback", "verdicts on alerts, in")
    topic_enforcement: str = _set(KAFKA_NAME, "enforcement", "alerts, out")
    topic_enforcement_shadow: str = _set(KAFKA_NAME, "enforcement.shadow", "alerts in shadow mode, out")
    topic_detector_crowds: str | None = _set(KAFKA_NAME, "", "internal; unset: `<group>-crowds`")
    topic_detector_findings: str | None = _set(KAFKA_NAME, "", "internal; unset: `<group>-findings`")
    topic_detector_control: str | None = _set(KAFKA_NAME, "", "internal; unset: `<group>-control`")
    topic_detector_cases: str | None = _set(KAFKA_NAME, "", "internal; unset: `<group>-cases`")

    check_crcs: bool = _set(
        FLAG, "true", "check Kafka's checksums; off only for a broker that writes wrong ones"
    )
    security_protocol: str = _set(
        choice("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL", fold=str.upper),
        "PLAINTEXT",
        "how Kafka is spoken to",
    )
    sasl_mechanism: str | None = _set(
        choice("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", fold=str.upper), "", "needed with SASL"
    )
    sasl_plain_username: str | None = _set(TEXT, "", "needed with SASL")
    sasl_plain_password: str | None = _set(SECRET, "", "needed with SASL")
    ssl_cafile: str | None = _set(PATH, "", "authorities that vouch for the broker; unset: the system's")
    ssl_certfile: str | None = _set(PATH, "", "this client's certificate, for brokers that ask for one")
    ssl_keyfile: str | None = _set(PATH, "", "key of `ssl_certfile`, where it lies in a file of its own")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **overrides: Any) -> Self:  # noqa: ANN401 (any field's type)
        """Read the settings: an override by field name that is not None, else the variable, else the default.

        An empty variable counts as unset. Raises `UsageError` that names the variable, the value and what is
        expected.
        """
        for name, instead in RETIRED.items():
            if environ.get(name, "").strip():
                raise UsageError(f"{name} is no setting any more, unset it: {instead}")
        values = {field: value for field, value in overrides.items() if value is not None}
        for setting in TABLE:
            text = environ.get(setting.variable, "")
            if text.strip() and setting.field not in values:
                values[setting.field] = setting.parse(text, setting.variable)
        return cls(**values)

    def __post_init__(self) -> None:
        """Refuse what does not fit together; raises `UsageError`."""
        self.topics.check()
        self._check_security()

    @property
    def topics(self) -> Topics:
        """The names of all topics, those of the group included."""
        return Topics(
            session_events=self.topic_session_events,
            dead_letters=self.topic_session_events_dlq,
            late=self.topic_session_events_late,
            enriched=self.topic_session_events_enriched,
            crowds=self.topic_detector_crowds or f"{self.group}-crowds",
            findings=self.topic_detector_findings or f"{self.group}-findings",
            control=self.topic_detector_control or f"{self.group}-control",
            cases=self.topic_detector_cases or f"{self.group}-cases",
            entitlements=self.topic_account_entitlements,
            feedback=self.topic_detector_feedback,
            enforcement=self.topic_enforcement,
            shadow=self.topic_enforcement_shadow,
        )

    def kafka_security(self) -> dict[str, Any]:
        """Return the arguments for aiokafka's clients. Reads the TLS files; raises `UsageError`."""
        arguments: dict[str, Any] = {"security_protocol": self.security_protocol}
        if self.security_protocol.endswith("SSL"):
            arguments["ssl_context"] = self._ssl_context()
        if self.security_protocol.startswith("SASL"):
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.sasl_plain_username
            arguments["sasl_plain_password"] = self.sasl_plain_password
        return arguments

    def _ssl_context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ssl_cafile)
            if self.ssl_certfile is not None:
                context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile)
        except OSError as error:  # ssl.SSLError is one too
            files = filter(None, (self.ssl_cafile, self.ssl_certfile, self.ssl_keyfile))
            raise UsageError(f"cannot use the TLS files {', '.join(files)}: {error}") from error
        return context

    def _check_security(self) -> None:
        for field in _SECURED:
            needs = field[: field.index("_")].upper()
            if getattr(self, field) is not None and needs not in self.security_protocol.split("_"):
                # Sending a password in the clear because one variable was forgotten would be worse.
                raise UsageError(
                    f"{PREFIX}{field.upper()} is set, but {PREFIX}SECURITY_PROTOCOL is "
                    f"{self.security_protocol}: choose one with {needs}, or leave it unset"
                )
        if self.ssl_keyfile is not None and self.ssl_certfile is None:
            raise UsageError(f"{PREFIX}SSL_KEYFILE is set without {PREFIX}SSL_CERTFILE: set both")
        if self.security_protocol.startswith("SASL"):
            for field in ("sasl_mechanism", "sasl_plain_username", "sasl_plain_password"):
                if getattr(self, field) is None:
                    raise UsageError(f"{PREFIX}{field.upper()} is unset; {self.security_protocol} needs it")

    def __repr__(self) -> str:
        """Show every setting, secrets and the password in Redis' URL as `***`."""
        shown = ", ".join(
            f"{setting.field}={setting.show(getattr(self, setting.field))}" for setting in TABLE
        )
        return f"Settings({shown})"


TABLE: tuple[Setting, ...] = tuple(
    Setting(field.name, *field.metadata[_META]) for field in dataclasses.fields(Settings)
)


def unknown_variables(environ: Iterable[str]) -> list[str]:
    """One warning for each variable that looks like a setting and is none."""
    known = {setting.variable for setting in TABLE}
    warnings = []
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        hint = f"; did you mean {near[0]}?" if near else ""
        warnings.append(f"{name} is no setting of the detector and is ignored{hint}")
    return warnings


def one(environ: Mapping[str, str], field: str, given: Any = None) -> Any:  # noqa: ANN401 (any field's type)
    """Read one setting alone: `given` if not None, else the variable, else the default."""
    setting = next(setting for setting in TABLE if setting.field == field)
    text = environ.get(setting.variable, "").strip() or setting.default
    if given is not None or not text:
        return given
    return setting.parse(text, setting.variable)

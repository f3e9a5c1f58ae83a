"""What the detector counts, for Prometheus: every metric is declared here once, with what it says.

`docs/metrics.md` is made of these declarations: `python -m detector.metrics > docs/metrics.md`. Labels have
few values, all known beforehand; never an account, an address or a device.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from detector import __version__


@dataclass(frozen=True, slots=True)
class Label:
    """A label, and what its values can be."""

    name: str
    values: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric as Prometheus shows it; `joined` is how those of one worker's processes become one.

    `sum`, or `most` for the greatest, or the quotient of two counters: `cells_total/events_total`.
    """

    name: str
    kind: str
    labels: tuple[Label, ...]
    meaning: str
    joined: str = "sum"


TYPE = Label("type", "the event types of the contract")
REJECTED = Label("reason", "why a message went to the dead letters: the reasons of `detector.events`")
SKIPPED = Label(
    "reason",
    "`locked`: a failed login of an account that the platform has locked; `unknown_proxy`: a visitor behind a"
    " proxy, while `DETECTOR_TRUSTED_PROXIES` is unset",
)
CATEGORY = Label("category", "the alert categories of the contract")
ACTION = Label("action", "the actions of the contract")
TRIED = Label("tried", "`rules`: rules in shadow; `policy`: a policy in shadow")
KIND = Label("kind", "`entitlement`, `feedback`")
CONTROL_REJECTED = Label(
    "reason",
    "`missing_key`, `null_value`, `too_long`, `not_utf8`, `not_json`, `missing_field`, `bad_time`,"
    " `wrong_type`, `not_an_account`; of what lies on the topic of controls: `unreadable`, and"
    " `unusable_policy`, one that was applied and that this release cannot use",
)
VERSION = Label("version", "the `version` of the policy that is in force: one at a time")
IN_SHADOW = Label("version", "the `version` of a policy that is in shadow: those of the moment")
HASH = Label("hash", "the `policy_hash` of its general part")
VERDICT = Label("verdict", "`true_positive`, `false_positive`, `benign`, `carried_out`, `declined`, `lifted`")
RULE = Label("rule", "the rules of the catalogue")
ALERT_RULE = Label(
    "rule",
    "the rules of the catalogue; of a release `feedback`, `entitlement`, `quiet`, `takeover` or `held`",
)
DATABASE = Label("database", "`city`, `asn`")
CACHE = Label("cache", "`address`, `user_agent`, `rows`")
OUTCOME = Label("outcome", "`hit`, `miss`")
ALLOW_KINDS = ("ip", "cidr", "asn", "device", "user_agent", "client")
ALLOW_KIND = Label("kind", ", ".join(f"`{kind}`" for kind in ALLOW_KINDS))
FAMILY = Label("family", "what is counted in a crowd: `signups`, ...")
STAGE = Label("stage", "`accounts`, `crowds`, `cases`")
TOPIC = Label("topic", "the topics that the worker reads")
PARTITION = Label("partition", "the partitions that this worker owns")

BATCH_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
COMMIT_BUCKETS_S = (0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
# An alert waits for the allowed lateness (5 s), and for the idle time-out (10 s) where a partition is quiet.
END_TO_END_BUCKETS_S = (1.0, 2.5, 5.0, 5.5, 6.0, 7.0, 8.0, 10.0, 12.5, 15.0, 20.0, 30.0, 60.0, 300.0, 3600.0)


class Metrics:
    """All metrics, registered in one registry.

    `definitions` lists them in the order of the documentation.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self.definitions: list[Definition] = []
        self._declare_events()
        self._declare_results()
        self._declare_progress()
        self._declare_ownership()

    def forget_partition(self, stage: str, topic: str, partition: int) -> None:
        """Stop showing a partition that another worker owns now; its last values would look alive."""
        for gauge, labels in (
            (self.consumer_lag, (topic, str(partition))),
            (self.frontier_timestamp_seconds, (stage, str(partition))),
        ):
            gauge.labels(*labels)  # removing what was never shown would be an error
            gauge.remove(*labels)

    def _declare_events(self) -> None:
        self.events = self._counter("events_total", "Events read and decoded.", TYPE)
        # A rise points at a producer: a new field type, a clock, a wrong encoding.
        self.events_rejected = self._counter(
            "events_rejected_total",
            "Messages that are no valid event, sent to the dead-letter topic.",
            REJECTED,
        )
        self.events_skipped = self._counter(
            "events_skipped_total",
            "Valid events that say nothing and are passed over on purpose; `events_total` counts them too.",
            SKIPPED,
        )
        # Late events are never judged: raise `allowed_lateness` if they are more than a few in a thousand.
        self.late_events = self._counter(
            "late_events_total", "Events that came after their moment was closed, sent to the late topic."
        )
        self.duplicate_events = self._counter(
            "duplicate_events_total", "Events dropped because the same time and event_id came before."
        )
        # These two mean that something was lost on the way: a stage decided without it.
        self.late_cells = self._counter(
            "late_cells_total",
            "Cells that came to the stage of crowds after their moment was folded there, and are not judged;"
            " 0 unless something is wrong.",
        )
        self.late_findings = self._counter(
            "late_findings_total",
            "Findings that came to the stage of cases after their moment was decided there, and do not count;"
            " 0 unless something is wrong.",
        )
        # Misrouted events split an account's history: the producer's partitioner is not murmur2.
        self.misrouted_events = self._counter(
            "misrouted_events_total", "Events in another partition than murmur2 of their key says."
        )
        self.enrichment_misses = self._counter(
            "enrichment_misses_total", "Addresses that a database does not know.", DATABASE
        )
        self.cache_requests = self._counter(
            "cache_requests_total",
            "Look-ups in a bounded cache; the hit ratio is the hits' share of the rate.",
            CACHE,
            OUTCOME,
        )

    def _declare_results(self) -> None:
        self.findings = self._counter("findings_total", "Findings that a rule raised.", RULE)
        self.cells = self._counter("cells_total", "Cells sent to the stage of crowds.", FAMILY)
        # What the stage of crowds costs: above, an attack, or a family that takes what cannot matter.
        self.cells_per_event = self._gauge(
            "cells_per_event",
            "Cells sent for each event read, since the worker's start; at most 0.3 on ordinary traffic.",
            joined="cells_total/events_total",
        )
        self.cells_per_event.set_function(lambda: total(self.cells) / max(total(self.events), 1.0))
        self.alerts = self._counter("alerts_total", "Alerts published.", CATEGORY, ACTION)
        self.shadow_alerts = self._counter(
            "shadow_alerts_total",
            "Alerts in shadow mode, which are in no other metric of alerts.",
            CATEGORY,
            ACTION,
            TRIED,
        )
        self.feedback = self._counter(
            "feedback_total",
            "Verdicts on alerts that took effect, by the rule of the alert.",
            ALERT_RULE,
            VERDICT,
        )
        self.shadow_feedback = self._counter(
            "shadow_feedback_total",
            "The same of alerts in shadow mode: what a rule is worth before it is live.",
            ALERT_RULE,
            VERDICT,
        )
        self.feedback_unknown = self._counter(
            "feedback_unknown_total",
            "Verdicts on an alert that no open case of the message's key knows: another id, or closed since.",
        )
        self.allow_hits = self._counter(
            "allow_hits_total", "Events that an allow entry matched, by the entry's kind.", ALLOW_KIND
        )
        # Somebody else may have the device, or the program's name: look who uses the entry, from where.
        self.allow_new_places = self._counter(
            "allow_new_places_total",
            "Uses of an allow entry from a provider and region where it was not used before, a week after its"
            " first use or later; an entry for one address has none. An organisation's is looked at"
            " partition by partition. `detector entitlements list` names the entries.",
            ALLOW_KIND,
        )
        for kind in ALLOW_KINDS:  # from 0 on: of a series that begins with 1, nobody sees the rise
            self.allow_new_places.labels(kind)
        self.allow_expiring_unused = self._gauge(
            "allow_expiring_unused",
            "Allow entries that expire within a week of event time and were never used; shown by the worker"
            " of the events' partition 0.",
            ALLOW_KIND,
            joined="sum",
        )
        self.last_alert_timestamp_seconds = self._gauge(
            "last_alert_timestamp_seconds", "When the last alert was published, Unix time.", CATEGORY
        )
        self.end_to_end_seconds = self._histogram(
            "end_to_end_seconds",
            "From an alert's last event (event time) to its being published (wall clock).",
            END_TO_END_BUCKETS_S,
        )

    def _declare_progress(self) -> None:
        self.consumer_lag = self._gauge(
            "consumer_lag", "Offsets in the partition that are not read yet.", TOPIC, PARTITION
        )
        # Compare with the wall clock: a frontier that stands still holds back all stages behind it.
        self.frontier_timestamp_seconds = self._gauge(
            "frontier_timestamp_seconds",
            "Event time up to which the partition is judged and published, Unix time.",
            STAGE,
            PARTITION,
        )
        self.batch_seconds = self._histogram(
            "batch_seconds",
            "Time to decode, enrich, order, fold and judge one batch.",
            BATCH_BUCKETS_S,
            STAGE,
        )
        self.state_commit_seconds = self._histogram(
            "state_commit_seconds", "Time of one Kafka transaction: outputs and offset.", COMMIT_BUCKETS_S
        )
        self.checkpoint_seconds = self._histogram(
            "checkpoint_seconds", "Time of one checkpoint of a shard's rows to Redis.", COMMIT_BUCKETS_S
        )
        # While keys change; long after that, somebody still has the other key as the first one.
        self.rows_rekeyed = self._counter(
            "rows_rekeyed_total", "Rows found under the other pseudonym key and stored under the first."
        )

    def _declare_ownership(self) -> None:
        self.controls_stamped = self._counter(
            "controls_stamped_total", "Controls given their moment of event time.", KIND
        )
        self.controls_rejected = self._counter(
            "controls_rejected_total", "Controls that could not be understood.", CONTROL_REJECTED
        )
        self.controls_late = self._counter(
            "controls_late_total",
            "Controls read after the moment from which they count was judged, so that live counts them later"
            " than a replay: let workers catch up before changing them, or give them a later moment.",
        )
        self.policy = self._gauge(
            "policy_info",
            "1 for the version of the policy in force where events are judged; a group that goes on showing"
            " several has workers that know different policies.",
            VERSION,
            HASH,
        )
        self.policy_in_shadow = self._gauge(
            "policy_in_shadow_info",
            "1 for each policy that decides in shadow where events are judged.",
            IN_SHADOW,
            HASH,
        )
        self.policy_since_timestamp_seconds = self._gauge(
            "policy_since_timestamp_seconds",
            "The moment of event time from which that version counts, Unix time; 0 where it has no date.",
        )
        self.controls_unknown_plan = self._counter(
            "controls_unknown_plan_total",
            "Entitlements with a plan that the policy in force from their moment on does not know: its"
            " general part holds for their accounts, and their alerts say so in `not_evaluated`.",
        )
        self.shards_owned = self._gauge(
            "shards_owned", "Shards that this worker owns and serves.", STAGE, joined="sum"
        )
        # Many of them without a deployment: workers lose their membership, look at their pauses and at Kafka.
        self.takeovers = self._counter(
            "takeovers_total", "Shards that this worker took over, at its start too.", STAGE
        )
        self.build = Info("detector_build", "The running version.", registry=self._registry)
        self.build.info({"version": __version__})
        self._note("build_info", "info", "The running version.", [Label("version", "one")], joined="most")

    def _counter(self, name: str, meaning: str, *labels: Label) -> Counter:
        self._note(name, "counter", meaning, labels)
        return Counter(f"detector_{name}", meaning, [label.name for label in labels], registry=self._registry)

    def _gauge(self, name: str, meaning: str, *labels: Label, joined: str = "most") -> Gauge:
        self._note(name, "gauge", meaning, labels, joined=joined)
        return Gauge(f"detector_{name}", meaning, [label.name for label in labels], registry=self._registry)

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float], *labels: Label) -> Histogram:
        self._note(name, "histogram", meaning, labels)
        names = [label.name for label in labels]
        return Histogram(f"detector_{name}", meaning, names, registry=self._registry, buckets=buckets)

    def _note(
        self, name: str, kind: str, meaning: str, labels: Sequence[Label], *, joined: str = "sum"
    ) -> None:
        self.definitions.append(Definition(f"detector_{name}", kind, tuple(labels), meaning, joined))


def total(counter: Counter) -> float:
    """Return a counter's sum over all its labels."""
    samples = (sample for metric in counter.collect() for sample in metric.samples)
    return sum(sample.value for sample in samples if sample.name.endswith("_total"))


def to_markdown(definitions: Sequence[Definition]) -> str:
    """Write the page that documents the metrics."""
    lines = [
        "# Metrics",
        "",
        "Made by `python -m detector.metrics > docs/metrics.md`. Prometheus reads them",
        "at `:9108/metrics`. No label ever holds an account, an address or a device.",
        "",
        "| metric | kind | labels | what it says |",
        "| --- | --- | --- | --- |",
    ]
    for metric in definitions:
        labels = "; ".join(f"`{label.name}`: {label.values}" for label in metric.labels)
        lines.append(f"| `{metric.name}` | {metric.kind} | {labels} | {metric.meaning} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(to_markdown(Metrics(CollectorRegistry()).definitions))

"""What a small measured history looks like."""

from benchmarks.baselines import BASELINES
from benchmarks.measure.activity import SPAN_MS
from benchmarks.measure.history import Measured
from detector.scoring import Accusation, Label
from detector.scoring.labels import Subject

WEEK_MS = 604_800_000
HOUR_MS = 3_600_000


def label(
    name: str, category: str, profile: str, difficulty: str | None = None, from_ms: int = HOUR_MS
) -> Label:
    return Label(
        subject_type="account",
        subject_id=name,
        category=category,
        from_ms=0 if category == "benign" else from_ms,
        to_ms=WEEK_MS,
        profile=profile,
        difficulty=difficulty,
    )


def alert(
    name: str, category: str, at_ms: int = 2 * HOUR_MS, action: str = "warn", score: float = 0.6
) -> Accusation:
    return Accusation(
        category=category,
        action=action,
        subject=Subject("account", name),
        account_id=name,
        decided_time=at_ms,
        score=score,
    )


def measured(seed: int = 91_001) -> Measured:
    """Return a week with a sharer, a crawler, one that is missed and an innocent that is accused."""
    labels = (
        label("s", "account_sharing", "pair", "clear"),
        label("c", "crawler", "fast_crawler", "blatant"),
        label("m", "crawler", "slow_crawler", "subtle"),
        label("g", "benign", "commuter"),
        label("h", "benign", "traveller"),
    )
    alerts = (
        alert("s", "account_sharing", score=0.7),
        alert("c", "crawler", HOUR_MS + 30_000, "restrict", 0.95),
        alert("m", "crawler", action="observe", score=0.3),
        alert("g", "city_switching", score=0.5),
        alert("h", "city_switching", action="release", score=0.9),
    )
    found: dict[str, list[Accusation]] = {each.name: [] for each in BASELINES}
    found["travel"] = [alert("g", "city_switching"), alert("h", "city_switching")]
    found["paths"] = [alert("c", "crawler"), alert("m", "crawler")]
    spans = {HOUR_MS // SPAN_MS + number for number in (0, 1, 5, 11, 12, 13, 100)}
    activity = {Subject("account", "s"): spans, Subject("account", "c"): set(range(200))}
    return Measured(seed, 1234, labels, alerts, found, activity)

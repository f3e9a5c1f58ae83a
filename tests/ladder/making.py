"""Findings and policies to decide on."""

from typing import Any

from detector.alerts import Evidence, Subject
from detector.findings import Finding
from detector.policy import default_book

START_MS = 1_780_243_200_000
HOUR_MS = 3_600_000
BOOK = default_book()
POLICY = BOOK.at(START_MS)
WARN, RESTRICT = (
    next(step.score for step in POLICY.enforce if step.action == action and step.after is None)
    for action in ("warn", "restrict")
)
AGAIN = next(step.score for step in POLICY.enforce if step.after == "warn")
"""From this score on, who goes on after a warning is restricted."""


def finding(hour: float = 0.0, rule: str = "overlapping_use", strength: float = 0.5, **more: Any) -> Finding:
    """Return a finding on acc-1, `hour` hours after the start; by default worth a warning."""
    time_ms = START_MS + round(hour * HOUR_MS)
    given: dict[str, Any] = {
        "event_id": f"e-{time_ms}",
        "category": "account_sharing",
        "purpose": "enforce",
        "subject": Subject("account", "acc-1"),
        "account_id": "acc-1",
        "org_id": None,
        "signal": f"{rule}_24h",
        "value": 4.0,
        "threshold": 3.0,
        **more,
    }
    evidence = Evidence(given["event_id"], time_ms, "login_success", "1.86.208.7", 4134, "residential")
    return Finding(
        time=time_ms,
        rule=rule,
        rule_version=1,
        strength=strength,
        evidence=(evidence,),
        not_evaluated=(),
        enrichment={"city": "c-1"},
        **given,
    )

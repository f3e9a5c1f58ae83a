"""The alert computed again: whether it is the same, byte for byte but for what a replay may differ in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from detector.alerts import Alert, encode

Outcome: TypeAlias = Literal["same", "different", "not_given", "not_done"]
Scope: TypeAlias = Literal["subject", "all"]


@dataclass(frozen=True, slots=True)
class Again:
    """What came out: the alert, as JSON, with the fields that differ, or why nothing did.

    `scope` is whose events it was computed from.
    """

    outcome: Outcome
    scope: Scope = "all"
    fields: tuple[str, ...] = ()
    alert: bytes = b""
    why: str = ""

    def entry(self) -> dict[str, Any]:
        """Return it for recomputation.json."""
        return {
            "outcome": self.outcome,
            "from": self.scope,
            "fields_that_differ": list(self.fields),
            **({"why": self.why} if self.why else {}),
        }


def compared(alert: bytes, given: Iterable[Alert], scope: Scope) -> Again:
    """Look for an alert, JSON, among those that a replay gives, and compare them.

    By its id; where no alert has it, one of the same subject and category at the same moment is compared.
    No more is taken of `given` than its moment needs.
    """
    said = msgspec.json.decode(alert, type=Alert)
    nearest: Alert | None = None
    for each in given:
        if each.alert_id == said.alert_id:
            nearest = each
            break
        if each.decided_time > said.decided_time:
            break
        if (each.subject, each.category, each.decided_time) == (
            said.subject,
            said.category,
            said.decided_time,
        ):
            nearest = each
    if nearest is None:
        return Again("not_given", scope)
    again = encode(nearest)
    fields = tuple(differences(msgspec.json.decode(alert), msgspec.json.decode(again)))
    return Again("different" if fields else "same", scope, fields, again)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names of the fields in which two alerts differ though a replay gives them alike."""
    one, other = _fixed(one), _fixed(other)
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _fixed(alert: dict[str, Any]) -> dict[str, Any]:
    """Return an alert without the wall clock and without where its evidence lay."""
    kept = {name: value for name, value in alert.items() if name != "detected_at"}
    events = alert.get("evidence", [])
    kept["evidence"] = [
        {name: value for name, value in event.items() if name != "origin"} for event in events
    ]
    return kept

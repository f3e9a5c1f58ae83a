"""An alert as somebody hands it in: what it says of its place in a chain, and what is wrong with it alone.

The bytes may be anything. Nothing in them raises, and nothing in them is believed.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Never

from detector.alerts import link_hash

MOST_BYTES: Final = 1_000_000
"""A longer message is no alert: it would not have got through Kafka."""
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Link:
    """An alert's place in its case's chain, as it says itself."""

    case_id: str
    sequence: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What an alert says of itself; None where it says nothing that could be meant.

    `flaw` is what is wrong with it, whatever stands before and after it. One with a flaw still has its place.
    """

    alert_id: str | None = None
    case_id: str | None = None
    sequence: int | None = None
    decided_time: int | None = None
    link: Link | None = None
    flaw: str | None = None


def read_claim(text: bytes) -> Claim:
    """Read one message or line."""
    if len(text) > MOST_BYTES:
        return Claim(flaw=f"not an alert: it is longer than {MOST_BYTES:,} bytes")
    try:
        value = _decoded(text)
    except (ValueError, RecursionError) as error:
        return Claim(flaw=f"not an alert: {error}")
    if not isinstance(value, dict):
        return Claim(flaw="not an alert: no JSON object")
    return _claimed(value, _flaw(value))


def _decoded(text: bytes) -> Any:  # noqa: ANN401 (any JSON)
    """Decode JSON that every reader must understand alike; raises `ValueError`, `RecursionError`."""
    return json.loads(text.decode(), object_pairs_hook=_members, parse_constant=_no_number)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"the field {name!r} is there twice, and readers differ on which one counts")
        members[name] = value
    return members


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is no number of JSON")


def _flaw(alert: dict[str, Any]) -> str | None:
    from detector.evidence.schema_check import flaw_by_schema  # noqa: PLC0415  # 90 ms; who writes heads needs none

    try:
        wrong = flaw_by_schema(alert)
        if wrong is not None:
            return f"not an alert by its schema: {wrong}"
        right = link_hash(alert, alert["chain"]["previous"])
    except (ValueError, RecursionError) as error:
        return f"not an alert: {error}"
    if right != alert["chain"]["hash"]:
        return "changed: its content does not give its hash"
    return None


def _claimed(alert: dict[str, Any], flaw: str | None) -> Claim:
    case_id, sequence = _text(alert.get("case_id")), _whole(alert.get("sequence"))
    chain = alert.get("chain")
    link = None
    if case_id is not None and sequence is not None and isinstance(chain, dict):
        own, previous = _text(chain.get("hash")), chain.get("previous")
        if own is not None and _HASH.fullmatch(own) is not None:
            link = Link(case_id, sequence, previous if isinstance(previous, str) else "", own)
    return Claim(
        _text(alert.get("alert_id")),
        case_id,
        sequence,
        _whole(alert.get("decided_time"), least=0),
        link,
        flaw,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: object, least: int = 1) -> int | None:
    """Return a whole number, however JSON writes it (1.0 is 1)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and value >= least else None

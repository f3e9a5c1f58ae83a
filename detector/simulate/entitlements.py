"""What the simulated accounts are entitled to, as the platform would say it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from detector.simulate.history import History
from detector.simulate.world.inhabitants import Grant, Inhabitant

SEATS = 50


def entitlements(history: History) -> Iterator[dict[str, Any]]:
    """Entitlements as `{"key", "value"}`: organisations when first met, and every account.

    What an inhabitant's grants say stands in them; a grant of a later day gives another entitlement with the
    same key, whole like the first, that counts from that day.
    """
    met: set[str] = set()
    for _, who in history.inhabitants:
        grants: dict[str, list[Grant]] = defaultdict(list)
        for grant in who.grants:
            grants[grant.key].append(grant)
        for key, value in _defaults(who).items():
            if key not in met:
                met.add(key)
                yield from _in_turn(history, key, value, grants[key])


def _defaults(who: Inhabitant) -> dict[str, dict[str, Any]]:
    """Return what is agreed with everybody: an organisation before its first account."""
    values: dict[str, dict[str, Any]] = {}
    for account in who.accounts:
        value: dict[str, Any] = {"plan": "member"}
        if account.org_id is not None:
            value = {"plan": "enterprise", "org_id": account.org_id}
            values[f"org:{account.org_id}"] = {**value, "seats": SEATS}
        values[account.account_id] = value
    return values


def _in_turn(
    history: History, key: str, value: dict[str, Any], grants: list[Grant]
) -> Iterator[dict[str, Any]]:
    first = {**value, **{name: what for g in grants if g.day <= 0 for name, what in g.value.items()}}
    yield _entry(key, first, history.start_ms)
    for grant in sorted((g for g in grants if g.day > 0), key=lambda g: g.day):
        first |= grant.value
        yield _entry(key, first, history.at_ms(grant.day))


def _entry(key: str, value: dict[str, Any], from_ms: int) -> dict[str, Any]:
    return {
        "key": key,
        "value": {**value, "valid_from": datetime.fromtimestamp(from_ms / 1000, UTC).isoformat()},
    }

"""What the simulated accounts are entitled to, as the platform would say it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from detector.simulate.history import History

SEATS = 50


def entitlements(history: History) -> Iterator[dict[str, Any]]:
    """Entitlements as `{"key", "value"}`: organisations when first met, and every account.

    An allowed cloud desktop stands in its account's allow list with its address.
    """
    met: set[str] = set()
    valid_from = datetime.fromtimestamp(history.start_ms / 1000, UTC).isoformat()
    for _, who in history.inhabitants:
        account = who.account
        if account is None:
            continue
        value: dict[str, Any] = {"plan": "member", "valid_from": valid_from}
        if account.org_id is not None:
            value |= {"plan": "enterprise", "org_id": account.org_id}
            if account.org_id not in met:
                met.add(account.org_id)
                yield {"key": f"org:{account.org_id}", "value": {**value, "seats": SEATS}}
        if who.allowed is not None:
            value["allow"] = [
                {"kind": "ip", "value": who.allowed, "reason": "cloud desktop", "author": "support"}
                | {"for": ["datacenter_access"]}
            ]
        yield {"key": account.account_id, "value": value}

"""Valid events that say nothing, and are passed over on purpose: counted, by the reason."""

from collections import Counter
from collections.abc import Iterable

from detector.events import SessionEvent
from detector.stages.proxies import Proxies

UNKNOWN_PROXY = "unknown_proxy"
"""A visitor is known by the address alone, and a proxy that nobody vouches for may have hidden it."""
LOCKED = "locked"
"""A login to an account that is locked fails by the platform's own doing."""


def skipped(events: Iterable[SessionEvent], proxies: Proxies) -> Counter[str]:
    """Return how many of the events the fold passes over (`detector.windows.fold`), by reason."""
    counts: Counter[str] = Counter()
    for event in [one for one in events if one.account_id is None or one.reason == "locked"]:
        if event.account_id is None and proxies.hide_sender_of(event):
            counts[UNKNOWN_PROXY] += 1
        elif event.reason == "locked" and event.type == "login_failure":
            counts[LOCKED] += 1
    return counts

"""Logins: where strangers try accounts, and whether those got in there.

A failed login concerns its address, its client and the whole platform where the account was never seen on its
device or in its network. One that succeeded concerns its address, and the others where it may be a stranger's
or may be the holder's who had failed. What our own enforcement refused concerns nobody.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.cells import CrowdKey
from detector.enrich import prefix_of
from detector.stages.regroup.base import Facts, Hashes, Seen, client_id, places_of
from detector.windows.layout import EVENT_TYPES
from detector.windows.strangers import KNOWN_DEVICE, KNOWN_NETWORK

_FAILURE = EVENT_TYPES.index("login_failure")
_SUCCESS = EVENT_TYPES.index("login_success")
_AT_HOME = KNOWN_DEVICE | KNOWN_NETWORK


class Logins:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return where a stranger fails to log in, or somebody succeeds."""
        strange = (features["known_by"] & _AT_HOME) == 0
        failed = (events["type"] == _FAILURE) & (events["locked"] == 0) & strange
        where: NDArray[np.bool_] = failed | ((events["type"] == _SUCCESS) & (events["account"] > 0))
        return where

    def keys(self, seen: Seen) -> Iterator[CrowdKey]:
        """Yield the crowds that a login concerns."""
        yield from places_of("logins", seen.event.ip)
        had_failed = seen.features["strange_failures_24h"] > 0
        if seen.event.type == "login_failure" or _strange(seen) or had_failed:
            yield CrowdKey("logins", "client", client_id(seen.event))
            yield CrowdKey("logins", "platform", "all")

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return whose login it is, from where, and what it shows."""
        event = seen.event
        failed = event.type == "login_failure"
        return {
            "account": hashes.of(event.account_id),
            "address": hashes.of(prefix_of(event.ip) if ":" in event.ip else event.ip),
            "failed": int(failed),
            "strange": int(_strange(seen)),
            "tries": int(seen.features["failures_24h"]) if failed and event.account_id is None else 0,
        }


def _strange(seen: Seen) -> bool:
    return not int(seen.features["known_by"]) & _AT_HOME

"""Seats: who of an organisation is at work, on what, and how many seats it has bought.

An account tells it once in a quarter of an hour for each device and place (`worked` of FEATURES). What an
entitlement excuses is left out; an administrator's sign says only whose computer it is.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.categories import SEAT_SHARING_BIT
from detector.cells import CrowdKey
from detector.enrich import prefix_of
from detector.rules.seat_at_once import SeatAtOnce
from detector.stages.regroup.base import Facts, Hashes, Seen
from detector.windows.habits.people import AT_ONCE
from detector.windows.roles import ADMIN, SEAT

_AT_ONCE = SeatAtOnce()


class Seats:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return where somebody is at work on an organisation's account."""
        seat = (features["seat"] == SEAT) & (features["excused"] & SEAT_SHARING_BIT == 0)
        where: NDArray[np.bool_] = (events["account"] > 0) & (features["worked"] > 0)
        where &= seat | (features["seat"] == ADMIN)
        return where

    def keys(self, seen: Seen) -> Iterator[CrowdKey]:
        """Yield the organisation."""
        if seen.event.org_id is not None:
            yield CrowdKey("organisations", "organisation", seen.event.org_id)

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return which seat is at work on which device, and what is known of both."""
        return {
            "seat": hashes.of(seen.event.account_id),
            "device": hashes.of(seen.event.device_id),
            "prefix": hashes.of(prefix_of(seen.event.ip)),
            "computer": int(seen.column["desktop"]),
            "admin": int(seen.features["seat"] == ADMIN),
            "people": _people(seen),
            "bought": int(seen.column["seats"]),
        }


def _people(seen: Seen) -> int:
    """Return how many people are proven to use the seat, 1 where no more are."""
    features = seen.features
    behind_lines = int(features["people"]) if features["people_sure"] >= AT_ONCE else 1
    return max(behind_lines, int(_AT_ONCE.people(features)))

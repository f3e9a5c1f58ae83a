"""Sign-ups: every registration concerns its address, its device, its client and what it tells of itself."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.cells import CrowdKey
from detector.enrich import prefix_of
from detector.events import Registration
from detector.stages.regroup.base import Facts, Hashes, Seen, client_id, places_of
from detector.windows.layout import EVENT_TYPES

_REGISTRATION = EVENT_TYPES.index("registration")
_DIGITS = re.compile(r"\d+")
LEAST_STEM = 3
"""Letters that the stem of a user name must have to say anything."""


class Signups:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:  # noqa: ARG002  # the families' way
        """Return where somebody registers, or tries to."""
        where: NDArray[np.bool_] = events["type"] == _REGISTRATION
        return where

    def keys(self, seen: Seen) -> Iterator[CrowdKey]:
        """Yield every crowd that the registration may belong to."""
        event = seen.event
        yield from places_of("signups", event.ip)
        yield CrowdKey("signups", "client", client_id(event))
        if event.device_id is not None:
            yield CrowdKey("signups", "device", event.device_id)
        told = event.registration
        if told is None:
            return
        for kind, value in (
            ("email_domain", told.email_domain),
            ("phone_prefix", told.phone_prefix),
            ("invite_code", told.invite_code),
            ("username_pattern", stem(told.username)),
        ):
            if value:
                yield CrowdKey("signups", kind, value)

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return what two registrations may have in common, each as a hash."""
        event = seen.event
        told = event.registration or Registration()
        return {
            "account": hashes.of(event.account_id),
            "device": hashes.of(event.device_id),
            "client": hashes.of(client_id(event)),
            "address": hashes.of(event.ip),
            "prefix": hashes.of(prefix_of(event.ip)),
            "stem": hashes.of(stem(told.username)),
            "domain": hashes.of(told.email_domain or None),
            "phone": hashes.of(told.phone_prefix or None),
            "invite": hashes.of(told.invite_code or None),
            "refused": int(told.outcome == "refused"),
        }


def stem(username: str | None) -> str | None:
    """Return a user name in lower case with `#` for each run of digits; None where too little remains."""
    if not username:
        return None
    pattern = _DIGITS.sub("#", username.lower())
    return pattern if sum(map(str.isalpha, pattern)) >= LEAST_STEM else None

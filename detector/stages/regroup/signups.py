"""Sign-ups: every registration concerns its address, its device, its client and what it tells of itself."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.categories import BITS
from detector.cells import CrowdKey
from detector.enrich import prefix_of
from detector.events import Registration, SessionEvent
from detector.stages.regroup.base import Facts, Hashes, Seen, client_id, places_of
from detector.stages.regroup.user_names import user_name
from detector.windows.layout import EVENT_TYPES

_REGISTRATION = EVENT_TYPES.index("registration")
_EXCUSED = BITS["batch_registration"]


class Signups:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return where somebody registers, or tries to; what an entitlement explains is nobody's crowd."""
        where: NDArray[np.bool_] = (events["type"] == _REGISTRATION) & (features["excused"] & _EXCUSED == 0)
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
        name = user_name(told.username)
        for kind, value in (
            ("email_domain", _lower(told.email_domain)),
            ("phone_prefix", told.phone_prefix),
            ("invite_code", told.invite_code),
            ("username_pattern", name.stem),
            ("username_shape", name.noise),
        ):
            if value:
                yield CrowdKey("signups", kind, value)

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return what two registrations may have in common, each as a hash, and the number of the name."""
        event = seen.event
        told = event.registration or Registration()
        name = user_name(told.username)
        return {
            "account": hashes.of(event.account_id),
            "name": hashes.of(_whose(event, told)),
            "device": hashes.of(event.device_id),
            "client": hashes.of(client_id(event)),
            "address": hashes.of(prefix_of(event.ip) if ":" in event.ip else event.ip),
            "prefix": hashes.of(prefix_of(event.ip)),
            "stem": hashes.of(name.stem),
            "shape": hashes.of(name.shape),
            "noise": hashes.of(name.noise),
            "domain": hashes.of(_lower(told.email_domain) or None),
            "phone": hashes.of(told.phone_prefix or None),
            "invite": hashes.of(told.invite_code or None),
            "number": name.number,
            "digits": name.digits,
            "refused": int(told.outcome == "refused"),
        }


def _whose(event: SessionEvent, told: Registration) -> str:
    """Return what two tries of one sign-up have in common: the name, else the account, else nothing."""
    if told.username:
        return f"name:{told.username}"
    return f"account:{event.account_id}" if event.account_id else f"event:{event.event_id}"


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None

"""Greetings: an account or a visitor seen at a new place or device concerns its TLS fingerprint.

So does a visitor who knocks, unless his address is many people's. What a stranger to an account comes with
may be a thief's, and is not held against the account.
"""

from collections.abc import Iterator
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.categories import BITS
from detector.cells import CrowdKey
from detector.enrich import ClientKind, prefix_of
from detector.rules.base import SEVERAL
from detector.stages.regroup.base import Facts, Hashes, Seen, client_id
from detector.windows.crowds.greetings import APP, BROWSER, OTHER, PROGRAM

_BROWSERS: Final = frozenset(
    crc32(name.encode())
    for name in (
        *("Chrome", "Chrome Mobile", "Chrome Mobile iOS", "Edge", "Edge Mobile", "Firefox", "Firefox Mobile"),
        *("Safari", "Mobile Safari", "Opera", "QQ Browser", "Sogou Explorer", "360"),
    )
)
"""Families of browsers, as ua-parser names them; a television's or an application's page is none."""
_PEOPLES: Final = (ClientKind.DESKTOP, ClientKind.MOBILE, ClientKind.TABLET)
_PROGRAMS: Final = (ClientKind.TOOL, ClientKind.BOT)
_OWN: Final = frozenset(("ios", "ipados", "android", "harmony", "harmonyos"))
_EXCUSED: Final = BITS["unauthorized_client"]
_MAY_FLOOD: Final = BITS["flooding"]


class Greetings:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return where somebody is new, or a visitor knocks; a proxy's greeting is not its sender's."""
        stranger = (features["account"] > 0) & (features["known_by"] == 0)
        new = (features["opened"] >= 0) & (features["excused"] & _EXCUSED == 0) & ~stranger
        where: NDArray[np.bool_] = (
            (new | _knocks(features)) & (events["greeting"] > 0) & (events["proxied"] == 0)
        )
        return where

    def keys(self, seen: Seen) -> Iterator[CrowdKey]:
        """Yield the greeting's crowd."""
        if seen.event.tls_fingerprint:
            yield CrowdKey("greetings", "greeting", seen.event.tls_fingerprint)

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return who it is, in which network, and what the client calls itself."""
        event = seen.event
        known = event.account_id is not None
        return {
            "who": hashes.of(event.account_id if known else event.ip),
            "account": int(known),
            "prefix": hashes.of(prefix_of(event.ip)),
            "client": hashes.of(client_id(event)),
            "called": _sort(seen),
            "knocks": int(_knocks(seen.features)),
        }


def _knocks(features: NDArray[np.void]) -> NDArray[np.bool_]:
    where: NDArray[np.bool_] = (
        (features["knocked"] > 0)
        & (features["account"] == 0)
        & (features["clients_1h"] <= SEVERAL)
        & (features["excused"] & _MAY_FLOOD == 0)
        & (features["verified"] == 0)
    )
    return where


def _sort(seen: Seen) -> int:
    kind = int(seen.features["kind"])
    name = (seen.event.client or "").lower()
    if kind in _PROGRAMS:
        return PROGRAM
    if name in _OWN:
        return APP
    if kind in _PEOPLES and name in {"", "web"} and int(seen.column["family"]) in _BROWSERS:
        return BROWSER
    return OTHER

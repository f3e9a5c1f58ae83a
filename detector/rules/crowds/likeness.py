"""How alike two sign-ups are: what rules about sign-ups measure with.

A trait that two strangers share by chance once in 10^x speaks with x points for one maker; points of
independent traits add up, as in record linkage (Fellegi and Sunter 1969, A Theory for Record Linkage, JASA
64). What the crowd itself shares (its address, its device) speaks no more: it is why they are in one crowd.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features
from detector.windows.crowds.layout import ENTRIES, KINDS
from detector.windows.crowds.signups import CLOSE, TRAITS

Mask = NDArray[np.bool_]
"""Which sign-ups of the ring, shape (..., ENTRIES)."""

POINTS: Final = {
    "device": 2.0,  # a family's tablet, an office's shared computer
    "stem": 2.0,  # "lily" with other digits
    "close": 1.5,  # of those, the ones with running numbers
    "phone": 1.4,  # some forty prefixes of three digits are in use in China
    "shape": 1.0,  # as many letters and as many digits
    "noise": 1.0,  # and letters drawn at random, beyond the shape
    "client": 0.8,  # the commonest browser of the year on the commonest system
}
"""Decimal logarithms of how rarely two strangers share a trait.

What all of an organisation or campaign share says nothing: a mail domain, an invitation.
"""
OWN: Final = {
    "device": ("device", "client"),
    "client": ("client",),
    "email_domain": ("domain",),
    "phone_prefix": ("phone",),
    "username_pattern": ("stem",),
    "username_shape": ("shape", "noise"),
}
"""What all sign-ups of a crowd have in common by what the crowd is."""

_BITS = {name: 1 << place for place, name in enumerate((*TRAITS, "close"))}
assert _BITS["close"] == 1 << CLOSE  # noqa: S101  # the kernel sets it there
_OWN_BITS = np.array([sum(_BITS[name] for name in OWN.get(kind, ())) for kind in KINDS], np.uint16)
_DOMAIN_POINTS = POINTS["client"]  # one that half the sign-ups of are alike is no great provider of mail
_OWN_POINTS = np.array(
    [
        _DOMAIN_POINTS
        if kind == "email_domain"
        else max((POINTS.get(each, 0.0) for each in OWN.get(kind, ())), default=0.0)
        for kind in KINDS
    ]
)
_PLACES = np.uint64(1) << np.arange(ENTRIES, dtype=np.uint64)


def shares(seen: Features, trait: str) -> Mask:
    """Return which sign-ups share a trait with the newest one; `close` is one."""
    return np.asarray(seen.shared & _BITS[trait] != 0)


def newest(seen: Features) -> Mask:
    """Return the newest sign-up alone."""
    return np.asarray(np.arange(ENTRIES) == np.asarray(seen.slot)[..., None])


def alike_in_client(seen: Features) -> Mask:
    """Return which entries have the client of the newest one."""
    clients = np.asarray(seen.clients)
    slot = np.maximum(np.asarray(seen.slot, np.int64)[..., None], 0)
    return np.asarray(clients == np.take_along_axis(clients, slot, axis=-1))


def within(seen: Features, window_ms: int) -> Mask:
    """Return which sign-ups are at most so old."""
    return np.asarray((seen.age_ms >= 0) & (seen.age_ms <= window_ms))


def points(seen: Features) -> NDArray[np.float64]:
    """Return how many points each sign-up shares with the newest one beyond what the crowd is."""
    own = _OWN_BITS[np.asarray(seen.kind)][..., None]
    shared = seen.shared & ~own
    out = np.zeros(np.shape(shared))
    for name, worth in POINTS.items():
        has = shared & _BITS[name] != 0
        if name in {"shape", "noise"}:
            has &= shared & _BITS["stem"] == 0  # names of one stem have one shape
        elif name == "client":
            has &= shared & _BITS["device"] == 0  # a device has its client
        out += np.where(has, worth, 0.0)
    return out


def own_points(seen: Features) -> NDArray[np.float64]:
    """Return how many points all sign-ups of the crowd share by what the crowd is, shape (...)."""
    return np.asarray(_OWN_POINTS[np.asarray(seen.kind)])


def kind_is(seen: Features, *kinds: str) -> NDArray[np.bool_]:
    """Return which crowds are of one of the kinds, shape (...)."""
    return np.asarray(_among(kinds)[np.asarray(seen.kind)])


@cache
def _among(kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([kind in kinds for kind in KINDS])


def count(mask: Mask) -> NDArray[np.int64]:
    """Return how many sign-ups a mask has, shape (...)."""
    return np.asarray(np.sum(mask, axis=-1), np.int64)


def distinct(mask: Mask, labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many labels (addresses, prefixes) the sign-ups of a mask have, shape (...)."""
    marks = np.where(mask, np.uint64(1) << labels.astype(np.uint64), np.uint64(0))
    return np.asarray(np.bitwise_count(np.bitwise_or.reduce(marks, axis=-1)), np.int64)


def slots(mask: Mask) -> int:
    """Return one mask of shape (ENTRIES,) as the ring's places, a bit each."""
    return int(np.sum(np.where(mask, _PLACES, np.uint64(0)), dtype=np.uint64))

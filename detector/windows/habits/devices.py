"""Devices of an account: which one an event comes from, when its id is missing or was cleared as well."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.layout import DEVICES
from detector.windows.paths import bits64

CLEARS_COOKIES = 3
"""So many cleared cookies are a habit: from then on a new id says nothing about a device."""


@compiled
def find_device(habits: Record, devices: Array, event: Record, hand: int) -> int:
    """Return the place of an event's device, which may be a new one; -1 where it cannot be told.

    `hand`: whose line the event came by, 0 where that is not known. A missing id is unknown, not new: it is
    the same client's at the same line, or nobody's while other devices have ids. A new id of a known client in
    the network where that was seen last is a cleared cookie, unless the old id comes back.
    """
    here, alike, before, ids = -1, -1, -1, False
    for place in range(DEVICES):
        seen = devices[place]
        if seen["last"] == 0:
            continue
        if event["device"] != 0:
            if seen["device"] == event["device"]:
                return place
            if seen["before"] == event["device"]:
                before = place
        ids = ids or seen["known"] != 0
        if seen["client"] != event["fingerprint"]:
            continue
        alike = _newer(devices, place, alike)
        same_line = event["device"] == 0 and hand != 0 and seen["hand"] == hand
        if seen["prefix"] == event["prefix"] or same_line:
            here = _newer(devices, place, here)
    if event["device"] == 0:
        return _nameless(devices, event, here, alike, ids)
    if before >= 0:
        devices[before]["before"] = 0
        habits["renewals"] = max(int(habits["renewals"]) - 1, 0)
        return _open(devices, event)
    if here < 0 and habits["renewals"] >= CLEARS_COOKIES:
        here = alike
    return _open(devices, event) if here < 0 else _renew(habits, devices, event, here)


@compiled
def _newer(devices: Array, place: int, other: int) -> int:
    return place if other < 0 or devices[place]["last"] > devices[other]["last"] else other


@compiled
def _nameless(devices: Array, event: Record, here: int, alike: int, ids: bool) -> int:  # noqa: FBT001  # numba takes no keywords-only
    """Return the place of an event without an id; where no device has one, each client stands for one."""
    if here >= 0 or ids:
        return here
    return alike if alike >= 0 else int(_open(devices, event))


@compiled
def _renew(habits: Record, devices: Array, event: Record, place: int) -> int:
    """Give a device its new id; one that never had any has not lost it."""
    seen = devices[place]
    if seen["known"]:
        seen["before"] = seen["device"]
        habits["renewals"] = min(int(habits["renewals"]) + 1, 255)
    seen["device"] = event["device"]
    seen["known"] = 1
    return place


@compiled
def _open(devices: Array, event: Record) -> int:
    """Begin a device, in an empty place or in that of the one with fewest days, seen longest ago."""
    place, fewest = 0, 65
    for other in range(DEVICES):
        seen = devices[other]
        days = bits64(seen["days"]) if seen["last"] != 0 else -1
        if days < fewest or (days == fewest and seen["last"] < devices[place]["last"]):
            place, fewest = other, days
    seen = devices[place]
    seen["device"] = event["device"] if event["device"] != 0 else event["fingerprint"]
    seen["before"] = 0
    seen["client"] = event["fingerprint"]
    seen["days"] = 0
    seen["first"] = event["time_ms"] // 60_000
    seen["hand"] = 0
    seen["desktop"] = event["desktop"]
    seen["known"] = 1 if event["device"] != 0 else 0
    return place

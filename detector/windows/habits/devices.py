"""Devices of an account: which one an event comes from, when its id is missing or was cleared as well."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.habits.layout import DEVICES, NETWORKS
from detector.windows.paths import bits64

KNOWN = 2
"""Days after which it is known where a device goes."""
CLEARS_COOKIES = 3
"""So many cleared cookies are a habit: from then on a new id says nothing about a device."""


@compiled
def find_device(habits: Record, devices: Array, event: Record, hand: int) -> int:
    """Return the place of an event's device, which may be a new one; -1 where it cannot be told.

    `hand`: whose line the event came by, 0 where that is not known. A missing id is unknown, not new: it is
    the same client's at the same line, or nobody's while other devices have ids. A new id of a known client
    in the network where that was seen last is a cleared cookie, unless the old id comes back.
    """
    if event["device"] == 0:
        return int(_nameless(devices, event, hand))
    for place in range(DEVICES):
        if devices[place]["last"] != 0 and devices[place]["device"] == event["device"]:
            return place
    for place in range(DEVICES):
        if devices[place]["last"] != 0 and devices[place]["before"] == event["device"]:
            devices[place]["before"] = 0
            habits["renewals"] = max(int(habits["renewals"]) - 1, 0)
            return int(_open(devices, event))
    cleared = int(_alike(devices, event, habits["renewals"] < CLEARS_COOKIES, 0))
    return int(_open(devices, event)) if cleared < 0 else int(_renew(habits, devices, event, cleared))


@compiled
def strangers(devices: Array, one: int, two: int) -> bool:
    """Return whether two devices, known for days, were never in one network: so they may be two people's."""
    here, there = _place(devices, one), _place(devices, two)
    if here < 0 or there < 0 or min(_days(devices, here), _days(devices, there)) < KNOWN:
        return False
    return not _share(devices[here]["networks"], devices[there]["networks"])


@compiled
def met(devices: Array, one: int, two: int) -> bool:
    """Return whether two devices were ever in one network: one person's are, at home or in the office."""
    here, there = _place(devices, one), _place(devices, two)
    return bool(here >= 0 and there >= 0 and _share(devices[here]["networks"], devices[there]["networks"]))


@compiled
def _share(networks: Array, others: Array) -> bool:
    for place in range(NETWORKS):
        for other in range(NETWORKS):
            if networks[place] != 0 and networks[place] == others[other]:
                return True
    return False


@compiled
def _days(devices: Array, place: int) -> int:
    return int(bits64(devices[place]["days"]))


@compiled
def _place(devices: Array, device: int) -> int:
    for place in range(DEVICES):
        if devices[place]["last"] != 0 and devices[place]["device"] == device:
            return place
    return -1


@compiled
def _alike(devices: Array, event: Record, here: bool, hand: int) -> int:  # noqa: FBT001  # numba takes no keywords-only
    """Return the newest device of an event's client, -1 where there is none.

    `here`: only one that was seen last in the event's network, or that belongs to `hand`, if that is not 0.
    """
    newest = -1
    for place in range(DEVICES):
        seen = devices[place]
        if seen["last"] == 0 or seen["client"] != event["fingerprint"]:
            continue
        near = seen["prefix"] == event["prefix"] or (hand != 0 and seen["hand"] == hand)
        if (near or not here) and (newest < 0 or seen["last"] > devices[newest]["last"]):
            newest = place
    return newest


@compiled
def _nameless(devices: Array, event: Record, hand: int) -> int:
    """Return the place of an event without an id; where no device has one, each client stands for one."""
    here = int(_alike(devices, event, True, hand))  # noqa: FBT003
    if here >= 0:
        return here
    for place in range(DEVICES):
        if devices[place]["last"] != 0 and devices[place]["known"]:
            return -1
    alike = int(_alike(devices, event, False, 0))  # noqa: FBT003
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
    seen["prefix"] = 0
    seen["days"] = 0
    seen["networks"][:] = 0
    seen["first"] = event["time_ms"] // 60_000
    seen["hand"] = 0
    seen["desktop"] = event["desktop"]
    seen["known"] = 1 if event["device"] != 0 else 0
    return place

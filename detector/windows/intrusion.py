"""Intrusion: a stranger who knew the password at once, and what he and the account's holder did since.

A stranger is a device that the account never had, on a network where it never was; on a line that it never
had either he is a `WHOLE` one, else a `NEAR` one. Whoever had to try, or came by a new password, did not know
it at once: that is how holders come back. Of several strangers the first counts who set a new password.
"""

from typing import Final

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.habits.calendar import hour_of
from detector.windows.habits.layout import DAY_HOURS, HANDS, Memory
from detector.windows.journeys import JUMP_KM
from detector.windows.layout import BULK_KEPT, EVENT_TYPES, SIGHTINGS
from detector.windows.places import DAY_MS, JUMP_KMH, LEAST_HOURS
from detector.windows.sessions import PROGRAMS
from detector.windows.strangers import FRESH, KNOWN_DEVICE, KNOWN_NETWORK, UNTOLD, device_of, may_be_own

REQUEST, PASSWORD = EVENT_TYPES.index("request"), EVENT_TYPES.index("password_change")
WHOLE: Final = 2
NEAR: Final = 1
LEARNING_MS: Final = DAY_MS
"""Before an account is known so long, nobody is a stranger to it."""
RENEWAL_MS: Final = DAY_MS
"""A thief changes the password on his first day, or not at all: the next one may be anybody's."""
KEPT_MS: Final = 7 * DAY_MS
"""What the holder does so long after a stranger came may be his answer."""
SLIPS: Final = 1
"""Wrong passwords before the right one that are a slip of the finger."""
NIGHT_TO: Final = 6
HOURS_KNOWN: Final = 15
"""Hours with signs, each counted once a day, from which on it is known when an account is used."""
MOST: Final = 60_000


@compiled
def intrude(
    event: Record, head: Record, intrusion: Record, sightings: Array, memory: Memory, known: int
) -> None:
    """Note a login that succeeds, by what it is known to the account, where it is a stranger's.

    A program is none: what it does is told by how it does it. Nor is what may be the holder's own device.
    """
    if known & (FRESH | KNOWN_DEVICE | KNOWN_NETWORK) or not event["account"] or event["proxied"]:
        return
    if event["kind"] in PROGRAMS or may_be_own(event, sightings):
        return
    now_ms = int(event["time_ms"])
    if now_ms - int(head["first_ms"]) < LEARNING_MS or head["failure_run"] > SLIPS:
        return
    open_still = intrusion["ms"] != 0 and now_ms - int(intrusion["ms"]) <= KEPT_MS
    if open_still and (intrusion["device"] == device_of(event) or intrusion["renewed_ms"] != 0):
        return
    intrusion["ms"] = now_ms
    intrusion["device"] = device_of(event)
    intrusion["renewed_ms"] = 0
    intrusion["restored_ms"] = 0
    intrusion["whole"] = WHOLE if known & ~UNTOLD == 0 and not known & UNTOLD else NEAR
    intrusion["hidden"] = event["hidden"]
    intrusion["odd_hour"] = _odd_hour(memory.hands, hour_of(now_ms))
    intrusion["far"] = 0
    intrusion["files"] = 0
    intrusion["shut_out"] = 0


@compiled
def follow(event: Record, intrusion: Record, sightings: Array, current: int, out: Record) -> bool:
    """Note what an event of the sighting in `current` says of an intrusion; return whether a thief shows.

    He does when a whole stranger sets a new password: from then on what he does is not the holder's doing.
    """
    now_ms = int(event["time_ms"])
    if _is_his(intrusion, sightings[current]):
        return bool(_by_stranger(event, intrusion, sightings, current, out))
    if event["bulk"] and event["type"] == REQUEST:
        _own_file(intrusion, now_ms)
    if intrusion["ms"] == 0 or now_ms - int(intrusion["ms"]) > KEPT_MS:
        return False
    if event["type"] == PASSWORD and intrusion["shut_out"] > 0 and intrusion["restored_ms"] == 0:
        intrusion["restored_ms"] = now_ms
        out["restored"] = 1
    if out["present"] and not intrusion["far"] and now_ms - int(intrusion["ms"]) <= RENEWAL_MS:
        intrusion["far"] = _too_far(intrusion, sightings, current, now_ms)
        out["stranger_acts"] = intrusion["far"]
    return False


@compiled
def is_thiefs(event: Record, intrusion: Record) -> bool:
    """Return whether an event is of a stranger's device who set a new password, odds against him."""
    if intrusion["renewed_ms"] == 0 or intrusion["whole"] != WHOLE or intrusion["device"] != device_of(event):
        return False
    odd = intrusion["far"] or intrusion["hidden"] or intrusion["odd_hour"] or intrusion["shut_out"] > 1
    return bool(odd and int(event["time_ms"]) - int(intrusion["ms"]) <= KEPT_MS)


@compiled
def answer(event: Record, intrusion: Record, known: int) -> None:
    """Note that a login failed on a device or network of the account's own after the new password."""
    if intrusion["renewed_ms"] == 0 or intrusion["restored_ms"] != 0 or event["locked"]:
        return
    if known & FRESH or not known & (KNOWN_DEVICE | KNOWN_NETWORK) or device_of(event) == intrusion["device"]:
        return
    if int(event["time_ms"]) - int(intrusion["renewed_ms"]) <= KEPT_MS:
        intrusion["shut_out"] = min(int(intrusion["shut_out"]) + 1, 255)


@compiled
def read_intrusion(event: Record, intrusion: Record, sightings: Array, out: Record) -> None:
    """Fill what FEATURES say of an intrusion, for a week."""
    if int(event["time_ms"]) - int(intrusion["ms"]) > KEPT_MS:
        return
    out["stranger"] = intrusion["whole"]
    out["stranger_lately"] = int(event["time_ms"]) - int(intrusion["last_ms"]) <= DAY_MS
    out["stranger_renewed"] = intrusion["renewed_ms"] != 0
    out["stranger_hidden"] = intrusion["hidden"]
    out["stranger_odd_hour"] = intrusion["odd_hour"]
    out["stranger_far"] = intrusion["far"]
    out["stranger_files"] = intrusion["files"]
    out["own_files"] = max(int(intrusion["own_most"]), int(intrusion["own_today"]))
    out["shut_out"] = intrusion["shut_out"]
    slots = 0
    for slot in range(SIGHTINGS):
        if sightings[slot]["count"] > 0 and sightings[slot]["device"] == intrusion["device"]:
            slots |= 1 << slot
    out["intruder_slots"] = slots


@compiled
def _is_his(intrusion: Record, seen: Record) -> bool:
    """Return whether a sighting is the stranger's, while he is one."""
    if intrusion["ms"] == 0 or seen["device"] != intrusion["device"]:
        return False
    return bool(seen["strange"] or seen["stolen"] or intrusion["whole"] == NEAR)


@compiled
def _by_stranger(event: Record, intrusion: Record, sightings: Array, current: int, out: Record) -> bool:
    """Note what the stranger does on his first day; return whether he is shown to be a thief by it."""
    now_ms = int(event["time_ms"])
    intrusion["last_ms"] = now_ms
    if now_ms - int(intrusion["ms"]) > RENEWAL_MS:
        return False
    out["stranger_acts"] = 1
    if event["type"] == REQUEST and event["bulk"]:
        intrusion["files"] = min(int(intrusion["files"]) + 1, MOST)
    if not intrusion["far"]:
        intrusion["far"] = _too_far(intrusion, sightings, current, now_ms)
    if event["type"] != PASSWORD or intrusion["renewed_ms"] != 0:
        return False
    intrusion["renewed_ms"] = now_ms
    return bool(intrusion["whole"] == WHOLE)


@compiled
def _own_file(intrusion: Record, now_ms: int) -> None:
    """Count what the holder takes away; the most of a day counts half after every `BULK_KEPT` days."""
    day = now_ms // DAY_MS
    gone = day - int(intrusion["own_day"])
    if gone > 0:
        most = max(int(intrusion["own_most"]), int(intrusion["own_today"]))
        intrusion["own_most"] = most >> min(gone // BULK_KEPT, 15)
        intrusion["own_today"] = 0
        intrusion["own_day"] = day
    intrusion["own_today"] = min(int(intrusion["own_today"]) + 1, MOST)


@compiled
def _too_far(intrusion: Record, sightings: Array, current: int, now_ms: int) -> bool:
    """Return whether stranger and holder were at work so far apart that no aeroplane took one to the other.

    `current`: the sighting of one of them that is at work now; the other one's are all the others.
    """
    here = sightings[current]
    if not here["anchored"]:
        return False
    his = _is_his(intrusion, here)
    for slot in range(SIGHTINGS):
        there = sightings[slot]
        if there["count"] == 0 or not there["anchored"] or there["version"] != here["version"]:
            continue
        if _is_his(intrusion, there) == his or (his and (there["strange"] or there["stolen"])):
            continue
        worked_ms = int(there["last_ms"]) if not his else int(there["present_ms"])
        if worked_ms == 0:
            continue
        away_km = gap_km(
            here["lat"], here["lon"], here["radius_km"], there["lat"], there["lon"], there["radius_km"]
        )
        hours = max((now_ms - worked_ms) / 3_600_000.0, LEAST_HOURS)
        if away_km >= JUMP_KM and away_km / hours > JUMP_KMH:
            return True
    return False


@compiled
def _odd_hour(hands: Array, hour: int) -> bool:
    """Return whether it is an hour of the night in which nobody used the account, nor in those beside it."""
    if hour >= NIGHT_TO:
        return False
    total, these = 0, 0
    for place in range(HANDS):
        if hands[place]["last"] == 0:
            continue
        for other in range(DAY_HOURS):
            total += int(hands[place]["hours"][other])
        for step in range(-1, 2):
            these += int(hands[place]["hours"][(hour + step) % DAY_HOURS])
    return bool(total >= HOURS_KNOWN and these == 0)

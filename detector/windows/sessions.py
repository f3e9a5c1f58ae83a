"""Sessions that moved: one session's id at work on another network in another client than before.

One browser keeps its session wherever it goes: home, office, a VPN, a phone's next network. It never turns
into another browser or goes back to an older version, and a device keeps its id while it keeps the session.
Somebody who carries a session from his desk to his home does it in one province, and takes his time.
"""

from typing import Final

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import SIGHTINGS
from detector.windows.strangers import FRESH, KNOWN_DEVICE, KNOWN_LINE, KNOWN_NETWORK, device_of

AT_ONCE_MS: Final = 30 * 60_000
"""Two devices of one session in two provinces within this time were not carried from one to the other."""
NOT_MOVED: Final = -1


@compiled
def moved_from(event: Record, sightings: Array, known: int) -> int:
    """Return the sighting from which an event's session has moved to where nothing was known, or NOT_MOVED.

    `known`: by what the event's place and device are known (`detector.windows.strangers`).
    """
    if event["session"] == 0 or not event["account"] or known & (FRESH | KNOWN_DEVICE | KNOWN_NETWORK):
        return NOT_MOVED
    if event["proxied"]:
        return NOT_MOVED
    found = NOT_MOVED
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] == 0 or seen["session"] != event["session"] or seen["stolen"]:
            continue
        two_devices = event["device"] != 0 and seen["known"] and seen["device"] != event["device"]
        far = _far(event, seen)
        soon = int(event["time_ms"]) - int(seen["last_ms"]) <= AT_ONCE_MS
        if event["fingerprint"] == seen["client"] and event["major"] >= seen["major"]:
            if not (two_devices and far and soon):
                return NOT_MOVED
            found = slot
        elif _other_client(event, seen) and (far or soon) and (two_devices or not known & KNOWN_LINE):
            found = slot
    return found


@compiled
def belongs_to_stolen(event: Record, sightings: Array) -> bool:
    """Return whether an event comes from the client that its session has moved to, on whatever network."""
    device = device_of(event)
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["stolen"] and seen["session"] == event["session"] and seen["device"] == device:
            return True
    return False


@compiled
def _other_client(event: Record, seen: Record) -> bool:
    """Return whether an event's client cannot be what a sighting's has become since.

    An application and the browser inside it share a session, and on phones they share it by turns.
    """
    if event["family"] == 0 or seen["family"] == 0 or seen["version"] == 0:
        return False  # neither can be told, or behind which network the session was at home
    return not (event["handheld"] and seen["handheld"])


@compiled
def _far(event: Record, seen: Record) -> bool:
    """Return whether an event and a sighting lie in two provinces, as far as one IP version can tell."""
    if event["version"] != seen["version"] or event["region"] == 0 or seen["region"] == 0:
        return False
    return bool(event["region"] != seen["region"])

"""Sessions that moved: one session's id at work on another network in another client than before.

One browser keeps its session wherever it goes: home, office, a VPN, a phone's next network. It never turns
into another browser or a script, never goes back to an older version, and a device keeps its id while it
keeps the session. Somebody who carries a session from his desk to his home does it in one province, and takes
his time.
"""

from typing import Final

from detector.windows.compiled import Array, Record, compiled
from detector.windows.layout import SIGHTINGS
from detector.windows.strangers import FRESH, KNOWN_DEVICE, KNOWN_LINE, KNOWN_NETWORK, device_of

AT_ONCE_MS: Final = 30 * 60_000
"""Two devices of one session in two provinces within this time were not carried from one to the other."""
WITHIN_A_DAY_MS: Final = 12 * 3_600_000
NOT_MOVED: Final = -1
PROGRAMS: Final = (4, 5, 6)
"""The kinds of client that no browser becomes: tools, bots, headless browsers; a test holds them to
`ClientKind`."""


@compiled
def moved_from(event: Record, sightings: Array, known: int) -> int:
    """Return the sighting from which an event's session has moved to where nothing was known, or NOT_MOVED.

    `known`: by what the event's place and device are known (`detector.windows.strangers`).
    """
    if event["session"] == 0 or not event["account"] or known & (FRESH | KNOWN_NETWORK) or event["proxied"]:
        return NOT_MOVED
    place = _last_at_home(event["session"], sightings)
    if place < 0:
        return NOT_MOVED
    seen = sightings[place]
    if known & KNOWN_DEVICE:
        moved = _went_back(event, seen)
    elif event["fingerprint"] == seen["client"] and event["major"] >= seen["major"]:
        moved = _elsewhere(event, seen)
    elif _became_program(event, seen):
        moved = not known & KNOWN_LINE
    else:
        moved = (
            _other_client(event, seen)
            and (_far(event, seen) or _soon(event, seen))
            and (_two_devices(event, seen) or not known & KNOWN_LINE)
        )
    return place if moved else NOT_MOVED


@compiled
def belongs_to_stolen(event: Record, sightings: Array) -> int:
    """Return what kind of thief an event is one of, by session and client, on whatever network; 0 none.

    A thief may send his victim's device id, but then in a browser of another version. Without a session's id
    nothing is known of it.
    """
    device = device_of(event)
    for slot in range(SIGHTINGS if event["session"] != 0 else 0):
        seen = sightings[slot]
        if not seen["stolen"] or seen["session"] != event["session"] or seen["device"] != device:
            continue
        if seen["client"] == event["fingerprint"] and seen["major"] == event["major"]:
            return int(seen["stolen"])
    return 0


@compiled
def _last_at_home(session: int, sightings: Array) -> int:
    """Return the newest sighting of the client in which a session began, -1 where none is remembered.

    A thief whose first network was near is no witness for his next ones.
    """
    first = -1
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if not _at_home(seen, session):
            continue
        if first < 0 or seen["first_ms"] < sightings[first]["first_ms"]:
            first = slot
    if first < 0:
        return first
    last, home = first, sightings[first]
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if not _at_home(seen, session):
            continue
        same = seen["device"] == home["device"] and seen["client"] == home["client"]
        if same and seen["last_ms"] > sightings[last]["last_ms"]:
            last = slot
    return last


@compiled
def _at_home(seen: Record, session: int) -> bool:
    """Return whether a sighting is of a session, or was, and no thief's."""
    if seen["count"] == 0 or seen["stolen"]:
        return False
    return bool(seen["session"] == session or seen["before"] == session)


@compiled
def _elsewhere(event: Record, seen: Record) -> bool:
    """Return whether what seems the same client cannot be: as another device, or without its id, far away.

    At once, and without an id only where the place can be told or the version is another one too; as another
    device in another version within the day.
    """
    newer = event["major"] > seen["major"]
    lost = event["device"] == 0 and seen["known"]
    if not _far(event, seen):
        # Two IP versions are never held against each other, but then id, version and province change at once.
        told = event["region"] != 0 and seen["region"] != 0 and event["region"] != seen["region"]
        return bool(told and lost and newer and _soon(event, seen) and not seen["handheld"])
    if _two_devices(event, seen):
        return bool(_soon(event, seen) or (newer and event["time_ms"] - seen["last_ms"] <= WITHIN_A_DAY_MS))
    return bool(_soon(event, seen) and ((lost and event["anchored"]) or (newer and not seen["handheld"])))


@compiled
def _went_back(event: Record, seen: Record) -> bool:
    """Return whether a device's browser is an older version of what it was: somebody else sends its id."""
    same = event["fingerprint"] == seen["client"] and event["family"] != 0 and not event["handheld"]
    return bool(same and 0 < event["major"] < seen["major"])


@compiled
def _became_program(event: Record, seen: Record) -> bool:
    """Return whether a computer's browser has become a script; a phone's application may be built on one."""
    return bool(seen["desktop"] and seen["family"] != 0 and event["kind"] in PROGRAMS)


@compiled
def _two_devices(event: Record, seen: Record) -> bool:
    return bool(event["device"] != 0 and seen["known"] and seen["device"] != event["device"])


@compiled
def _soon(event: Record, seen: Record) -> bool:
    return int(event["time_ms"]) - int(seen["last_ms"]) <= AT_ONCE_MS


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

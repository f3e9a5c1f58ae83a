"""The fold: what each event does to its account's row, compiled by numba.

The same functions run as plain Python under `NUMBA_DISABLE_JIT=1`; tests hold the two against each other.
Events come in the order (`time`, `event_id`); after each one the features that rules read are noted.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.categories import ACCOUNT_SHARING_BIT, CITY_SWITCHING_BIT
from detector.windows.arrive import arrive, excuse, unmask
from detector.windows.claims import claim
from detector.windows.compiled import Array, Record, compiled, inlined
from detector.windows.crawl import request
from detector.windows.failures import failure, success
from detector.windows.habits.layout import Memory
from detector.windows.habits.note import note
from detector.windows.habits.read import read_habits
from detector.windows.hosting import hosted
from detector.windows.intrusion import answer, follow, intrude, read_intrusion
from detector.windows.itinerary.layout import Itinerary
from detector.windows.itinerary.note import note_place
from detector.windows.itinerary.read import read_itinerary
from detector.windows.itinerary.rounds import note_stop
from detector.windows.layout import EVENT, FEATURES, MOVED_HERE, REPORT, VERSION
from detector.windows.places import overlap, travel
from detector.windows.polls import chosen
from detector.windows.read import read_features
from detector.windows.read_asked import read_asked
from detector.windows.rings import advance
from detector.windows.roles import role_of
from detector.windows.sightings import find
from detector.windows.strangers import device_of, is_new, known_by
from detector.windows.words import hear

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
WORKED_MS = 15 * MINUTE_MS
"""By the clock; an account tells an organisation once in this time that somebody is at work."""
SUCCESS, FAILURE, LOGOUT, HEARTBEAT, REQUEST, REGISTRATION, PASSWORD = range(7)
COPIED = tuple(name for name in FEATURES.fields or () if name in (EVENT.fields or ()))
"""What features say of the event itself."""


class Parts(NamedTuple):
    """The parts of all rows, or of one."""

    head: Record
    asked: Record
    intrusion: Record
    last: Array
    totals: Array
    hours: Array
    paths: Array
    sightings: Array
    memory: Memory
    itinerary: Itinerary


def fold(events: NDArray[np.void], rows: NDArray[np.void]) -> NDArray[np.void]:
    """Fold events into rows, in place, and return the features after each.

    `events`: EVENT, shape (n,), sorted, its `row` an index into `rows`; `rows`: ROW, shape (m,). Returns
    FEATURES, shape (n,).
    """
    events = events.copy()  # what thieves do is marked in them
    features = np.zeros(len(events), FEATURES)
    for name in COPIED:
        features[name] = events[name]
    parts = Parts(
        rows["head"],
        rows["asked"],
        rows["intrusion"],
        rows["last"],
        rows["totals"],
        rows["hours"],
        rows["paths"],
        rows["sightings"],
        Memory(rows["habits"], rows["devices"], rows["lines"], rows["hands"], rows["stints"]),
        Itinerary(rows["trip"], rows["places"], rows["moves"]),
    )
    # One row after the other, which only memory feels: what an event does to a row, no other row sees.
    _fold(events, np.argsort(events["row"], kind="stable"), parts, features)
    return features


@compiled
def _fold(events: Array, order: Array, rows: Parts, features: Array) -> None:
    heads, asked, intrusions, lasts, totals, hours, paths, sightings, memory, itinerary = rows
    for place in order:
        event = events[place]
        row = event["row"]
        parts = Parts(
            heads[row],
            asked[row],
            intrusions[row],
            lasts[row],
            totals[row],
            hours[row],
            paths[row],
            sightings[row],
            Memory(
                memory.habits[row],
                memory.devices[row],
                memory.lines[row],
                memory.hands[row],
                memory.stints[row],
            ),
            Itinerary(itinerary.trip[row], itinerary.places[row], itinerary.moves[row]),
        )
        _fold_one(event, parts, features[place])


@inlined
def _fold_one(event: Record, row: Parts, features: Record) -> None:
    head, asked, intrusion, _, totals, hours, paths, sightings, memory, _ = row
    kind = event["type"]
    _begin(head, totals, hours, paths, int(event["time_ms"]))
    opened = -1
    current = -1
    witness = -1
    if event["proxied"] and not event["account"]:
        # Kept by an address that need not be this visitor's, the row would add up strangers.
        features["opened"] = features["current"] = features["failure"] = -1
        _listen(event, row, current, features)
        return
    features["seat"] = role_of(event, head)
    if kind == FAILURE:
        features["known_by"] = known_by(event, sightings, memory)
        witness = failure(event, head, totals, hours, int(features["known_by"]))
        answer(event, intrusion, int(features["known_by"]))
    elif kind != REPORT:
        opened, current = _act(event, row, features)
    _listen(event, row, current, features)
    read_features(event, head, totals, hours, paths, sightings, features)
    read_asked(event, head, asked, totals, hours, sightings, features)
    if intrusion["ms"] != 0:
        read_intrusion(event, intrusion, sightings, features)
    features["opened"] = opened
    features["current"] = current
    features["failure"] = witness
    features["excused"] = event["excused"]
    features["login"] = kind == SUCCESS
    features["reported"] = kind == REPORT


@inlined
def _act(event: Record, row: Parts, features: Record) -> tuple[int, int]:
    """Take an event of somebody who is in into the row.

    Returns the places of the sighting whose witness it is, -1 none, and of the one it belongs to.
    """
    head, sightings, kind = row.head, row.sightings, event["type"]
    opened, thief = -1, int(excuse(event, head, row.intrusion, sightings))
    current = find(sightings, device_of(event), event["prefix"], event["excused"], int(event["time_ms"]))
    if current < 0 or kind == SUCCESS:
        features["known_by"] = known_by(event, sightings, row.memory)
    if current < 0:
        known = int(features["known_by"])
        current = opened = arrive(event, head, row.last, row.totals, row.hours, sightings, known, thief)
        features["moved"] = sightings[opened]["stolen"] == MOVED_HERE
    if _follow(event, head, row.totals, row.hours, sightings[current], features):
        opened = current
    if kind == SUCCESS:
        intrude(event, head, row.intrusion, sightings, row.memory, int(features["known_by"]))
    if (row.intrusion["ms"] != 0 or event["bulk"]) and follow(
        event, row.intrusion, sightings, current, features
    ):
        unmask(event, head, sightings, current)
    if features["present"]:
        _live(event, row, current, features)
    _count(event, row, sightings[current], features)
    return opened, current


@inlined
def _live(event: Record, row: Parts, current: int, features: Record) -> None:
    """Take a person's sign into places and habits; a new stranger's places are nobody's yet."""
    seen = row.sightings[current]
    new = is_new(seen, int(event["time_ms"]))
    if not new:
        features["worked"] = seen["present_ms"] // WORKED_MS != event["time_ms"] // WORKED_MS
        _work(row.head, row.last, row.totals, row.hours, row.sightings, row.memory, current)
    if event["account"] and not event["excused"] & ACCOUNT_SHARING_BIT:
        device = note(event, row.memory, int(features["seat"]))
        password_ms = event["time_ms"] if event["type"] == PASSWORD else row.head["password_ms"]
        read_habits(event, row.memory, row.sightings, device, int(password_ms), features)
    if not new and _tells_place(event):
        note_stop(event, row.itinerary.trip)
        if note_place(event, device_of(event), row.itinerary):
            read_itinerary(event, row.itinerary, row.sightings, features)


@compiled
def _listen(event: Record, row: Parts, current: int, features: Record) -> None:
    """Count what an event says of its source and client, where it is the row's own: no guess, no thief's."""
    own = not event["account"]
    if current >= 0:
        own = not row.sightings[current]["stolen"] and not row.sightings[current]["strange"]
    if own and event["claim"] != 0:
        claim(event, row.head, row.totals, row.hours, features)
    if own and event["client_words"] != 0:
        hear(event, row.head, row.totals, row.hours, features)


@compiled
def _count(event: Record, row: Parts, seen: Record, features: Record) -> None:
    """Count what an event of the sighting `seen` is; what a thief asks for is not the account's asking."""
    kind = event["type"]
    if kind == REQUEST and not seen["stolen"]:
        request(event, row.head, row.asked, row.totals, row.hours, row.paths, features)
    elif kind == SUCCESS:
        success(row.head)
    elif kind == PASSWORD:
        row.head["password_ms"] = event["time_ms"]


@compiled
def _begin(head: Record, totals: Array, hours: Array, paths: Array, time_ms: int) -> None:
    """Bring a row's clocks to an event's time; an untouched row becomes one."""
    if head["version"] == 0:
        head["version"] = VERSION
        head["first_ms"] = time_ms
        head["hour"] = time_ms // HOUR_MS
    advance(head, totals, hours, paths, time_ms // HOUR_MS)
    minute = time_ms // MINUTE_MS
    if minute != head["minute"]:
        head["minute_before"] = head["minute_requests"] if minute == int(head["minute"]) + 1 else 0
        head["minute_requests"] = 0
        head["minute"] = minute
    head["last_ms"] = time_ms


@compiled
def _follow(event: Record, head: Record, totals: Array, hours: Array, seen: Record, features: Record) -> bool:
    """Continue a sighting with an event; return whether it shows more than all before it.

    A person at work shows more than a program, and the use of a hosting network more than an open page there.
    """
    seen["last_ms"] = event["time_ms"]
    if event["session"] != 0 and event["session"] != seen["session"]:
        seen["before"] = seen["session"]
        seen["session"] = event["session"]
    if event["greeting"] != 0:
        seen["greeting"] = event["greeting"]
    seen["count"] = min(int(seen["count"]) + 1, 4_000_000_000)
    shows_more = hosted(event, head, totals, hours, seen, features)
    if _shows_person(event, head, seen, features):
        features["present"] = 1
        shows_more = seen["present_ms"] == 0 and not is_new(seen, int(event["time_ms"]))
    return bool(shows_more)


@compiled
def _shows_person(event: Record, head: Record, seen: Record, features: Record) -> bool:
    """Return whether an event shows a person at work; `seen` is the sighting it belongs to.

    Heartbeats and polls are a machine's doing: a page left open is nobody's presence.
    """
    kind = event["type"]
    if kind == REQUEST:
        return bool(chosen(event, head, seen, features))
    return bool(kind in (SUCCESS, PASSWORD, REGISTRATION))


@compiled
def _tells_place(event: Record) -> bool:
    """Return whether an event's address says where an account's person is; a phone's may be its carrier's."""
    told = event["account"] and event["anchored"] and not event["handheld"]
    return bool(told and not event["excused"] & CITY_SWITCHING_BIT)


@compiled
def _work(
    head: Record, lasts: Array, totals: Array, hours: Array, sightings: Array, memory: Memory, slot: int
) -> None:
    """Hold a person's sign in the newest moment of the sighting in `slot` against the other sightings."""
    seen = sightings[slot]
    before_ms = int(seen["present_ms"])
    seen["present_ms"] = seen["last_ms"]
    if seen["anchored"]:
        overlap(head, totals, hours, sightings, memory, slot, before_ms)
        travel(head, lasts, totals, hours, sightings, slot, before_ms)

"""What a person's sign does to the account's itinerary.

A place is a metropolis. What one device meets far away behind lines of one provider may be another place, or
a line that is dialled anew and whose addresses lie: it is in doubt, and stands for its twin
(detector/windows/itinerary/read.py). One device that is elsewhere sooner than anybody travels has not moved:
its network lets it out in two places, as a firm's with two exits does, or it goes through ever other proxies.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.itinerary.layout import MOVES, PLACES, Itinerary
from detector.windows.journeys import JUMP_KM, least_hours, travellers_hours
from detector.windows.short_lists import holds, put_first
from detector.windows.sightings import METRO_KM

DAY_MS = 24 * 3_600_000
FORGET_MS = 14 * DAY_MS
CARRIED, MOVED, HURRIED = 1, 2, 3
"""What a move counts, in halves: one device, which a salesman may have carried there, and whose network may
let it out elsewhere; another device; another device sooner than a traveller is there from door to door."""
IPV6 = 6


@compiled
def note_place(event: Record, device: int, trip: Itinerary) -> bool:
    """Take note of a person's sign at an anchored address; return whether it is a move."""
    now_ms = int(event["time_ms"])
    version = 1 if event["version"] == IPV6 else 0
    last = int(trip.trip["last"][version]) - 1
    if last >= 0 and trip.places[last]["prefix"] == event["prefix"]:
        trip.places[last]["ms"] = now_ms
        put_first(trip.places[last]["devices"], device)
        return False
    here = int(_find(trip.places, event, device))
    back = here >= 0
    if back:
        trip.places[here]["again"] |= trip.places[here]["prefix"] == event["prefix"]
    else:
        here = int(_make_room(trip))
        trip.places[here]["twin"] = _twin(trip.places, event, device) + 1
        if last == here:
            last = -1
    moved = last >= 0 and last != here and now_ms - int(trip.places[last]["ms"]) <= FORGET_MS
    if moved:
        _add(trip, last, here, back, event, device)
    _stand(trip.places[here], event, device)
    trip.trip["last"][version] = here + 1
    return moved


@compiled
def _in_doubt(place: Record) -> bool:
    """Return whether nobody came back to a place that may be its twin."""
    return bool(place["twin"] != 0 and not place["again"])


@compiled
def _find(places: Array, event: Record, device: int) -> int:
    """Return the place of an event's address where somebody was last, -1 where it is a new one."""
    found, newest_ms = -1, int(event["time_ms"]) - FORGET_MS
    for number in range(PLACES):
        seen = places[number]
        if seen["ms"] == 0 or seen["version"] != event["version"] or int(seen["ms"]) < newest_ms:
            continue
        if seen["prefix"] == event["prefix"]:
            return number
        away_km = _away_km(seen, event)
        same_line = (
            event["asn"] != 0
            and seen["asn"] == event["asn"]
            and (seen["region"] == event["region"] or (away_km < JUMP_KM and holds(seen["devices"], device)))
        )
        if same_line or away_km <= METRO_KM:
            found, newest_ms = number, int(seen["ms"])
    return found


@compiled
def _twin(places: Array, event: Record, device: int) -> int:
    """Return the place that a new one may be: of the same device behind the same provider; -1 none."""
    for number in range(PLACES):
        seen = places[number]
        if (
            seen["ms"] != 0
            and seen["version"] == event["version"]
            and event["asn"] != 0
            and seen["asn"] == event["asn"]
            and holds(seen["devices"], device)
            and not _in_doubt(seen)
        ):
            return number
    return -1


@compiled
def _away_km(seen: Record, event: Record) -> float:
    return float(
        gap_km(seen["lat"], seen["lon"], seen["radius_km"], event["lat"], event["lon"], event["radius_km"])
    )


@compiled
def _make_room(trip: Itinerary) -> int:
    """Return a free place; one in doubt, or the one left longest ago, is freed with its moves."""
    oldest = 0
    for number in range(1, PLACES):
        if _sooner_freed(trip.places[number], trip.places[oldest]):
            oldest = number
    trip.places[oldest]["devices"][:] = 0
    trip.places[oldest]["again"] = 0
    for number in range(MOVES):
        move = trip.moves[number]
        if move["start"] == oldest or move["end"] == oldest:
            move["ms"] = 0
    for version in range(2):
        if trip.trip["last"][version] == oldest + 1:
            trip.trip["last"][version] = 0
    return oldest


@compiled
def _sooner_freed(one: Record, other: Record) -> bool:
    if one["ms"] == 0 or other["ms"] == 0 or _in_doubt(one) == _in_doubt(other):
        return bool(one["ms"] < other["ms"])
    return bool(_in_doubt(one))


@compiled
def _add(trip: Itinerary, start: int, end: int, back: bool, event: Record, device: int) -> None:  # noqa: FBT001  # numba takes no keywords-only
    place = trip.places[start]
    away_km = _away_km(place, event)
    hours = (int(event["time_ms"]) - int(place["ms"])) / 3_600_000.0
    carried = holds(place["devices"], device)
    move = trip.moves[trip.trip["next"]]
    move["ms"] = event["time_ms"]
    move["start"] = start
    move["end"] = end
    move["back"] = 1 if back else 0
    far = away_km >= JUMP_KM and not carried
    move["jump"] = 1 if far and hours < least_hours(away_km) else 0
    hurried = away_km >= JUMP_KM and hours < travellers_hours(away_km)
    move["hurried"] = 1 if hurried else 0
    move["weight"] = CARRIED if carried else HURRIED if hurried else MOVED
    trip.trip["next"] = (int(trip.trip["next"]) + 1) % MOVES


@compiled
def _stand(place: Record, event: Record, device: int) -> None:
    place["ms"] = event["time_ms"]
    place["prefix"] = event["prefix"]
    put_first(place["devices"], device)
    place["lat"] = event["lat"]
    place["lon"] = event["lon"]
    place["radius_km"] = event["radius_km"]
    place["asn"] = event["asn"]
    place["region"] = event["region"]
    place["version"] = event["version"]

"""What a person's sign does to the account's itinerary.

A place is a metropolis, or what one device meets behind one provider's lines: that a line which is dialled
anew comes out in another city says something of its addresses, and nothing of its user.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.itinerary.layout import MOVES, PLACES, Itinerary
from detector.windows.short_lists import holds, put_first
from detector.windows.sightings import METRO_KM

DAY_MS = 24 * 3_600_000
FORGET_MS = 14 * DAY_MS
JUMP_KM = 300.0
"""Under it, the databases' errors look like journeys: 29 % of Chinese addresses are over 100 km off."""
FLIGHT_KMH, FLIGHT_HOURS = 850.0, 0.5
"""An airliner cruises at 800-900 km/h; half an hour goes by, at the very least, between the doors' closing
and take-off, and between landing and the way out."""
TRAIN_KMH, TRAIN_HOURS = 320.0, 0.1
"""No train in regular service is faster from start to stop (Beijing-Nanjing, 1,023 km, takes 3 h 13 min)."""
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
    here = _find(trip.places, event, device)
    back = here >= 0
    if here < 0:
        here = _make_room(trip)
        if last == here:
            last = -1
    moved = last >= 0 and last != here and now_ms - int(trip.places[last]["ms"]) <= FORGET_MS
    if moved:
        _add(trip, last, here, back, event)
    _stand(trip.places[here], event, device)
    trip.trip["last"][version] = here + 1
    return moved


@compiled
def _find(places: Array, event: Record, device: int) -> int:
    """Return the place of an event's address where somebody was last, -1 where it is a new one."""
    found, newest_ms = -1, int(event["time_ms"]) - FORGET_MS
    for number in range(PLACES):
        seen = places[number]
        if seen["ms"] == 0 or seen["version"] != event["version"] or int(seen["ms"]) < newest_ms:
            continue
        same_line = (
            event["asn"] != 0
            and seen["asn"] == event["asn"]
            and (seen["region"] == event["region"] or holds(seen["devices"], device))
        )
        if same_line or seen["prefix"] == event["prefix"] or _away_km(seen, event) <= METRO_KM:
            found, newest_ms = number, int(seen["ms"])
    return found


@compiled
def _away_km(seen: Record, event: Record) -> float:
    return float(
        gap_km(seen["lat"], seen["lon"], seen["radius_km"], event["lat"], event["lon"], event["radius_km"])
    )


@compiled
def _make_room(trip: Itinerary) -> int:
    """Return a free place; the one left longest ago is freed with the moves from and to it."""
    oldest = 0
    for number in range(PLACES):
        if trip.places[number]["ms"] < trip.places[oldest]["ms"]:
            oldest = number
    trip.places[oldest]["devices"][:] = 0
    for number in range(MOVES):
        move = trip.moves[number]
        if move["start"] == oldest or move["end"] == oldest:
            move["ms"] = 0
    for version in range(2):
        if trip.trip["last"][version] == oldest + 1:
            trip.trip["last"][version] = 0
    return oldest


@compiled
def _add(trip: Itinerary, start: int, end: int, back: bool, event: Record) -> None:  # noqa: FBT001  # numba takes no keywords-only
    place = trip.places[start]
    away_km = _away_km(place, event)
    hours = (int(event["time_ms"]) - int(place["ms"])) / 3_600_000.0
    least = min(FLIGHT_HOURS + away_km / FLIGHT_KMH, TRAIN_HOURS + away_km / TRAIN_KMH)
    move = trip.moves[trip.trip["next"]]
    move["ms"] = event["time_ms"]
    move["start"] = start
    move["end"] = end
    move["back"] = 1 if back else 0
    move["jump"] = 1 if away_km >= JUMP_KM and hours < least else 0
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

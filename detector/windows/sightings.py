"""Sightings: runs of activity by one device from one place, kept in a ring of the newest ones.

A run ends after half an hour of silence, the session time-out of web analytics by convention; the next sign
of the same device from the same network then opens a new sighting.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.layout import SIGHTINGS

PAUSE_MS = 30 * 60_000
METRO_KM = 60.0
"""Centres of a metropolis's cities, after their radii, lie nearer: Guangzhou-Foshan 20, Beijing-Langfang 50,
Shanghai-Suzhou 85 km before any radius."""


@compiled
def find(sightings: Array, device: int, prefix: int, excused: int, time_ms: int) -> int:
    """Return the place of the run that an event continues, -1 where there is none."""
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if (
            seen["count"] > 0
            and seen["device"] == device
            and seen["prefix"] == prefix
            and seen["excused"] == excused
            and time_ms - seen["last_ms"] <= PAUSE_MS
        ):
            return slot
    return -1


@compiled
def last_page(sightings: Array, device: int) -> int:
    """Return the page that a device asked for last, 0 where none is known.

    Its next run may begin with a poll of that page: the computer woke up, or moved, with the page open.
    """
    page = 0
    newest_ms = -1
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] > 0 and seen["device"] == device and seen["last_ms"] > newest_ms:
            page = int(seen["path"])
            newest_ms = int(seen["last_ms"])
    return page


@compiled
def oldest(sightings: Array) -> int:
    """Return the place of an empty sighting, or of the one whose last moment is oldest."""
    chosen = 0
    for slot in range(SIGHTINGS):
        if sightings[slot]["count"] == 0:
            return slot
        if sightings[slot]["last_ms"] < sightings[chosen]["last_ms"]:
            chosen = slot
    return chosen


@compiled
def metropolis(sightings: Array, lasts: Array, event: Record, device: int) -> int:
    """Return the row's own number for the metropolis of an event's place, which may be a new one.

    A place is in the metropolis of a sighting of the same network, of the same provider and region (there the
    databases disagree with themselves), or nearer than METRO_KM; so it is in that of where the account was
    last seen, whose sighting may have made room. Where there is none, it is in that of the same device behind
    the same provider: a line that is dialled anew may come out in another province. Numbers run from 1 to 19
    at most.
    """
    taken = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] == 0 or seen["metro"] == 0:
            continue
        same_line = seen["asn"] == event["asn"] and seen["region"] == event["region"] and event["asn"] != 0
        if same_line or seen["prefix"] == event["prefix"] or _near(seen, event):
            return int(seen["metro"])
        taken |= 1 << int(seen["metro"])
    for place in range(len(lasts)):
        last = lasts[place]
        if last["metro"] == 0:
            continue
        if _near(last, event):
            return int(last["metro"])
        taken |= 1 << int(last["metro"])
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["metro"] != 0 and seen["device"] == device and seen["asn"] == event["asn"] != 0:
            return int(seen["metro"])
    number = 1
    while taken & (1 << number):
        number += 1
    return number


@compiled
def _near(seen: Record, event: Record) -> bool:
    """Return whether a place that was seen and an event's are less than a metropolis apart."""
    away_km = gap_km(
        seen["lat"], seen["lon"], seen["radius_km"], event["lat"], event["lon"], event["radius_km"]
    )
    return away_km <= METRO_KM


@compiled
def open_at(sightings: Array, slot: int, event: Record, device: int, metro: int) -> None:
    """Begin a sighting in `slot` with an event."""
    page = last_page(sightings, device)
    seen = sightings[slot]
    seen["device"] = device
    seen["session"] = event["session"]
    seen["before"] = 0
    seen["prefix"] = event["prefix"]
    seen["first_ms"] = event["time_ms"]
    seen["last_ms"] = event["time_ms"]
    seen["present_ms"] = 0
    seen["asn"] = event["asn"]
    seen["region"] = event["region"]
    seen["lat"] = event["lat"]
    seen["lon"] = event["lon"]
    seen["radius_km"] = event["radius_km"]
    seen["count"] = 0
    seen["path"] = page
    seen["excused"] = event["excused"]
    seen["hosting"] = event["hosting"]
    seen["desktop"] = event["desktop"]
    seen["metro"] = metro
    seen["anchored"] = event["anchored"]
    seen["version"] = event["version"]
    seen["known"] = 1 if event["device"] != 0 else 0
    seen["client"] = event["fingerprint"]
    seen["family"] = event["family"]
    seen["major"] = event["major"]
    seen["handheld"] = event["handheld"]
    seen["strange"] = 0
    seen["stolen"] = 0

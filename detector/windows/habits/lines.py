"""Lines of access: one provider in one metropolis or province, whatever address it deals out today."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.habits.layout import LINES
from detector.windows.sightings import METRO_KM

UNTOLD, NEAR, FAR = range(3)


@compiled
def find_line(lines: Array, event: Record, minute: int) -> int:
    """Return the place of an event's line, which may be a new one; of an event from a fixed network.

    A line is known by its network or, since addresses are dealt out anew, by its provider where that is in
    the same region or metropolis: so two homes of one provider in one city are one line, and are not told
    apart here.
    """
    found = -1
    for place in range(LINES):
        seen = lines[place]
        if seen["last"] == 0:
            continue
        if seen["prefix"] == event["prefix"]:
            found = place
            break
        if found < 0 and _same_provider(seen, event):
            found = place
    if found < 0:
        found = _open(lines, event, minute)
    seen = lines[found]
    seen["prefix"] = event["prefix"]
    seen["last"] = minute
    return found


@compiled
def apart(lines: Array, hand: int, other: int) -> int:
    """Return FAR, NEAR or UNTOLD: how far two hands are from one another, by all of their lines.

    Only lines of one IP version are compared: a home's two can look like two places. Hands are
    far apart where each two such lines lie in two metropolises; where one is not placed, they are near.
    """
    found = UNTOLD
    for place in range(LINES):
        line = lines[place]
        if line["last"] == 0 or line["hand"] != hand:
            continue
        for across in range(LINES):
            seen = lines[across]
            if seen["last"] == 0 or seen["hand"] != other or seen["version"] != line["version"]:
                continue
            if not line["anchored"] or not seen["anchored"] or _near(line, seen):
                return NEAR
            found = FAR
    return found


@compiled
def _same_provider(seen: Record, event: Record) -> bool:
    if seen["asn"] == 0 or seen["asn"] != event["asn"]:
        return False
    if seen["region"] == event["region"]:
        return True
    return bool(seen["anchored"] and event["anchored"] and _near(seen, event))


@compiled
def _near(line: Record, other: Record) -> bool:
    away_km = gap_km(
        line["lat"], line["lon"], line["radius_km"], other["lat"], other["lon"], other["radius_km"]
    )
    return bool(away_km <= METRO_KM)


@compiled
def _open(lines: Array, event: Record, minute: int) -> int:
    """Begin a line, in an empty place or in that of the one used longest ago."""
    place = 0
    for other in range(1, LINES):
        if lines[other]["last"] < lines[place]["last"]:
            place = other
    seen = lines[place]
    seen["asn"] = event["asn"]
    seen["region"] = event["region"]
    seen["lat"] = event["lat"]
    seen["lon"] = event["lon"]
    seen["radius_km"] = event["radius_km"]
    seen["first"] = minute
    seen["hand"] = 0
    seen["anchored"] = event["anchored"]
    seen["version"] = event["version"]
    return place

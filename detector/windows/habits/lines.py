"""Lines of access: one provider in one metropolis or province, whatever address it deals out today."""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.habits.layout import LINES
from detector.windows.sightings import METRO_KM


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
def far_apart(line: Record, other: Record) -> bool:
    """Return whether two lines lie in two metropolises; of one IP version, where both are known."""
    if not comparable(line, other) or not line["anchored"] or not other["anchored"]:
        return False
    away_km = gap_km(
        line["lat"], line["lon"], line["radius_km"], other["lat"], other["lon"], other["radius_km"]
    )
    return bool(away_km > METRO_KM)


@compiled
def comparable(line: Record, other: Record) -> bool:
    """Return whether two lines can be held against one another: a home's IPv4 and IPv6 can look like two."""
    return bool(line["version"] == other["version"])


@compiled
def _same_provider(seen: Record, event: Record) -> bool:
    if seen["asn"] == 0 or seen["asn"] != event["asn"]:
        return False
    if seen["region"] == event["region"]:
        return True
    if not seen["anchored"] or not event["anchored"]:
        return False
    away_km = gap_km(
        seen["lat"], seen["lon"], seen["radius_km"], event["lat"], event["lon"], event["radius_km"]
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

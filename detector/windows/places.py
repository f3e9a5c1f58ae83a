"""What two places say about one account: overlap, change of metropolis, speed.

Only anchored sightings are held against one another, and only within one IP version: a home's IPv4 and IPv6
can show different cities. Sightings that an allow entry explains for the category are left out.
"""

from detector.categories import ACCOUNT_SHARING_BIT, CITY_SWITCHING_BIT
from detector.windows.compiled import Array, Record, compiled
from detector.windows.geometry import gap_km
from detector.windows.habits.devices import met, strangers
from detector.windows.habits.layout import Memory
from detector.windows.journeys import JUMP_KM, travellers_hours
from detector.windows.layout import FAR_OVERLAPS, HOPS, IPV6, JUMPS, NEAR_OVERLAPS, RETURNS, SIGHTINGS
from detector.windows.rings import add

WITHIN_MS = 15 * 60_000
"""A device is at work between two signs of it that lie no further apart."""
AGAIN_MS = 5 * 60_000
"""Overlaps are counted once in this time, so that their number is one of minutes, not of clicks."""
DAY_MS = 24 * 3_600_000
JUMP_KMH = 1000.0
"""Airliners cruise at 800-950 km/h; with the jet stream their ground speed stays under this on most days."""
LEAST_HOURS = 1.0 / 60.0
"""Clocks of two machines may differ by so much."""


@compiled
def overlap(
    head: Record, totals: Array, hours: Array, sightings: Array, memory: Memory, slot: int, before_ms: int
) -> None:
    """Count where another device, elsewhere, was at work between two signs of this one.

    A phone beside a computer is its owner's, wherever the carrier lets it out, unless the two kept apart for
    days. Two computers that did are at two lines, though these be one provider's. Within a metropolis one
    without an id may be the other one, or a program of its owner's; and two that were ever in one network are
    one person's, though his office have two lines.
    """
    here = sightings[slot]
    now_ms = int(here["present_ms"])
    if before_ms == 0 or now_ms - before_ms > WITHIN_MS or here["excused"] & ACCOUNT_SHARING_BIT:
        return
    for other in range(SIGHTINGS):
        there = sightings[other]
        if (
            not there["anchored"]
            or there["count"] == 0
            or there["device"] == here["device"]
            or there["version"] != here["version"]
            or there["present_ms"] <= before_ms
            or there["excused"] & ACCOUNT_SHARING_BIT
        ):
            continue
        pair = (1 << slot) | (1 << other)
        if there["metro"] != here["metro"]:
            alike = here["desktop"] and there["desktop"]
            if now_ms - head["overlap_ms"] >= AGAIN_MS and (
                alike or strangers(memory.devices, here["device"], there["device"])
            ):
                add(head, totals, hours, FAR_OVERLAPS)
                head["overlap_ms"] = now_ms
                head["overlap_slots"] = pair
                head["overlap_km"] = gap_km(
                    here["lat"],
                    here["lon"],
                    here["radius_km"],
                    there["lat"],
                    there["lon"],
                    there["radius_km"],
                )
        elif (
            here["desktop"]
            and there["desktop"]
            and here["prefix"] != there["prefix"]
            and here["known"] == there["known"]
            and now_ms - head["near_ms"] >= AGAIN_MS
        ):
            strange = strangers(memory.devices, here["device"], there["device"])
            if strange:
                memory.habits["strange"] = min(int(memory.habits["strange"]) + 1, 255)
            if strange or _other_line(here, there, memory, now_ms - int(head["near_ms"])):
                add(head, totals, hours, NEAR_OVERLAPS)
                head["near_ms"] = now_ms
                head["near_slots"] = pair


@compiled
def _other_line(here: Record, there: Record, memory: Memory, since_ms: int) -> bool:
    """Return whether two computers of one metropolis, not yet known, seem to be at two lines.

    One provider's may be one line with several addresses, a carrier's translated ones or an office's: so that
    counts half as often, and over IPv4 only, as an office has many /64.
    """
    if met(memory.devices, here["device"], there["device"]):
        return False
    if here["asn"] != there["asn"]:
        return True
    return bool(here["version"] != IPV6 and since_ms >= 2 * AGAIN_MS)


@compiled
def travel(
    head: Record, lasts: Array, totals: Array, hours: Array, sightings: Array, slot: int, before_ms: int
) -> None:
    """Count a change of metropolis since the last sign of the account, and one faster than an airliner.

    `before_ms`: the sign of a person in the sighting in `slot` before this one, 0 where there was none. One
    device that is there sooner than anybody travels has not returned: its network has several exits, or goes
    through ever other proxies. A phone, which a carrier may let out anywhere, says nothing.
    """
    here = sightings[slot]
    if here["excused"] & CITY_SWITCHING_BIT or here["handheld"]:
        return
    now_ms = int(here["present_ms"])
    last = lasts[1 if here["version"] == IPV6 else 0]
    elapsed_ms = now_ms - int(last["ms"])
    if last["metro"] != 0 and last["metro"] != here["metro"] and elapsed_ms <= DAY_MS:
        away_km = gap_km(
            last["lat"], last["lon"], last["radius_km"], here["lat"], here["lon"], here["radius_km"]
        )
        elapsed_hours = elapsed_ms / 3_600_000.0
        stayed = elapsed_hours < travellers_hours(away_km) and _same_device(sightings, last, here)
        add(head, totals, hours, HOPS)
        if not stayed and _was_here(sightings, slot, before_ms, int(last["ms"])):
            add(head, totals, hours, RETURNS)
        speed_kmh = away_km / max(elapsed_hours, LEAST_HOURS)
        if away_km >= JUMP_KM and speed_kmh > JUMP_KMH and not stayed:
            add(head, totals, hours, JUMPS)
            head["jump_slots"] = (1 << slot) | _start(sightings, last)
            head["jump_kmh"] = speed_kmh
            head["jump_km"] = away_km
    last["ms"] = now_ms
    last["lat"] = here["lat"]
    last["lon"] = here["lon"]
    last["radius_km"] = here["radius_km"]
    last["metro"] = here["metro"]
    last["slot"] = slot


@compiled
def _same_device(sightings: Array, last: Record, here: Record) -> bool:
    """Return whether the last sign elsewhere was of this very device, as far as that is still known."""
    return bool(_start(sightings, last) != 0 and sightings[int(last["slot"])]["device"] == here["device"])


@compiled
def _start(sightings: Array, last: Record) -> int:
    """Return the bit of the sighting where a journey began; 0 where another one took its place."""
    slot = int(last["slot"])
    return 1 << slot if sightings[slot]["present_ms"] == last["ms"] else 0


@compiled
def _was_here(sightings: Array, slot: int, before_ms: int, left_ms: int) -> bool:
    """Return whether a person was in the metropolis of `slot` within a day before, by the same IP version.

    Of the sighting in `slot` itself, the sign of `before_ms` counts; `left_ms` is the last sign elsewhere.
    """
    here = sightings[slot]
    for other in range(SIGHTINGS):
        seen = sightings[other]
        present_ms = before_ms if other == slot else int(seen["present_ms"])
        if (
            present_ms != 0
            and seen["metro"] == here["metro"]
            and seen["version"] == here["version"]
            and seen["anchored"]
            and not seen["handheld"]
            and not seen["excused"] & CITY_SWITCHING_BIT
            and left_ms - present_ms <= DAY_MS
        ):
            return True
    return False

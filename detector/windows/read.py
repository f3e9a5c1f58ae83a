"""Reading features off a row, right after an event was folded into it."""

from math import sqrt

import numpy as np

from detector.categories import CITY_SWITCHING_BIT, DATACENTER_ACCESS_BIT
from detector.windows.compiled import Array, Record, compiled
from detector.windows.failures import LEAK_MS, SLOW_LEAK_MS
from detector.windows.layout import (
    ASSETS,
    FAILED,
    FAILURES,
    FAR_OVERLAPS,
    HOPS,
    HOSTING,
    HOSTING_USED,
    HOURS,
    IPV6,
    JUMPS,
    MOVED,
    NEAR_OVERLAPS,
    REPORT,
    REQUESTS,
    RETURNS,
    SIGHTINGS,
    STRANGE,
)
from detector.windows.paths import distinct
from detector.windows.places import DAY_MS
from detector.windows.rings import bits
from detector.windows.strangers import read_strangers

FEW_REQUESTS = 5
"""Paths are only counted beyond: fewer requests can hold no catalogue."""


@compiled
def read_features(
    event: Record, head: Record, totals: Array, hours: Array, paths: Array, sightings: Array, out: Record
) -> None:
    """Fill what a record of FEATURES says of the row; what it says of the event is copied by `fold_batch`."""
    out["first_ms"] = head["first_ms"]
    _read_places(head, totals, sightings, int(event["time_ms"]), out)
    _read_requests(head, totals, hours, paths, out)
    _read_failures(event, head, totals, out)
    if event["type"] == REPORT:
        read_strangers(sightings, int(event["time_ms"]), out)
    out["moves_24h"] = totals[MOVED]
    out["moved_slots"] = head["moved_slots"]


@compiled
def _read_places(head: Record, totals: Array, sightings: Array, now_ms: int, out: Record) -> None:
    metros4 = 0
    metros6 = 0
    metro_slots = 0
    hosting_slots = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["count"] == 0 or now_ms - seen["last_ms"] > DAY_MS:
            continue
        if seen["hosting"] == HOSTING_USED and not seen["excused"] & DATACENTER_ACCESS_BIT:
            hosting_slots |= 1 << slot
        if not seen["anchored"] or seen["handheld"] or seen["excused"] & CITY_SWITCHING_BIT:
            continue
        if seen["present_ms"] == 0 or now_ms - seen["present_ms"] > DAY_MS:
            continue
        metro_slots |= 1 << slot
        if seen["version"] == IPV6:
            metros6 |= 1 << int(seen["metro"])
        else:
            metros4 |= 1 << int(seen["metro"])
    out["metros_24h"] = max(bits(metros4), bits(metros6))
    out["metro_slots"] = metro_slots
    out["hosting_slots"] = hosting_slots
    out["hosting_24h"] = totals[HOSTING]
    out["hosting_hours_24h"] = bits(int(head["hosting"]))
    out["hops_24h"] = totals[HOPS]
    out["returns_24h"] = totals[RETURNS]
    out["jumps_24h"] = totals[JUMPS]
    out["jump_kmh"] = head["jump_kmh"]
    out["jump_km"] = head["jump_km"]
    out["jump_slots"] = int(head["jump_slots"]) | (int(out["city_slots"]) if out["city_jumps_7d"] > 0 else 0)
    out["far_overlaps_24h"] = totals[FAR_OVERLAPS]
    out["near_overlaps_24h"] = totals[NEAR_OVERLAPS]
    out["overlap_km"] = head["overlap_km"]
    out["overlap_slots"] = head["overlap_slots"]
    out["near_slots"] = head["near_slots"]


@compiled
def _read_requests(head: Record, totals: Array, hours: Array, paths: Array, out: Record) -> None:
    now = int(head["hour"]) % HOURS
    before = (int(head["hour"]) - 1) % HOURS
    out["requests_1m"] = max(int(head["minute_requests"]), int(head["minute_before"]))
    out["requests_1h"] = int(hours[REQUESTS, now]) + int(hours[REQUESTS, before])
    out["assets_1h"] = int(hours[ASSETS, now]) + int(hours[ASSETS, before])
    out["requests_24h"] = totals[REQUESTS]
    out["assets_24h"] = totals[ASSETS]
    out["active_hours_24h"] = bits(int(head["active"]))
    out["paths_1h"] = distinct(paths) if out["requests_1h"] >= FEW_REQUESTS else 0.0
    mean = np.float64(head["gap_mean_s"])
    out["gaps"] = head["gap_count"]
    out["gap_mean_s"] = mean
    out["gap_cv"] = sqrt(np.float64(head["gap_var_s2"])) / mean if mean > 0.0 else 0.0


@compiled
def _read_failures(event: Record, head: Record, totals: Array, out: Record) -> None:
    networks = 0
    attacked_from = False
    for place in range(FAILURES):
        if head["failure_prefix"][place] != 0:
            networks += 1
            attacked_from = attacked_from or head["failure_prefix"][place] == event["prefix"]
    out["failures_24h"] = totals[FAILED]
    out["strange_failures_24h"] = totals[STRANGE]
    out["strange_networks"] = networks if totals[STRANGE] > 0 else 0
    out["attacked_from"] = attacked_from
    if head["failure_ms"] > 0:
        out["failure_level"] = _leaked(event, head, head["failure_level"], LEAK_MS)
        out["renewed"] = head["password_ms"] >= head["failure_ms"]
        out["failure_slow"] = _leaked(event, head, head["failure_slow"], SLOW_LEAK_MS)
    out["failure_run"] = head["failure_run"]


@compiled
def _leaked(event: Record, head: Record, level: float, leak_ms: float) -> float:
    """Return what is left in a bucket of failures at an event's moment."""
    gap_ms = int(event["time_ms"]) - int(head["failure_ms"])
    return max(0.0, np.float64(level) - gap_ms / leak_ms)

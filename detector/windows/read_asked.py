"""Reading what requests tell off a row: pace, order, probes and floods.

Only a request that is no asset asks for it: the browser chose the others by itself.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.crawl import BREAK_MS
from detector.windows.layout import (
    CHOSEN,
    EVENT_TYPES,
    FRESH,
    HOURS,
    MISS_WORDS,
    REFUSED,
    REQUESTS,
    SIGHTINGS,
    STEPS,
)
from detector.windows.paths import bits64
from detector.windows.probes import QUIET_MS
from detector.windows.rings import bits

HOUR_MS = 3_600_000
REQUEST = EVENT_TYPES.index("request")


@compiled
def read_asked(
    event: Record,
    head: Record,
    asked: Record,
    totals: Array,
    hours: Array,
    sightings: Array,
    out: Record,
) -> None:
    """Fill what a record of FEATURES says of requests beyond their number."""
    if event["type"] != REQUEST or event["asset"]:
        return
    now_ms = int(event["time_ms"])
    now = int(head["hour"]) % HOURS
    before = (int(head["hour"]) - 1) % HOURS
    out["chosen_1h"] = int(hours[CHOSEN, now]) + int(hours[CHOSEN, before])
    out["chosen_24h"] = totals[CHOSEN]
    out["fresh_1h"] = int(hours[FRESH, now]) + int(hours[FRESH, before])
    out["fresh_24h"] = totals[FRESH]
    out["steps_24h"] = totals[STEPS]
    out["refused_24h"] = totals[REFUSED]
    out["walked_hours_24h"] = bits(int(head["walked"]))
    out["burst_level"] = asked["burst_level"]
    out["flood_level"] = asked["flood_level"]
    if now_ms - int(head["load_ms"]) <= BREAK_MS:
        out["run_h"] = (int(head["load_ms"]) - int(asked["run_ms"])) / HOUR_MS
        out["run_loads"] = asked["run_loads"]
    if asked["probe_ms"] != 0 and now_ms - int(asked["probe_ms"]) <= QUIET_MS:
        out["probe_paths"] = bits64(asked["probe_paths"])
        out["probe_kinds"] = bits(int(asked["probe_kinds"]))
    if asked["miss_ms"] != 0 and now_ms - int(asked["miss_ms"]) <= QUIET_MS:
        missed = 0
        for word in range(MISS_WORDS):
            missed += bits64(asked["misses"][word])
        out["missed_paths"] = missed
    if not event["account"]:
        _clients(sightings, now_ms, out)
        out["usual_1m"] = _usual(head, totals, hours, now, before)


@compiled
def _clients(sightings: Array, now_ms: int, out: Record) -> None:
    """Tell how many kinds of client were seen within the hour, and how many ways they greet.

    Many people share an address with many; a program that writes ever other agents greets in one way.
    """
    clients = greetings = 0
    told = True
    for place in range(SIGHTINGS):
        if not _lately(sightings[place], now_ms):
            continue
        clients += 1
        greeting = sightings[place]["greeting"]
        told = told and greeting != 0
        first = True
        for before in range(place):
            if _lately(sightings[before], now_ms) and sightings[before]["greeting"] == greeting:
                first = False
        greetings += 1 if first else 0
    out["clients_1h"] = clients
    out["greetings_1h"] = greetings if told else 0


@compiled
def _lately(seen: Record, now_ms: int) -> bool:
    return bool(seen["count"] > 0 and now_ms - int(seen["last_ms"]) <= HOUR_MS)


@compiled
def _usual(head: Record, totals: Array, hours: Array, now: int, before: int) -> float:
    """Return the requests a minute in the active hours of the last day before this one and the last."""
    others = bits(int(head["active"]) & ~3)
    if others == 0:
        return 0.0
    asked_before = int(totals[REQUESTS]) - int(hours[REQUESTS, now]) - int(hours[REQUESTS, before])
    return asked_before / (60.0 * others)

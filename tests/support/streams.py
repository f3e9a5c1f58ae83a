"""Streams of random events of all types, made to meet the edges of the windows."""

import numpy as np
from numpy.typing import NDArray

from detector.windows import EVENT
from detector.windows.layout import EVENT_TYPES
from tests.support.spots import START_MS

EDGES_MS = np.array(
    [0, 1, 999, 60_000, 299_999, 300_000, 900_000, 900_001, 1_800_000, 1_800_001, 3_600_000, 82_800_000]
)
"""Steps of time: window lengths of the kernels, and a millisecond beside them."""
LONG_MS = np.array([86_399_999, 86_400_000, 86_400_001, 10 * 86_400_000])
TYPE_WEIGHTS = np.array([3, 4, 1, 3, 12, 1, 1, 1]) / 26
CITIES = np.array([(31.2304, 121.474), (31.3, 120.6), (39.9042, 116.407), (30.6509, 104.076), (-33.9, 151.2)])
"""Two of them are 86 km apart, one lies across the equator."""


def random_events(seed: int, count: int, rows: int) -> NDArray[np.void]:
    """Return EVENT, shape (count,), in order of time, of `rows` rows."""
    rng = np.random.default_rng(seed)
    events = np.zeros(count, EVENT)
    steps = rng.choice(EDGES_MS, count, p=_mostly_small(len(EDGES_MS)))
    far = rng.random(count) < 2.0 / count
    steps[far] = rng.choice(LONG_MS, int(far.sum()))
    events["time_ms"] = START_MS + rng.integers(0, 3_600_000) + np.cumsum(steps)
    events["row"] = rng.integers(0, rows, count)
    events["type"] = rng.choice(len(EVENT_TYPES), count, p=TYPE_WEIGHTS)
    for name, most in (("device", 4), ("session", 9), ("prefix", 12), ("fingerprint", 3)):
        hashes = rng.integers(1, 2**64, most + 1, np.uint64)
        hashes[0] = name in {"prefix", "fingerprint"}
        events[name] = hashes[rng.integers(0, most + 1, count)]
    place = rng.integers(0, len(CITIES), count)
    events["lat"], events["lon"] = CITIES[place].T + rng.normal(0, 0.3, (2, count))
    events["radius_km"] = rng.choice([0.0, 5.0, 50.0, 200.0], count)
    events["path"] = rng.integers(0, rng.choice([3, 2**32]), count)
    for name, most in (("asn", 4), ("region", 3), ("kind", 8), ("network", 10), ("max_cities", 4)):
        events[name] = rng.integers(0, most, count)
    events["version"] = rng.choice([4, 6], count, p=[0.8, 0.2])
    events["precision"] = rng.choice([0, 1, 2, 3], count, p=[0.05, 0.05, 0.1, 0.8])
    events["anchored"] = (events["precision"] == 3) & (rng.random(count) < 0.8)
    events["excused"] = rng.choice([0, 1, 1 << 4, 1 << 3, 2**14 - 1], count, p=[0.8, 0.05, 0.05, 0.05, 0.05])
    for name in ("fixed", "hosting", "desktop", "verified", "asset", "account", "locked", "handheld"):
        events[name] = rng.random(count) < 0.4
    for name in ("hidden", "bulk"):
        events[name] = np.random.default_rng([seed, len(name)]).random(count) < 0.4
    if seed % 2:  # clients all greet, or none of them does
        events["greeting"] = np.random.default_rng([seed, 8]).integers(1, 4, count)
    for name in ("family", "major"):
        events[name] = rng.integers(0, 3, count)
    events["proxied"] = rng.random(count) < 0.02
    events["shape"] = rng.integers(0, 3, count)
    events["number"] = np.arange(count) // rng.integers(1, 4) * (rng.random(count) < 0.9)
    events["probe"] = rng.integers(0, 10, count) * (rng.random(count) < 0.3)
    events["status"] = rng.choice([0, 200, 404, 429], count)
    events["client_words"] = rng.integers(0, 4, count)
    events["role"] = rng.integers(0, 4, count)
    events["seats"] = rng.integers(0, 9, count)
    claiming = rng.random(count) < 0.4
    for name, most in (("claim", 12), ("claim_network", 12), ("claim_kind", 4)):
        events[name] = np.where(claiming, rng.integers(1, most, count), 0)
    return events


def events_of_hands(seed: int, count: int) -> NDArray[np.void]:
    """Return EVENT, shape (count,), of one account that five people use by turns, each on a line of his own.

    Two of the lines are in one city. Some of the events come from other devices there, or without an id.
    """
    rng = np.random.default_rng(seed)
    events = random_events(seed, count, 1)
    hand = np.repeat(rng.choice(5, count, p=[0.35, 0.35, 0.15, 0.1, 0.05]), rng.integers(1, 3, count))[:count]
    apart = rng.random(count) < 0.06  # most of them interleave
    events["type"] = np.where(rng.random(count) < 0.8, EVENT_TYPES.index("login_success"), events["type"])
    steps = np.where(apart, 9 * 3_600_000, 2 * 60_000) + rng.integers(0, 60_000, count)
    events["excused"] = 0
    events["time_ms"] = START_MS + np.cumsum(steps)
    device = 100 + 2 * hand + rng.integers(0, 2, count)
    events["device"] = np.where(rng.random(count) < 0.1, 0, device)
    events["fingerprint"] = device // 2 * 3 + rng.integers(0, 2, count)
    events["prefix"] = 1000 + hand
    events["asn"] = 50 + hand
    events["region"] = 7 + hand // 2
    events["lat"], events["lon"] = CITIES[hand // 2].T
    events["radius_km"] = 5.0
    events["version"] = 4
    events["precision"] = 3
    for name in ("anchored", "fixed", "desktop", "account"):
        events[name] = rng.random(count) < 0.95
    return events


def events_of_strangers(seed: int, count: int) -> NDArray[np.void]:
    """Return EVENT, shape (count,), of a holder in one city and of strangers in another, by days.

    They set new passwords; the holder is shut out, and sets another one.
    """
    rng = np.random.default_rng(seed)
    events = random_events(seed, count, 1)
    number = np.arange(count)
    stranger = number // 25 % 3 == 2
    at = number % 25
    came = np.where(stranger, np.where(number // 75 == 3, 3, -12), 10)  # at night, or when the holder left
    events["time_ms"] = START_MS + 3_600_000 * (24 * (number // 25) + came) + 4 * 60_000 * at
    events["device"] = np.where(stranger, 900 + number // 75, 800)
    events["fingerprint"] = events["device"]
    events["session"] = 1 + number // 25
    events["prefix"] = np.where(stranger, 90 + number // 75, 80)
    events["asn"] = np.where(stranger & (number // 75 % 3 > 0), 9, 8)
    events["region"] = np.where(stranger & (number // 75 % 3 > 0), 6, 5)
    events["lat"], events["lon"] = CITIES[np.where(stranger, 2, 0)].T
    events["radius_km"] = 5.0
    kinds = np.select([at == 0, at == 3, at < 3], ["login_success", "password_change", "request"], "request")
    shut_out = (number // 25 % 3 == 0) & (at < 3)
    kinds = np.where(shut_out, "login_failure", kinds)
    events["type"] = [EVENT_TYPES.index(kind) for kind in kinds]
    events["excused"] = 0
    events["version"] = 4
    events["kind"] = 1
    events["hidden"] = rng.random(count) < 0.5
    for name in ("proxied", "locked"):
        events[name] = 0
    for name in ("anchored", "fixed", "desktop", "account"):
        events[name] = 1
    return events


def _mostly_small(count: int) -> NDArray[np.float64]:
    weights = 0.55 ** np.arange(count)
    weighed: NDArray[np.float64] = weights / weights.sum()
    return weighed


def events_of_a_tour(seed: int, count: int) -> NDArray[np.void]:
    """Return EVENT, shape (count,), of a device at work in one province after the other, for days."""
    events = random_events(seed, count, 1)
    number = np.arange(count)
    events["time_ms"] = START_MS + 400_000 * number + events["time_ms"] % 300_000
    events["type"] = EVENT_TYPES.index("login_success")
    events["region"], events["asn"] = 1 + number // 3 % 5, 1 + number // 3 % 3
    events["lat"], events["lon"] = CITIES[number // 3 % len(CITIES)].T
    events["prefix"], events["device"] = 1 + number // 3 % 7, events["device"][0]
    for name in ("account", "anchored", "desktop"):
        events[name] = 1
    for name in ("handheld", "excused", "proxied", "hidden"):
        events[name] = 0
    return events

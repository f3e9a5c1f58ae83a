"""Reading an itinerary, right after a move.

Moves between the two places that are changed most often count for nothing: home and work, or a home and a
family elsewhere, are changed daily or weekly, and where a database puts one of them into another province it
does so each time.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.itinerary.layout import MOVES, Itinerary
from detector.windows.itinerary.note import DAY_MS
from detector.windows.layout import SIGHTINGS


@compiled
def read_itinerary(event: Record, trip: Itinerary, sightings: Array, out: Record) -> None:
    """Fill what a record of FEATURES says of the moves of a day and of a week."""
    now_ms = int(event["time_ms"])
    moves = trip.moves
    out["city_places_7d"] = _places(moves, now_ms, 7 * DAY_MS)
    out["city_moves_24h"], _ = _beside_the_usual(moves, now_ms, DAY_MS, 0)
    out["city_moves_7d"], out["city_backs_7d"] = _beside_the_usual(moves, now_ms, 7 * DAY_MS, 0)
    out["city_jumps_7d"], _ = _beside_the_usual(moves, now_ms, 7 * DAY_MS, 1)
    slots = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["anchored"] and seen["present_ms"] != 0 and now_ms - seen["present_ms"] <= 7 * DAY_MS:
            slots |= 1 << slot
    out["city_slots"] = slots


@compiled
def _places(moves: Array, now_ms: int, window_ms: int) -> int:
    """Return how many places the moves of a window touch."""
    touched, count = 0, 0
    for number in range(MOVES):
        move = moves[number]
        if move["ms"] != 0 and now_ms - move["ms"] <= window_ms:
            for place in (int(move["start"]), int(move["end"])):
                if touched >> place & 1 == 0:
                    touched |= 1 << place
                    count += 1
    return count


@compiled
def _beside_the_usual(moves: Array, now_ms: int, window_ms: int, jump: int) -> tuple[int, int]:
    """Return the moves of a window but for those of the commonest pair, and how many of them went back.

    `jump` 1: of those only that were sooner than by plane or train.
    """
    total, backs, commonest, common_backs = 0, 0, 0, 0
    for number in range(MOVES):
        move = moves[number]
        if not _counts(move, now_ms, window_ms, jump):
            continue
        total += 1
        backs += move["back"]
        alike, alike_backs = 0, 0
        for place in range(MOVES):
            other = moves[place]
            if _counts(other, now_ms, window_ms, jump) and _same_pair(move, other):
                alike += 1
                alike_backs += other["back"]
        if alike > commonest or (alike == commonest and alike_backs > common_backs):
            commonest, common_backs = alike, alike_backs
    return total - commonest, backs - common_backs


@compiled
def _counts(move: Record, now_ms: int, window_ms: int, jump: int) -> bool:
    return bool(move["ms"] != 0 and now_ms - move["ms"] <= window_ms and move["jump"] >= jump)


@compiled
def _same_pair(move: Record, other: Record) -> bool:
    return bool(
        (move["start"] == other["start"] and move["end"] == other["end"])
        or (move["start"] == other["end"] and move["end"] == other["start"])
    )

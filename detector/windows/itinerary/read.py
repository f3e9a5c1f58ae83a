"""Reading an itinerary, right after a move.

Moves between the two places that are changed most often count for nothing: home and work, or a home and a
family elsewhere, are changed daily or weekly, and where a database puts one of them into another province it
does so each time. A place in doubt counts as its twin, but where somebody came back to several of them.
"""

from detector.windows.compiled import Array, Record, compiled
from detector.windows.itinerary.layout import MOVES, PLACES, Itinerary
from detector.windows.itinerary.note import DAY_MS
from detector.windows.layout import SIGHTINGS
from detector.windows.rings import bits

APART = 2
"""So many places behind one provider's lines beside the first, each come back to in its very network, are no
errors of a database: one in ten of its addresses lies in the wrong province."""
SCATTERED = 3
"""Places beside the commonest two, of somebody who is all over the country."""


@compiled
def read_itinerary(event: Record, trip: Itinerary, sightings: Array, out: Record) -> None:
    """Fill what a record of FEATURES says of the moves of a day and of a week."""
    now_ms = int(event["time_ms"])
    _tell_apart(trip)
    out["city_places_7d"] = _places(trip, now_ms, 7 * DAY_MS)
    out["city_moves_24h"], _ = _beside_the_usual(trip, now_ms, DAY_MS)
    out["city_moves_7d"], out["city_backs_7d"] = _beside_the_usual(trip, now_ms, 7 * DAY_MS)
    out["city_jumps_7d"] = _jumps_beside(trip, now_ms, 7 * DAY_MS)
    out["city_scatter_7d"] = _scattered(trip, now_ms, 7 * DAY_MS)
    out["round_days_7d"] = bits(int(trip.trip["round_days"]))
    slots = 0
    for slot in range(SIGHTINGS):
        seen = sightings[slot]
        if seen["anchored"] and seen["present_ms"] != 0 and now_ms - seen["present_ms"] <= 7 * DAY_MS:
            slots |= 1 << slot
    out["city_slots"] = slots


@compiled
def _tell_apart(trip: Itinerary) -> None:
    """Take places in doubt for places of their own as soon as somebody came back to several of them."""
    count = 0
    for number in range(PLACES):
        place = trip.places[number]
        count += place["ms"] != 0 and place["twin"] != 0 and place["again"]
    trip.trip["apart"] = count >= APART


@compiled
def _places(trip: Itinerary, now_ms: int, window_ms: int) -> int:
    """Return how many places the moves of a window touch."""
    touched = 0
    for number in range(MOVES):
        move = trip.moves[number]
        if _weight(trip, move, now_ms, window_ms) > 0:
            touched |= 1 << _really(trip, int(move["start"])) | 1 << _really(trip, int(move["end"]))
    return int(bits(touched))


@compiled
def _beside_the_usual(trip: Itinerary, now_ms: int, window_ms: int) -> tuple[int, int]:
    """Return the weight of a window's moves but for those of the commonest pair, and how many went back."""
    total, backs, commonest, common_backs = 0, 0, 0, 0
    for number in range(MOVES):
        weight = _weight(trip, trip.moves[number], now_ms, window_ms)
        if weight == 0:
            continue
        total += weight
        backs += trip.moves[number]["back"]
        alike, alike_backs = 0, 0
        for place in range(MOVES):
            other = trip.moves[place]
            if _same_pair(trip, trip.moves[number], other):
                theirs = _weight(trip, other, now_ms, window_ms)
                alike += theirs
                alike_backs += other["back"] if theirs > 0 else 0
        if alike > commonest or (alike == commonest and alike_backs > common_backs):
            commonest, common_backs = alike, alike_backs
    return total - commonest, backs - common_backs


@compiled
def _jumps_beside(trip: Itinerary, now_ms: int, window_ms: int) -> int:
    """Return the moves sooner than by plane or train, but for those of their commonest pair."""
    total, commonest = 0, 0
    for number in range(MOVES):
        if not _jumped(trip, trip.moves[number], now_ms, window_ms):
            continue
        total += 1
        alike = 0
        for place in range(MOVES):
            other = trip.moves[place]
            if _same_pair(trip, trip.moves[number], other) and _jumped(trip, other, now_ms, window_ms):
                alike += 1
        commonest = max(commonest, alike)
    return total - commonest


@compiled
def _jumped(trip: Itinerary, move: Record, now_ms: int, window_ms: int) -> bool:
    return bool(move["jump"] and _weight(trip, move, now_ms, window_ms) > 0)


@compiled
def _scattered(trip: Itinerary, now_ms: int, window_ms: int) -> int:
    """Return the hurried moves between places of which neither is one of the two that are come to most.

    Every place counts, in doubt or not: a line's right province and the one that an error of the database
    repeats are the two, and that an address errs otherwise, and the next one errs elsewhere, is rare. 0 where
    fewer than `SCATTERED` places are touched.
    """
    first = _most_come_to(trip, now_ms, window_ms, -1)
    second = _most_come_to(trip, now_ms, window_ms, first)
    touched, count = 0, 0
    for number in range(MOVES):
        move = trip.moves[number]
        start, end = int(move["start"]), int(move["end"])
        if not move["hurried"] or not _counts(move, now_ms, window_ms):
            continue
        if start in (first, second) or end in (first, second):
            continue
        count += 1
        touched |= 1 << start | 1 << end
    return count if bits(touched) >= SCATTERED else 0


@compiled
def _most_come_to(trip: Itinerary, now_ms: int, window_ms: int, but: int) -> int:
    """Return the place to which most moves of a window lead, but for one; -1 where there is none."""
    found, most = -1, 0
    for place in range(PLACES):
        come = 0
        for number in range(MOVES):
            move = trip.moves[number]
            come += _counts(move, now_ms, window_ms) and move["end"] == place
        if place != but and come > most:
            found, most = place, come
    return found


@compiled
def _counts(move: Record, now_ms: int, window_ms: int) -> bool:
    return bool(move["ms"] != 0 and now_ms - move["ms"] <= window_ms)


@compiled
def _weight(trip: Itinerary, move: Record, now_ms: int, window_ms: int) -> int:
    """Return what a move counts, in halves; 0 where it left the window, or may be none."""
    if not _counts(move, now_ms, window_ms):
        return 0
    stays = _really(trip, int(move["start"])) == _really(trip, int(move["end"]))
    return 0 if stays else int(move["weight"])


@compiled
def _really(trip: Itinerary, number: int) -> int:
    """Return a place's number, or its twin's where it is in doubt."""
    place = trip.places[number]
    if place["twin"] == 0 or (place["again"] and trip.trip["apart"]):
        return number
    return int(place["twin"]) - 1


@compiled
def _same_pair(trip: Itinerary, move: Record, other: Record) -> bool:
    start, end = _really(trip, int(move["start"])), _really(trip, int(move["end"]))
    first, second = _really(trip, int(other["start"])), _really(trip, int(other["end"]))
    return (start == first and end == second) or (start == second and end == first)

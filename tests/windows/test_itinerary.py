"""Places and moves: what is a move, which of them count, and when they are forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from detector.categories import CITY_SWITCHING_BIT
from detector.windows.itinerary.layout import PLACES
from tests.support.spots import (
    BEIJING,
    BEIJING_6,
    CARRIER,
    CHENGDU,
    CLOUD,
    DAY_MS,
    MINUTE_MS,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    Account,
    Spot,
    north_of,
)

WUHAN = Spot(prefix=10, asn=9929, region=42, lat=30.5928, lon=114.305)
HOUR = 60
"""Minutes."""


def tour(spots: Sequence[Spot], hours: float = 3.0, *, devices: bool = False) -> Any:
    """Go from one spot to the next, and see what is known after the last; `devices`: with one in each."""
    account = Account()
    for number, spot in enumerate(spots):
        seen = account.sees(number * hours * HOUR, spot, device=spot.prefix if devices else 1)
    return seen


def moves(seen: Any) -> tuple[int, int, int]:
    """Of a day and of a week, in halves, and those of the week that went back."""
    return int(seen["city_moves_24h"]), int(seen["city_moves_7d"]), int(seen["city_backs_7d"])


def test_moves_between_the_commonest_pair_do_not_count() -> None:
    assert (0, 0, 0) == moves(tour([SHANGHAI, BEIJING] * 5))


def test_moves_beside_the_commonest_pair_count() -> None:
    assert (2, 2, 0) == moves(tour([SHANGHAI, BEIJING, CHENGDU, SHANGHAI], 6.0))
    assert (3, 3, 2) == moves(tour([SHANGHAI, BEIJING, CHENGDU, SHANGHAI, BEIJING, CHENGDU], 6.0))


def test_a_move_that_leaves_no_traveller_time_counts_thrice() -> None:
    spots = [SHANGHAI, BEIJING, CHENGDU, SHANGHAI]
    assert (6, 6, 0) == moves(tour(spots, 2.0, devices=True))
    assert (2, 2, 0) == moves(tour(spots, 2.0))


def test_a_move_of_another_device_counts_twice() -> None:
    account = Account()
    for number, spot in enumerate((SHANGHAI, BEIJING, CHENGDU, SHANGHAI)):
        seen = account.sees(number * 6 * HOUR, spot, device=number)
    assert (4, 4, 0) == moves(seen)


def test_a_tour_of_other_places_goes_back_nowhere() -> None:
    seen = tour([SHANGHAI, BEIJING, CHENGDU, WUHAN], 6.0)
    assert (2, 0) == moves(seen)[1:]
    assert 4 == seen["city_places_7d"]
    assert 0b1111 == seen["city_slots"]


@pytest.mark.parametrize(
    ("there", "more"),
    [
        pytest.param(SHANGHAI_OTHER_LINE, {}, id="another line of the city"),
        pytest.param(replace(BEIJING, asn=SHANGHAI.asn), {}, id="its provider's line that seems elsewhere"),
        pytest.param(replace(BEIJING, prefix=SHANGHAI.prefix), {}, id="its network that seems elsewhere"),
        pytest.param(CARRIER, {}, id="a carrier's gateway"),
        pytest.param(CLOUD, {}, id="a cloud"),
        pytest.param(BEIJING_6, {}, id="IPv6 elsewhere"),
        pytest.param(BEIJING, {"kind": "heartbeat"}, id="a heartbeat"),
        pytest.param(BEIJING, {"kind": "login_failure"}, id="a failed login"),
        pytest.param(BEIJING, {"account": 0}, id="a visitor"),
        pytest.param(BEIJING, {"excused": CITY_SWITCHING_BIT}, id="excused"),
    ],
)
def test_no_move_is(there: Spot, more: dict[str, Any]) -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    account.sees(HOUR, there, **more)
    assert 2 == account.sees(2 * HOUR, CHENGDU)["city_places_7d"]


def of_one_provider(number: int) -> list[Spot]:
    """As many places, each in a region of its own, 500 km apart."""
    return [north_of(SHANGHAI, 500.0 * n, prefix=80 + n, asn=4134, region=80 + n) for n in range(number)]


def test_a_providers_lines_far_away_are_other_places_once_their_very_networks_are_back() -> None:
    assert (0, 0, 0) == moves(tour(of_one_provider(2) * 4, 6.0))
    assert 3 == tour(of_one_provider(3) * 2, 6.0)["city_places_7d"]
    anew = [replace(spot, prefix=90 + n) for n, spot in enumerate(of_one_provider(3))]
    assert 0 == tour([*of_one_provider(3), *anew], 6.0)["city_places_7d"]


def test_a_providers_line_far_away_is_never_reached_too_soon() -> None:
    away = replace(BEIJING, asn=SHANGHAI.asn)
    assert 0 == tour([SHANGHAI, away, SHANGHAI, away, CHENGDU, away, CHENGDU], 0.2)["city_jumps_7d"]


def scattered(spots: Sequence[Spot], hours: float) -> int:
    """Go from spot to spot with one device, each time behind another line of the provider."""
    lines = [replace(spot, prefix=100 + n) for n, spot in enumerate(spots)]
    return int(tour(lines, hours)["city_scatter_7d"])


def test_hurried_moves_among_three_places_beside_the_commonest_two_are_scattered() -> None:
    places = of_one_provider(5)
    assert 5 == scattered(places * 3, 1.0)
    assert 0 == scattered(places[:4] * 4, 1.0)
    assert 0 == scattered(places * 3, 11.0)  # the longest takes four and a half from door to door


def test_no_move_from_or_to_the_commonest_two_places_is_scattered() -> None:
    home, *wrong = of_one_provider(5)
    assert 0 == scattered([spot for there in wrong * 3 for spot in (home, there)], 1.0)
    assert 0 == scattered([spot for there in wrong[1:] * 3 for spot in (home, wrong[0], there)], 1.0)


@pytest.mark.parametrize(("over_ms", "expected"), [(0, 5), (1, 4)])
def test_a_scattered_move_is_forgotten_after_a_week(over_ms: int, expected: int) -> None:
    account, places = Account(), of_one_provider(5)
    for number, spot in enumerate([*places[2:] * 2, *places[:2] * 6]):
        account.sees(number * HOUR, spot)
    seen = account.sees_at(HOUR * MINUTE_MS + 7 * DAY_MS + over_ms, places[2])
    assert expected == seen["city_scatter_7d"]


def test_a_place_in_doubt_makes_room_first() -> None:
    start = replace(SHANGHAI, radius_km=0.0)
    spots = [north_of(start, 200.0 * n, prefix=60 + n, asn=60 + n, radius_km=0.0) for n in range(PLACES)]
    twin = north_of(start, 3000.0, prefix=90, asn=60, region=99, radius_km=0.0)
    assert PLACES == tour([*spots[:-1], twin, spots[-1], spots[0]])["city_places_7d"]


@pytest.mark.parametrize("other", [2, 65, 1 + (1 << 16)])
def test_another_device_behind_a_providers_lines_elsewhere_is_elsewhere(other: int) -> None:
    """Whatever its hash, which a secret key makes: no two of them may be taken for one."""
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    assert 2 == account.sees(HOUR, replace(BEIJING, asn=SHANGHAI.asn), device=other)["city_places_7d"]


def jumps(gap_km: float, hours: float) -> int:
    """Two journeys by two ways, each so far and so long."""
    start = replace(SHANGHAI, radius_km=0.0)
    north = north_of(start, gap_km, prefix=60, asn=60, radius_km=0.0)
    south = north_of(start, -gap_km, prefix=61, asn=61, radius_km=0.0)
    return int(tour([north, start, south], hours, devices=True)["city_jumps_7d"])


@pytest.mark.parametrize(
    ("gap_km", "hours", "expected"),
    [
        pytest.param(1000, 1.65, 1, id="sooner than by plane"),
        pytest.param(1000, 1.70, 0, id="by plane"),
        pytest.param(310, 0.85, 1, id="sooner than by plane, over a short way"),
        pytest.param(310, 0.88, 0, id="by plane, over a short way"),
        pytest.param(290, 0.10, 0, id="within the databases' errors"),
    ],
)
def test_a_jump_is_sooner_than_by_plane_or_train(gap_km: float, hours: float, expected: int) -> None:
    assert expected == jumps(gap_km, hours)


def test_jumps_between_one_pair_do_not_count() -> None:
    assert 0 == tour([SHANGHAI, BEIJING] * 4, 0.2, devices=True)["city_jumps_7d"]


def later(after_ms: int) -> Any:
    """From place to place, the last one so long after the first move."""
    account = Account()
    for number, spot in enumerate((SHANGHAI, BEIJING, CHENGDU)):
        account.sees(number * HOUR, spot, device=number + 1)
    return account.sees_at(HOUR * MINUTE_MS + after_ms, WUHAN, device=3)


@pytest.mark.parametrize(("days", "name"), [(1, "city_moves_24h"), (7, "city_moves_7d")])
def test_a_window_forgets_at_its_edge_and_not_before(days: int, name: str) -> None:
    assert 4 == later(days * DAY_MS)[name]
    assert 1 == later(days * DAY_MS + 1)[name]


def test_the_place_left_longest_ago_makes_room_and_takes_its_moves_along() -> None:
    start = replace(SHANGHAI, radius_km=0.0)
    spots = [north_of(start, 200.0 * n, prefix=60 + n, asn=60 + n, radius_km=0.0) for n in range(PLACES + 1)]
    assert PLACES == tour(spots[:PLACES])["city_places_7d"]
    seen = tour(spots)
    assert PLACES == seen["city_places_7d"]
    assert PLACES - 1 == seen["city_moves_7d"] + 1

"""Overlap, change of metropolis and speed: what counts, and what never does."""

from dataclasses import replace
from typing import Any

import pytest

from detector.categories import ACCOUNT_SHARING_BIT, CITY_SWITCHING_BIT
from tests.support.spots import (
    BEIJING,
    BEIJING_6,
    CARRIER,
    CHENGDU,
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    NANJING,
    SHANGHAI,
    SHANGHAI_6,
    SHANGHAI_OTHER_LINE,
    Account,
    Spot,
    north_of,
)

APART_KM = 1047.5
"""Between Shanghai and Beijing, their radii taken off."""


def between(there: Spot, *, here: Spot = SHANGHAI, device: int = 2, **other: Any) -> Any:
    """A device works in `here`; between two signs of it, 2 minutes apart, something is seen from `there`."""
    account = Account()
    account.sees(0, here, device=1)
    account.sees(1, there, device=device, **other)
    return account.sees(2, here, device=1)


def overlaps(seen: Any) -> tuple[int, int]:
    """Far and near ones."""
    return int(seen["far_overlaps_24h"]), int(seen["near_overlaps_24h"])


def test_two_devices_at_work_in_two_metropolises_overlap() -> None:
    seen = between(BEIJING)
    assert (1, 0) == overlaps(seen)
    assert pytest.approx(APART_KM, abs=1) == float(seen["overlap_km"])
    assert 0b11 == seen["overlap_slots"]


def test_two_computers_behind_two_lines_of_one_metropolis_overlap_nearby() -> None:
    seen = between(SHANGHAI_OTHER_LINE)
    assert (0, 1) == overlaps(seen)
    assert (0, 0b11) == seen[["overlap_slots", "near_slots"]].tolist()


def beside(phone: Spot, met: Spot | None, **more: Any) -> Any:
    """A computer in Shanghai and a phone elsewhere, both known for two days, on one of them in one place."""
    account = Account()
    for day in range(2):
        account.sees_at(day * DAY_MS, SHANGHAI, device=1, fingerprint=1)
        account.sees_at(day * DAY_MS + 12 * HOUR_MS, met or phone, device=2, fingerprint=2, **more)
    start = 2 * DAY_MS
    account.sees_at(start, SHANGHAI, device=1, fingerprint=1)
    account.sees_at(start + MINUTE_MS, phone, device=2, fingerprint=2, **more)
    return account.sees_at(start + 2 * MINUTE_MS, SHANGHAI, device=1, fingerprint=1)


def test_a_new_phone_elsewhere_is_its_owners() -> None:
    assert (0, 0) == overlaps(between(BEIJING, desktop=0))


def test_a_phone_that_was_at_home_is_its_owners_wherever_it_is() -> None:
    assert (0, 0) == overlaps(beside(BEIJING, SHANGHAI, desktop=0))


def test_a_phone_that_was_never_at_home_overlaps_from_afar() -> None:
    assert (1, 0) == overlaps(beside(BEIJING, None, desktop=0))


def test_two_homes_of_one_provider_are_two_lines_once_the_computers_kept_apart_for_days() -> None:
    neighbour = replace(SHANGHAI, prefix=70)
    assert (0, 1) == overlaps(beside(neighbour, None))
    assert 1 == beside(neighbour, None)["strange_overlaps"]
    assert (0, 0) == overlaps(beside(neighbour, SHANGHAI))


def apart(there: Spot, minutes: int, here: Spot = SHANGHAI) -> Any:
    """Two computers by turns, every other minute."""
    account = Account()
    for minute in range(minutes):
        seen = account.sees(minute, (here, there)[minute % 2], device=1 + minute % 2)
    return seen


def test_two_networks_of_one_provider_overlap_half_as_often_as_two_providers_lines() -> None:
    assert (0, 6) == overlaps(apart(SHANGHAI_OTHER_LINE, 30))
    assert (0, 3) == overlaps(apart(replace(SHANGHAI, prefix=70), 30))


def test_two_ipv6_networks_of_one_provider_are_an_office() -> None:
    assert (0, 0) == overlaps(apart(replace(SHANGHAI_6, prefix=70), 30, SHANGHAI_6))


def test_computers_that_were_ever_in_one_network_do_not_overlap_nearby() -> None:
    account = Account()
    account.sees(-60, SHANGHAI, device=2)
    account.sees(-59, SHANGHAI_OTHER_LINE, device=2)
    account.sees(0, SHANGHAI, device=1)
    account.sees(1, SHANGHAI_OTHER_LINE, device=2)
    assert (0, 0) == overlaps(account.sees(2, SHANGHAI, device=1))


def test_a_hotel_of_the_home_lines_provider_is_where_the_customer_is() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    account.sees(300, BEIJING)
    assert 1 == account.sees(360, replace(BEIJING, prefix=71, asn=SHANGHAI.asn))["hops_24h"]


def test_one_device_behind_one_providers_lines_is_in_one_metropolis() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    assert 0 == account.sees(1, replace(BEIJING, asn=SHANGHAI.asn))["hops_24h"]
    assert 1 == account.sees(2, replace(CHENGDU, asn=SHANGHAI.asn), device=2)["hops_24h"]


@pytest.mark.parametrize(
    ("there", "other"),
    [
        pytest.param(BEIJING, {"device": 1}, id="the same device elsewhere"),
        pytest.param(SHANGHAI, {}, id="another device on the same line"),
        pytest.param(SHANGHAI_OTHER_LINE, {"device": 0}, id="a device without an id on another line"),
        pytest.param(SHANGHAI_OTHER_LINE, {"desktop": 0}, id="a phone on another line of the city"),
        pytest.param(BEIJING_6, {}, id="IPv6 elsewhere"),
        pytest.param(CARRIER, {}, id="a carrier's gateway"),
        pytest.param(replace(BEIJING, anchored=0), {}, id="no anchor"),
        pytest.param(BEIJING, {"excused": ACCOUNT_SHARING_BIT}, id="excused"),
        pytest.param(BEIJING, {"kind": "heartbeat"}, id="a heartbeat"),
        pytest.param(BEIJING, {"kind": "logout"}, id="a logout"),
        pytest.param(BEIJING, {"kind": "login_failure"}, id="a failed login"),
    ],
)
def test_no_overlap_is(there: Spot, other: dict[str, Any]) -> None:
    assert (0, 0) == overlaps(between(there, **other))


def test_a_phone_here_and_a_computer_on_another_line_of_the_city_do_not_overlap() -> None:
    account = Account()
    account.sees(0, desktop=0)
    account.sees(1, SHANGHAI_OTHER_LINE, device=2)
    assert (0, 0) == overlaps(account.sees(2, desktop=0))


def test_a_sign_in_the_same_moment_as_the_first_lies_not_between_two() -> None:
    account = Account()
    account.sees(0, BEIJING, device=2)
    account.sees(0, SHANGHAI, device=1)
    assert (0, 0) == overlaps(account.sees(2, SHANGHAI, device=1))


def test_an_overlap_points_at_its_two_sightings() -> None:
    account = Account()
    account.sees(0, CARRIER, device=9)
    account.sees(1, SHANGHAI, device=1)
    account.sees(2, BEIJING, device=2)
    assert 0b110 == account.sees(3, SHANGHAI, device=1)["overlap_slots"]


def test_two_ipv6_lines_overlap_among_themselves() -> None:
    assert (1, 0) == overlaps(between(BEIJING_6, here=SHANGHAI_6))


def test_an_excuse_for_another_category_is_none() -> None:
    assert (1, 0) == overlaps(between(BEIJING, excused=CITY_SWITCHING_BIT))


def test_one_who_is_excused_overlaps_with_nobody() -> None:
    account = Account()
    account.sees(0, excused=ACCOUNT_SHARING_BIT)
    account.sees(1, BEIJING, device=2)
    assert (0, 0) == overlaps(account.sees(2, excused=ACCOUNT_SHARING_BIT))


def test_one_after_the_other_is_no_overlap() -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    account.sees(1, SHANGHAI, device=1)
    account.sees(2, BEIJING, device=2)
    assert (0, 0) == overlaps(account.sees(3, BEIJING, device=2))


@pytest.mark.parametrize(("apart_ms", "expected"), [(15 * MINUTE_MS, 1), (15 * MINUTE_MS + 1, 0)])
def test_a_device_is_at_work_between_signs_a_quarter_of_an_hour_apart(apart_ms: int, expected: int) -> None:
    account = Account()
    account.sees_at(0, SHANGHAI, device=1)
    account.sees(5, BEIJING, device=2)
    assert (expected, 0) == overlaps(account.sees_at(apart_ms, SHANGHAI, device=1))


@pytest.mark.parametrize("there", [BEIJING, SHANGHAI_OTHER_LINE])
def test_overlaps_are_counted_once_in_five_minutes(there: Spot) -> None:
    account = Account()
    for tenth in range(51):  # from minute 0 to minute 5, the first overlap in minute 0.2
        account.sees(tenth / 10, there if tenth % 2 else SHANGHAI, device=1 + tenth % 2)
    assert 1 == sum(overlaps(account.looks(0)))
    account.sees_at(12_000 + 300_000 - 1, SHANGHAI, device=1)
    assert 1 == sum(overlaps(account.looks(0)))
    account.sees_at(12_000 + 300_000, there, device=2)
    assert 2 == sum(overlaps(account.looks(0)))


def test_a_heartbeat_is_nobodys_presence_and_breaks_none() -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    account.sees(1, BEIJING, device=2)
    beat = account.sees(2, SHANGHAI, device=1, kind="heartbeat")
    assert (0, 0) == (beat["present"], beat["far_overlaps_24h"])
    assert (1, 0) == overlaps(account.sees(3, SHANGHAI, device=1))


def test_the_same_path_again_is_a_poll_and_another_one_a_person() -> None:
    account = Account()
    assert 1 == account.asks(0, path=5)["present"]
    assert 0 == account.asks(1, path=5)["present"]
    assert 1 == account.asks(2, path=6)["present"]
    assert 1 == account.asks(3, path=5)["present"]


@pytest.mark.parametrize(
    ("kind", "present"),
    [
        ("login_success", 1),
        ("password_change", 1),
        ("registration", 1),
        ("heartbeat", 0),
        ("logout", 0),
        ("login_failure", 0),
        ("compromise_report", 0),
    ],
)
def test_signs_of_a_person(kind: str, present: int) -> None:
    assert present == Account().sees(0, kind=kind)["present"]


def test_a_poll_in_another_city_is_no_overlap() -> None:
    account = Account()
    account.sees(-1, BEIJING, device=2, kind="request", path=5)
    account.sees(0, SHANGHAI, device=1)
    account.sees(1, BEIJING, device=2, kind="request", path=5)
    assert (0, 0) == overlaps(account.sees(2, SHANGHAI, device=1))


def test_change_of_metropolis_is_a_hop_and_the_way_back_a_return() -> None:
    account = Account()
    found = [
        account.sees(minute * 60, spot, device=spot.prefix)[["hops_24h", "returns_24h"]].tolist()
        for minute, spot in enumerate([SHANGHAI, SHANGHAI, NANJING, BEIJING, SHANGHAI, NANJING, NANJING])
    ]
    assert [(0, 0), (0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (4, 2)] == found


@pytest.mark.parametrize(("hours", "returns"), [(3.2, 0), (3.3, 1)])
def test_one_device_that_is_back_sooner_than_anybody_travels_has_not_returned(
    hours: float, returns: int
) -> None:
    """By plane, from door to door, 1,047 km take 3 h 14 min."""
    account = Account()
    account.sees(0, SHANGHAI)
    account.sees(6 * 60, BEIJING)
    back = account.sees(6 * 60 + hours * 60, SHANGHAI)
    assert (2, returns, 0) == back[["hops_24h", "returns_24h", "jumps_24h"]].tolist()


def test_an_office_with_two_exits_is_no_journey() -> None:
    account = Account()
    for minute, spot in enumerate([SHANGHAI, BEIJING] * 10):
        seen = account.sees(minute * 20, spot)
    assert (19, 0, 0) == seen[["hops_24h", "returns_24h", "jumps_24h"]].tolist()


def test_a_phone_goes_nowhere_for_its_carrier_may_let_it_out_anywhere() -> None:
    account = Account()
    for minute, spot in enumerate([SHANGHAI, BEIJING] * 3):
        seen = account.sees(minute * 20, spot, device=minute % 2, desktop=0, handheld=1)
    assert (0, 0, 0, 0) == seen[["hops_24h", "returns_24h", "jumps_24h", "metros_24h"]].tolist()


@pytest.mark.parametrize(("after_ms", "expected"), [(DAY_MS, 1), (DAY_MS + 1, 0)])
def test_a_change_within_a_day_is_a_hop(after_ms: int, expected: int) -> None:
    account = Account()
    account.sees_at(0, SHANGHAI)
    assert expected == account.sees_at(after_ms, BEIJING)["hops_24h"]


@pytest.mark.parametrize(("after_ms", "expected"), [(DAY_MS, 1), (DAY_MS + 1, 0)])
def test_a_return_is_to_where_one_was_within_a_day_before(after_ms: int, expected: int) -> None:
    account = Account()
    account.sees_at(0, SHANGHAI)
    account.sees_at(after_ms, BEIJING)
    assert expected == account.sees_at(after_ms + 4 * 3_600_000, SHANGHAI)["returns_24h"]


@pytest.mark.parametrize(
    ("there", "other"),
    [
        pytest.param(SHANGHAI_OTHER_LINE, {}, id="another line of the city"),
        pytest.param(BEIJING_6, {}, id="IPv6 elsewhere"),
        pytest.param(CARRIER, {}, id="a carrier's gateway"),
        pytest.param(BEIJING, {"excused": CITY_SWITCHING_BIT}, id="excused"),
        pytest.param(BEIJING, {"kind": "heartbeat"}, id="a heartbeat"),
    ],
)
def test_no_journey_is(there: Spot, other: dict[str, Any]) -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    account.sees(10, there, device=2, **other)
    seen = account.sees(20, SHANGHAI)
    assert (0, 0, 0) == seen[["hops_24h", "returns_24h", "jumps_24h"]].tolist()


def test_where_only_a_page_was_open_nobody_returns() -> None:
    account = Account()
    account.sees(0, BEIJING, device=2, kind="heartbeat")
    account.sees(10, SHANGHAI)
    account.sees(19, BEIJING, device=2, kind="heartbeat")
    assert (1, 0) == account.sees(240, BEIJING)[["hops_24h", "returns_24h"]].tolist()
    assert (1, 0) == account.sees(241, BEIJING, device=2)[["hops_24h", "returns_24h"]].tolist()


@pytest.mark.parametrize(("left_ms", "returns"), [(DAY_MS, 1), (DAY_MS + 1, 0)])
def test_an_open_page_makes_nobodys_stay_longer(left_ms: int, returns: int) -> None:
    account = Account()
    account.sees_at(0, BEIJING, device=2)
    for minute in range(20, 28 * 60, 20):
        account.sees(minute, BEIJING, device=2, kind="heartbeat")
    account.sees_at(left_ms, SHANGHAI, device=2)
    assert returns == account.sees_at(left_ms + 5 * 3_600_000, BEIJING, device=2)["returns_24h"]


@pytest.mark.parametrize("seen", [SHANGHAI_6, replace(SHANGHAI, anchored=0, prefix=50)])
def test_a_place_seen_by_another_ip_version_or_without_anchor_makes_no_return(seen: Spot) -> None:
    account = Account()
    account.sees(0, seen)
    account.sees(120, BEIJING)
    assert (1, 0) == account.sees(240, SHANGHAI)[["hops_24h", "returns_24h"]].tolist()


def test_each_ip_version_travels_by_itself() -> None:
    account = Account()
    for minute, spot in enumerate([SHANGHAI, BEIJING_6, SHANGHAI, BEIJING_6]):
        assert 0 == account.sees(minute * 60, spot)["hops_24h"]
    assert 1 == account.sees(600, SHANGHAI_6)["hops_24h"]


def test_an_excused_visit_makes_no_return() -> None:
    account = Account()
    account.sees(0, BEIJING, excused=CITY_SWITCHING_BIT)
    account.sees(100, SHANGHAI)
    assert (1, 0) == account.sees(300, BEIJING)[["hops_24h", "returns_24h"]].tolist()


@pytest.mark.parametrize(("kmh", "expected"), [(300, 0), (850, 0), (990, 0), (1010, 1), (5000, 1)])
def test_a_journey_faster_than_an_airliner_is_impossible(kmh: float, expected: int) -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    seen = account.sees(APART_KM / kmh * 60, BEIJING, device=2)
    assert (1, expected) == seen[["hops_24h", "jumps_24h"]].tolist()
    if expected:
        assert pytest.approx(kmh, rel=0.01) == float(seen["jump_kmh"])
        assert pytest.approx(APART_KM, abs=1) == float(seen["jump_km"])
        assert 0b11 == seen["jump_slots"]


@pytest.mark.parametrize(("away_km", "expected"), [(999.9, 0), (1000.1, 1)])
def test_the_line_is_at_1000_km_an_hour(away_km: float, expected: int) -> None:
    account, here = Account(), replace(SHANGHAI, radius_km=0)
    account.sees(0, here)
    assert expected == account.sees(60, north_of(here, away_km), device=2)["jumps_24h"]


@pytest.mark.parametrize(("away_km", "expected"), [(299.9, 0), (300.1, 1)])
def test_a_jump_is_at_least_300_km(away_km: float, expected: int) -> None:
    account, here = Account(), replace(SHANGHAI, radius_km=0)
    account.sees(0, here)
    assert expected == account.sees(1, north_of(here, away_km), device=2)["jumps_24h"]


def test_under_300_km_nothing_is_impossible() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    assert (1, 0) == account.sees(0, NANJING)[["hops_24h", "jumps_24h"]].tolist()


@pytest.mark.parametrize(("radius_km", "expected"), [(380.0, 1), (390.0, 0)])
def test_what_the_radii_leave_of_a_distance_counts(radius_km: float, expected: int) -> None:
    account = Account()
    account.sees(0, replace(SHANGHAI, radius_km=radius_km))
    assert expected == account.sees(0, replace(BEIJING, radius_km=radius_km), device=2)["jumps_24h"]


def test_a_journey_in_no_time_is_taken_for_a_minute() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    assert pytest.approx(APART_KM * 60, rel=0.01) == float(account.sees(0, BEIJING, device=2)["jump_kmh"])


def test_a_jump_points_at_no_sighting_that_took_the_place_of_its_start() -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    for device in range(2, 18):  # the last one takes the slot of the first
        account.sees(device / 10, CARRIER, device=device)
    seen = account.sees(2, BEIJING, device=99)
    assert 1 == seen["jumps_24h"]
    assert 1 << int(seen["current"]) == seen["jump_slots"]

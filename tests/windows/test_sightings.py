"""Sightings: when a run goes on, who makes room, and which metropolis a place belongs to."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.windows.layout import SIGHTINGS
from tests.support.spots import (
    BEIJING,
    BEIJING_6,
    CARRIER,
    CHENGDU,
    CLOUD,
    NANJING,
    SHANGHAI,
    SHANGHAI_OTHER_LINE,
    START_MS,
    Account,
    Spot,
    north_of,
)

HALF_HOUR_MS = 1_800_000
FAR_AWAY = replace(SHANGHAI, lat=-33.9, lon=151.2)


def metros(*spots: Spot) -> list[int]:
    """The numbers that an account gives to places seen one after the other."""
    account = Account()
    for minute, spot in enumerate(spots):
        account.sees(minute, spot, device=minute + 1)
    return [int(number) for number in account.sightings["metro"]]


def test_a_run_goes_on_within_half_an_hour_of_silence() -> None:
    account = Account()
    assert (0, 0) == account.sees_at(0)[["opened", "current"]].tolist()
    assert (-1, 0) == account.sees_at(HALF_HOUR_MS)[["opened", "current"]].tolist()
    assert (1, 1) == account.sees_at(2 * HALF_HOUR_MS + 1)[["opened", "current"]].tolist()


def test_a_sighting_keeps_its_first_and_last_moment_and_counts() -> None:
    account = Account()
    for minute in (0, 10, 35):
        account.sees(minute, session=minute + 5)
    (seen,) = account.sightings
    assert (START_MS, START_MS + 35 * 60_000, 3, 40) == seen[
        ["first_ms", "last_ms", "count", "session"]
    ].item()


@pytest.mark.parametrize(
    "other",
    [{"device": 2}, {"spot": SHANGHAI_OTHER_LINE}, {"excused": 1}],
    ids=["device", "network", "excuse"],
)
def test_another_device_network_or_excuse_is_another_sighting(other: dict[str, object]) -> None:
    account = Account()
    account.sees(0)
    assert 1 == account.sees(1, **other)["opened"]  # type: ignore[arg-type]  # one of several kinds of arguments
    assert -1 == account.sees(2)["opened"]


def test_the_fingerprint_stands_in_for_a_device_without_id() -> None:
    account = Account()
    account.sees(0, device=0, fingerprint=8)
    assert 1 == account.sees(1, device=0, fingerprint=9)["opened"]
    assert -1 == account.sees(2, device=0, fingerprint=8)["opened"]
    assert -1 == account.sees(3, device=8, fingerprint=9)["opened"]
    assert [0, 0] == account.sightings["known"].tolist()
    account.sees(4, device=3, fingerprint=9)
    assert [0, 0, 1] == account.sightings["known"].tolist()


def test_failures_and_reports_open_no_sighting() -> None:
    account = Account()
    account.sees(0, kind="login_failure")
    account.sees(1, kind="compromise_report")
    assert 0 == len(account.sightings)


@pytest.mark.parametrize("kind", ["login_success", "logout", "heartbeat", "request", "password_change"])
def test_every_authenticated_event_opens_one(kind: str) -> None:
    assert 0 == Account().sees(0, kind=kind)["opened"]


def test_the_one_with_the_oldest_last_moment_makes_room() -> None:
    account = Account()
    for place in range(SIGHTINGS):
        assert place == account.sees(place / 10, device=place + 1)["opened"]
    account.sees(2, device=1)
    assert 1 == account.sees(3, device=50)["opened"]
    assert 2 == account.sees(3, device=51)["opened"]
    assert 3 == account.sees(3, device=52)["opened"]
    assert -1 == account.sees(4, device=1)["opened"]
    assert SIGHTINGS + 3 == account.head["sightings"]


def test_of_several_equally_old_the_first_makes_room() -> None:
    account = Account()
    for place in range(SIGHTINGS):
        account.sees(0, device=place + 1)
    assert [0, 1, 2] == [account.sees(1, device=20 + place)["opened"] for place in range(3)]


def test_who_takes_the_place_of_another_begins_anew() -> None:
    account = Account()
    for place in range(SIGHTINGS):
        account.sees(place / 10, device=place + 1, kind="request", path=5)
    account.sees(2, device=50, kind="heartbeat")
    (seen,) = account.sightings[account.sightings["device"] == 50]
    assert (1, 0, 0) == seen[["count", "present_ms", "path"]].item()
    assert 1 == account.sees(3, device=50, kind="request", path=5)["present"]


def test_a_devices_next_run_may_begin_with_a_poll() -> None:
    account = Account()
    account.asks(0, path=5)
    account.sees(1, device=2, kind="request", path=7)
    slept, moved = account.asks(60, path=5), account.asks(61, path=5, spot=BEIJING)
    assert (2, 0) == slept[["opened", "present"]].tolist()
    assert (3, 0) == moved[["opened", "present"]].tolist()
    assert 1 == account.sees(62, BEIJING, device=3, kind="request", path=5)["present"]


def test_the_page_of_a_device_is_that_of_its_newest_run() -> None:
    account = Account()
    for minute, (spot, path) in enumerate([(SHANGHAI, 5), (BEIJING, 6), (SHANGHAI, 7), (NANJING, 7)]):
        seen = account.asks(minute, path=path, spot=spot)
    assert (2, 0) == seen[["opened", "present"]].tolist()


def test_the_witness_of_a_sighting_is_the_first_event_that_shows_a_person() -> None:
    account = Account()
    assert 0 == account.sees(0, kind="heartbeat")["opened"]
    assert -1 == account.sees(1, kind="heartbeat")["opened"]
    assert 0 == account.sees(2)["opened"]
    assert [-1, -1, -1] == [
        account.sees(3, kind=kind)["opened"] for kind in ("heartbeat", "request", "logout")
    ]


def test_use_of_a_cloud_shows_more_than_an_open_page_and_a_person_shows_most() -> None:
    account = Account()
    assert 0 == account.sees(0, CLOUD, kind="heartbeat")["opened"]
    shown = [account.sees(1, CLOUD, kind="request", path=5, asset=asset)["opened"] for asset in (1, 1, 0, 0)]
    assert [0, -1, 0, -1] == shown


def test_what_pointed_at_a_sighting_that_made_room_points_there_no_more() -> None:
    account = Account()
    account.sees(0, SHANGHAI, device=1)
    account.sees(1, BEIJING, device=2)
    seen = account.sees(2, SHANGHAI, device=1)
    assert (0b11, 0b11) == seen[["overlap_slots", "jump_slots"]].tolist()
    for device in range(3, SIGHTINGS + 2):  # the first to make room is Beijing's, in slot 1
        seen = account.sees(3, SHANGHAI, device=device, kind="heartbeat")
    assert (0b01, 0b01) == seen[["overlap_slots", "jump_slots"]].tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from([0, 1, 7, 31])), max_size=60))
def test_a_row_holds_the_newest_runs(steps: list[tuple[int, int]]) -> None:
    account, minute = Account(), 0
    runs: dict[int, list[int]] = {}  # of each device: the last minute of each run
    for device, wait in steps:
        minute += wait
        account.sees(minute, device=device)
        ends = runs.setdefault(device, [])
        ends[-1:] = [minute] if ends and minute - ends[-1] <= 30 else [*ends[-1:], minute]
    newest = sorted((end for ends in runs.values() for end in ends), reverse=True)[:SIGHTINGS]
    found = ((account.sightings["last_ms"] - START_MS) // 60_000).tolist()
    assert newest == sorted(found, reverse=True)


def test_a_near_place_is_of_the_same_metropolis() -> None:
    assert [1, 1] == metros(SHANGHAI, replace(SHANGHAI_OTHER_LINE, region=32, lat=31.7))


def test_a_far_place_is_another_metropolis() -> None:
    assert [1, 2, 3] == metros(SHANGHAI, BEIJING, NANJING)


def test_one_network_is_one_metropolis_wherever_the_database_puts_it() -> None:
    assert [1, 1] == metros(SHANGHAI, replace(FAR_AWAY, asn=9, region=9))


def test_one_provider_in_one_region_is_one_metropolis() -> None:
    assert [1, 1] == metros(SHANGHAI, replace(FAR_AWAY, prefix=77))


@pytest.mark.parametrize("differs", [{"asn": 9}, {"region": 9}])
def test_another_provider_or_region_far_away_is_another_metropolis(differs: dict[str, int]) -> None:
    assert [1, 2] == metros(SHANGHAI, replace(FAR_AWAY, prefix=77, **differs))


def test_two_unknown_providers_of_a_region_are_not_one() -> None:
    assert [1, 2] == metros(replace(SHANGHAI, asn=0), replace(FAR_AWAY, prefix=77, asn=0))


@pytest.mark.parametrize(("radius_km", "expected"), [(105.0, [1, 2]), (107.0, [1, 1])])
def test_accuracy_radii_are_taken_off_the_distance(radius_km: float, expected: list[int]) -> None:
    nanjing = replace(NANJING, radius_km=radius_km)  # 272.7 km: 60 remain of it at 106.4 km on either side
    assert expected == metros(replace(SHANGHAI, radius_km=radius_km), nanjing)


@pytest.mark.parametrize(("north_km", "expected"), [(59.9, [1, 1]), (60.1, [1, 2])])
def test_a_metropolis_reaches_60_km(north_km: float, expected: list[int]) -> None:
    here = replace(SHANGHAI, radius_km=0)
    assert expected == metros(here, north_of(here, north_km))


def test_a_metropolis_is_known_by_any_of_its_sightings() -> None:
    assert [1, 2, 1] == metros(SHANGHAI, BEIJING, north_of(SHANGHAI, 40))


def test_a_place_known_to_its_country_only_is_of_no_metropolis() -> None:
    assert [0, 1] == metros(replace(SHANGHAI, precision=1), SHANGHAI)


def test_a_place_known_to_its_region_is_far_from_what_lies_beyond_it() -> None:
    region = replace(SHANGHAI, precision=2, radius_km=300.0)
    assert [1, 1, 2] == metros(region, SHANGHAI, BEIJING)


def test_a_number_is_given_again_when_its_last_sighting_is_gone() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    for place in range(SIGHTINGS):
        account.sees(place + 1, BEIJING, device=place + 2)
    account.sees(30, NANJING, device=40)
    assert {1, 2} == set(account.sightings["metro"].tolist())
    assert [1] == account.sightings["metro"][account.sightings["device"] == 40].tolist()


def test_where_the_account_was_last_seen_keeps_its_number() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    for place in range(SIGHTINGS + 1):  # enough to take every slot
        account.sees(1, replace(CARRIER if place % 2 else CHENGDU, prefix=100 + place, anchored=0))
    assert 1 not in account.sightings["metro"]
    assert 0 == account.sees(2, SHANGHAI, device=5)["hops_24h"]
    assert 1 == account.sees(3, BEIJING, device=6)["hops_24h"]


def test_numbers_end_at_nineteen() -> None:
    account = Account()
    account.sees(0, SHANGHAI)
    account.sees(0, BEIJING_6)
    for place in range(60):
        spot = Spot(1000 + place, 0, 0, lat=(place % 11) * 10 - 70, lon=(place * 7 % 36) * 10, anchored=0)
        account.sees(place + 1, spot)
    assert 19 == account.sightings["metro"].max()
    assert SIGHTINGS == len(set(account.sightings["metro"].tolist()))

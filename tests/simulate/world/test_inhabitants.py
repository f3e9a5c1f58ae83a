from collections import Counter
from itertools import pairwise

import pytest

from detector.simulate import History, entitlements
from detector.simulate.profiles import FIRST
from detector.simulate.world.places import distance_km
from detector.simulate.world.tools import Guess
from detector.simulate.world.visits import HOUR_MS, Visit


def visits_of(history: History, profile: str) -> list[list[Visit]]:
    """Each inhabitant's visits in order of time."""
    return [
        sorted(
            (visit for day in history.calendar() for visit in history.visits(number, day)),
            key=lambda visit: visit.start_ms,
        )
        for number, (name, _) in enumerate(history.inhabitants)
        if name == profile
    ]


def overlaps(visits: list[Visit]) -> bool:
    return any(before.end_ms > after.start_ms for before, after in pairwise(visits))


def test_every_profile_is_dealt_from_a_deck(history: History) -> None:
    dealt = Counter(name for name, _ in history.inhabitants)
    assert {profile.name: profile.share for profile in FIRST.profiles} == dealt
    assert 100 == dealt.total()


def test_about_ninety_two_percent_are_innocent(history: History) -> None:
    innocent = sum(
        all(charge.category == "credential_attack" for charge in who.charges)
        for _, who in history.inhabitants
    )
    assert 0.92 == innocent / len(history.inhabitants)


@pytest.mark.parametrize("profile", [profile.name for profile in FIRST.profiles])
def test_everybody_comes_within_three_days(history: History, profile: str) -> None:
    assert all(visits_of(history, profile))


@pytest.mark.parametrize(
    "profile", ["traveller", "commuter", "one_device", "several_devices", "carrier_phone"]
)
def test_the_innocent_never_move_faster_than_an_aeroplane(history: History, profile: str) -> None:
    for visits in visits_of(history, profile):
        for before, after in pairwise(visits):
            km = distance_km(before.city.latitude, before.city.longitude, after.city)
            hours = (after.start_ms - before.end_ms) / HOUR_MS
            assert km < 100 or km / hours < 700


def test_travellers_travel_and_commuters_commute(history: History) -> None:
    assert all(len({visit.city.name for visit in visits}) > 1 for visits in visits_of(history, "traveller"))
    for visits in visits_of(history, "commuter"):
        there = {visit.city for visit in visits}
        assert 2 == len(there)
        assert 100 > max(distance_km(a.latitude, a.longitude, b) for a in there for b in there)


def test_one_laptop_is_in_one_place_at_a_time(history: History) -> None:
    assert not any(overlaps(visits) for visits in visits_of(history, "one_device"))
    assert all(1 == len({v.device.device_id for v in visits}) for visits in visits_of(history, "one_device"))


def test_phone_gateways_change_while_the_phone_stays(history: History) -> None:
    for visits in visits_of(history, "carrier_phone"):
        assert len({visit.ip for visit in visits}) > 1 == len({visit.city for visit in visits})


def test_colleagues_share_an_address(history: History) -> None:
    addresses = Counter(
        ip for visits in visits_of(history, "office") for ip in {visit.ip for visit in visits}
    )
    assert 3 <= max(addresses.values())
    quiet = {
        label.subject_id
        for label in history.labels()
        if label.subject_type == "network" and label.category == "benign"
    }
    assert {ip for ip, accounts in addresses.items() if accounts > 2} <= quiet


def test_homes_get_another_address_after_some_days(history: History) -> None:
    moved = [len({visit.ip for visit in visits}) > 2 for visits in visits_of(history, "one_device")]
    assert any(moved)
    assert not all(moved)


@pytest.mark.parametrize("profile", ["pair_one_city", "pair_two_cities", "group"])
def test_sharers_use_one_account_at_once_with_several_devices(history: History, profile: str) -> None:
    (visits,) = visits_of(history, profile)
    assert overlaps(visits)
    assert 1 == len({visit.account for visit in visits}) < len({visit.device for visit in visits})


def test_sharers_of_two_cities_are_far_apart(history: History) -> None:
    (visits,) = visits_of(history, "pair_two_cities")
    first, second = {visit.city for visit in visits}
    assert first.region != second.region


def test_a_hopper_is_back_and_forth_with_one_device(history: History) -> None:
    (visits,) = visits_of(history, "city_hopper")
    cities = [visit.city.name for visit in visits]
    assert 3 <= len(set(cities)) < sum(a != b for a, b in pairwise(cities))
    assert 1 == len({visit.device for visit in visits})


def test_a_slow_crawler_never_sleeps_and_a_fast_one_is_fast(history: History) -> None:
    (slow,) = visits_of(history, "slow_crawler")
    (fast,) = visits_of(history, "fast_crawler")
    assert 24 == len({visit.start_ms // HOUR_MS % 24 for visit in slow})
    assert all(4_000 > len(visit.events()) > (visit.end_ms - visit.start_ms) / 2_000 for visit in fast)


def test_an_anonymous_crawler_has_no_account(history: History) -> None:
    (visits,) = visits_of(history, "anonymous_crawler")
    assert all(visit.account is None and visit.session_id is None for visit in visits)


def test_a_guesser_fails_on_the_victims_account_and_never_gets_in(history: History) -> None:
    (visits,) = visits_of(history, "attacked")
    attacks = [visit for visit in visits if isinstance(visit.script, Guess)]
    events = [event for visit in attacks for _, _, event in visit.events()]
    assert {"login_failure"} == {event["type"] for event in events}
    assert 90 <= len(events)
    assert {visit.account for visit in visits} == {visit.account for visit in attacks}


def test_who_needs_an_entitlement_gets_it(history: History) -> None:
    excused = {
        row["key"]: entry["value"] for row in entitlements(history) for entry in row["value"].get("allow", ())
    }
    used = {
        visits[0].account.account_id: visits[0].ip
        for visits in visits_of(history, "allowed_cloud_desktop")
        if visits[0].account is not None
    }
    assert used == excused


def test_entitlements_name_every_account_and_organisation_once(history: History) -> None:
    keys = [row["key"] for row in entitlements(history)]
    assert len(keys) == len(set(keys))
    assert {account.account_id for _, who in history.inhabitants for account in who.accounts} <= set(keys)
    assert 2 == sum(key.startswith("org:") for key in keys)

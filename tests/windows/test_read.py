"""What is read off the sightings of the last day."""

from dataclasses import replace

import pytest

from detector.categories import ACCOUNT_SHARING_BIT, CITY_SWITCHING_BIT, DATACENTER_ACCESS_BIT
from tests.support.spots import (
    BEIJING,
    BEIJING_6,
    CARRIER,
    CHENGDU,
    CLOUD,
    DAY_MS,
    HOUR_MS,
    NANJING,
    SHANGHAI,
    SHANGHAI_6,
    SHANGHAI_OTHER_LINE,
    START_MS,
    Account,
    Spot,
)


def been_to(*spots: Spot) -> Account:
    account = Account()
    for hour, spot in enumerate(spots):
        account.sees(hour * 60, spot)
    return account


@pytest.mark.parametrize(
    ("spots", "metros", "slots"),
    [
        ([SHANGHAI], 1, 0b1),
        ([SHANGHAI, SHANGHAI_OTHER_LINE], 1, 0b11),
        ([SHANGHAI, BEIJING, CHENGDU], 3, 0b111),
        ([SHANGHAI, CARRIER], 1, 0b1),
        ([SHANGHAI, CLOUD], 1, 0b1),
        ([SHANGHAI, BEIJING_6], 1, 0b11),
        ([SHANGHAI, NANJING, BEIJING_6, SHANGHAI_6], 2, 0b1111),
        ([replace(SHANGHAI, anchored=0)], 0, 0),
    ],
)
def test_metropolises_of_a_day_are_those_of_the_richer_ip_version(
    spots: list[Spot], metros: int, slots: int
) -> None:
    assert (metros, slots) == been_to(*spots).looks(0)[["metros_24h", "metro_slots"]].tolist()


def test_a_metropolis_counts_for_a_day_after_its_last_sign() -> None:
    account = been_to(SHANGHAI, BEIJING)
    assert 2 == account.looks(DAY_MS)["metros_24h"]
    assert 1 == account.looks(DAY_MS + 1)["metros_24h"]
    assert 0 == account.looks(DAY_MS + HOUR_MS + 1)["metros_24h"]


@pytest.mark.parametrize(("excused", "metros"), [(CITY_SWITCHING_BIT, 0), (ACCOUNT_SHARING_BIT, 1)])
def test_a_metropolis_excused_for_its_category_does_not_count(excused: int, metros: int) -> None:
    account = Account()
    assert metros == account.sees(0, excused=excused)["metros_24h"]


def test_a_metropolis_without_a_person_does_not_count() -> None:
    account = Account()
    assert 0 == account.sees(0, kind="heartbeat")["metros_24h"]
    assert 1 == account.sees(1)["metros_24h"]


def test_an_open_page_makes_no_metropolis_last_longer() -> None:
    account = been_to(SHANGHAI)
    for minute in range(20, 24 * 60, 20):
        account.sees(minute, kind="heartbeat")
    assert 1 == account.looks(DAY_MS)["metros_24h"]
    assert 0 == account.looks(DAY_MS + 1)["metros_24h"]


def test_a_cloud_where_only_a_page_is_open_is_no_evidence() -> None:
    account = Account()
    assert (0, 0) == account.sees(0, CLOUD, kind="heartbeat")[["hosting_use", "hosting_slots"]].tolist()
    polled = account.sees(1, CLOUD, kind="request", asset=1)
    assert (0, 1, 1) == polled[["present", "hosting_use", "hosting_slots"]].tolist()
    assert (0, 1) == account.sees(2, CLOUD, kind="logout")[["hosting_use", "hosting_slots"]].tolist()


def test_use_from_a_cloud_is_counted_by_events_hours_and_sightings() -> None:
    account = been_to(CLOUD, CLOUD, SHANGHAI)
    account.sees(121, CLOUD)
    names = ["hosting_24h", "hosting_hours_24h", "hosting_slots"]
    assert (3, 3, 0b1011) == account.looks(0)[names].tolist()
    assert 0 == account.looks(3 * DAY_MS)["hosting_slots"]


@pytest.mark.parametrize(("excused", "slots"), [(DATACENTER_ACCESS_BIT, 0), (ACCOUNT_SHARING_BIT, 1)])
def test_an_excused_cloud_is_no_evidence(excused: int, slots: int) -> None:
    assert slots == Account().sees(0, CLOUD, excused=excused)["hosting_slots"]


@pytest.mark.parametrize("kind", ["heartbeat", "logout", "login_failure", "compromise_report"])
def test_what_an_account_does_not_do_itself_is_no_use_from_a_cloud(kind: str) -> None:
    assert 0 == Account().sees(0, CLOUD, kind=kind)["hosting_24h"]


def test_a_visitor_from_a_cloud_uses_no_account() -> None:
    assert 0 == Account().sees(0, CLOUD, kind="request", account=0)["hosting_24h"]


def test_the_rows_first_moment_is_kept() -> None:
    account = been_to(SHANGHAI, BEIJING)
    assert START_MS == account.looks(50 * DAY_MS)["first_ms"]
    assert START_MS + 50 * DAY_MS == account.head["last_ms"]


@pytest.mark.parametrize("kind", ["compromise_report", "login_failure"])
def test_what_belongs_to_no_sighting_says_so(kind: str) -> None:
    account = been_to(SHANGHAI)
    assert (-1, -1) == account.sees(1, kind=kind)[["opened", "current"]].tolist()

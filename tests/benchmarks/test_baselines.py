from collections.abc import Sequence

import pytest

from benchmarks.baselines import BASELINES, accusations
from detector.categories import CLAUSES
from detector.enrich import NetworkClass, Place, Precision
from detector.events import SessionEvent
from detector.scoring.labels import Subject

MINUTE_MS, DAY_MS = 60_000, 86_400_000
START_MS = 1_780_243_200_000
PLACES = {
    "192.0.2.1": ("Beijing", 39.9, 116.4, NetworkClass.RESIDENTIAL),
    "192.0.2.2": ("Shanghai", 31.2, 121.5, NetworkClass.RESIDENTIAL),
    "192.0.2.3": ("Guangzhou", 23.1, 113.3, NetworkClass.RESIDENTIAL),
    "192.0.2.4": ("Shanghai", 31.2, 121.5, NetworkClass.VPN),
    "192.0.2.5": ("", 0.0, 0.0, NetworkClass.RESIDENTIAL),
}
BEIJING, SHANGHAI, GUANGZHOU, VPN, NOWHERE = PLACES


def place_of(ip: str) -> Place:
    city, latitude, longitude, network = PLACES.get(ip, PLACES[BEIJING])
    precision = Precision.CITY if city else Precision.NONE
    return Place(city, "", "CN", latitude, longitude, 50.0, precision, 4134, "", network)


def event(kind: str, at_ms: int, ip: str = BEIJING, **given: object) -> SessionEvent:
    fields = {"account_id": "a", "path": "/", "method": "GET", "status": 200} | given
    return SessionEvent(f"{kind}-{at_ms}-{ip}-{fields['account_id']}", kind, START_MS + at_ms, ip, **fields)  # type: ignore[arg-type]  # a test's event takes any value


def accused(name: str, events: Sequence[SessionEvent]) -> list[tuple[str, str | None, int]]:
    """Subject, account and time of what one baseline says."""
    (baseline,) = [each for each in BASELINES if each.name == name]
    found = accusations([baseline], events, place_of)[name]
    assert all((each.category, each.action) == (baseline.category, "warn") for each in found)
    return [(each.subject.id, each.account_id, each.decided_time - START_MS) for each in found]


def logins(*stops: tuple[str, int]) -> list[SessionEvent]:
    return [event("login_success", minutes * MINUTE_MS, ip) for ip, minutes in stops]


def test_travel_faster_than_900_km_an_hour_is_accused() -> None:
    # Beijing to Shanghai are about 1,070 km: 71 minutes at 900 km/h.
    assert [("a", "a", 70 * MINUTE_MS)] == accused("travel", logins((BEIJING, 0), (SHANGHAI, 70)))
    assert [] == accused("travel", logins((BEIJING, 0), (SHANGHAI, 73)))
    assert [("a", "a", 0)] == accused("travel", logins((BEIJING, 0), (SHANGHAI, 0)))


@pytest.mark.parametrize("between", [(VPN, 10), (NOWHERE, 10)])
def test_travel_does_not_start_from_a_vpn_or_from_nowhere(between: tuple[str, int]) -> None:
    assert [] == accused("travel", logins(between, (BEIJING, 20)))


def test_more_than_two_cities_in_five_minutes_are_accused() -> None:
    assert [("a", "a", 4 * MINUTE_MS)] == accused(
        "cities", logins((BEIJING, 0), (SHANGHAI, 2), (GUANGZHOU, 4))
    )
    assert [] == accused("cities", logins((BEIJING, 0), (SHANGHAI, 2), (GUANGZHOU, 5)))
    assert [] == accused("cities", logins((BEIJING, 0), (SHANGHAI, 2), (VPN, 3), (NOWHERE, 4)))


def test_more_than_three_addresses_in_five_minutes_are_accused() -> None:
    three = [(f"198.51.100.{number}", 1) for number in range(3)]
    assert [] == accused("addresses", logins(*three, *three))
    assert [("a", "a", MINUTE_MS)] == accused("addresses", logins(*three, ("198.51.100.9", 1)))


def test_more_than_four_devices_in_a_day_are_accused() -> None:
    def visits(devices: int, last_ms: int) -> list[SessionEvent]:
        times = [*range(devices - 1), last_ms]
        return [event("request", at, device_id=f"d{number}") for number, at in enumerate(times)]

    assert [("a", "a", DAY_MS - 1)] == accused("devices", visits(5, DAY_MS - 1))
    assert [] == accused("devices", visits(5, DAY_MS))
    assert [] == accused("devices", visits(4, 9))
    assert [] == accused("devices", [event("request", at) for at in range(9)])


def failures(number: int, gap_ms: int) -> list[SessionEvent]:
    return [event("login_failure", at * gap_ms, account_id=f"v{at}") for at in range(number)]


def test_a_sixth_failure_runs_the_bucket_over_and_accuses_address_and_account() -> None:
    assert [] == accused("failures", failures(5, 100))
    assert [(BEIJING, "v5", 500)] == accused("failures", failures(6, 100))
    assert [(BEIJING, "v5", 0)] == accused("failures", failures(6, 0))


def test_a_bucket_that_ran_over_is_empty() -> None:
    (baseline,) = [each for each in BASELINES if each.name == "failures"]
    watch = baseline.make()
    said = [watch.see(each, 0, place_of(BEIJING)) is not None for each in failures(12, 0)]
    assert [5, 11] == [number for number, accuses in enumerate(said) if accuses]


def test_failures_that_leak_as_fast_as_they_come_are_not_accused() -> None:
    assert [] == accused("failures", failures(50, 10_000))


def test_forty_one_distinct_paths_run_the_bucket_over() -> None:
    def reads(number: int, form: str) -> list[SessionEvent]:
        return [event("request", at, path=form.format(at)) for at in range(number)]

    assert [] == accused("paths", reads(40, "/a/{}"))
    assert [(BEIJING, "a", 40)] == accused("paths", reads(41, "/a/{}"))
    assert [] == accused("paths", reads(100, "/a?page={}"))
    assert [] == accused("paths", reads(100, "/{}.css?v=1"))


def test_a_sixth_sign_up_in_five_minutes_accuses_the_address() -> None:
    def joins(number: int, gap_ms: int) -> list[SessionEvent]:
        return [event("registration", at * gap_ms, account_id=f"n{at}") for at in range(number)]

    assert [] == accused("sign_ups", joins(5, 1))
    assert [(BEIJING, "n5", 5)] == accused("sign_ups", joins(6, 1))
    assert [] == accused("sign_ups", joins(6, MINUTE_MS))


def test_the_same_subject_is_accused_once_a_day() -> None:
    attack = failures(40, 100)
    later = [event("login_failure", DAY_MS + 100 * at) for at in range(6, 20)]
    assert [500, DAY_MS + 1_100] == [time_ms for _, _, time_ms in accused("failures", attack + later)]


def test_what_suffers_is_not_counted_as_its_own_doing() -> None:
    attack = [event("login_failure", at, f"198.51.100.{at}") for at in range(9)]
    assert [] == accused("addresses", attack)


def test_every_baseline_has_a_category_of_the_agreement_and_a_source() -> None:
    assert len(BASELINES) == len({each.name for each in BASELINES}) == 7
    for each in BASELINES:
        assert each.category in CLAUSES
        assert each.source == "commonly used" or "github.com/" in each.source or "docs." in each.source


def test_baselines_do_not_share_what_they_have_seen() -> None:
    found = accusations(BASELINES, failures(3, 1), place_of)
    again = accusations(BASELINES, failures(3, 1), place_of)
    assert ({each.name: [] for each in BASELINES}, found) == (found, again)
    assert (
        Subject("network", BEIJING) == accusations(BASELINES, failures(6, 1), place_of)["failures"][0].subject
    )

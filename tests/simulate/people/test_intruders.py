import pytest

from detector.simulate import Pools
from detector.simulate.people import intruders
from tests.simulate.lives import abuse, day_of, events, some, visits

DIFFICULTIES = ("blatant", "clear", "subtle")


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_a_thief_comes_with_a_new_device_from_a_new_place_for_some_days(
    pools: Pools, difficulty: str
) -> None:
    for who in some(intruders.phished_account, pools, difficulty):
        planned = visits(who, 28)
        theft = abuse(planned)
        own = [v for v in planned if v.affair is None]
        assert not {v.device.device_id for v in theft} & {v.device.device_id for v in own}
        assert not {v.ip for v in theft} & {v.ip for v in own}
        assert day_of(theft[-1]) - day_of(theft[0]) <= 3
        assert max(day_of(v) for v in own) > day_of(theft[-1])


def test_a_thief_takes_files_along_the_blatant_one_many(pools: Pools) -> None:
    taken = {
        difficulty: sum(
            int(str(event.get("bytes", 0))) > 300_000
            for who in some(intruders.phished_account, pools, difficulty)
            for visit in abuse(visits(who, 21))
            for _, _, event in visit.events()
        )
        for difficulty in DIFFICULTIES
    }
    assert taken["blatant"] > 2 * taken["clear"] > 2 * taken["subtle"] > 0


def test_whoever_was_locked_out_fails_and_resets_the_password(pools: Pools) -> None:
    for who in some(intruders.phished_account, pools, "blatant"):
        kinds = [event["type"] for event in events(who, 28)]
        changes = [n for n, kind in enumerate(kinds) if kind == "password_change"]
        assert 2 == len(changes)
        assert "login_failure" == kinds[changes[1] - 1]


def test_whoever_was_locked_out_stays_out_until_the_reset(pools: Pools) -> None:
    for who in some(intruders.phished_account, pools, "blatant", count=20):
        planned = visits(who, 28)
        theft = abuse(planned)
        later = [v for v in planned if v.affair is None and v.start_ms > theft[0].start_ms]
        assert day_of(theft[-1]) < day_of(later[0])


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_a_stolen_session_moves_to_another_network_and_client_without_a_login(
    pools: Pools, difficulty: str
) -> None:
    for who in some(intruders.hijacked_session, pools, difficulty):
        planned = visits(who, 28)
        theft = abuse(planned)
        assert theft
        for visit in theft:
            origin = [v for v in planned if v.session_id == visit.session_id and v.affair is None]
            assert origin
            assert visit.ip not in {v.ip for v in origin}
            assert visit.device not in {v.device for v in origin}
            assert "login_success" not in {event["type"] for _, _, event in visit.events()}


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_misuse_is_reported_by_its_victim_soon_after(pools: Pools, difficulty: str) -> None:
    for who in some(intruders.reported_misuse, pools, difficulty):
        planned = visits(who, 21)
        (report,) = (v for v in planned if v.affair == 1)
        theft = [v for v in planned if v.affair == 0]
        kinds = [event["type"] for event in events(who, 21)]
        assert 1 == kinds.count("compromise_report") == kinds.count("password_change")
        assert 0 < day_of(report) - day_of(theft[0]) <= 2
        assert 1 == len({charge.incident for charge in who.charges})


def test_an_unfounded_report_has_nothing_before_it(pools: Pools) -> None:
    for who in some(intruders.unfounded_report, pools, "clear"):
        planned = visits(who, 21)
        assert 1 == sum(event["type"] == "compromise_report" for event in events(who, 21))
        assert {None, 1} == {v.affair for v in planned}
        assert ["compromise_report"] == [charge.category for charge in who.charges]

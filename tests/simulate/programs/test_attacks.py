from collections import Counter

import pytest

from detector.simulate import Pools
from detector.simulate.programs import attacks
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import HOUR_MS, Event
from tests.simulate.lives import Build, abuse, events, some, visits

STRENGTHS = ("blatant", "clear", "subtle")
ALL = (attacks.brute_force, attacks.stuffing, attacks.distributed_stuffing, attacks.spraying)


def tries(who: Inhabitant) -> list[Event]:
    """The failures of the attack itself, in order of time."""
    attack = [visit for visit in visits(who, 10) if visit.affair == 0]
    return [event for _, _, event in sorted(dated for visit in attack for dated in visit.events())]


def span_h(happened: list[Event]) -> float:
    return (int(str(happened[-1]["time"])) - int(str(happened[0]["time"]))) / HOUR_MS


@pytest.mark.parametrize("build", ALL)
@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_an_attack_only_fails_and_whom_it_opens_is_a_charge_of_its_own(
    pools: Pools, build: Build, difficulty: str
) -> None:
    for who in some(build, pools, difficulty, 3):
        assert {"login_failure"} == {event["type"] for event in tries(who)}
        for charge in who.charges[1:]:
            assert "account_takeover" == charge.category
            (used,) = [visit for visit in visits(who, 10) if visit.affair in charge.affairs]
            assert used.account is not None
            assert charge.subject.id == used.account.account_id
            assert "login_success" == min(used.events())[2]["type"]


@pytest.mark.parametrize("build", ALL)
def test_some_attacks_open_an_account(pools: Pools, build: Build) -> None:
    opened = [len(who.charges) - 1 for difficulty in STRENGTHS for who in some(build, pools, difficulty)]
    assert 0 in opened
    assert 0 < sum(opened) < 3 * len(opened)


@pytest.mark.parametrize("build", ALL)
def test_victims_go_on_with_their_lives(pools: Pools, build: Build) -> None:
    for who in some(build, pools, "clear", 2):
        planned = visits(who, 6)
        assert len(planned) > len(abuse(planned))
        alternatives = {one.id for one in who.charges[0].alternatives}
        assert {account.account_id for account in who.accounts} <= alternatives


@pytest.mark.parametrize(
    ("difficulty", "least", "most"), [("blatant", 300, 2_000), ("clear", 100, 400), ("subtle", 30, 110)]
)
def test_brute_force_is_many_tries_on_one_account(
    pools: Pools, difficulty: str, least: int, most: int
) -> None:
    for who in some(attacks.brute_force, pools, difficulty, 4):
        assert least <= len(tries(who)) <= most
        assert {who.accounts[0].account_id} == {event["account_id"] for event in tries(who)}
        assert len({event["ip"] for event in tries(who)}) <= 4


@pytest.mark.parametrize("build", [attacks.stuffing, attacks.distributed_stuffing])
@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_stuffing_tries_each_name_once_and_most_exist_nowhere(
    pools: Pools, build: Build, difficulty: str
) -> None:
    for who in some(build, pools, difficulty, 3):
        known = Counter(event["account_id"] for event in tries(who) if "account_id" in event)
        assert {1} == set(known.values())
        assert known.total() < 0.5 * len(tries(who))


def test_stuffing_comes_from_one_address_or_from_a_hundred(pools: Pools) -> None:
    for difficulty, least, most in (("blatant", 120, 300), ("clear", 50, 150), ("subtle", 20, 60)):
        for who in some(attacks.stuffing, pools, difficulty, 2):
            assert 1 == len({event["ip"] for event in tries(who)})
        for who in some(attacks.distributed_stuffing, pools, difficulty, 2):
            happened = tries(who)
            assert least <= len({event["ip"] for event in happened}) <= most
            assert 1 == len({(event["user_agent"], event["tls_fingerprint"]) for event in happened})


def test_spraying_tries_each_account_a_little_over_days(pools: Pools) -> None:
    for difficulty, rounds, hours in (("blatant", 12, 24), ("clear", 6, 48), ("subtle", 5, 96)):
        for who in some(attacks.spraying, pools, difficulty, 3):
            happened = tries(who)
            assert {rounds} == set(Counter(event["account_id"] for event in happened).values())
            assert hours < span_h(happened)


def test_spraying_is_aimed_at_an_organisation_at_times(pools: Pools) -> None:
    aimed = {who.accounts[0].org_id is not None for who in some(attacks.spraying, pools, "clear", 9)}
    assert {True, False} == aimed


def test_a_break_in_takes_data_out(pools: Pools) -> None:
    used = [
        event
        for who in some(attacks.spraying, pools, "blatant")
        for visit in abuse(visits(who, 10))
        if visit.affair
        for _, _, event in visit.events()
    ]
    assert any("export" in str(event.get("path")) for event in used)
    assert any(event["type"] == "password_change" for event in used)


def test_attacks_fall_on_days_when_the_accounts_are_known(pools: Pools) -> None:
    for build in ALL:
        assert not any(
            "login_failure" == event["type"] and "unknown_account" == event["reason"]
            for who in some(build, pools, "clear", 2)
            for event in events(who, 1)
        )

"""What holds for every profile of programs."""

import msgspec
import pytest

from detector.events import Addresses, decode
from detector.simulate import Pools
from detector.simulate.programs import machines
from detector.simulate.world.inhabitants import account_subject
from detector.simulate.world.population import DIFFICULTIES, Profile
from tests.simulate.lives import abuse, born, some, visits

CATEGORY = {
    **dict.fromkeys(("fast_crawler", "slow_crawler", "sleepless_crawler", "headless_browser"), "crawler"),
    **dict.fromkeys(("distributed_crawl", "anonymous_crawl"), "crawler"),
    **dict.fromkeys(("forged_search_bot", "declared_bot"), "crawler"),
    **{f"registration_{how}": "batch_registration" for how in ("burst", "drip", "pattern", "network")},
    **dict.fromkeys(("brute_force", "stuffing", "distributed_stuffing", "spraying"), "credential_attack"),
    "session_replay": "account_takeover",
    "prober": "probing",
    **dict.fromkeys(("flooder", "shared_script_flood"), "flooding"),
    "ip_spoofer": "ip_spoofing",
    **dict.fromkeys(("plugin_client", "false_app", "false_browser"), "unauthorized_client"),
}
every = pytest.mark.parametrize("profile", machines.PROFILES, ids=lambda p: f"{p.name}-{p.difficulty}")
abusive = pytest.mark.parametrize("profile", machines.ABUSIVE, ids=lambda p: f"{p.name}-{p.difficulty}")


@every
def test_every_event_is_as_the_contract_has_it(pools: Pools, profile: Profile) -> None:
    kinds = {type(visit.script): visit for visit in visits(born(profile.build, pools, profile.difficulty), 6)}
    happened = [event for visit in kinds.values() for _, _, event in visit.events()]
    decoded = decode([msgspec.json.encode(event) for event in happened], Addresses())
    assert [] == decoded.rejected
    assert happened


@every
def test_a_day_is_the_same_whenever_it_is_planned(pools: Pools, profile: Profile) -> None:
    first, second = (born(profile.build, pools, profile.difficulty, 3) for _ in range(2))
    assert visits(first, 2, first=2) == visits(second, 2, first=2)


@every
def test_nothing_begins_before_its_day(pools: Pools, profile: Profile) -> None:
    who = born(profile.build, pools, profile.difficulty)
    planned = visits(who, 1, first=3)
    midnight_ms = 1_780_243_200_000 + 3 * 86_400_000
    assert all(midnight_ms <= visit.start_ms < visit.end_ms for visit in planned)


@abusive
def test_every_charge_is_of_its_category_and_comes_true(pools: Pools, profile: Profile) -> None:
    for who in some(profile.build, pools, profile.difficulty, 3):
        done = {visit.affair for visit in abuse(visits(who, 10))}
        assert {CATEGORY[profile.name]} | {"account_takeover"} >= {charge.category for charge in who.charges}
        assert CATEGORY[profile.name] == who.charges[0].category
        assert all(profile.difficulty == charge.difficulty for charge in who.charges)
        assert 0.8 * len(who.charges) <= len(done) <= len(who.charges)


@abusive
def test_accounts_of_one_affair_share_an_incident(pools: Pools, profile: Profile) -> None:
    who, other = some(profile.build, pools, profile.difficulty, 2)
    incidents = {charge.incident for charge in who.charges}
    assert 1 == len(incidents)
    if len(who.charges) > 1:
        assert None not in incidents
        assert not incidents & {charge.incident for charge in other.charges}


@abusive
def test_no_subject_is_its_own_alternative(pools: Pools, profile: Profile) -> None:
    for charge in born(profile.build, pools, profile.difficulty).charges:
        named = (charge.subject, *charge.alternatives)
        assert len(set(named)) == len(named)
        assert charge.category not in charge.also
        assert len(set(charge.also)) == len(charge.also)


@pytest.mark.parametrize("profile", machines.INNOCENT, ids=lambda p: p.name)
def test_the_innocent_are_accused_of_nothing(pools: Pools, profile: Profile) -> None:
    who = born(profile.build, pools)
    assert not who.charges
    assert not abuse(visits(who, 7))
    assert who.accounts or who.quiet


def test_every_abuser_comes_at_three_strengths() -> None:
    graded = {(profile.name, profile.difficulty) for profile in machines.ABUSIVE}
    assert {(name, difficulty) for name in CATEGORY for difficulty in DIFFICULTIES} == graded


@pytest.mark.parametrize("name", sorted(CATEGORY.keys() - {"flooder", "shared_script_flood"}))
def test_the_subtle_do_less_than_the_blatant(pools: Pools, name: str) -> None:
    kinds = {p.difficulty: p.build for p in machines.ABUSIVE if p.name == name}
    blatant, _, subtle = (
        sum(
            len(visit.events())
            for who in some(kinds[difficulty], pools, difficulty, 2)
            for visit in abuse(visits(who, 5))
        )
        for difficulty in DIFFICULTIES
    )
    assert subtle < 0.7 * blatant


def test_accounts_have_names_of_their_own(pools: Pools) -> None:
    everybody = [
        account_subject(account)
        for number, profile in enumerate(machines.PROFILES)
        for account in born(profile.build, pools, profile.difficulty, number).accounts
    ]
    assert len(set(everybody)) == len(everybody)

import pytest

from detector.simulate import Pools
from detector.simulate.programs import signed_up_together
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import DAY_MS, HOUR_MS, Event
from tests.simulate.lives import Build, born, events

ALL = (
    *(signed_up_together.dormitory, signed_up_together.onboarding),
    *(signed_up_together.school_class, signed_up_together.campaign),
)


def created(who: Inhabitant, days: int = 5) -> list[Event]:
    return [
        event
        for event in events(who, days)
        if event["type"] == "registration" and event["registration"]["outcome"] == "created"  # type: ignore[index]
    ]


def told(event: Event, name: str) -> str:
    return str(event["registration"][name])  # type: ignore[index]


@pytest.mark.parametrize("build", ALL)
def test_everybody_has_an_own_device_and_name_and_registers_once(pools: Pools, build: Build) -> None:
    joined = created(born(build, pools), 22)
    for own in ("account_id", "device_id"):
        assert len(joined) == len({event[own] for event in joined})
    assert 0.9 * len(joined) <= len({told(event, "username") for event in joined})


@pytest.mark.parametrize("build", [signed_up_together.onboarding, signed_up_together.school_class])
def test_a_firm_or_class_registers_within_an_hour_behind_one_address(pools: Pools, build: Build) -> None:
    who = born(build, pools)
    joined = created(who)
    assert {who.quiet[0].id} == {event["ip"] for event in joined}
    assert 1 == len({told(event, "email_domain") for event in joined})
    assert int(str(joined[-1]["time"])) - int(str(joined[0]["time"])) < 1.1 * HOUR_MS
    assert len(joined) == len(who.accounts)


def test_a_dormitory_registers_for_weeks_behind_one_address(pools: Pools) -> None:
    who = born(signed_up_together.dormitory, pools)
    joined = created(who, 22)
    assert {who.quiet[0].id} == {event["ip"] for event in joined}
    assert 7 * DAY_MS < int(str(joined[-1]["time"])) - int(str(joined[0]["time"]))
    assert len(joined) < len(who.accounts)


def test_a_campaign_brings_hundreds_from_everywhere_by_one_code(pools: Pools) -> None:
    who = born(signed_up_together.campaign, pools)
    joined = created(who, 6)
    assert 150 <= len(joined)
    assert 1 == len({told(event, "invite_code") for event in joined})
    assert 0.8 * len(joined) < len({event["ip"] for event in joined})


def test_nobody_is_seen_before_registering(pools: Pools) -> None:
    happened = events(born(signed_up_together.school_class, pools), 5)
    first: dict[object, object] = {}
    for event in happened:
        first.setdefault(event["account_id"], event["type"])
    assert {"registration"} == set(first.values())

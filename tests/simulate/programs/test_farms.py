from collections import Counter

import pytest

from detector.simulate import Pools
from detector.simulate.programs import farms
from detector.simulate.programs.hideouts import prefix
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import DAY_MS, HOUR_MS, Event
from tests.simulate.lives import Build, events, some

STRENGTHS = ("blatant", "clear", "subtle")
FARMS = (
    *(farms.registration_burst, farms.registration_drip),
    *(farms.registration_pattern, farms.registration_network),
)


def sign_ups(who: Inhabitant) -> list[Event]:
    return [event for event in events(who, 12) if event["type"] == "registration"]


def outcome(event: Event) -> str:
    form = event["registration"]
    assert isinstance(form, dict)
    return str(form["outcome"])


@pytest.mark.parametrize("build", FARMS)
@pytest.mark.parametrize(
    ("difficulty", "least", "most"), [("blatant", 20, 100), ("clear", 10, 35), ("subtle", 6, 16)]
)
def test_every_account_is_opened_once(
    pools: Pools, build: Build, difficulty: str, least: int, most: int
) -> None:
    for who in some(build, pools, difficulty, 3):
        opened = Counter(str(e["account_id"]) for e in sign_ups(who) if outcome(e) == "created")
        assert {account.account_id: 1 for account in who.accounts} == opened
        assert least <= len(opened) <= most


@pytest.mark.parametrize("build", FARMS)
def test_some_forms_are_refused_and_some_accounts_used_later(pools: Pools, build: Build) -> None:
    happened = [event for who in some(build, pools, "clear", 4) for event in events(who, 12)]
    refused = [e for e in happened if e["type"] == "registration" and outcome(e) == "refused"]
    assert 0 < len(refused) < 0.5 * len({event.get("account_id") for event in happened})
    assert not any("account_id" in event for event in refused)
    used: dict[object, list[Event]] = {}
    for event in happened:
        if "account_id" in event:
            used.setdefault(event["account_id"], []).append(event)
    assert {"registration"} == {own[0]["type"] for own in used.values()}
    assert any(int(str(own[-1]["time"])) - int(str(own[0]["time"])) > HOUR_MS for own in used.values())


@pytest.mark.parametrize(("difficulty", "hours"), [("blatant", 0.6), ("clear", 2.1), ("subtle", 5.1)])
def test_a_burst_is_one_address_within_hours(pools: Pools, difficulty: str, hours: float) -> None:
    for who in some(farms.registration_burst, pools, difficulty, 4):
        opened = sign_ups(who)
        assert 1 == len({event["ip"] for event in opened})
        assert int(str(opened[-1]["time"])) - int(str(opened[0]["time"])) <= hours * HOUR_MS


@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_a_drip_is_one_device_on_many_gateways_over_days(pools: Pools, difficulty: str) -> None:
    for who in some(farms.registration_drip, pools, difficulty, 4):
        opened = sign_ups(who)
        assert 1 == len({event["device_id"] for event in opened})
        assert 5 < len({event["ip"] for event in opened})
        assert 18 * HOUR_MS < int(str(opened[-1]["time"])) - int(str(opened[0]["time"])) < 6 * DAY_MS


@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_a_pattern_has_neither_address_nor_device_in_common(pools: Pools, difficulty: str) -> None:
    for who in some(farms.registration_pattern, pools, difficulty, 3):
        opened = [event for event in sign_ups(who) if outcome(event) == "created"]
        assert 0.9 * len(opened) < len({event["ip"] for event in opened})
        assert not any("device_id" in event for event in opened)


def test_a_network_is_a_24_unless_it_is_subtle(pools: Pools) -> None:
    for difficulty, few in (("blatant", True), ("clear", True), ("subtle", False)):
        for who in some(farms.registration_network, pools, difficulty, 3):
            prefixes = {prefix(str(event["ip"])) for event in sign_ups(who)}
            assert (len(prefixes) == 1) == few


def test_a_carriers_gateway_is_never_accused(pools: Pools) -> None:
    for who in some(farms.registration_drip, pools, "clear", 3):
        assert not any(one.type == "network" for charge in who.charges for one in charge.alternatives)

from collections import Counter

from detector.simulate import Pools
from detector.simulate.programs import behind_one_address
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import MONDAY_MS, born, events


def test_monday_morning_brings_the_failures(pools: Pools) -> None:
    who = born(behind_one_address.monday_office, pools)
    failed = [e for e in events(who, 5) if e["type"] == "login_failure" and e["ip"] == who.quiet[0].id]
    by_day = Counter((int(str(event["time"])) - MONDAY_MS) // (24 * HOUR_MS) for event in failed)
    assert by_day[0] > 20
    assert by_day[0] > 3 * max(by_day[day] for day in range(1, 5))


def test_a_gateway_holds_hundreds_of_strangers_some_failing_some_registering(pools: Pools) -> None:
    who = born(behind_one_address.carrier_gateway, pools)
    happened = events(who, 7)
    assert {who.quiet[0].id} == {event["ip"] for event in happened}
    kinds = Counter(event["type"] for event in happened)
    assert 0 < kinds["registration"] < 30
    assert 0 < kinds["login_failure"] < 0.1 * kinds["request"]
    assert 150 <= len({event["account_id"] for event in happened})
    assert len({event["device_id"] for event in happened}) >= 150


def test_who_registers_is_not_seen_before(pools: Pools) -> None:
    first: dict[object, object] = {}
    joined = set()
    for event in events(born(behind_one_address.carrier_gateway, pools), 11):
        first.setdefault(event["account_id"], event["type"])
        if event["type"] == "registration":
            joined.add(event["account_id"])
    assert joined
    assert {"registration"} == {first[account] for account in joined}

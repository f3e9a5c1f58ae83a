import ipaddress
from typing import Any

import pytest

from detector.simulate import Pools
from detector.simulate.people import customers
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import Visit
from tests.simulate.lives import Build, events, some, visits


def entries(who: Inhabitant) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for grant in who.grants:
        allowed = grant.value.get("allow", [])
        assert isinstance(allowed, list)
        found += allowed
    return found


def allows(entry: dict[str, Any], visit: Visit) -> bool:
    match entry["kind"]:
        case "ip" | "cidr":
            return ipaddress.ip_address(visit.ip) in ipaddress.ip_network(entry["value"])
        case "device":
            return bool(visit.device.device_id == entry["value"])
        case "client":
            return bool(visit.device.client == entry["value"])
    raise AssertionError(entry)


@pytest.mark.parametrize(
    "build", [customers.allowed_cloud_desktop, customers.allowed_agency, customers.api_customer]
)
def test_what_customers_do_is_in_their_contract(pools: Pools, build: Build) -> None:
    for who in some(build, pools):
        allowed = entries(who)
        assert all({"kind", "value", "reason", "author", "expires"} <= entry.keys() for entry in allowed)
        assert all(any(allows(entry, visit) for entry in allowed) for visit in visits(who, 7))


def test_an_api_customer_asks_round_the_clock_from_one_address(pools: Pools) -> None:
    for who in some(customers.api_customer, pools, count=3):
        planned = visits(who, 2)
        assert 48 == len(planned)
        assert 1 == len({visit.ip for visit in planned})
        assert 2 == sum(event["type"] == "login_success" for event in events(who, 2))

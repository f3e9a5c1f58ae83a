import ipaddress
from dataclasses import replace
from random import Random

from detector.simulate import Pools
from detector.simulate.world import access
from detector.simulate.world.lines import Line
from detector.simulate.world.places import CITY

WUHAN = CITY["Wuhan"]
LOW = (1 << 64) - 1


def seen(line: Line, days: int, interface: str = "a") -> list[str]:
    return [line.address(day, Random(day), interface) for day in range(days)]


def test_lines_do_not_change_their_addresses_all_at_once(pools: Pools) -> None:
    changes = set()
    for seed in range(40):
        line = replace(access.broadband(pools, WUHAN, Random(seed)), blocks6=(), lease_days=7)
        addresses = seen(line, 14)
        changes |= {day for day in range(1, 14) if addresses[day] != addresses[day - 1]}
    assert set(range(1, 14)) == changes


def test_a_private_ipv6_address_is_the_devices_own_for_a_day(pools: Pools) -> None:
    lines = [access.broadband(pools, WUHAN, Random(seed)) for seed in range(20)]
    line = replace(next(line for line in lines if line.blocks6), visits6=1.0, phase_days=0.0, lease_days=30)

    def host(day: float, interface: str) -> int:
        return int(ipaddress.IPv6Address(line.address(day, Random(1), interface))) & LOW

    assert host(0.1, "a") == host(0.9, "a") != host(1.1, "a")
    assert host(0.1, "a") != host(0.1, "b")


def test_a_redialled_line_has_several_addresses_a_day(pools: Pools) -> None:
    line = replace(access.redialled(pools, WUHAN, Random(1)), blocks6=())
    assert 2 <= len({line.address(hour / 24, Random(1)) for hour in range(24)})


def test_a_misplaced_line_has_addresses_of_another_province_or_of_a_torn_network(pools: Pools) -> None:
    wrong = {
        block
        for (name, _), blocks in pools.homes.items()
        if CITY[name].region != WUHAN.region
        for block in blocks
    } | {block for blocks in pools.torn.values() for block in blocks}
    whole = 0
    for seed in range(30):
        line = access.misplaced(pools, WUHAN, Random(seed))
        misplaced = [
            any(b.first <= one.first < b.first + (1 << 32 - b.bits) for b in wrong) for one in line.blocks
        ]
        assert any(misplaced)
        whole += all(misplaced)
    assert 10 <= whole < 30


def test_phones_are_never_on_broadband_and_homes_never_on_mobile_networks(pools: Pools) -> None:
    for seed in range(30):
        home, phone = access.broadband(pools, WUHAN, Random(seed)), access.mobile(pools, WUHAN, Random(seed))
        assert not {b for blocks in pools.mobile6.values() for b in blocks} & set(home.blocks6)
        assert not {b for blocks in pools.broadband6.values() for b in blocks} & set(phone.blocks6)


def test_vpn_exits_are_of_a_vpn_or_else_of_an_office(pools: Pools) -> None:
    exits = access.vpn(pools, WUHAN, Random(1)).blocks
    assert all(any(b.first <= e.first < b.first + (1 << (32 - b.bits)) for b in pools.vpns) for e in exits)
    assert access.vpn(replace(pools, vpns=()), WUHAN, Random(1)).city == WUHAN

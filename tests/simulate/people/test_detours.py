import ipaddress

from detector.simulate import Pools
from detector.simulate.people import detours
from detector.simulate.world.pools import Block
from tests.simulate.lives import accounts, some, visits


def inside(ip: str, blocks: tuple[Block, ...]) -> bool:
    address = ipaddress.ip_address(ip)
    return address.version == 4 and any(
        int(address) >> (32 - block.bits) == block.first >> (32 - block.bits) for block in blocks
    )


def test_a_vpn_carries_all_of_a_computers_use_or_some_stretches(pools: Pools) -> None:
    exits = tuple(pools.vpns)
    for who in some(detours.vpn_always, pools):
        assert all(inside(v.ip, exits) for v in visits(who) if v.device.client == "web")
    for who in some(detours.vpn_at_times, pools):
        carried = [inside(v.ip, exits) for v in visits(who, 28)]
        assert 0 < sum(carried) < len(carried)


def test_a_firms_traffic_leaves_in_one_city_while_its_people_are_in_several(pools: Pools) -> None:
    for who in some(detours.corporate_egress, pools):
        planned = visits(who, 5)
        (egress,) = (subject.id for subject in who.quiet if subject.type == "network")
        assert 5 <= len(who.accounts)
        assert len({v.ip for v in planned if v.ip == egress}) == 1
        assert len(accounts([v for v in planned if v.ip == egress])) >= len(who.accounts) - 2


def test_hot_desks_are_used_by_several_accounts_but_by_one_a_day(pools: Pools) -> None:
    for who in some(detours.hot_desk, pools, count=4):
        seated = [v for v in visits(who, 10) if who.quiet[-1].id == v.ip and v.device.client == "web"]
        assert any(
            len(accounts([v for v in seated if v.device == desk])) > 1 for desk in {v.device for v in seated}
        )


def test_a_session_stays_in_the_browser_that_opened_it_at_hot_desks_too(pools: Pools) -> None:
    for who in some(detours.hot_desk, pools, count=4):
        browsers: dict[str | None, set[str | None]] = {}
        for visit in visits(who, 10):
            browsers.setdefault(visit.session_id, set()).add(visit.device.device_id)
        assert {1} == {len(devices) for devices in browsers.values()}


def test_a_stray_visit_leaves_through_a_cloud_seldom(pools: Pools) -> None:
    clouds = tuple(block for blocks in pools.clouds.values() for block in blocks)
    strayed = [inside(v.ip, clouds) for who in some(detours.stray_cloud, pools) for v in visits(who, 56)]
    assert 0 < sum(strayed) < 0.03 * len(strayed)

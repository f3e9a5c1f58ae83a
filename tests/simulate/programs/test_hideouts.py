import ipaddress
from random import Random

from detector.scoring.labels import Subject
from detector.simulate import Pools
from detector.simulate.programs import hideouts


def test_neighbours_are_different_addresses_of_one_24(pools: Pools) -> None:
    rng = Random(1)
    spots = hideouts.neighbours(hideouts.rented(pools, rng), 300, rng)
    assert 254 == len({spot.ip for spot in spots})
    assert 1 == len({hideouts.prefix(spot.ip) for spot in spots})


def test_a_household_has_many_addresses_in_one_64(pools: Pools) -> None:
    spots = hideouts.one_64(pools, Random(2), 30)
    assert 1 == len({hideouts.prefix(spot.ip) for spot in spots})
    assert 20 < len({spot.ip for spot in spots})
    assert all(6 == ipaddress.ip_address(spot.ip).version for spot in spots)


def test_an_address_can_be_named_as_network_as_visitor_and_by_its_prefix(pools: Pools) -> None:
    spot = hideouts.rented(pools, Random(1))._replace(ip="192.0.2.7")
    assert (
        Subject(type="network", id="192.0.2.7"),
        Subject(type="account", id="anon:192.0.2.7"),
        Subject(type="network", id="192.0.2.0/24"),
    ) == hideouts.networks(spot, spot)


def test_an_ipv6_prefix_is_a_64() -> None:
    assert "2001:db8:0:7::/64" == hideouts.prefix("2001:db8:0:7:1:2:3:4")


def test_proxies_are_mostly_homes(pools: Pools) -> None:
    spots = hideouts.proxies(pools, Random(1), 200)
    assert 5 < sum(spot.cloud for spot in spots) < 40

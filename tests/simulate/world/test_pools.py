import ipaddress
from pathlib import Path

import pytest

from detector.enrich import files
from detector.errors import InputError
from detector.simulate.world.places import CITIES
from detector.simulate.world.pools import MOBILE_NETWORKS6, Pools, read_pools
from detector.simulate.world.shipped import shipped_pools

(CITY,), (ASN,), (NETWORKS,) = files("city", None), files("asn", None), files("networks", None)

FOREIGN = Path(__file__).parents[2] / "data/maxmind/GeoLite2-ASN-Test.mmdb"


@pytest.fixture(scope="module")
def shipped() -> Pools:
    return read_pools(CITY, ASN, NETWORKS)


def test_the_shipped_databases_have_homes_in_every_city(shipped: Pools) -> None:
    assert {city.name for city in CITIES} == {city for (city, _), blocks in shipped.homes.items() if blocks}


def test_the_kept_pools_are_those_of_the_shipped_databases(shipped: Pools) -> None:
    kept = shipped_pools()
    assert shipped == kept
    # What is drawn hangs on their order too, which equal mappings need not share.
    for name in ("homes", "homes6", "strays", "gateways", "clouds", "broadband6", "mobile6", "torn"):
        assert list(getattr(shipped, name)) == list(getattr(kept, name))


def test_clouds_and_gateways_are_no_homes(shipped: Pools) -> None:
    homes = {block for blocks in shipped.homes.values() for block in blocks}
    ucloud, gateway = (ipaddress.ip_network(text) for text in ("106.75.0.0/16", "39.144.0.0/16"))
    assert not any(
        ipaddress.ip_address(block.first) in network for block in homes for network in (ucloud, gateway)
    )
    assert any(ipaddress.ip_address(b.first) in ucloud for blocks in shipped.clouds.values() for b in blocks)
    assert any(
        ipaddress.ip_address(b.first) in gateway for blocks in shipped.gateways.values() for b in blocks
    )


def test_phones_and_homes_have_ipv6_of_their_own_and_vpns_have_exits(shipped: Pools) -> None:
    mobile = [ipaddress.ip_network(text) for text in MOBILE_NETWORKS6]
    for blocks, inside in ((shipped.mobile6, True), (shipped.broadband6, False)):
        assert {"telecom", "unicom", "mobile"} == set(blocks)
        for block in (block for of_one in blocks.values() for block in of_one[:200]):
            assert inside == any(ipaddress.ip_address(block.first) in network for network in mobile)
    assert len(shipped.vpns) > 1_000


def test_carriers_have_networks_that_the_database_tears_between_provinces(shipped: Pools) -> None:
    assert {"telecom", "unicom"} <= {carrier for carrier, blocks in shipped.torn.items() if len(blocks) > 100}
    assert {24} == {block.bits for blocks in shipped.torn.values() for block in blocks}


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    nothing = tmp_path / "x.mmdb"
    nothing.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"x\.mmdb.*give paths of \.mmdb files"):
        read_pools(nothing, ASN)
    with pytest.raises(InputError, match=r"x\.mmdb as one of network classes"):
        read_pools(CITY, ASN, nothing)
    with pytest.raises(InputError, match="know no networks"):
        read_pools(FOREIGN, ASN)

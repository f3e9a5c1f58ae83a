"""Rows of addresses and clients, through the door."""

import ipaddress
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.enrich import ADDRESS, CLIENT, ClientKind, Enricher, NetworkClass, Precision, files, prefix_of

Write = Callable[..., Path]
CURL = "curl/8.4.0"


def hash64(text: str) -> int:
    return zlib.crc32(text.encode()) << 32 | 1


def test_the_layouts_have_no_holes() -> None:
    assert 32 == ADDRESS.itemsize
    assert 16 == CLIENT.itemsize


def test_an_addresss_row_says_all_that_is_known(shipped: Enricher) -> None:
    (slot,) = shipped.addresses(["113.108.1.1"])

    row = shipped.address_rows[slot]

    assert hash64("113.108.1.0/24") == row["prefix"]
    assert zlib.crc32(b"CN/Guangdong") == row["region"]
    assert (23.1317, 113.266) == pytest.approx((row["lat"], row["lon"]), abs=1e-3)
    assert 50.0 == row["radius_km"]
    assert (4134, NetworkClass.RESIDENTIAL, Precision.CITY, 4, 0) == tuple(
        row[["asn", "network", "precision", "version", "crawler"]]
    )


def test_an_unknown_address_has_only_a_prefix_and_a_version(shipped: Enricher) -> None:
    (slot,) = shipped.addresses(["2001:db8:1:2:3::4"])

    row = shipped.address_rows[slot].copy()

    assert (hash64("2001:db8:1:2::/64"), 6) == (row["prefix"], row["version"])
    row["prefix"] = row["version"] = 0
    assert np.zeros((), ADDRESS) == row


def test_a_city_state_is_one_region(write_mmdb: Write) -> None:
    records = {
        f"1.2.{third}.0/24": {
            "country_code": "HK",
            "state1": state,
            "city": "Hong Kong",
            "latitude": 22.3,
            "longitude": 114.2,
        }
        for third, state in enumerate(["Kwun Tong", "Kwun Tong District", ""])
    }
    enricher = Enricher([write_mmdb("hk", "City", records)], [], hash64=hash64)

    slots = enricher.addresses(["1.2.0.1", "1.2.1.1", "1.2.2.1"])

    assert {zlib.crc32(b"HK/")} == set(enricher.address_rows["region"][slots].tolist())


def test_a_place_is_in_clear_words(shipped: Enricher) -> None:
    place = shipped.place("106.75.3.4")

    assert ("Shanghai", "CN", 4808, "China Unicom Beijing Province Network", NetworkClass.DATACENTER) == (
        place.region,
        place.country,
        place.asn,
        place.as_name,
        place.network,
    )


def test_a_clients_row_is_one_per_user_agent_and_name(shipped: Enricher) -> None:
    slots = shipped.clients([CURL, CURL, CURL, None], ["api", "api", "plugin:foo", None])
    rows = shipped.client_rows[slots]

    assert slots[0] == slots[1] != slots[2]
    assert [ClientKind.TOOL] * 3 + [ClientKind.UNKNOWN] == rows["kind"].tolist()
    assert [8, 8, 8, 0] == rows["major"].tolist()
    assert zlib.crc32(b"curl") == rows["family"][0]
    assert rows["fingerprint"][0] != rows["fingerprint"][2]
    assert hash64("4|curl||api") == rows["fingerprint"][0]


def test_a_crawler_is_verified_by_its_address(shipped: Enricher) -> None:
    googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    claims = shipped.client_rows["crawler"][shipped.clients([googlebot] * 2, ["web"] * 2)]
    held = shipped.address_rows["crawler"][shipped.addresses(["66.249.66.1", "113.108.1.1"])]

    assert [True, False] == ((claims == held) & (claims != 0)).tolist()


def test_hits_misses_and_unknowns_are_counted() -> None:
    enricher = Enricher(files("city", None), files("asn", None), hash64=hash64)

    enricher.addresses(["8.8.8.8", "8.8.8.8", "203.0.113.1"])
    enricher.clients([CURL, CURL], [None, None])

    stats = enricher.stats
    assert (1, 2, 1, 1) == (stats.address_hits, stats.address_misses, stats.unknown_city, stats.unknown_asn)
    assert (1, 1) == (stats.client_hits, stats.client_misses)


def test_long_user_agents_are_not_kept_whole() -> None:
    enricher = Enricher([], [], hash64=hash64)
    head = "x" * 600

    slots = enricher.clients([head + str(tail) for tail in range(50)], [None] * 50)

    assert 1 == len(set(slots.tolist()))


def test_builds_name_every_database(write_mmdb: Write, tmp_path: Path) -> None:
    city = write_mmdb("a", "Some-City", {"1.2.3.0/24": {"country_code": "CN"}})
    enricher = Enricher([city, *files("city", None)], [], hash64=hash64)

    assert enricher.builds["city"].startswith("Some-City ")
    assert enricher.builds["city"].endswith(", DBIP-City-Lite 2026-06-05")
    assert "" == enricher.builds["asn"]
    assert enricher.builds["networks"].startswith("detector-networks 2026-11-24 ")
    assert str(tmp_path) not in enricher.builds["city"]


@given(st.ip_addresses())
def test_every_address_lies_in_its_own_prefix(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    network = ipaddress.ip_network(prefix_of(str(ip)))

    assert ip in network
    assert (24 if ip.version == 4 else 64) == network.prefixlen


def test_what_is_no_address_is_refused(shipped: Enricher) -> None:
    with pytest.raises(ValueError, match="not appear to be an IPv4 or IPv6 address"):
        shipped.addresses(["nonsense"])

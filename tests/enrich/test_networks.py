"""Network classes by the shipped lists."""

import pytest

from detector.enrich import CRAWLER_OPERATORS, Enricher, NetworkClass
from detector.enrich.asn_names import class_of_name


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("106.75.3.4", NetworkClass.DATACENTER),  # UCloud, announced by China Unicom
        ("47.96.1.1", NetworkClass.DATACENTER),  # Aliyun, AS37963: in no popular list
        ("52.95.110.1", NetworkClass.DATACENTER),  # Amazon's published range
        ("8.8.8.8", NetworkClass.DATACENTER),
        ("2400:3200::1", NetworkClass.DATACENTER),
        ("113.108.1.1", NetworkClass.RESIDENTIAL),
        ("123.112.1.1", NetworkClass.RESIDENTIAL),  # AS4808, which announces UCloud too
        ("117.136.1.1", NetworkClass.MOBILE),  # China Mobile's phones
        ("2409:8900::1", NetworkClass.MOBILE),
        ("240e:46c::1", NetworkClass.MOBILE),  # China Telecom's phones
        ("111.18.1.1", NetworkClass.RESIDENTIAL),  # China Mobile's homes, of the same ASN
        ("2409:8a55::1", NetworkClass.RESIDENTIAL),
        ("202.112.0.1", NetworkClass.EDUCATION),
        ("98.97.1.1", NetworkClass.SATELLITE),
        ("104.28.1.1", NetworkClass.RELAY),
        ("172.224.226.1", NetworkClass.RELAY),  # X4BNet calls it a VPN and a hoster
        ("165.225.1.1", NetworkClass.CORPORATE),
        ("185.220.101.1", NetworkClass.TOR),
        ("192.168.1.1", NetworkClass.UNKNOWN),
        ("203.0.113.9", NetworkClass.UNKNOWN),
    ],
)
def test_an_address_is_of_its_class(shipped: Enricher, ip: str, network: NetworkClass) -> None:
    assert network == shipped.place(ip).network


def test_a_vpn_inside_a_hosters_network_is_a_vpn(shipped: Enricher) -> None:
    assert NetworkClass.VPN == shipped.place("2.26.157.1").network


@pytest.mark.parametrize(
    ("ip", "operator"),
    [("66.249.66.1", "google"), ("2001:4860:4801:10::1", "google"), ("157.55.39.1", "bing"), ("8.8.8.8", "")],
)
def test_published_crawler_ranges_name_their_operator(shipped: Enricher, ip: str, operator: str) -> None:
    (slot,) = shipped.addresses([ip])

    assert operator == CRAWLER_OPERATORS[shipped.address_rows["crawler"][slot]]


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("CHINANET Guangxi IDC network", NetworkClass.DATACENTER),
        ("China Telecom", NetworkClass.RESIDENTIAL),
        ("China Mobile Communications Corporation", NetworkClass.RESIDENTIAL),
        ("China Mobile Hong Kong Company Limited", NetworkClass.MOBILE),
        ("Taiwan Mobile Co., Ltd.", NetworkClass.MOBILE),
        ("China Mobile International Limited", NetworkClass.UNKNOWN),
        ("Tsinghua University", NetworkClass.EDUCATION),
        ("Utah Education Network", NetworkClass.EDUCATION),
        ("Universal Telecom", NetworkClass.UNKNOWN),
        ("Exxon Mobil Corporation", NetworkClass.UNKNOWN),
        ("Microsoft Mobile Alliance Internet Services Co., Ltd", NetworkClass.UNKNOWN),
        ("Cloud 9 Communications", NetworkClass.UNKNOWN),
        ("", NetworkClass.UNKNOWN),
    ],
)
def test_a_name_gives_a_class_away_only_in_whole_words(name: str, network: NetworkClass) -> None:
    assert network == class_of_name(name)

"""Places that a city database gives a whole provider."""

import pytest

from detector.enrich import Enricher, Precision
from detector.enrich.build_defaults import Provider, Spot, default_places

GUANGZHOU = Spot("Guangdong", "Guangzhou", 23.13, 113.27)
SHANTOU = Spot("Guangdong", "Shantou", 23.35, 116.68)
BEIJING = Spot("Beijing", "Haidian (Haidian Qu)", 39.9, 116.33)
MANY = 1 << 20


@pytest.mark.parametrize(
    ("ip", "city", "region", "precision"),
    [
        ("111.20.1.1", "", "", Precision.COUNTRY),  # China Mobile, which the database puts into Guangzhou
        ("39.171.1.1", "", "Zhejiang", Precision.REGION),  # its network of Zhejiang, all put into Hangzhou
        ("240e:200::1", "", "", Precision.COUNTRY),  # China Telecom's IPv6, all put into Beijing
        ("2409:8a55:1::1", "Dongguan", "Guangdong", Precision.CITY),  # China Mobile, known more closely
        ("113.108.1.1", "Guangzhou", "Guangdong", Precision.CITY),  # China Telecom's IPv4
    ],
)
def test_the_place_of_a_whole_provider_is_no_clients_city(
    shipped: Enricher, ip: str, city: str, region: str, precision: Precision
) -> None:
    place = shipped.place(ip)

    assert (city, region, precision) == (place.city, place.region, place.precision)
    assert "CN" == place.country


@pytest.mark.parametrize(
    ("name", "serves", "spots", "tells"),
    [
        ("Provincial net", "", {GUANGZHOU: MANY, SHANTOU: 9}, {GUANGZHOU: "region"}),
        ("China Mobile", "country", {GUANGZHOU: MANY, SHANTOU: 9}, {GUANGZHOU: "country"}),
        ("China Mobile", "Jiangxi", {BEIJING: MANY}, {BEIJING: "country"}),
        ("Spread over cities", "", {GUANGZHOU: MANY, SHANTOU: MANY}, {}),
        ("Two places of one region", "country", {GUANGZHOU: MANY, SHANTOU: MANY}, {GUANGZHOU, SHANTOU}),
        ("Guangzhou MAN network", "", {GUANGZHOU: MANY}, {}),
        ("Cable of one city", "city", {GUANGZHOU: MANY}, {}),
        ("Beijing is a city", "", {BEIJING: MANY}, {}),
        ("Too small to tell", "", {GUANGZHOU: 9}, {}),
    ],
)
def test_a_provider_has_a_default_place_where_nearly_all_of_it_lies_in_one(
    name: str, serves: str, spots: dict[Spot, int], tells: dict[Spot, str] | set[Spot]
) -> None:
    found = {spot: tell for spot, _, tell in default_places(Provider(1, name, serves), spots)}

    assert tells == (found if isinstance(tells, dict) else set(found))

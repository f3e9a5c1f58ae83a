"""Places out of databases of both shapes, and what is wrong with a bad file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import maxminddb
import pytest

from detector.enrich import Precision, files, open_database, open_databases
from detector.enrich.asns import find_announcement
from detector.enrich.places import NOWHERE, Position, find_position
from detector.errors import InputError, UsageError

Write = Callable[..., Path]
MAXMIND = Path(__file__).parent.parent / "data" / "maxmind"
NANJING = {
    "country_code": "CN",
    "state1": "Jiangsu",
    "city": "Nanjing",
    "latitude": 32.0,
    "longitude": 118.75,
}


def test_a_nested_record_brings_its_own_radius() -> None:
    databases = open_databases("city", [MAXMIND / "GeoLite2-City-Test.mmdb"])

    expected = Position("Boxford", "England", "GB", 51.75, -1.25, 100.0, Precision.CITY)
    assert expected == find_position(databases, "2.125.160.216")


def test_other_files_of_maxmind_are_known_by_name_and_by_what_they_hold() -> None:
    (city,) = open_databases("city", [MAXMIND / "GeoIP2-Enterprise-Test.mmdb"])
    assert ("nested", "GeoIP2-Enterprise") == (city.shape, city.type)
    assert "Boxford" == find_position([city], "2.125.160.216").city

    (asn,) = open_databases("asn", [MAXMIND / "GeoIP2-ISP-Test.mmdb"])
    assert "nested" == asn.shape
    assert (1221, "Telstra Pty Ltd") == find_announcement([asn], "1.128.0.1")


@pytest.mark.parametrize(("kind", "other"), [("city", "GeoIP2-ISP"), ("asn", "GeoIP2-Enterprise")])
def test_a_file_of_another_kind_is_refused_whatever_its_first_records_leave_out(
    kind: Any, other: str
) -> None:
    with pytest.raises(UsageError, match=f"{kind} database .* its records have none of the fields"):
        open_database(kind, MAXMIND / f"{other}-Test.mmdb")


def test_the_shape_is_that_of_the_first_record_that_tells(write_mmdb: Write) -> None:
    records = {"1.2.3.0/24": {"note": "nothing"}, "1.2.4.0/24": NANJING}
    (database,) = open_databases("city", [write_mmdb("flat", "Own-City", records)])
    assert ("flat", "Nanjing") == (database.shape, find_position([database], "1.2.4.1").city)


def test_a_flat_record_gets_the_radius_of_its_precision(write_mmdb: Write) -> None:
    databases = open_databases("city", [write_mmdb("flat", "DBIP-City", {"1.2.3.0/24": NANJING})])

    expected = Position("Nanjing", "Jiangsu", "CN", 32.0, 118.75, 50.0, Precision.CITY)
    assert expected == find_position(databases, "1.2.3.4")


def test_without_a_city_the_region_is_the_place(write_mmdb: Write) -> None:
    databases = open_databases(
        "city", [write_mmdb("flat", "DBIP-City", {"1.2.3.0/24": NANJING | {"city": ""}})]
    )

    position = find_position(databases, "1.2.3.4")

    assert (Precision.REGION, 300.0, "") == (position.precision, position.radius_km, position.city)


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 34.77, "longitude": 113.72, "accuracy_radius": 1000},
        {},
    ],
)
def test_a_guess_at_the_countrys_middle_is_only_the_country(
    write_mmdb: Write, location: dict[str, object]
) -> None:
    record = {
        "country": {"iso_code": "CN"},
        "city": {"names": {"en": "Zhengzhou"}},
        "subdivisions": [{"names": {"en": "Henan"}}],
        "location": location,
    }
    databases = open_databases("city", [write_mmdb("nested", "GeoLite2-City", {"1.2.3.0/24": record})])

    position = find_position(databases, "1.2.3.4")

    assert (Precision.COUNTRY, "", "", "CN") == (
        position.precision,
        position.city,
        position.region,
        position.country,
    )


def test_the_first_file_that_knows_the_region_wins_and_nothing_is_mixed(write_mmdb: Write) -> None:
    country = write_mmdb("country", "City", {"1.2.0.0/16": {"country_code": "US", "city": "", "state1": ""}})
    region = write_mmdb("region", "City", {"1.2.3.0/24": NANJING | {"city": "", "state1": "Anhui"}})
    city = write_mmdb("city", "City", {"1.2.0.0/16": NANJING})

    asked = open_databases("city", [country, region, city])

    assert "Anhui" == find_position(asked, "1.2.3.4").region
    assert "" == find_position(asked, "1.2.3.4").city
    assert "Nanjing" == find_position(asked, "1.2.9.9").city
    assert "US" == find_position(open_databases("city", [country]), "1.2.3.4").country


def test_one_file_per_ip_version_answers_together(write_mmdb: Write) -> None:
    four = write_mmdb("four", "City", {"1.2.3.0/24": NANJING})
    six = write_mmdb("six", "City", {"2400:da00::/32": NANJING | {"city": "Suzhou"}})

    asked = open_databases("city", [four, six])

    assert "Nanjing" == find_position(asked, "1.2.3.4").city
    assert "Suzhou" == find_position(asked, "2400:da00::1").city
    assert NOWHERE == find_position(asked, "9.9.9.9")


def test_asn_files_of_either_shape_are_asked_in_order(write_mmdb: Write) -> None:
    records = {
        "1.128.0.0/16": {"asn": "AS64500", "as_name": "Example"},
        "1.129.0.0/16": {"asn": "", "as_name": ""},
    }
    flat = write_mmdb("asn", "ipinfo", records)

    asked = open_databases("asn", [flat, MAXMIND / "GeoLite2-ASN-Test.mmdb"])

    assert (64500, "Example") == find_announcement(asked, "1.128.0.1")
    assert (1221, "Telstra Pty Ltd") == find_announcement(asked, "1.129.0.1")
    assert (0, "") == find_announcement(asked, "9.9.9.9")


def test_a_bad_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "text.mmdb"
    text.write_text("not a database")

    with pytest.raises(UsageError, match=r"city database .*none\.mmdb: No such file.*; give"):
        open_database("city", tmp_path / "none.mmdb")
    with pytest.raises(UsageError, match=r"text\.mmdb: not a MaxMind DB file; download"):
        open_database("city", text)
    with pytest.raises(
        UsageError, match=r"GeoLite2-ASN-Test\.mmdb .*none of the fields .*give a database of kind city"
    ):
        open_database("city", MAXMIND / "GeoLite2-ASN-Test.mmdb")


def test_damage_inside_a_file_is_said_at_the_look_up(tmp_path: Path) -> None:
    whole = (MAXMIND / "GeoLite2-ASN-Test.mmdb").read_bytes()
    metadata = whole.rindex(b"\xab\xcd\xefMaxMind.com")
    damaged = tmp_path / "damaged.mmdb"
    damaged.write_bytes(whole[: metadata - 1000] + b"\xff" * 1000 + whole[metadata:])
    database = open_database("asn", damaged)

    def find_all() -> None:
        for network, _ in maxminddb.open_database(MAXMIND / "GeoLite2-ASN-Test.mmdb"):
            database.find(str(network[0]))

    with pytest.raises(InputError, match=r"damaged\.mmdb: damaged .*download"):
        find_all()


def test_shipped_databases_say_when_and_of_what_they_were_made() -> None:
    (city,) = open_databases("city", files("city", None))
    (asn,) = open_databases("asn", files("asn", None))
    (networks,) = open_databases("networks", files("networks", None))

    assert "DBIP-City-Lite 2026-06-05" == city.build
    assert "RouteViews-ASN 2026-06-01" == asn.build
    assert all("http" in each.attribution for each in (city, asn))
    assert "X4BNet" in networks.attribution
    assert 20_000_000 > sum(path.stat().st_size for path in city.path.parent.iterdir())

"""`detector geo status`."""

from pathlib import Path

from click.testing import CliRunner

from detector.cli.geo import geo


def test_status_is_a_line_a_database_where_nobody_watches() -> None:
    result = CliRunner().invoke(geo, ["status"])

    kinds = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert ["city", "asn", "networks"] == kinds
    assert "https://db-ip.com" in result.stdout


def test_status_shows_what_was_asked_for_in_its_order() -> None:
    asn = Path(__file__).parent.parent / "data" / "maxmind" / "GeoLite2-ASN-Test.mmdb"

    result = CliRunner().invoke(geo, ["status", "--geoip-asn", f"{asn},{asn}"])

    assert 2 == result.stdout.count("GeoLite2-ASN-Test.mmdb")
    assert "RouteViews" not in result.stdout


def test_a_bad_file_is_a_wrong_use() -> None:
    result = CliRunner().invoke(geo, ["status", "--geoip-city", "nowhere.mmdb"])

    assert "nowhere.mmdb" in str(result.exception)

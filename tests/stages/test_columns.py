"""Events as columns."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mmdb_writer
import numpy as np
import pytest
from netaddr import IPSet  # type: ignore[import-untyped]  # ships no types

from detector.categories import BITS
from detector.enrich import ClientKind, Enricher, NetworkClass, Precision, files
from detector.events import Addresses, SessionEvent
from detector.policy import Entitlement, Entitlements, Stamped
from detector.policy.entitlements import Allow
from detector.privacy import Pseudonymizer
from detector.stages.columns import Columns
from detector.stages.proxies import Proxies
from detector.windows.layout import EVENT_TYPES
from detector.windows.roles import ADMIN, NOBODYS, SEAT, UNTOLD
from tests.support.events import BEIJING, CARRIER, CLOUD, DESKTOP, PHONE, START_MS, event

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
GOOGLES = "66.249.66.1"
NOWHERE = "10.0.0.1"
NO_PROXIES = Proxies([], Addresses())
Build = Callable[..., Any]


@pytest.fixture
def columns(enricher: Enricher, pseudonyms: Pseudonymizer) -> Columns:
    return Columns(enricher, NO_PROXIES, lambda text: pseudonyms.hash64(text, "client"))


@pytest.fixture
def build(columns: Columns) -> Build:
    """Build the columns of events."""

    def built(*events: SessionEvent, grants: Entitlements | None = None) -> Any:
        return built_by(columns, events, grants)

    return built


def built_by(columns: Columns, events: Sequence[SessionEvent], grants: Entitlements | None = None) -> Any:
    times = np.array([each.time for each in events], np.int64)
    return columns.build(events, times, np.arange(len(events), dtype=np.int32), grants or Entitlements())


def requests(*paths: str | None) -> list[SessionEvent]:
    return [event(type="request", path=path) for path in paths]


@pytest.mark.parametrize(
    ("path", "asset"),
    [
        ("/app.js", 1),
        ("/style.CSS", 1),
        ("/img/logo.png?v=3", 1),
        ("/font.woff2#iefix", 1),
        ("/page.html", 0),
        ("/data.json", 0),
        ("/", 0),
        ("", 0),
        ("/js", 0),
        ("/download?file=a.png", 0),
        ("/a.js/b", 0),
    ],
)
def test_what_a_browser_asks_for_by_itself_is_an_asset(build: Build, path: str, asset: int) -> None:
    assert [asset] == build(*requests(path))["asset"].tolist()


def test_a_path_is_the_same_whatever_its_query_says_of_itself(build: Build) -> None:
    hashes = build(*requests("/a", "/a?t=1", "/a#x", "/a?b#c", "/b", "/A"))["path"].tolist()
    assert [hashes[0]] * 4 == hashes[:4]
    assert 3 == len(set(hashes))


def test_what_a_query_chooses_is_another_page_of_one_catalogue(build: Build) -> None:
    made = build(*requests("/a", "/a?page=31&t=1", "/a?t=2&page=31", "/a?page=32", "/a/7?id=9"))
    plain, deep, same, deeper, thing = made["path"].tolist()
    assert deep == same
    assert 4 == len({plain, deep, deeper, thing})
    assert [0, 31, 31, 32, 9] == made["number"].tolist()
    assert 1 == len(set(made["shape"][1:4].tolist()))


def test_a_greeting_is_told_apart_and_may_be_unknown(build: Build) -> None:
    made = build(*(event(tls_fingerprint=text) for text in ("t13d", "t13d", "t12d", None)))
    one, same, other, none = made["greeting"].tolist()
    assert one == same != other
    assert 0 == none


def test_a_paths_hash_depends_on_no_key(build: Build, enricher: Enricher) -> None:
    other = Columns(enricher, NO_PROXIES, lambda text: Pseudonymizer(b"another").hash64(text, "client"))
    assert build(*requests("/a"))["path"].tolist() == built_by(other, requests("/a"))["path"].tolist()


def test_what_an_event_says_is_in_its_columns(build: Build) -> None:
    known = event(time=START_MS + 5, device_id="d", session_id="s")
    failed = event(type="login_failure", account_id=None, reason="locked")
    asked = event(type="request", status=404)
    made = build(known, failed, asked)
    assert [START_MS + 5, START_MS, START_MS] == made["time_ms"].tolist()
    assert [0, 1, 2] == made["row"].tolist()
    assert ["login_success", "login_failure", "request"] == [EVENT_TYPES[place] for place in made["type"]]
    assert [1, 0, 1] == made["account"].tolist()
    assert [0, 1, 0] == made["locked"].tolist()
    assert [0, 0, 404] == made["status"].tolist()


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_type_has_its_number(build: Build, kind: str) -> None:
    assert EVENT_TYPES.index(kind) == build(event(type=kind))["type"][0]


def test_ids_are_hashed_with_the_key_and_absent_ones_are_0(build: Build, pseudonyms: Pseudonymizer) -> None:
    made = build(event(device_id="x", session_id="x"), event(device_id="y"))
    assert [pseudonyms.hash64(name, "client") for name in "xy"] == made["device"].tolist()
    assert [pseudonyms.hash64("x", "client"), 0] == made["session"].tolist()


@pytest.mark.parametrize(
    ("ip", "anchored", "hosting"), [(BEIJING, 1, 0), (CARRIER, 0, 0), (CLOUD, 0, 1), (NOWHERE, 0, 0)]
)
def test_a_homes_place_is_an_anchor_a_carriers_or_a_clouds_is_none(
    build: Build, ip: str, anchored: int, hosting: int
) -> None:
    made = build(event(ip=ip))[0]
    assert (anchored, hosting) == (made["anchored"], made["hosting"])


def test_an_addresss_row_is_the_enrichers(build: Build, enricher: Enricher) -> None:
    made = build(event(ip=BEIJING), event(ip=CLOUD))
    places = [enricher.place(BEIJING), enricher.place(CLOUD)]
    assert [place.asn for place in places] == made["asn"].tolist()
    assert [place.network for place in places] == made["network"].tolist()
    assert [Precision.CITY] * 2 == made["precision"].tolist()
    assert [round(place.latitude, 3) for place in places] == [round(float(lat), 3) for lat in made["lat"]]


@pytest.fixture
def towns(tmp_path: Path) -> Path:
    """Three addresses of the same provider whose places are known to different degrees."""
    writer = mmdb_writer.MMDBWriter(4, database_type="Test-City", float_type="f32")
    for last, city, radius_km in ((1, "Town", 300), (2, "Town", 301), (3, "", 300)):
        named = {"city": {"names": {"en": city}}} if city else {}
        place = {"latitude": 39.9, "longitude": 116.4, "accuracy_radius": radius_km}
        region = {"subdivisions": [{"names": {"en": "Beijing"}}], "country": {"iso_code": "CN"}}
        writer.insert_network(IPSet([f"123.125.81.{last}/32"]), {"location": place, **region, **named})
    path = tmp_path / "towns.mmdb"
    writer.to_db_file(str(path))
    return path


def test_a_place_is_an_anchor_as_far_as_a_province_reaches(towns: Path, pseudonyms: Pseudonymizer) -> None:
    enricher = Enricher([towns], files("asn", None), hash64=lambda text: pseudonyms.hash64(text, "network"))
    columns = Columns(enricher, NO_PROXIES, lambda text: pseudonyms.hash64(text, "client"))
    made = built_by(columns, [event(ip=f"123.125.81.{last}") for last in (1, 2, 3)])
    assert [NetworkClass.RESIDENTIAL] * 3 == made["network"].tolist()
    assert [1, 0, 1] == made["anchored"].tolist()


@pytest.mark.parametrize(
    ("agent", "kind", "desktop"),
    [(DESKTOP, ClientKind.DESKTOP, 1), (PHONE, ClientKind.MOBILE, 0), (None, ClientKind.UNKNOWN, 0)],
)
def test_a_computer_is_told_from_a_phone(
    build: Build, agent: str | None, kind: ClientKind, desktop: int
) -> None:
    made = build(event(user_agent=agent))[0]
    assert (kind, desktop) == (made["kind"], made["desktop"])


@pytest.mark.parametrize(
    ("ip", "agent", "verified"),
    [
        pytest.param(GOOGLES, GOOGLEBOT, 1, id="address and agent agree"),
        pytest.param(BEIJING, GOOGLEBOT, 0, id="the agent alone"),
        pytest.param(GOOGLES, DESKTOP, 0, id="the address alone"),
        pytest.param(GOOGLES, "bingbot/2.0", 0, id="another operator's agent"),
        pytest.param(BEIJING, DESKTOP, 0, id="neither"),
    ],
)
def test_a_crawler_is_verified_by_address_and_agent(build: Build, ip: str, agent: str, verified: int) -> None:
    assert [verified] == build(event(ip=ip, user_agent=agent))["verified"].tolist()


def granted(key: str = "ann", **said: Any) -> Entitlements:
    grants = Entitlements()
    grants.put(Stamped(key, START_MS, Entitlement(**said)))
    return grants


def test_limits_count_from_their_moment_for_their_account(build: Build) -> None:
    grants = granted(max_cities=3, max_devices=4)
    made = build(event(time=START_MS - 1), event(), event(account_id="bob"), grants=grants)
    assert [0, 3, 0] == made["max_cities"].tolist()
    assert [0, 4, 0] == made["max_devices"].tolist()


def test_a_limit_that_changes_counts_at_each_events_moment_in_every_batch(columns: Columns) -> None:
    grants = granted(max_cities=3)
    grants.put(Stamped("ann", START_MS + 5, Entitlement(max_cities=7)))
    events = [event(time=START_MS + late) for late in (-1, 0, 4, 5, 6)]
    for _ in range(2):
        assert [0, 3, 3, 7, 7] == built_by(columns, events, grants)["max_cities"].tolist()
        one_by_one = [int(built_by(columns, [one], grants)["max_cities"][0]) for one in events]
        assert [0, 3, 3, 7, 7] == one_by_one
    grants.put(Stamped("ann", START_MS + 6, None))
    assert [0, 3, 3, 7, 0] == built_by(columns, events, grants)["max_cities"].tolist()
    assert [0] * 5 == built_by(columns, events, granted("bob", max_cities=9))["max_cities"].tolist()


def test_a_limit_beyond_what_a_column_holds_is_the_most_it_holds(build: Build) -> None:
    made = build(event(), grants=granted(max_cities=256, max_devices=10**9))
    assert [(255, 255)] == made[["max_cities", "max_devices"]].tolist()


def test_an_organisations_limits_hold_for_its_accounts(build: Build) -> None:
    made = build(event(org_id="acme"), event(), grants=granted("org:acme", max_cities=3))
    assert [3, 0] == made["max_cities"].tolist()


def test_seats_are_the_organisations_never_an_accounts(build: Build) -> None:
    made = build(event(org_id="acme"), event(), grants=granted("org:acme", seats=70_000))
    assert [65_535, 0] == made["seats"].tolist()
    assert [0] == build(event(org_id="acme"), grants=granted("ann", seats=5))["seats"].tolist()


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ({}, NOBODYS),
        ({"role": "member"}, NOBODYS),
        ({"org_id": "acme"}, UNTOLD),
        ({"org_id": "acme", "role": "member"}, SEAT),
        ({"role": "seat"}, SEAT),
        ({"org_id": "acme", "role": "admin"}, ADMIN),
    ],
)
def test_a_role_is_what_the_event_tells_of_it(build: Build, told: dict[str, Any], role: int) -> None:
    assert [role] == build(event(**told))["role"].tolist()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", BEIJING),
        ("cidr", "123.125.81.0/24"),
        ("asn", "AS4808"),
        ("device", "d1"),
        ("user_agent", DESKTOP),
        ("client", "web"),
    ],
)
def test_an_event_is_excused_by_an_entry_of_any_kind(build: Build, kind: Any, value: str) -> None:
    entry = Allow(kind, value)
    allowed = event(device_id="d1", client="web")
    other = event(ip=CARRIER, user_agent=PHONE, device_id="d2", client="ios")
    made = build(allowed, other, grants=granted(allow=[entry]))
    assert [entry.excuses, 0] == made["excused"].tolist()


def test_what_several_entries_excuse_adds_up(build: Build) -> None:
    entries = [Allow("ip", BEIJING, for_=["crawler"]), Allow("device", "d1", for_=["probing", "crawler"])]
    made = build(event(device_id="d1"), grants=granted(allow=entries))
    assert [BITS["crawler"] | BITS["probing"]] == made["excused"].tolist()


def test_an_entry_that_has_expired_excuses_nothing(build: Build) -> None:
    grants = granted(allow=[Allow("ip", BEIJING, expires=START_MS + 1)])
    made = build(event(), event(time=START_MS + 1), grants=grants)
    assert [True, False] == (made["excused"] > 0).tolist()


def many(count: int) -> list[SessionEvent]:
    """Events of ever new addresses, clients, devices and paths."""
    return [
        event(
            type="request",
            ip=f"116.228.{number % 256}.{number // 256}",
            device_id=f"d{number}" if number % 5 else None,
            session_id=f"s{number % 700}",
            user_agent=f"tool-{number}/1.0",
            client=f"plugin:{number}",
            path=f"/{number}.{'js' if number % 3 else 'html'}",
        )
        for number in range(count)
    ] + [event(type="heartbeat", path=None)]


def test_a_batch_that_outgrows_every_memory_has_the_columns_of_its_events(
    columns: Columns, pseudonyms: Pseudonymizer
) -> None:
    # More than the enricher's first 1,024 rows, so that its tables grow while a batch is looked up.
    enricher = Enricher(
        files("city", None),
        files("asn", None),
        hash64=lambda text: pseudonyms.hash64(text, "network"),
        capacity=5,
    )
    small = Columns(enricher, NO_PROXIES, lambda text: pseudonyms.hash64(text, "client"), capacity=5)
    events = many(1500)
    whole = built_by(small, events)
    again = [built_by(small, events[start : start + 300]) for start in range(0, 1501, 300)]
    expected = built_by(columns, events)
    for name in set(expected.dtype.names) - {"row"}:
        assert expected[name].tolist() == whole[name].tolist(), name
        assert expected[name].tolist() == np.concatenate([part[name] for part in again]).tolist(), name


def test_texts_are_not_remembered_for_ever(enricher: Enricher) -> None:
    columns = Columns(enricher, NO_PROXIES, len, capacity=5)
    for one in many(100):
        built_by(columns, [one])
        assert max(len(columns._hashes), len(columns._paths)) <= 5 + 3


def test_a_client_is_told_by_its_fingerprint(build: Build, enricher: Enricher) -> None:
    made = build(event(user_agent=DESKTOP), event(user_agent=PHONE), event(user_agent=DESKTOP, client="web"))
    rows = enricher.client_rows[enricher.clients([DESKTOP, PHONE, DESKTOP], [None, None, "web"])]
    assert rows["fingerprint"].tolist() == made["fingerprint"].tolist()
    assert 3 == len(set(made["fingerprint"].tolist()))


def test_no_events_are_no_columns(build: Build) -> None:
    assert 0 == len(build())


@pytest.mark.parametrize(("trusted", "known"), [(None, 0), ([], 1), (["10.0.0.0/8"], 1)])
def test_an_address_behind_a_proxy_says_nothing_where_nobody_said_whose_proxies_there_are(
    enricher: Enricher, pseudonyms: Pseudonymizer, trusted: list[str] | None, known: int
) -> None:
    columns = Columns(enricher, Proxies(trusted, Addresses()), lambda text: pseudonyms.hash64(text, "client"))
    seen = built_by(columns, [event(ip=ip, forwarded_for=["198.51.100.7"]) for ip in (BEIJING, CLOUD)])
    assert [not known] * 2 == seen["proxied"].tolist()
    assert [known, 0] == seen["anchored"].tolist()
    assert [0, known] == seen["hosting"].tolist()
    direct = built_by(columns, [event(ip=ip) for ip in (BEIJING, CLOUD)])
    assert ([1, 0], [0, 1]) == (direct["anchored"].tolist(), direct["hosting"].tolist())
    assert [bool(known)] * 2 == (seen["prefix"] == direct["prefix"]).tolist()
    told = ["network", "precision", "region", "asn", "version", "fixed"]
    assert known or {(NetworkClass.UNKNOWN, Precision.NONE, 0, 0, 0, 0)} == set(seen[told].tolist())


@pytest.mark.parametrize(
    ("path", "size", "bulk"),
    [
        ("/api/v2/reports/17/download", None, 1),
        ("/api/v2/exports", 300, 1),
        ("/files/list.csv", None, 1),
        ("/materials/7", 2_000_000, 1),
        ("/materials/7", 20_000, 0),
        ("/exported-goods", None, 0),
        ("/static/film.png", 2_000_000, 0),
    ],
)
def test_a_file_is_taken_away_by_its_word_or_its_size(
    build: Build, path: str, size: int | None, bulk: int
) -> None:
    assert bulk == build(event(type="request", path=path, bytes=size))["bulk"][0]

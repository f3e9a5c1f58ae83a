"""Entitlements: from when they count, and what allow entries match."""

from typing import Any, get_args

import msgspec
import pytest

from detector.categories import BITS
from detector.metrics import ALLOW_KINDS
from detector.moments import instant_ms
from detector.policy import Entitlement, Entitlements, Stamped
from detector.policy.entitlements import EXPLAINS, NOTHING, WIDE, Allow, Kind
from tests.support.events import START_MS, event


def stamped(key: str, counts_from: int, source: str = "", **said: Any) -> Stamped:
    return Stamped(key, counts_from, Entitlement(**said), source)


def cities(*entries: Stamped, account: str | None = "ann", org: str | None = None, at: int = 10) -> int:
    known = Entitlements()
    for entry in entries:
        known.put(entry)
    return known.at(account, org, at).max_cities


def allow(**said: Any) -> Allow:
    """What a message with these fields says; raises what decoding raises."""
    return msgspec.convert({"kind": "ip", "value": "203.0.113.7"} | said, Allow)


@pytest.mark.parametrize(("at", "expected"), [(9, 0), (10, 3), (11, 3), (2**60, 3)])
def test_an_entitlement_counts_from_its_moment_on(at: int, expected: int) -> None:
    assert expected == cities(stamped("ann", 10, max_cities=3), at=at)


@pytest.mark.parametrize(("at", "expected"), [(9, 0), (10, 3), (19, 3), (20, 5)])
def test_the_newest_moment_reached_holds_whatever_came_first(at: int, expected: int) -> None:
    assert expected == cities(stamped("ann", 20, max_cities=5), stamped("ann", 10, max_cities=3), at=at)


def test_of_two_from_the_same_moment_the_later_record_holds() -> None:
    assert 5 == cities(stamped("ann", 10, max_cities=3), stamped("ann", 10, max_cities=5))


@pytest.mark.parametrize(("at", "expected"), [(19, 3), (20, 0), (30, 4)])
def test_a_removed_one_is_gone_until_there_is_another(at: int, expected: int) -> None:
    entries = stamped("ann", 10, max_cities=3), Stamped("ann", 20, None), stamped("ann", 30, max_cities=4)
    assert expected == cities(*entries, at=at)


def test_a_message_counts_once_however_often_it_is_stamped() -> None:
    first, later = stamped("ann", 5, "t/0/1", max_cities=3), stamped("ann", 9, "t/0/2", max_cities=5)
    assert 5 == cities(first, later, stamped("ann", 10, "t/0/1", max_cities=3))


def test_an_account_never_named_has_nothing() -> None:
    known = Entitlements()
    assert not known
    known.put(stamped("bob", 0, max_cities=3))
    assert known
    assert NOTHING is known.at("ann", None, 10)
    assert (0, 0, ()) == (NOTHING.max_cities, NOTHING.max_devices, NOTHING.allow)
    assert NOTHING is known.at(None, None, 10)


def test_an_organisation_answers_where_the_account_says_nothing() -> None:
    org = stamped("org:acme", 0, max_cities=7)
    assert 7 == cities(org, org="acme")
    assert 7 == cities(org, stamped("ann", 0, max_devices=2), org="acme")
    assert 3 == cities(org, stamped("ann", 0, max_cities=3), org="acme")
    assert 0 == cities(org, stamped("ann", 0, max_cities=0), org="acme")
    assert 0 == cities(org, org="other")
    assert 0 == cities(org)


def test_devices_are_limited_as_cities_are() -> None:
    known = Entitlements()
    known.put(stamped("ann", 0, max_cities=1))
    assert 0 == known.at("ann", "acme", 10).max_devices
    known.put(stamped("org:acme", 0, max_devices=7))
    assert 7 == known.at("ann", "acme", 10).max_devices
    known.put(stamped("ann", 1, max_devices=2))
    assert 2 == known.at("ann", "acme", 10).max_devices


def test_the_accounts_own_entitlement_may_name_its_organisation() -> None:
    org, own = stamped("org:acme", 0, max_cities=7), stamped("ann", 0, org_id="acme")
    assert 7 == cities(org, own)
    assert 0 == cities(org, own, org="other")


def test_an_organisation_answers_for_visitors_of_its_own() -> None:
    assert 7 == cities(stamped("org:acme", 0, max_cities=7), account=None, org="acme")


def test_an_account_named_like_an_organisation_is_none() -> None:
    assert 0 == cities(stamped("acme", 0, max_cities=7), org="acme")


def test_allow_entries_of_account_and_organisation_join() -> None:
    own, orgs = allow(), allow(kind="asn", value=4134)
    known = Entitlements()
    known.put(stamped("ann", 0, allow=[own]))
    known.put(stamped("org:acme", 0, allow=[orgs]))
    assert (own, orgs) == known.at("ann", "acme", 0).allow


@pytest.mark.parametrize(
    ("kind", "value", "matching", "other"),
    [
        ("ip", "203.0.113.7", {"ip": "203.0.113.7"}, {"ip": "203.0.113.8"}),
        ("ip", "2001:DB8:0::1", {"ip": "2001:db8::1"}, {"ip": "203.0.113.7"}),
        ("cidr", "203.0.113.0/24", {"ip": "203.0.113.255"}, {"ip": "203.0.114.0"}),
        ("cidr", "203.0.113.9/24", {"ip": "203.0.113.1"}, {"ip": "2001:db8::1"}),
        ("cidr", "2001:db8::/32", {"ip": "2001:db8:1::1"}, {"ip": "2001:db9::1"}),
        ("device", "d1", {"device_id": "d1"}, {"device_id": "d2"}),
        ("device", "d1", {"device_id": "d1"}, {"device_id": None}),
        ("user_agent", "curl/8", {"user_agent": "curl/8"}, {"user_agent": "curl/8.1"}),
        ("client", "plugin:foo", {"client": "plugin:foo"}, {"client": None}),
    ],
)
def test_an_entry_matches_what_it_names(
    kind: str, value: str, matching: dict[str, Any], other: dict[str, Any]
) -> None:
    entry = allow(kind=kind, value=value)
    assert entry.matches(event(**matching), 0)
    assert not entry.matches(event(**other), 0)


@pytest.mark.parametrize(
    ("value", "wide"),
    [
        ("0.0.0.0/0", True),
        ("11.0.0.0/8", True),
        ("11.0.0.0/9", False),
        ("::/0", True),
        ("2400::/16", True),
        ("2400::/17", False),
        ("203.0.113.7", False),
    ],
)
def test_a_network_that_is_nobodys_own_is_doubtful(value: str, *, wide: bool) -> None:
    whole = Allow("cidr", value, "a partner", "kim", expires=9)
    assert ((WIDE,) if wide else ()) == whole.doubts


def test_an_entry_for_which_nobody_answers_is_doubtful() -> None:
    assert ("no `expires`", "no `reason`", "no `author`") == Allow("asn", 4134).doubts
    assert ("no `reason`",) == Allow("device", "0.0.0.0/0", author="kim", expires=9).doubts


@pytest.mark.parametrize("value", [4134, "4134", "AS4134", "as4134"])
def test_an_asn_matches_in_every_spelling(value: str | int) -> None:
    entry = allow(kind="asn", value=value)
    assert entry.matches(event(), 4134)
    assert not entry.matches(event(), 4135)


@pytest.mark.parametrize(
    "expires", [START_MS + 5, "2026-05-31T16:00:00.005Z", "2026-06-01T00:00:00.005+08:00"]
)
def test_an_entry_expires_in_event_time(expires: int | str) -> None:
    entry = allow(expires=expires)
    assert entry.matches(event(ip="203.0.113.7", time=START_MS + 4), 0)
    assert not entry.matches(event(ip="203.0.113.7", time=START_MS + 5), 0)


def value_of(kind: str) -> str:
    return "4134" if kind == "asn" else "203.0.113.7"


@pytest.mark.parametrize("kind", EXPLAINS)
def test_an_entry_excuses_what_its_kind_explains(kind: str) -> None:
    excuses = allow(kind=kind, value=value_of(kind)).excuses
    assert sum(BITS[name] for name in EXPLAINS[kind]) == excuses
    assert 0 == BITS["account_takeover"] & excuses


def test_for_names_the_categories_an_entry_excuses() -> None:
    assert BITS["crawler"] | BITS["probing"] == allow(**{"for": ["crawler", "probing", "crawler"]}).excuses


@pytest.mark.parametrize("kind", ["ip", "cidr", "asn"])
def test_an_address_never_excuses_a_takeover(kind: str) -> None:
    entry = allow(kind=kind, value=value_of(kind), **{"for": ["account_takeover", "crawler"]})
    assert BITS["crawler"] == entry.excuses
    assert 0 == allow(kind=kind, value=value_of(kind), **{"for": ["account_takeover"]}).excuses


def test_a_device_may_excuse_a_takeover_where_it_says_so() -> None:
    entry = allow(kind="device", value="d", **{"for": ["account_takeover"]})
    assert BITS["account_takeover"] == entry.excuses


@pytest.mark.parametrize(
    "said",
    [
        {"value": "nowhere"},
        {"kind": "cidr", "value": "203.0.113.0/33"},
        {"kind": "asn", "value": "ASx"},
        {"kind": "planet"},
        {"for": ["datacentre_access"]},
        {"expires": "2026-05-31T16:00:00"},
    ],
)
def test_an_entry_that_could_never_match_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        allow(**said)


@pytest.mark.parametrize("name", ["seats", "max_devices", "max_sessions", "max_cities"])
def test_a_limit_below_nothing_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=">= 0"):
        msgspec.convert({name: -1}, Entitlement)


def test_a_moment_means_the_same_in_both_forms() -> None:
    said = msgspec.convert({"valid_from": "2026-06-01T00:00:00.001+08:00"}, Entitlement)
    assert said.valid_from is not None
    assert START_MS + 1 == instant_ms(said.valid_from) == instant_ms(START_MS + 1)


def test_entries_that_are_valid_at_a_moment_are_listed_with_whose_they_are() -> None:
    known = Entitlements()
    lasting, expiring = allow(), allow(kind="asn", value=4134, expires=20)
    known.put(stamped("org:acme", 10, allow=[lasting, expiring]))
    known.put(stamped("ann", 15, allow=[lasting]))
    known.put(Stamped("ann", 25, None))
    orgs, own = ("org:acme", lasting), ("ann", lasting)
    expected = {9: [], 10: [orgs, ("org:acme", expiring)], 20: [own, orgs], 25: [orgs]}
    assert expected == {moment: [*known.entries(moment)] for moment in expected}


def test_all_that_was_put_in_can_be_put_in_elsewhere() -> None:
    known, copy = Entitlements(), Entitlements()
    said = [stamped("ann", 20, max_cities=5), stamped("ann", 10, max_cities=3), Stamped("ann", 30, None)]
    for one in said:
        known.put(one)
    for one in known.stamped():
        copy.put(one)
    assert sorted(said, key=lambda one: one.counts_from) == [*copy.stamped()]
    assert (
        [*known.of("ann")]
        == [*copy.of("ann")]
        == [(one.counts_from, one.entitlement) for one in copy.stamped()]
    )
    assert () == known.of("bob")


def test_the_metrics_know_every_kind_of_entry() -> None:
    assert ALLOW_KINDS == get_args(Kind)


def test_an_accounts_own_plan_comes_before_its_organisations_at_each_moment() -> None:
    known = Entitlements()
    known.put(Stamped("org:firm", 0, Entitlement(plan="enterprise")))
    known.put(Stamped("acc-1", 10, Entitlement(plan="trial")))
    asked = [("acc-1", "firm", 9), ("acc-1", "firm", 10), ("acc-2", "firm", 10), ("acc-2", None, 10)]
    assert ["enterprise", "trial", "enterprise", None] == [known.plan_at(*one) for one in asked]

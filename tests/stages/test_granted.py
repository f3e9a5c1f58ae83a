"""What is noted of an allow entry's use: whose entry, how often, when, from which networks and places."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detector.enrich import Enricher
from detector.events import Addresses, SessionEvent
from detector.policy import Entitlement, Entitlements, Stamped
from detector.policy.entitlements import Allow
from detector.policy.uses import Use, Uses, provider_of
from detector.privacy import Pseudonymizer
from detector.stages.columns import Columns
from detector.stages.proxies import Proxies
from tests.support.events import BEIJING, CLOUD, SHANGHAI, START_MS, event

Note = Callable[..., Uses]
DEVICE = Allow("device", "d1")
PHONES = "117.136.1.1"
"""Of a carrier's gateway."""


@pytest.fixture(scope="module")
def note(enricher: Enricher, pseudonyms: Pseudonymizer) -> Note:
    """Note the uses of what is granted, in events."""
    columns = Columns(enricher, Proxies([], Addresses()), lambda text: pseudonyms.hash64(text, "client"))

    def noted(granted: dict[str, Entitlement], *events: SessionEvent) -> Uses:
        grants, uses = Entitlements(), Uses()
        for key, entitlement in granted.items():
            grants.put(Stamped(key, 0, entitlement))
        times = np.array([each.time for each in events], np.int64)
        columns.build(events, times, np.arange(len(events), dtype=np.int32), grants, uses)
        return uses

    return noted


def of_ann(note: Note, allow: Allow, *events: SessionEvent) -> Use:
    return note({"ann": Entitlement(allow=[allow])}, *events)["ann"][allow.name]


def on_d1(*ips: str, **said: Any) -> list[SessionEvent]:
    return [
        event(f"e{place}", START_MS + place, ip=ip, device_id="d1", **said) for place, ip in enumerate(ips)
    ]


def test_every_match_is_noted_in_event_time(note: Note) -> None:
    use = of_ann(note, DEVICE, *on_d1(BEIJING, BEIJING, SHANGHAI), event("other", START_MS + 9))
    assert (3, START_MS, START_MS + 2, 2) == (use.hits, use.first_ms, use.last_ms, len(use.networks))
    assert 2 == len(use.places)


def test_addresses_of_one_line_are_one_place(note: Note) -> None:
    use = of_ann(note, DEVICE, *on_d1(BEIJING, "123.125.82.7"))
    assert (2, 1) == (len(use.networks), len(use.places))


def test_a_cloud_is_a_place_and_a_carrier_is_none(note: Note) -> None:
    use = of_ann(note, DEVICE, *on_d1(PHONES, CLOUD, "10.0.0.1"))
    assert (3, 3, [37963]) == (use.hits, len(use.networks), [*map(provider_of, use.places)])


def test_who_is_not_in_is_nowhere(note: Note) -> None:
    use = of_ann(note, DEVICE, *on_d1(CLOUD, type="login_failure"))
    assert (1, {}) == (use.hits, use.places)


def test_an_entry_that_has_expired_is_not_used(note: Note) -> None:
    expiring = Allow("device", "d1", expires=START_MS + 1)
    assert 1 == of_ann(note, expiring, *on_d1(BEIJING, BEIJING)).hits


def test_an_organisations_entry_is_its_own_whoever_uses_it(note: Note) -> None:
    own, shared = Entitlement(allow=[DEVICE], org_id="acme"), Entitlement(allow=[DEVICE])
    events = [
        event("a", START_MS, device_id="d1"),
        event("b", START_MS + 1, account_id="bob", device_id="d1", org_id="acme"),
        event("c", START_MS + 2, account_id="cid", device_id="d1"),
    ]
    uses = note({"ann": own, "org:acme": shared}, *events)
    assert {"ann": 1, "org:acme": 2} == {owner: of[DEVICE.name].hits for owner, of in uses.items()}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("asn", "AS4808", 4808),
        ("ip", "2001:DB8:0::1", "2001:db8::1"),
        ("cidr", "203.0.113.9/24", "203.0.113.0/24"),
    ],
)
def test_an_entry_has_one_name_in_every_spelling(kind: Any, one: str, other: str | int) -> None:
    assert Allow(kind, one).name == Allow(kind, other).name
    assert Allow("device", "203.0.113.0/24").name != Allow(kind, other).name


def test_accounts_without_entries_leave_nothing(note: Note) -> None:
    assert {} == note({"bob": Entitlement(allow=[DEVICE]), "ann": Entitlement(max_cities=3)}, *on_d1(BEIJING))

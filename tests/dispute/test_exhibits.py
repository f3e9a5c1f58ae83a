"""Original events against what an alert says of them, and whose they are."""

import json
from hashlib import sha256
from typing import Any

import pytest

from detector.alerts import Subject
from detector.clipping import clipped
from detector.dispute.exhibits import enclosed, exhibits
from detector.rules.crowds import CROWD_RULES
from tests.dispute.making import NOON_MS, alert, event, evidence, held_against, proxies

LONG = "d" * 1_000


def test_events_that_are_as_the_alert_says_are_named_with_their_hash() -> None:
    (one, _) = held_against(alert(), [event(1), event(2)])
    assert {
        "event_id": "e-1",
        "time": NOON_MS,
        "state": "as_said",
        "place": "events.jsonl, line 1",
        "sha256": sha256(event(1)).hexdigest(),
        "enclosed": True,
    } == one.entry()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": "logout"}, "type"),
        ({"ip": "203.0.113.8"}, "ip"),
        ({"device_id": "d-2"}, "device_id"),
        ({"device_id": None}, "device_id"),
        ({"session_id": "s-2"}, "session_id"),
    ],
)
def test_an_event_that_is_another_names_the_field(changed: dict[str, Any], field: str) -> None:
    (one, other) = held_against(alert(), [event(1, **changed), event(2)])
    assert ("differs", (field,)) == (one.state, one.differs)
    assert "as_said" == other.state


def test_an_event_that_is_not_there_is_missing() -> None:
    (one, other) = held_against(alert(), [event(2)])
    assert ("missing", "not_there") == (one.state, one.why)
    assert "as_said" == other.state


def test_why_an_event_is_missing_is_kept() -> None:
    (one, _) = exhibits(alert(), {}, {(NOON_MS, "e-1"): "gone"}, proxies())
    assert "gone" == one.entry()["why"]


@pytest.mark.parametrize(
    ("ip", "shown"), [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48")]
)
def test_a_network_is_compared_with_the_network_of_the_address(ip: str, shown: str) -> None:
    said = alert(evidence=(evidence(1, ip=shown),))
    assert ["as_said"] == [one.state for one in held_against(said, [event(1, ip=ip)])]
    assert ["differs"] == [one.state for one in held_against(said, [event(1, ip="198.51.100.1")])]


def test_an_address_that_the_alert_does_not_show_is_not_compared() -> None:
    said = alert(evidence=(evidence(1, ip="9b1c0f"),))
    assert ["as_said"] == [one.state for one in held_against(said, [event(1)])]


def test_a_long_identifier_is_compared_as_alerts_show_it() -> None:
    said = alert(evidence=(evidence(1, device_id=clipped(LONG)),))
    assert ["as_said"] == [one.state for one in held_against(said, [event(1, device_id=LONG)])]
    assert ["differs"] == [one.state for one in held_against(said, [event(1, device_id=LONG + "d")])]


@pytest.mark.parametrize(
    ("subject", "changed", "whose"),
    [
        (Subject("account", "acc-1"), {}, "subject"),
        (Subject("account", "acc-1"), {"account_id": "acc-2"}, "others"),
        (Subject("org", "firm"), {"org_id": "firm"}, "subject"),
        (Subject("org", "firm"), {"org_id": "other"}, "others"),
        (Subject("network", "203.0.113.7"), {}, "others"),
        (Subject("network", "203.0.113.7"), {"account_id": None, "type": "login_failure"}, "subject"),
        (Subject("group", "g"), {}, "others"),
    ],
)
def test_whose_an_event_is(subject: Subject, changed: dict[str, Any], whose: str) -> None:
    (one,) = held_against(alert(subject=subject, evidence=(evidence(1),)), [event(1, **changed)])
    assert whose == one.whose


def test_whose_a_missing_event_of_a_crowd_is_nobody_knows() -> None:
    crowd = alert(rule=CROWD_RULES[0].name)
    assert {"unknown"} == {one.whose for one in held_against(crowd, [])}
    assert {"subject"} == {one.whose for one in held_against(alert(), [])}


@pytest.mark.parametrize("cut", [True, False])
def test_of_an_event_the_holder_gets_what_the_detector_reads_and_no_secret(*, cut: bool) -> None:
    careless = event(
        1,
        path="/reset;sid=secret-1?token=secret-2#secret-3",
        password="secret-4",  # noqa: S106  # the one that is looked for
        headers={"authorization": "secret-5"},
        registration={"username": "ann", "password": "secret-6"},
    )
    given = enclosed(careless, cut=cut)
    assert b"secret" not in given
    read = json.loads(given)
    assert ("/reset", {"username": "ann"}) == (read["path"], read["registration"])
    plain = json.loads(event(1))
    assert plain | {"ip": read["ip"]} == {name: read[name] for name in plain}


def test_a_cut_event_has_no_whole_address() -> None:
    short = json.loads(enclosed(event(1, forwarded_for=["203.0.113.7"], client="web"), cut=True))
    assert ("203.0.113.0/24", "web", False) == (short["ip"], short["client"], "forwarded_for" in short)

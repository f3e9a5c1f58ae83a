"""Alerts as the contract has them, over a whole simulated day."""

import copy
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec
import pytest
import rfc8785
from jsonschema import Draft202012Validator

from detector.alerts import canonical, encode, short_hash
from detector.schema import load_schema
from tests.replay.days import replayed, simulated_day

Json = dict[str, Any]


@pytest.fixture(scope="module")
def alerts() -> list[Json]:
    """The alerts of a day, as JSON: enough of them to stand for all."""
    day = replayed(simulated_day().records, simulated_day().entitlements)
    assert len({alert.category for alert in day}) >= 4
    return [json.loads(encode(alert)) for alert in day]


def expected_hash(alert: Json) -> str:
    """The contract's words: `previous`, then RFC 8785 without `detected_at`, `chain` and any `origin`."""
    kept = {name: value for name, value in alert.items() if name not in ("detected_at", "chain")}
    kept["evidence"] = [{n: v for n, v in event.items() if n != "origin"} for event in kept["evidence"]]
    return sha256(alert["chain"]["previous"].encode() + rfc8785.dumps(kept)).hexdigest()


def changes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield copies of a JSON value with one leaf changed or one member left out."""
    if isinstance(value, dict):
        for name in value:
            yield f"{path}/{name} gone", {n: v for n, v in value.items() if n != name}
            for where, changed in changes(value[name], f"{path}/{name}"):
                yield where, {**value, name: changed}
    elif isinstance(value, list):
        yield f"{path} longer", [*value, *(value[:1] or ["more"])]
        for place, one in enumerate(value):
            yield f"{path}/{place} gone", value[:place] + value[place + 1 :]
            for where, changed in changes(one, f"{path}/{place}"):
                yield where, [*value[:place], changed, *value[place + 1 :]]
    else:
        yield path, f"{value}x" if isinstance(value, str) else value + 1


def test_every_alert_is_one_by_the_schema(alerts: list[Json]) -> None:
    validator = Draft202012Validator(load_schema("alert-1"))
    assert [] == [error.message for alert in alerts for error in validator.iter_errors(alert)]


def test_ids_are_unique(alerts: list[Json]) -> None:
    assert len(alerts) == len({alert["alert_id"] for alert in alerts})


def test_a_file_is_in_the_order_of_decisions(alerts: list[Json]) -> None:
    places = [(alert["decided_time"], alert["case_id"], alert["sequence"]) for alert in alerts]
    assert sorted(places) == places


def test_the_evidence_lies_between_the_first_and_the_last_moment(alerts: list[Json]) -> None:
    for alert in alerts:
        times = [event["time"] for event in alert["evidence"]]
        assert sorted(times) == times
        assert (times[0], times[-1]) == (alert["first_event_time"], alert["last_event_time"])
        assert alert["last_event_time"] <= alert["decided_time"]


def test_every_alert_says_from_which_databases_it_knows(alerts: list[Json]) -> None:
    assert all({"city", "asn", "networks"} == set(alert["enrichment"]) for alert in alerts)


def test_the_chain_can_be_checked_by_the_contract_alone(alerts: list[Json]) -> None:
    heads: dict[str, str] = {}
    for alert in alerts:
        assert alert["chain"]["previous"] == heads.get(alert["case_id"], "")
        assert alert["chain"]["hash"] == expected_hash(alert)
        heads[alert["case_id"]] = alert["chain"]["hash"]
    assert len(heads) < len(alerts)


def test_any_change_breaks_the_chain(alerts: list[Json]) -> None:
    alert = alerts[0]
    sealed = canonical(alert)
    assert sha256(sealed).hexdigest() == alert["chain"]["hash"]
    for where, changed in changes({n: v for n, v in alert.items() if n not in ("detected_at", "chain")}):
        assert sealed != canonical({"evidence": [], **changed}), where


def test_the_wall_clock_and_the_origin_do_not_matter(alerts: list[Json]) -> None:
    alert = copy.deepcopy(alerts[0])
    alert["detected_at"] += 1
    alert["evidence"][0]["origin"] = {"topic": "t", "partition": 1, "offset": 2}
    assert canonical(alerts[0]) == canonical(alert)


def test_an_alert_is_the_same_after_a_round_trip(alerts: list[Json]) -> None:
    for alert, original in zip(
        alerts, replayed(simulated_day().records, simulated_day().entitlements), strict=True
    ):
        assert original == msgspec.convert(alert, type(original))


def test_ids_are_made_from_their_parts_alone_and_in_order() -> None:
    assert short_hash("a", "b", 1) == short_hash("a", "b", 1)
    assert 5 == len({short_hash(*parts) for parts in (("a", "b"), ("ab",), ("b", "a"), ("a", "b", 1), (1,))})
    assert "32 hex" == f"{len(short_hash('a'))} hex"

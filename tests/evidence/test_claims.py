"""One alert alone: any change of what the hash covers shows, and no bytes raise."""

import copy
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from detector.alerts import Alert
from detector.evidence import MOST_BYTES, Claim, read_claim
from tests.evidence.chained import Json, found, lines

UNCOVERED = ("/detected_at", "/evidence/*/origin")
"""What the contract leaves out of the hash: the wall clock, and where in Kafka an event lay."""
OTHERS: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", [], {}, [0], {"a": 1})
ORIGIN = {"topic": "session-events", "partition": 1, "offset": 2}


@lru_cache(maxsize=1)
def kinds() -> tuple[bytes, ...]:
    """One alert of each category, the shortest."""
    alerts = {json.loads(line)["category"]: line for line in sorted(lines(), key=len, reverse=True)}
    return tuple(alerts.values())


def every_kind() -> list[Json]:
    """The same, the first event of each with an origin as live alerts have it."""
    alerts: list[Json] = [json.loads(line) for line in kinds()]
    for alert in alerts:
        alert["evidence"][0]["origin"] = dict(ORIGIN)
    return alerts


def changes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield copies of a JSON value, each with one thing changed: where, and the whole."""
    for other in (*OTHERS, *near(value)):
        yield path, other
    if isinstance(value, dict):
        yield f"{path}/more", {**value, "more": 1}
        for name, own in value.items():
            yield f"{path}/{name}", {each: kept for each, kept in value.items() if each != name}
            yield f"{path}/{name}", {f"{each}x" if each == name else each: v for each, v in value.items()}
            for where, changed in changes(own, f"{path}/{name}"):
                yield where, {**value, name: changed}
    elif isinstance(value, list):
        yield f"{path}/*", [*value, *(value[-1:] or ["more"])]
        yield f"{path}/*", value[::-1]
        for place, own in enumerate(value):
            yield f"{path}/*", value[:place] + value[place + 1 :]
            for where, changed in changes(own, f"{path}/*"):
                yield where, [*value[:place], changed, *value[place + 1 :]]


def near(value: Any) -> tuple[Any, ...]:
    """Return values that are nearly the same."""
    if isinstance(value, str):
        return (f"{value}x", value[:-1], value.swapcase())
    return (value + 1, value - 1, str(value)) if isinstance(value, int | float) else ()


def covered(where: str) -> bool:
    return not where.startswith(UNCOVERED)


@pytest.mark.parametrize("kind", range(4))
def test_every_change_of_anything_the_hash_covers_is_found(kind: int) -> None:
    alert = every_kind()[kind]
    original = rfc8785.dumps(alert)
    tried = [
        (where, changed)
        for where, changed in changes(alert)
        if covered(where) and rfc8785.dumps(changed) != original
    ]
    assert len(tried) > 500
    assert [] == [where for where, changed in tried if read_claim(json.dumps(changed).encode()).flaw is None]


def test_the_wall_clock_and_the_origins_are_not_covered() -> None:
    (alert, *_) = every_kind()
    other = copy.deepcopy(alert)
    other["detected_at"] += 1
    other["evidence"][0]["origin"]["offset"] += 1
    assert [None, None] == [read_claim(json.dumps(each).encode()).flaw for each in (alert, other)]
    del other["evidence"][0]["origin"]
    assert read_claim(json.dumps(other).encode()).flaw is None


@pytest.mark.parametrize("changed", [{"detected_at": "now"}, {"detected_at": -1}, {"detected_at": None}])
def test_what_is_not_covered_must_still_be_by_the_schema(changed: Json) -> None:
    flaw = read_claim(json.dumps({**every_kind()[0], **changed}).encode()).flaw
    assert flaw is not None
    assert flaw.startswith("not an alert by its schema: $.detected_at")


def test_the_same_values_written_otherwise_are_the_same_alert() -> None:
    alert = every_kind()[0]
    loose = json.dumps({name: alert[name] for name in reversed(alert)}, indent=1).replace(" 1.0", " 1")
    assert read_claim(json.dumps(alert).encode()) == read_claim(loose.encode())


HOSTILE = {
    b"": "not an alert: Expecting value",
    b"{": "not an alert: Expecting property name",
    b"[]": "not an alert: no JSON object",
    b"17": "not an alert: no JSON object",
    b"null": "not an alert: no JSON object",
    b"{}": "not an alert by its schema",
    b"\xff\xfe": "not an alert: 'utf-8'",
    b"[" * 100_000: "not an alert: ",
    b'{"evidence":' * 50_000: "not an alert: ",
    b"1" * 10_000: "not an alert: Exceeds the limit",
    b'{"score": NaN}': "not an alert: NaN is no number",
    b'{"score": -Infinity}': "not an alert: -Infinity is no number",
    b'{"a": 1, "a": 1}': "not an alert: the field 'a' is there twice",
    b'{"a": {"b": 1, "b": 2}}': "not an alert: the field 'b' is there twice",
    b" " * 10_000_000: "not an alert: it is longer than",
}


@pytest.mark.parametrize(("text", "flaw"), list(HOSTILE.items()), ids=range(len(HOSTILE)))
def test_what_is_no_alert_is_told(text: bytes, flaw: str) -> None:
    assert (read_claim(text).flaw or "").startswith(flaw)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("case_id", "\ud800"),
        ("suppressed", 2**60),
        ("sequence", 1e300),
        ("enrichment", {"\ud800": "x"}),
        ("clauses", ["\ud800"]),
        ("clauses", ["a", "a"]),
        ("related", [{"type": "account", "id": "\ud800"}] * 2),
        ("notice", json.loads("[" * 300 + "]" * 300)),
    ],
)
def test_a_value_that_no_alert_can_hold_is_told(name: str, value: Any) -> None:
    claim = read_claim(json.dumps({**every_kind()[0], name: value}).encode())
    assert (claim.flaw or "").startswith(("not an alert", "changed"))


def test_a_number_that_is_too_large_for_json_readers_is_told() -> None:
    text = re.sub(rb'"threshold": [^,]*', b'"threshold": 1e999', json.dumps(every_kind()[0]).encode())
    assert "not an alert: inf is not representable in JCS" == read_claim(text).flaw


def test_thousands_of_related_are_compared_within_a_moment() -> None:
    related = [{"type": "account", "id": str(number)} for number in range(25_000)]
    text = json.dumps({**every_kind()[0], "related": related, "related_total": 25_000}).encode()
    assert len(text) < MOST_BYTES
    assert "changed: its content does not give its hash" == read_claim(text).flaw


FIELDS = sorted(Alert.__struct_fields__)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_raise(text: bytes) -> None:
    assert read_claim(text).flaw is not None


@given(st.sampled_from(FIELDS), json_values)
def test_no_value_of_any_field_raises(name: str, value: Any) -> None:
    text = json.dumps({**every_kind()[0], name: value}).encode()
    assert [] != found([text, text])


def test_a_claim_with_a_flaw_still_has_its_place() -> None:
    (line, *_) = lines()
    whole, changed = read_claim(line), read_claim(line.replace(b'"score":', b'"score":1'))
    assert changed.flaw is not None
    assert (whole.case_id, whole.sequence, whole.link) == (changed.case_id, changed.sequence, changed.link)


def test_what_says_nothing_of_itself_claims_nothing() -> None:
    assert Claim(flaw=read_claim(b"{}").flaw) == read_claim(b"{}")
    odd = {"case_id": 1, "sequence": True, "alert_id": [], "decided_time": 0.5, "chain": {"hash": "x"}}
    assert Claim(flaw=read_claim(json.dumps(odd).encode()).flaw) == read_claim(json.dumps(odd).encode())

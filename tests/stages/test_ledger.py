"""The clear identifiers beside a row."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import StateError
from detector.stages.ledger import Ledger, Witness, decode_ledger, encode_ledger, new_ledger, witness
from detector.windows.layout import SIGHTINGS, WITNESSES
from tests.support.events import event

WITNESS = st.none() | st.builds(
    Witness,
    event_id=st.text(),
    time=st.integers(0, 2**62),
    type=st.sampled_from(["request", "login_failure"]),
    ip=st.just("::1"),
    device_id=st.none() | st.text(),
    session_id=st.none() | st.text(),
    offset=st.integers(-1, 2**62),
)


def several(count: int) -> st.SearchStrategy[list[Witness | None]]:
    return st.lists(WITNESS, min_size=count, max_size=count)


@given(st.builds(Ledger, several(SIGHTINGS), several(WITNESSES)))
def test_a_ledger_survives_a_round_trip(ledger: Ledger) -> None:
    assert ledger == decode_ledger(encode_ledger(ledger))


def test_a_witness_keeps_what_evidence_shows() -> None:
    seen = witness(event("e1", 5, device_id="d", session_id=None, ip="203.0.113.9"), 5, 42)
    assert Witness("e1", 5, "login_success", "203.0.113.9", "d", None, 42) == seen


def test_the_witnesses_whose_bits_are_set_are_chosen() -> None:
    ledger = new_ledger()
    one, two = witness(event("1"), 1, 1), witness(event("2"), 2, 2)
    ledger.sightings[0], ledger.sightings[15] = one, two
    assert [] == list(ledger.chosen(0b110))
    assert [two] == list(ledger.chosen(1 << 15 | 0b110))
    assert [one, two] == list(ledger.chosen(1 << 15 | 1))


@pytest.mark.parametrize("data", [b"", b"\xc1", b"rubbish", msgspec.msgpack.encode([[1], []])])
def test_bytes_that_are_no_ledger_are_an_error_that_says_what_to_do(data: bytes) -> None:
    with pytest.raises(StateError, match=r"a ledger cannot be read .*: clear Redis"):
        decode_ledger(data)


@pytest.mark.parametrize(("sightings", "failures"), [(SIGHTINGS - 1, WITNESSES), (SIGHTINGS, WITNESSES + 1)])
def test_a_ledger_of_another_version_is_an_error(sightings: int, failures: int) -> None:
    with pytest.raises(StateError, match="another version"):
        decode_ledger(encode_ledger(Ledger([None] * sightings, [None] * failures)))


def test_version_1_is_stored_like_this() -> None:
    # Ledgers of this form lie in Redis; another form would need another version.
    ledger = new_ledger()
    ledger.failures[0] = witness(event("e", 5, device_id="d", ip="::1"), 5, 7)
    ledger.entered = [3, 4]
    sightings, failures, entered = msgspec.msgpack.decode(encode_ledger(ledger))
    assert [3, 4] == entered
    assert decode_ledger(msgspec.msgpack.encode([sightings, failures])).entered == []  # as it was once
    assert [None] * SIGHTINGS == sightings
    assert [["e", 5, "login_success", "::1", "d", None, 7], *[None] * (WITNESSES - 1)] == failures

"""The rows in memory: their bytes, their changes, and who is let go."""

import random
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.errors import StateError
from detector.stages.ledger import Ledger, encode_ledger, new_ledger, witness
from detector.stages.rows import ACCOUNT, RowTable
from detector.windows import ROW, fold
from detector.windows.layout import VERSION
from tests.support.events import event
from tests.support.rows import empty_rows
from tests.support.streams import random_events


def table_of(*keys: str) -> RowTable[Ledger]:
    table = RowTable(ACCOUNT)
    for key in keys:
        table.put(key, None, None)
    return table


def folded(seed: int) -> bytes:
    """The bytes of a row after a few hundred events."""
    rows = empty_rows(1)
    fold(random_events(seed, 300, 1), rows)
    return rows[:1].tobytes()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_a_rows_bytes_survive_a_round_trip(seed: int) -> None:
    table = RowTable(ACCOUNT)
    table.put("ann", folded(seed), None)
    table.touch(["ann"])
    assert [("ann", folded(seed), None)] == list(table.changes())


def test_a_new_row_is_blank() -> None:
    table = table_of("ann")
    (place,) = table.touch(["ann"])
    assert bytes(ROW.itemsize) == table.rows[place].tobytes()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((VERSION + 1).to_bytes(2, "little") + folded(1)[2:], id="another version"),
        pytest.param(bytes(2) + folded(1)[2:], id="no version"),
        pytest.param(folded(1)[:-1], id="too short"),
        pytest.param(folded(1) + b"\0", id="too long"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_row_of_another_version_is_an_error_that_says_what_to_do(row: bytes) -> None:
    with pytest.raises(StateError, match=r"version .*: run the release that wrote it, or clear Redis"):
        RowTable(ACCOUNT).put("ann", row, None)


def test_the_error_names_both_versions() -> None:
    with pytest.raises(
        StateError, match=re.escape(f"a row of version 515 and 3 bytes was found, this is version {VERSION}")
    ):
        RowTable(ACCOUNT).put("ann", b"\x03\x02\x01", None)


def test_missing_keys_are_named_once_in_order() -> None:
    assert ["cid", "bob"] == table_of("ann").missing(["cid", "ann", "bob", "cid", "bob"])


def test_only_what_was_touched_since_it_was_stored_is_a_change() -> None:
    table = table_of("ann", "bob", "cid")
    table.touch(["ann", "bob"])
    table.settle()
    table.touch(["bob", "bob"])
    assert (1, ["bob"]) == (table.changed, [key for key, _, _ in table.changes()])


def test_a_ledger_is_stored_where_it_was_written_and_only_then() -> None:
    table = table_of("ann", "bob")
    ann, bob = table.touch(["ann", "bob"]).tolist()
    table.write_ledger(ann).sightings[3] = witness(event(), 5, 7)
    assert None is table.ledger(bob).sightings[3]
    expected = new_ledger()
    expected.sightings[3] = witness(event(), 5, 7)
    assert {"ann": encode_ledger(expected), "bob": None} == {
        key: ledger for key, _, ledger in table.changes()
    }
    table.settle()
    table.touch(["ann"])
    assert [None] == [ledger for _, _, ledger in table.changes()]


def test_a_stored_ledger_is_read_back() -> None:
    ledger = new_ledger()
    ledger.failures[2] = witness(event("x"), 5, 7)
    table = RowTable(ACCOUNT)
    table.put("ann", None, encode_ledger(ledger))
    (place,) = table.touch(["ann"]).tolist()
    assert ledger == table.ledger(place)


def test_the_least_recently_used_rows_are_let_go() -> None:
    table = table_of("ann", "bob", "cid", "dan")
    for key in ("ann", "bob", "cid", "dan", "ann"):
        table.touch([key])
    table.settle()
    table.evict(2)
    assert (2, ["bob", "cid"]) == (len(table), table.missing(["ann", "bob", "cid", "dan"]))


def test_a_changed_row_is_never_let_go() -> None:
    table = table_of("ann", "bob")
    table.touch(["ann", "bob"])
    table.settle()
    table.touch(["ann"])
    table.evict(0)
    assert ["bob"] == table.missing(["ann", "bob"])
    table.settle()
    table.evict(0)
    assert 0 == len(table)


def test_nothing_is_let_go_where_there_is_room() -> None:
    table = table_of("ann", "bob")
    table.evict(2)
    assert 2 == len(table)


def test_who_comes_back_begins_where_nobody_left_anything() -> None:
    table = RowTable(ACCOUNT)
    table.put("ann", folded(1), None)
    (place,) = table.touch(["ann"]).tolist()
    table.write_ledger(place).sightings[0] = witness(event(), 5, 7)
    table.settle()
    table.evict(0)
    table.put("bob", None, None)
    assert [place] == table.touch(["bob"]).tolist()
    assert [("bob", bytes(ROW.itemsize), None)] == list(table.changes())
    assert new_ledger() == table.ledger(place)


def test_a_table_grows_and_keeps_what_it_holds() -> None:
    table = RowTable(ACCOUNT)
    rows = {f"account-{number}": folded(number) for number in range(40)}
    for key, row in rows.items():
        table.put(key, row, None)
    table.touch(list(rows))
    for number in range(3000):
        table.put(f"other-{number}", None, None)
    assert (3040, ROW) == (len(table), table.rows.dtype)
    assert len(table.rows) >= len(table)
    assert rows == {key: row for key, row, _ in table.changes()}
    assert 3000 == len(set(table.touch([f"other-{number}" for number in range(3000)]).tolist()))


def test_between_the_fields_of_a_row_lies_nothing_of_somebody_else() -> None:
    table = RowTable(ACCOUNT)
    stale = np.full(2 * table.rows.nbytes, 0xAA, np.uint8)
    del stale
    for number in range(len(table.rows) + 1):
        table.put(f"account-{number}", None, None)
    assert bytes(table.rows.nbytes) == table.rows.view(f"V{ROW.itemsize}").tobytes()


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_small_memory_loses_nothing(chance: random.Random) -> None:
    keys = [f"account-{number}" for number in range(8)]
    table, stored, counts = RowTable(ACCOUNT), dict[str, bytes](), dict.fromkeys(keys, 0)
    for _ in range(60):
        used = chance.choices(keys, k=3)
        for key in table.missing(used):
            table.put(key, stored.get(key), None)
        for place, key in zip(table.touch(used).tolist(), used, strict=True):
            counts[key] += 1
            table.rows["head"]["version"][place] = VERSION
            table.rows["head"]["sightings"][place] += 1
        if chance.random() < 0.5:
            stored.update({key: row for key, row, _ in table.changes()})
            table.settle()
        table.evict(chance.randint(0, 6))
    for key in table.missing(keys):
        table.put(key, stored.get(key), None)
    assert [*counts.values()] == table.rows["head"]["sightings"][table.touch(keys)].tolist()

"""Heads come back from their file as they went in."""

import msgspec
import pytest

from detector.errors import InputError
from detector.evidence import encode_heads, read_heads
from tests.evidence.chained import heads


def test_heads_are_the_same_after_a_round_trip() -> None:
    lines = enumerate(encode_heads(heads()), start=1)
    assert dict(heads()) == read_heads(lines, "heads.jsonl")


def test_a_head_may_say_more() -> None:
    (head, *_) = heads().values()
    more = msgspec.json.encode({**msgspec.to_builtins(head), "note": "x"})
    assert {head.case_id: head} == read_heads([(1, more)], "heads.jsonl")


@pytest.mark.parametrize("changed", [{"sequence": 0}, {"hash": "0" * 63}, {"hash": None}, {"case_id": 1}])
def test_what_is_no_head_is_told(changed: dict[str, object]) -> None:
    (head, *_) = heads().values()
    with pytest.raises(InputError, match=r"heads\.jsonl, line 3: not the head of a chain"):
        read_heads([(3, msgspec.json.encode({**msgspec.to_builtins(head), **changed}))], "heads.jsonl")

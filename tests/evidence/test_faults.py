"""A finding is one plain line, whatever an alert says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.evidence import Fault
from detector.evidence.faults import plain


def test_a_finding_names_place_and_alert() -> None:
    fault = Fault("line 3", "a-1", "c-1", 2, "changed: x")
    assert "line 3: alert a-1, case c-1, number 2: changed: x" == str(fault)


def test_something_else_may_be_wrong_with_the_same_alert() -> None:
    assert Fault("p", "a", "c", 2, "y") == Fault("p", "a", "c", 2, "x").of("y")


def test_what_is_not_said_is_a_question_mark() -> None:
    assert "line 3: alert ?, case ?, number ?: x" == str(Fault("line 3", None, None, None, "x"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "\\u202e"),
        ("账号", "账号"),
        ("a" * 81, "a" * 80 + "…"),
    ],
)
def test_text_is_shown_as_it_is_and_no_longer_than_a_line(text: str, shown: str) -> None:
    assert shown == plain(text)


@given(st.text() | st.integers())
def test_any_text_is_one_printable_line(value: str | int) -> None:
    assert plain(value).isprintable()
    assert len(plain(value)) <= 81

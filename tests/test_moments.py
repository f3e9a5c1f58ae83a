"""Moments in every form that a message may give them."""

import pytest

from detector.moments import moment_ms, whole

LEAP_MS = 1_483_228_800_000
"""2017-01-01T00:00:00Z, right after a leap second."""


@pytest.mark.parametrize(
    ("value", "time_ms"),
    [
        (LEAP_MS, LEAP_MS),
        (float(LEAP_MS), LEAP_MS),
        ("2017-01-01T08:00:00+08:00", LEAP_MS),
        ("2016-12-31T23:59:60Z", LEAP_MS),
        ("2017-01-01t07:59:60.25+08:00", LEAP_MS + 250),
        ("2016-12-31T23:59:59.9999Z", LEAP_MS - 1),
        ("2016-12-31T23:59:61Z", None),
        ("2016-12-31T23:59:60", None),
        ("2016-12-31T23:60:60Z", None),
        ("2017-01-01", None),
        (LEAP_MS + 0.5, None),
        (float("inf"), None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_a_moment_is_known_by_its_integer_or_by_its_text(value: object, time_ms: int | None) -> None:
    assert time_ms == moment_ms(value)


@pytest.mark.parametrize(
    ("value", "same"), [(200.0, 200), (0.5, 0.5), (7, 7), ("200.0", "200.0"), (None, None)]
)
def test_a_number_without_fraction_is_an_integer(value: object, same: object) -> None:
    assert (type(same), same) == (type(whole(value)), whole(value))

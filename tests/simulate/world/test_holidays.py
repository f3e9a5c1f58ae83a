from datetime import UTC, datetime, timedelta

import pytest

from detector.simulate.world.visits import Day

OFFSET = timedelta(hours=8)


def day(month: int, number: int) -> Day:
    midnight = datetime(2026, month, number, tzinfo=UTC) - OFFSET
    return Day(index=0, start_ms=int(midnight.timestamp() * 1000))


@pytest.mark.parametrize(
    ("month", "number", "off"),
    [
        *((6, 18, False), (6, 19, True), (6, 22, False)),  # Dragon Boat Festival
        *((2, 14, False), (2, 17, True), (2, 28, False)),  # Saturdays worked around Spring Festival
        *((10, 1, True), (10, 10, False), (10, 17, True)),  # National Day; a plain Saturday
    ],
)
def test_offices_close_on_holidays_and_open_on_days_made_up(month: int, number: int, *, off: bool) -> None:
    assert off == day(month, number).off

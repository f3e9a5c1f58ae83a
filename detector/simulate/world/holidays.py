"""China's public holidays of 2026 and the weekend days on which they are worked in.

Source: the State Council's notice on the arrangement of public holidays in 2026 (4 November 2025).
"""

from datetime import date
from typing import Final

_EPOCH = date(1970, 1, 1).toordinal()


def _days(month: int, first: int, last: int) -> set[int]:
    """Return days of 2026 as numbers from 1 January 1970."""
    return {date(2026, month, day).toordinal() - _EPOCH for day in range(first, last + 1)}


FREE_DAYS: Final = frozenset(
    _days(1, 1, 3)  # New Year
    | _days(2, 15, 23)  # Spring Festival
    | _days(4, 4, 6)  # Qingming
    | _days(5, 1, 5)  # Labour Day
    | _days(6, 19, 21)  # Dragon Boat Festival
    | _days(9, 25, 27)  # Mid-Autumn
    | _days(10, 1, 7)  # National Day
)
"""Days off, as numbers of days since 1 January 1970, local calendar."""

MADE_UP_DAYS: Final = frozenset(
    _days(1, 4, 4)
    | _days(2, 14, 14)
    | _days(2, 28, 28)
    | _days(5, 9, 9)
    | _days(9, 20, 20)
    | _days(10, 10, 10)
)
"""Saturdays and Sundays that are worked."""

"""How many accounts were tried, as rules about logins count it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features, Strengths
from detector.rules.crowds.usual import well_above

SOME = 2
"""Accounts that exist among those tried: below it, tries at others may be one person's wrong name."""
SLIPS = 3
"""So many tries at accounts that do not exist count as one account while there are few that do."""


def tried(seen: Features) -> NDArray[Any]:
    """Return how many accounts were tried in vain, by window of `WINDOWS`; shape (n, 3) or (3,).

    A try at an account that does not exist counts as one more: of a list bought elsewhere most do not. Where
    few exist they count a third, and beyond half an hour no more than twice those that do: a client that was
    left with a wrong name goes on for days.
    """
    accounts = np.asarray(seen.accounts, np.float64)
    unknown = np.asarray(seen.unknown, np.float64)
    some = accounts >= SOME
    at_once = np.array([True, False, False])
    counted = np.where(at_once, np.where(some, unknown, unknown / SLIPS), np.minimum(unknown, 2.0 * accounts))
    total: NDArray[Any] = accounts + counted
    return total


def fine(seen: Features) -> NDArray[Any]:
    """Return how many logins succeeded there, by window; the first is this clock hour and the one before."""
    numbers: NDArray[Any] = np.stack([seen.fine_1h, seen.fine_24h, seen.fine_7d], axis=-1).astype(np.float64)
    return numbers


def more_than_usual(seen: Features, times: float, spreads: float) -> Strengths:
    """Return from which number on more were tried than usual (`well_above`), by window of `WINDOWS`.

    A week's number has no usual one: 0. So whoever goes on for weeks never becomes what is usual.
    """
    limits = well_above(seen, times, spreads)
    return np.stack([limits[..., 0], limits[..., 2], np.zeros(np.shape(limits)[:-1])], axis=-1)


def like_days(seen: Features) -> NDArray[np.int64]:
    """Return on how many like days that rests, by window; 0: on too few, and always of a week."""
    days = np.asarray(seen.like_days, np.int64)
    return np.stack([days[..., 0], days[..., 2], np.zeros(np.shape(days)[:-1], np.int64)], axis=-1)

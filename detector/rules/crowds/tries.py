"""How many accounts were tried, as rules about logins count it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.rules.base import Features

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

"""What the rows of all families have in common.

A row begins with its version; its ring remembers the newest ENTRIES cells, and the ledger beside it keeps the
clear identifiers of the same ones. Hashes are 64 bits, 0 is "unknown"; times are event time, Unix ms.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ENTRIES: Final = 64
"""Cells that a row remembers one by one, the newest ones; a bit each in the masks of features."""
RULE_SLOTS: Final = 8
"""Rules of one family whose last finding a row remembers."""
DAYS: Final = 28
"""Days whose numbers a row remembers: four weeks, so that each weekday is there as often."""
KINDS: Final = (
    "address",
    "prefix",
    "device",
    "client",
    "organisation",
    "email_domain",
    "phone_prefix",
    "invite_code",
    "username_pattern",
    "username_shape",
    "platform",
    "catalogue",
    "greeting",
)
"""What crowds share; a cell holds the place of its kind in this tuple."""

HEAD: Final = [
    ("version", "u2"),
    ("next", "u1"),  # the place of the ring that the next cell takes
    ("day", "i4"),  # days since 1970, in China, of the newest cell
    ("first_ms", "i8"),
    ("last_ms", "i8"),
    ("raised_ms", "i8", RULE_SLOTS),
    ("raised", "f4", RULE_SLOTS),
]
"""The fields with which every row begins."""

CELL: Final = [
    ("time_ms", "i8"),
    ("row", "i4"),  # index into the rows given beside the cells
    ("kind", "u1"),  # place in `KINDS`
    ("excused", "u2"),
]
"""The fields with which every cell begins; a family's facts follow."""

FEATURE: Final = [
    ("time_ms", "i8"),
    ("row", "i4"),
    ("kind", "u1"),
    ("excused", "u2"),
    ("slot", "i2"),  # the ring's place of the cell; what the ledger remembers it by
]
"""The fields with which features begin."""

DAY_MS: Final = 24 * 3_600_000
CHINA_MS: Final = 8 * 3_600_000
"""Days are China's."""


def features_of(cells: NDArray[np.void], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """Return features of `dtype`, which begins with FEATURE, with what n cells say of themselves."""
    features = np.zeros(len(cells), dtype)
    for name, _ in CELL:
        features[name] = cells[name]
    return features

"""The categories of abuse and the clauses of the user agreement that they serve.

Source: the user agreement in its version of 2024-08-08.
"""

from dataclasses import dataclass
from typing import Final

AGREEMENT: Final = "2024-08-08"
"""The version of the user agreement in force."""


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of abuse: its name in alerts and the clauses it serves."""

    name: str
    clauses: tuple[str, ...]


CATEGORIES: Final = (
    Category("account_sharing", ("9.1(3)(a)", "7.4")),
    Category("seat_sharing", ("9.1(3)(a)",)),
    Category("account_transfer", ("9.1(3)(a)", "7.4")),
    Category("datacenter_access", ("9.1(3)(b)",)),
    Category("city_switching", ("9.1(3)(c)",)),
    Category("crawler", ("9.1(3)(d)", "9.1(2)(k)")),
    Category("batch_registration", ("9.1(2)(j)",)),
    Category("credential_attack", ("9.1(2)(a)", "9.1(2)(d)")),
    Category("account_takeover", ("7.2", "7.3", "9.1(2)(d)", "9.1(2)(e)")),
    Category("probing", ("9.1(2)(f)",)),
    Category("flooding", ("9.1(2)(g)", "9.1(2)(i)")),
    Category("ip_spoofing", ("9.1(2)(h)", "9.1(2)(i)")),
    Category("unauthorized_client", ("9.1",)),
    Category("compromise_report", ("2.7", "7.3")),
)
BITS: Final = {category.name: 1 << place for place, category in enumerate(CATEGORIES)}
"""A category's bit in masks such as `excused`."""
CLAUSES: Final = {category.name: category.clauses for category in CATEGORIES}

ACCOUNT_SHARING_BIT: Final = 1 << 0
SEAT_SHARING_BIT: Final = 1 << 1
DATACENTER_ACCESS_BIT: Final = 1 << 3
CITY_SWITCHING_BIT: Final = 1 << 4
CRAWLER_BIT: Final = 1 << 5
UNAUTHORIZED_CLIENT_BIT: Final = 1 << 12
SUFFERED_BITS: Final = 1 << 7 | 1 << 8 | 1 << 13
"""The same as constants, for compiled code; a test holds them to `BITS`. `SUFFERED_BITS`: what is done to an
account, not by it."""
REQUESTS: Final = frozenset({"compromise_report"})
"""Categories in which the holder asks for the step: who asks again is heard again, whatever feedback said."""
DONE_BITS: Final = (1 << 14) - 1 - SUFFERED_BITS
"""What a thief does with an account is not its holder's doing."""

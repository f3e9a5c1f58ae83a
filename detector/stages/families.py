"""The families of crowds: what each counts, how it is folded, and which rules read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.rules.crowds import CrowdRule
from detector.rules.crowds.catalog import CRAWL_RULES, LOGIN_RULES, ORGANISATION_RULES, SIGNUP_RULES
from detector.stages.crowd_ledger import (
    CrowdLedger,
    decode_crowd_ledger,
    encode_crowd_ledger,
    new_crowd_ledger,
)
from detector.stages.rows import RowKind
from detector.windows.crowds import crawls, logins, organisations, signups

Void = np.dtype[np.void]
Fold = Callable[[NDArray[np.void], NDArray[np.void]], NDArray[np.void]]


@dataclass(frozen=True, slots=True)
class Family:
    """One thing that is counted wherever accounts meet; `facts` are the names of a cell's facts, in order.

    `fold` takes cells (of dtype `cell`, with the fields of `CELL` and the facts) and rows.
    """

    name: str
    rows: RowKind[CrowdLedger]
    cell: Void
    facts: tuple[str, ...]
    fold: Fold
    rules: tuple[CrowdRule, ...]


def _rows(dtype: Void, version: int) -> RowKind[CrowdLedger]:
    return RowKind(dtype, version, new_crowd_ledger, encode_crowd_ledger, decode_crowd_ledger)


FAMILIES: Final = (
    Family(
        name="signups",
        rows=_rows(signups.SIGNUP_ROW, signups.VERSION),
        cell=signups.SIGNUP_CELL,
        facts=signups.FACTS,
        fold=signups.fold_signups,
        rules=SIGNUP_RULES,
    ),
    Family(
        name="logins",
        rows=_rows(logins.LOGIN_ROW, logins.VERSION),
        cell=logins.LOGIN_CELL,
        facts=logins.FACTS,
        fold=logins.fold_logins,
        rules=LOGIN_RULES,
    ),
    Family(
        name="crawls",
        rows=_rows(crawls.CRAWL_ROW, crawls.VERSION),
        cell=crawls.CRAWL_CELL,
        facts=crawls.FACTS,
        fold=crawls.fold_crawls,
        rules=CRAWL_RULES,
    ),
    Family(
        name="organisations",
        rows=_rows(organisations.ORGANISATION_ROW, organisations.VERSION),
        cell=organisations.ORGANISATION_CELL,
        facts=organisations.FACTS,
        fold=organisations.fold_organisations,
        rules=ORGANISATION_RULES,
    ),
)

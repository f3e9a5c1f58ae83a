"""A bundle for a dispute: an alert with all that proves it, readable without any program of ours.

`dossier` is what was gathered: the case's alerts, the original events (`exhibits`), the policy (`in_force`),
the alert computed again (`again`). `bundle` makes files of it: a `statement` for the holder and a `proof` for
who decides, both with the `timeline`; `archive` makes the zip. Nothing here reads or writes files of a user.
"""

from detector.dispute.again import Again, compared
from detector.dispute.archive import zipped
from detector.dispute.bundle import bundled
from detector.dispute.dossier import Dossier, Filed
from detector.dispute.exhibits import Exhibit, Found, Key, Why, exhibits, key_of
from detector.dispute.in_force import InForce, PolicyFile, in_force
from detector.dispute.proof import results
from detector.dispute.words import words

__all__ = [
    "Again",
    "Dossier",
    "Exhibit",
    "Filed",
    "Found",
    "InForce",
    "Key",
    "PolicyFile",
    "Why",
    "bundled",
    "compared",
    "exhibits",
    "in_force",
    "key_of",
    "results",
    "words",
    "zipped",
]

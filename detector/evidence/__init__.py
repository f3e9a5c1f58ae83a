"""Whether alerts are what was decided: each case's chain of hashes, checked from the first alert to its head.

`claims` reads one alert, whatever its bytes are, `chains` follows the cases from alert to alert, `heads` are
the last links, kept apart. What a chain proves, and what not: docs/evidence.md.
"""

from detector.evidence.chains import Chains, Tally
from detector.evidence.claims import MOST_BYTES, Claim, read_claim
from detector.evidence.faults import Fault
from detector.evidence.heads import Head, Heads, encode_heads, head_of, read_heads

__all__ = [
    "MOST_BYTES",
    "Chains",
    "Claim",
    "Fault",
    "Head",
    "Heads",
    "Tally",
    "encode_heads",
    "head_of",
    "read_claim",
    "read_heads",
]

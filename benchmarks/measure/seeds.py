"""Which simulated histories rules may be tuned on, and which are kept for the figures in docs/accuracy.md.

Whoever looks at a history of a reporting seed to change a rule must move that seed to the others.
"""

from typing import Final

TUNING: Final = range(1, 1_000)
REPORTING: Final = tuple(range(91_025, 91_057))
"""Not 91001 to 91024: what their figures said led to changes of rules."""

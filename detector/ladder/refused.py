"""What is found only because the platform carried out a step: it is the platform's doing."""

from typing import Final

from detector.ladder.case import Case
from detector.ladder.history import is_open
from detector.ladder.steps import carried_at
from detector.policy.model import Policy

SHUTS_OUT: Final = frozenset({"suspend", "lock"})
"""Actions after which the subject can do nothing."""
OF_REFUSALS: Final = frozenset({"flood_refused", "probing_misses"})
"""Rules that see what was refused, as it is to whom functions are restricted."""


def is_refused(case: Case, rule: str, now: int, policy: Policy, reporting_since: int | None) -> bool:
    """Return whether what a rule finds may come of a step of this case that counts as carried out.

    A step without an end must be said to be: nobody would ever say that it was lifted, either.
    `reporting_since`: see `detector.ladder.steps`.
    """
    carried = (
        carried_at(one, policy, reporting_since)
        for one in case.all_alerts
        if (one.action in SHUTS_OUT or rule in OF_REFUSALS) and is_open(one, now)
        if one.carried is not None or one.expires is not None
    )
    return any(moment is not None and moment <= now for moment in carried)

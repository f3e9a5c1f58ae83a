"""Which step of a ladder a case has reached: by its score, by what went before, and by what it rests on."""

from collections.abc import Sequence

from detector.ladder.case import Case, Given
from detector.ladder.score import score
from detector.policy.model import ACTIONS, Policy, Step

_NEVER: frozenset[str] = frozenset({"declined", "false_positive", "benign"})
"""Verdicts after which a step leads to no graver one."""


def reached(
    case: Case, ladder: Sequence[Step], now: int, policy: Policy, reporting_since: int | None
) -> Step | None:
    """Return the last step of a ladder that is due; None for none.

    A step with `after` is due for what was found when a step so grave, or graver, had been carried out for
    the policy's cooldown: whoever is told has so long to change. See `carried_at` for `reporting_since`.
    """
    return next(
        (step for step in reversed(ladder) if _is_due(step, case, now, policy, reporting_since)), None
    )


def _is_due(step: Step, case: Case, now: int, policy: Policy, reporting_since: int | None) -> bool:
    since = None
    if step.after is not None:
        carried = _first_carried(case, ACTIONS.index(step.after), policy, reporting_since)
        if carried is None or carried + policy.cooldown_ms >= now:
            return False
        since = carried + policy.cooldown_ms
    return score(case, now, policy, since=since, gravity=step.gravity) >= step.score


def _first_carried(case: Case, gravity: int, policy: Policy, reporting_since: int | None) -> int | None:
    moments = (
        carried_at(given, policy, reporting_since)
        for given in case.alerts
        if given.time >= case.anew and given.action in ACTIONS and ACTIONS.index(given.action) >= gravity
    )
    return min((moment for moment in moments if moment is not None), default=None)


def carried_at(given: Given, policy: Policy, reporting_since: int | None) -> int | None:
    """Return from when on a step counts as carried out; None: it does not.

    `reporting_since`: the moment of the first word that the platform ever gave on what became of a step, None
    where there was none. An alert of before counts the policy's `grace` after it was given.
    """
    if given.released or not _NEVER.isdisjoint(given.verdicts):
        return None
    if given.carried is not None:
        return given.carried
    silent = reporting_since is None or given.time < reporting_since
    return given.time + policy.grace_ms if silent else None

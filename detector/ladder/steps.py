"""Which step of a ladder a case has reached: by its score, by what went before, and by what it rests on."""

from collections.abc import Sequence
from typing import NamedTuple

from detector.ladder.case import Case, Given, Part
from detector.ladder.score import joined, parts
from detector.policy.model import ACTIONS, Policy, Step


class Reached(NamedTuple):
    """A step that is due, and what leads to it."""

    step: Step
    parts: list[Part]


def reached(
    case: Case, ladder: Sequence[Step], now: int, policy: Policy, reporting_since: int | None
) -> Reached | None:
    """Return the last step of a ladder that is due; None for none.

    A step with `after` is due for what was found when a step so grave, or graver, had been carried out for
    the policy's cooldown: whoever is told has so long to change. See `carried_at` for `reporting_since`.
    """
    for step in reversed(ladder):
        counting = _parts_for(step, case, now, policy, reporting_since)
        if counting is not None and joined(counting, policy) >= step.score:
            return Reached(step, counting)
    return None


def _parts_for(
    step: Step, case: Case, now: int, policy: Policy, reporting_since: int | None
) -> list[Part] | None:
    """Return what counts for a step; None where it is no step for this subject yet."""
    since = None
    if step.after is not None:
        carried = _first_carried(case, ACTIONS.index(step.after), policy, reporting_since)
        if carried is None or carried + policy.cooldown_ms >= now:
            return None
        since = carried + policy.cooldown_ms
    return parts(case, now, policy, since=since, gravity=step.gravity)


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
    where there was none. An alert of before counts the policy's `grace` after it was given, but not where a
    person has to approve its step: nobody knows whether one did.
    """
    declined = given.became is not None and given.became.verdict == "declined"
    if given.released or given.wrong or declined:
        return None
    if given.carried is not None:
        return given.carried
    silent = reporting_since is None or given.time < reporting_since
    return given.time + policy.grace_ms if silent and not given.by_a_person else None

"""Which step of a ladder a case has reached: by its score, by what went before, and by what it rests on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detector.ladder.case import Case, Given, Part
from detector.ladder.score import joined, parts
from detector.policy.model import ACTIONS, Policy, Step


class Reached(NamedTuple):
    """A step that is due, what leads to it, and the alerts whose steps came before it."""

    step: Step
    parts: list[Part]
    because: list[str]


def due(
    case: Case, ladder: Sequence[Step], now: int, policy: Policy, reporting_since: int | None
) -> Iterator[Reached]:
    """Yield the steps of a ladder that are due, the last one first.

    A step with `after` is due for what was found when a step so grave, or graver, had been carried out for
    the policy's cooldown: whoever is told has so long to change. See `carried_at` for `reporting_since`.
    """
    for step in reversed(ladder):
        since, because = None, list[str]()
        if step.after is not None:
            carried = _carried(case, ACTIONS.index(step.after), policy, reporting_since)
            long_ago = {name: moment for name, moment in carried.items() if moment + policy.cooldown_ms < now}
            if not long_ago:
                continue
            since, because = min(long_ago.values()) + policy.cooldown_ms, [*long_ago]
        counting = parts(case, now, policy, since=since, gravity=step.gravity)
        if joined(counting, policy) >= step.score:
            yield Reached(step, counting, because)


def reached(
    case: Case, ladder: Sequence[Step], now: int, policy: Policy, reporting_since: int | None
) -> Reached | None:
    """Return the last step of a ladder that is due; None for none. See `due`."""
    return next(due(case, ladder, now, policy, reporting_since), None)


def _carried(case: Case, gravity: int, policy: Policy, reporting_since: int | None) -> dict[str, int]:
    """Return by alert since when steps so grave, or graver, count as carried out."""
    return {
        given.alert_id: moment
        for given in case.all_alerts
        if given.time >= case.anew and given.gravity >= gravity
        for moment in [carried_at(given, policy, reporting_since)]
        if moment is not None
    }


def carried_at(given: Given, policy: Policy, reporting_since: int | None) -> int | None:
    """Return from when on a step counts as carried out; None: it does not.

    `reporting_since`: the moment of the first word that the platform ever gave on what became of a step, None
    where there was none. An alert of before counts the policy's `grace` after it was given, but not where a
    person has to approve its step: nobody knows whether one did.
    """
    if given.released or given.is_void:
        return None
    if given.carried is not None or given.assumed is not None:
        return given.assumed if given.carried is None else given.carried
    silent = reporting_since is None or given.time < reporting_since
    return given.time + policy.grace_ms if silent and not given.by_a_person else None

"""What a case remembers of its alerts: which steps are open, and how long the case is kept for them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec import UNSET

from detector.alerts import Alert, Evidence
from detector.findings import Finding
from detector.ladder.case import Case, Given, Part, Seen
from detector.ladder.score import joined
from detector.ladder.steps import Reached
from detector.policy.model import Ends, Policy

REMEMBERED: Final = 16
"""Alerts that a case remembers: open steps before others, graver before milder, newer before older ones."""
STEPS: Final = frozenset({"restrict", "suspend", "lock", "remove_content"})
"""Actions that hold until they end, and can be released."""
ENDED_BY: Final = frozenset({"declined", "lifted"})
"""Verdicts of which the last word on a step is one where it is not open."""


def note(
    case: Case,
    alert: Alert,
    due: Reached | None = None,
    parts: Sequence[Part] = (),
    addresses: Sequence[str] = (),
) -> None:
    """Let a case remember its newest alert: the step that was due, if any, and what it rests on.

    `addresses` where it does not show them: without these, nobody could tell later whether an entry for an
    address allows what was seen.
    """
    expires = None if alert.expires is UNSET else alert.expires
    given = Given(alert.alert_id, alert.action, alert.decided_time, alert.rule, expires=expires)
    if due is not None:
        step = due.step
        given.score, given.until_quiet_ms = step.score, step.until_quiet_ms
        given.by_a_person, given.because = step.approval == "required", due.because
        given.parts = list(parts)
        # Nothing that is granted explains what a group did: of its accounts' events nothing is kept.
        if alert.subject.type != "group":
            given.seen = list(dict.fromkeys(seen_in(alert.evidence, addresses)))
    if len(case.alerts) >= REMEMBERED:
        now = alert.decided_time
        case.alerts.remove(min(case.alerts, key=lambda one: (is_open(one, now), one.gravity, one.time)))
    case.alerts.append(given)
    case.sequence, case.head, case.alert_id = alert.sequence, alert.chain.hash, alert.alert_id
    case.suppressed = 0


def seen_in(evidence: Sequence[Evidence], addresses: Sequence[str]) -> Iterator[Seen]:
    """Yield from where each event of the evidence came; `addresses` where it does not show them in clear."""
    clear = addresses or [one.ip for one in evidence]
    for ip, one in zip(clear, evidence, strict=True):
        yield Seen(ip, one.asn, one.device_id or None, one.city or None, one.session_id or None)


def seen_of(finding: Finding) -> list[Seen]:
    """Return from where each event came that a finding rests on."""
    return [*seen_in(finding.evidence, finding.addresses)]


def forget(case: Case, rule: str, until: int) -> None:
    """Forget what a rule found up to a moment, Unix ms; what it found since then is another thing."""
    signal = case.signals.get(rule)
    if signal is not None and signal.time <= until:
        del case.signals[rule]


def alert_before(case: Case, alert_id: str, moment: int) -> Given | None:
    """Return the alert of that id, given before a moment; None where the case remembers none."""
    return next((one for one in case.alerts if one.alert_id == alert_id and one.time < moment), None)


def is_waiting(given: Given) -> bool:
    """Return whether a step needs a person's word, and has none yet."""
    return given.by_a_person and given.carried is None


def open_steps(case: Case, now: int) -> list[Given]:
    """Return the alerts of a case whose steps hold now."""
    return [one for one in case.alerts if is_open(one, now)]


def held_against(case: Case, now: int) -> list[Given]:
    """Return all that holds now against a case's subject: its own steps, and those of groups it is in."""
    return [one for one in case.all_alerts if is_open(one, now)]


def _end(given: Given, expires: int) -> int:
    """Return until when a step lasts; one that was approved only after its end, as long from then on."""
    late = given.by_a_person and given.carried is not None and given.carried >= expires
    return (given.carried or 0) + expires - given.time if late else expires


def is_open(given: Given, now: int) -> bool:
    """Return whether an alert recommends a step that holds now."""
    ended = given.released or (given.became is not None and given.became.verdict in ENDED_BY)
    return given.action in STEPS and not ended and (given.expires is None or now < _end(given, given.expires))


def rests_on(given: Given, rules: Collection[str], policy: Policy) -> bool:
    """Return whether a step would not have been reached without some rules."""
    left = [part for part in given.parts if part.rule not in rules]
    return not left or joined(left, policy) < given.score


def mark_led(case: Case) -> list[Given]:
    """Mark the alerts as wrong to whose steps only what is void has led; return them."""
    marked: list[Given] = []
    void = {one.alert_id for one in case.all_alerts if one.is_void}
    for one in case.alerts:
        if one.because and not one.wrong and void.issuperset(one.because):
            one.wrong = True
            marked.append(one)
            void.add(one.alert_id)
    return marked


def is_over(case: Case, now: int, ends: Ends) -> bool:
    """Return whether a case is closed: quiet for long, with nothing that waits, is held back or holds."""
    return not case.waits and now - case.last > ends.quiet_ms and now > _kept_until(case, ends.steps_ms)


def _kept_until(case: Case, steps_ms: int) -> int:
    steps = [
        one.time + steps_ms if one.expires is None else _end(one, one.expires)
        for one in case.all_alerts
        if is_open(one, one.time)
    ]
    return max(case.held_until, *case.held.values(), *steps, 0)


def is_held(case: Case, rule: str, now: int) -> bool:
    """Return whether a rule's findings do not count now."""
    return now < max(case.held_until, case.held.get(rule, 0))

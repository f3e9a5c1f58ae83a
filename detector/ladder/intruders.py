"""Whoever entered an account: what he does there is not its holder's doing.

A takeover's case keeps the traces of who entered. What is found within a day and rests on them is counted in
`suppressed` and held against nobody: the account is the victim's, and its holder is told already.
"""

from typing import Final

from detector.findings import Finding
from detector.ladder.case import Case, Trace
from detector.policy.model import ACTIONS

TAKEOVER: Final = "account_takeover"
OF_HOLDERS: Final = frozenset({"holder_shut_out"})
"""Rules of that category of whose evidence the last event is the holder's own."""
KEPT: Final = 16
STAYS_MS: Final = 24 * 3_600_000
"""How long somebody is taken to stay whom nobody saw since."""


def note_intruder(case: Case, finding: Finding) -> None:
    """Let a takeover's case that has led to a warning remember by what a finding's last event is known."""
    told = case.step >= ACTIONS.index("warn")
    if finding.category != TAKEOVER or finding.rule in OF_HOLDERS or not told:
        return
    event = finding.evidence[-1]
    trace = Trace(_addresses(finding)[-1], event.session_id or None, event.device_id or None, finding.time)
    others = [one for one in case.intruders if one.who != trace.who]
    case.intruders = [*others, trace][-KEPT:]


def is_intruders(case: Case, finding: Finding) -> bool:
    """Return whether half of what a finding rests on, or more, is of who entered, a day ago at most.

    Half, because what is found in two places at once has one event of either.
    """
    since = max(case.anew, finding.time - STAYS_MS)
    traces = [one for one in case.intruders if one.time >= since]
    if not traces:
        return False
    known = [
        any(one.is_of(ip, event.session_id or None, event.device_id or None) for one in traces)
        for ip, event in zip(_addresses(finding), finding.evidence, strict=True)
    ]
    return 2 * sum(known) >= len(known)


def _addresses(finding: Finding) -> tuple[str, ...]:
    """Return the addresses of a finding's evidence in clear, however it shows them."""
    return finding.addresses or tuple(one.ip for one in finding.evidence)

"""How long abusers had been at work when they were caught.

Labels say when abuse began, not which event is part of it. So the whole activity of an abuser counts: spans
of five minutes with at least one event of the account (or organisation) let in. That is never less than the
abusive part of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from detector.events import SessionEvent
from detector.moments import instant_ms
from detector.scoring.labels import BENIGN, Label, Subject
from detector.scoring.ledger import Outcome

SPAN_MS: Final = 300_000
Activity: TypeAlias = dict[Subject, set[int]]
"""By account or organisation, the numbers of the spans in which it was at work."""


def watched(
    events: Iterable[SessionEvent], labels: Iterable[Label], activity: Activity
) -> Iterator[SessionEvent]:
    """Pass events on, noting in `activity` when those whom labels accuse were at work."""
    abusers = {subject for label in labels if label.category != BENIGN for subject in label.subjects}
    accounts = {subject.id: subject for subject in abusers if subject.type == "account"}
    orgs = {subject.id: subject for subject in abusers if subject.type == "org"}
    spans = defaultdict(set, activity)
    for event in events:
        if event.type != "login_failure":
            span = instant_ms(event.time) // SPAN_MS
            for known, name in ((accounts, event.account_id), (orgs, event.org_id)):
                if name in known:
                    spans[known[name]].add(span)
        yield event
    activity.update(spans)


def worked_ms(outcome: Outcome, activity: Activity) -> int | None:
    """Return how long an affair's subject was at work until it was caught; None where that is not known."""
    if outcome.caught_ms is None or outcome.subject not in activity:
        return None
    first, last = outcome.from_ms // SPAN_MS, outcome.caught_ms // SPAN_MS
    return SPAN_MS * sum(first <= span <= last for span in activity[outcome.subject])

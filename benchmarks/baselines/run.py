"""Giving a history to the baselines, and turning what they see into accusations."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.baselines.catalog import DAY_MS, Baseline
from detector.enrich import Place
from detector.events import SessionEvent
from detector.moments import instant_ms
from detector.scoring.accusations import Accusation
from detector.scoring.labels import Subject


def accusations(
    baselines: Sequence[Baseline], events: Iterable[SessionEvent], place_of: Callable[[str], Place]
) -> dict[str, list[Accusation]]:
    """Return by name whom each baseline accuses, at most once a day; `events` are decoded and in order.

    An address is accused together with the account that came from it when the threshold was passed: that
    account is who a block of the address would hit.
    """
    found: dict[str, list[Accusation]] = {baseline.name: [] for baseline in baselines}
    watches = [(baseline, baseline.make().see, found[baseline.name]) for baseline in baselines]
    silent_until: dict[tuple[str, Subject], int] = {}
    for event in events:
        place, time_ms = place_of(event.ip), instant_ms(event.time)
        for baseline, see, accused in watches:
            subject = see(event, time_ms, place)
            if subject is None:
                continue
            if time_ms >= silent_until.get((baseline.name, subject), 0):
                silent_until[baseline.name, subject] = time_ms + DAY_MS
                accused.append(_accusation(baseline, subject, event, time_ms))
    return found


def _accusation(baseline: Baseline, subject: Subject, event: SessionEvent, time_ms: int) -> Accusation:
    return Accusation(
        category=baseline.category,
        action="warn",
        subject=subject,
        decided_time=time_ms,
        account_id=event.account_id,
        case_id=f"{baseline.name}/{subject.type}/{subject.id}",
    )

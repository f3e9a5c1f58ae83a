"""The work behind `detector evidence bundle`: from an alert's id to a dossier about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from detector.alerts import Alert
from detector.cli.bundle_sources import (
    Entry,
    Events,
    Line,
    Wanted,
    alerts_with,
    entry_of_file,
    events_of_files,
    events_of_topic,
    late_ones,
)
from detector.cli.replay import workshop_of
from detector.cli.replay_policies import applied_records, put_applied
from detector.cli.topic_url import TopicUrl
from detector.dispute import Again, Dossier, Exhibit, Filed, PolicyFile, compared, exhibits, in_force
from detector.errors import DetectorError, InputError, UsageError
from detector.evidence import Chains, Fault, read_claim
from detector.ladder.release import RELEASE
from detector.policy import Book
from detector.policy.applied import Ended, PolicyRecord
from detector.policy.files import default_sheet, default_text, read_sheet
from detector.policy.version import in_shadow
from detector.replay import read_entitlements, read_feedback
from detector.replay.again import judged
from detector.replay.select import Selection, Whose
from detector.settings import Settings
from detector.stages.assemble import Workshop
from detector.stream.kafka import KafkaClients

_DECODER: Final = msgspec.json.Decoder(Alert)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for; see its options."""

    alert_id: str
    alerts: str
    events: tuple[str, ...]
    form: str
    entitled: Path | None
    spoken: Path | None
    applied: str | None
    late: str | None
    truncate: bool
    holder: str | None
    settings: Settings

    def clients(self, brokers: str) -> KafkaClients:
        """Return clients of a Kafka."""
        settings = self.settings
        return KafkaClients(brokers, settings.kafka_security(), check_crcs=settings.check_crcs)


def gathered(asked: Asked, folder: Path) -> Dossier:
    """Gather all about an alert; `folder` takes what has to lie on disk meanwhile.

    Raises `InputError`, `UnavailableError`, `UsageError`.
    """
    filed, case, faults, begun_late = _case(asked)
    _check_holder(filed.alert, asked.holder)
    evidence = [said for each in case for said in each.alert.evidence]
    events = _events(asked, Wanted.of([*filed.alert.evidence, *evidence]), folder)
    given = _given(asked.settings.policy)
    applied = applied_records(asked.applied, asked.settings) if asked.applied else []
    book = Book.of([each.sheet for each in given])
    put_applied(book, applied)
    policies = (*given, *_applied_files(applied))
    entitlements = read_entitlements(asked.entitled) if asked.entitled else []
    feedback = read_feedback(asked.spoken) if asked.spoken else []
    workshop = workshop_of(asked.settings, book, entitlements, feedback)
    found = _exhibits(filed.alert, events, workshop, asked.holder)
    return Dossier(
        filed,
        case,
        found,
        policies,
        in_force(policies, filed.alert.policy_hash),
        _again(asked, filed, events, workshop, folder),
        faults,
        begun_late,
        tuple(
            exhibit
            for each in case
            if each.alert.alert_id != filed.alert.alert_id
            for exhibit in _exhibits(each.alert, events, workshop, asked.holder)
        ),
        tuple(dict.fromkeys(each.attribution for each in workshop.enricher.databases if each.attribution)),
        workshop.enricher.builds,
        (*events.entries, *_entries(asked)),
        asked.truncate,
        tuple(applied),
        _left(asked, filed.alert),
        asked.holder,
    )


def _case(asked: Asked) -> tuple[Filed, tuple[Filed, ...], tuple[str, ...], bool]:
    """Return the alert, all of its case, what is wrong with their chain, and whether it begins later."""
    lines = alerts_with(asked.alerts, asked.alert_id.encode(), asked.clients)
    own = next((line for line in lines if read_claim(line.text).alert_id == asked.alert_id), None)
    if own is None:
        raise InputError(
            f"{asked.alerts}: no alert {asked.alert_id} is there: was it of another file or topic?"
        )
    filed = _filed(own)
    if filed is None:
        raise InputError(
            f"{asked.alerts}, {own.place}: {read_claim(own.text).flaw}; nothing can be made of it"
        )
    case_id = filed.alert.case_id
    lines = alerts_with(asked.alerts, case_id.encode(), asked.clients)
    chains = Chains(settled=False, ordered=TopicUrl.parse(asked.alerts) is None)
    faults: list[Fault] = []
    case: list[Filed] = []
    for line in lines:
        claim = read_claim(line.text)
        if claim.case_id == case_id:
            faults += chains.take(line.place, claim, may_begin_late=line.late)
            case += filter(None, [_filed(line)])
    faults += chains.end()
    case.sort(key=lambda each: each.alert.sequence)
    return filed, tuple(case), tuple(map(str, faults)), chains.tally.begun_late > 0


def _left(asked: Asked, alert: Alert) -> tuple[Filed, ...]:
    """Return the releases that took accounts out of the group that an alert is about, in order."""
    if alert.subject.type != "group":
        return ()
    lines = alerts_with(asked.alerts, alert.subject.id.encode(), asked.clients)
    found = [
        filed
        for filed in map(_filed, lines)
        if filed is not None and filed.alert.action == RELEASE and alert.subject in filed.alert.related
        if asked.holder in {None, filed.alert.subject.id}
    ]
    return tuple(sorted(found, key=lambda each: each.alert.order))


def _filed(line: Line) -> Filed | None:
    try:
        return Filed(line.text, _DECODER.decode(line.text))
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def _events(asked: Asked, wanted: Wanted, folder: Path) -> Events:
    urls = [url for url in map(TopicUrl.parse, asked.events) if url is not None]
    if not urls:
        return events_of_files(list(map(Path, asked.events)), asked.form, wanted)
    if len(asked.events) > 1:
        raise UsageError("--events: one topic, or files; not several topics, nor both")
    (url,) = urls
    return events_of_topic(url, wanted, asked.clients(url.brokers), asked.settings.max_ahead_ms, folder)


def _given(paths: Sequence[str] | None) -> list[PolicyFile]:
    """Return the policies of the files; the shipped one where none of them is in force."""
    given = [PolicyFile(read_sheet(path), Path(path).read_bytes()) for path in paths or ()]
    if all(in_shadow(each.sheet.tables) for each in given):
        return [PolicyFile(default_sheet(), default_text().encode()), *given]
    return given


def _applied_files(records: Sequence[PolicyRecord]) -> list[PolicyFile]:
    """Return the policies that were applied, each text once, without those that nobody could use."""
    texts = {record.text: record for record in records if not isinstance(record, Ended)}
    files = (PolicyFile(record.sheet(), text.encode()) for text, record in texts.items())
    return [each for each in files if not each.sheet.problems]


def _check_holder(alert: Alert, holder: str | None) -> None:
    named = {each.id for each in alert.related} if alert.subject.type == "group" else set()
    if holder is not None and holder not in named:
        raise UsageError(f"alert {alert.alert_id} is about no group of accounts with {holder} in it (--for)")


def _exhibits(alert: Alert, events: Events, workshop: Workshop, holder: str | None) -> tuple[Exhibit, ...]:
    return exhibits(alert, events.wanted.found, events.wanted.missing, workshop.proxies, holder)


def _again(asked: Asked, filed: Filed, events: Events, workshop: Workshop, folder: Path) -> Again:
    """Compute the alert again: from the account's own events, and where that does not give it, from all."""
    alert = filed.alert
    if alert.mode == "shadow":
        return Again("not_done", why="it is an alert in shadow, which a bundle does not compute again")
    late = late_ones(asked.late, asked.clients) if asked.late else frozenset()
    try:
        if alert.subject.type == "account":
            own = Selection(whose=Whose(alert.subject.id, workshop.proxies), late=late)
            again = compared(filed.text, judged(events.history, own, workshop, folder), "subject")
            if again.outcome == "same":
                return again
        everything = judged(events.history, Selection(late=late), workshop, folder)
        return compared(filed.text, everything, "all")
    except DetectorError as error:
        return Again("not_done", why=str(error))


def _entries(asked: Asked) -> list[Entry]:
    url = TopicUrl.parse(asked.applied) if asked.applied else None
    file = Path(asked.applied) if asked.applied and url is None else None
    named = (("entitlements", asked.entitled), ("feedback", asked.spoken), ("applied policies", file))
    entries = [entry_of_file(what, path) for what, path in named if path is not None]
    return entries if url is None else [*entries, {"what": "applied policies", "topic": url.topic}]

"""What both pages say of an alert in words: its head, its events, the databases behind it."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from detector.alerts import Alert, Evidence, Subject
from detector.dispute.dossier import Dossier, Filed
from detector.dispute.exhibits import Exhibit
from detector.dispute.markup import bullets, facts, node, table
from detector.dispute.timeline import timeline
from detector.dispute.words import Words, local_time, utc_time


def head(words: Words, alert: Alert) -> Element:
    """Return whom an alert is about, what it says and what it recommends."""
    clauses = "、".join(alert.clauses) if words.language == "zh" else ", ".join(alert.clauses)
    rows = [
        (words.say("subject"), named(words, alert.subject)),
        (words.say("category"), words.name("categories", alert.category)),
        (words.say("clauses"), words.say("clause_list", clauses=clauses, agreement=alert.agreement)),
        (words.say("step"), words.name("actions", alert.action)),
        (words.say("approval"), words.name("approvals", alert.approval)),
        (words.say("decided"), words.moment(alert.decided_time)),
        (words.say("case"), words.say("case_place", case=alert.case_id, sequence=alert.sequence)),
    ]
    if isinstance(alert.expires, int):
        rows.insert(6, (words.say("expires"), words.moment(alert.expires)))
    return facts(rows)


def left(words: Words, releases: Sequence[Filed]) -> list[Element]:
    """Return since when no step of a group's is for which of its accounts, by what took them out."""
    lines = [
        words.say("left", account=each.alert.subject.id, moment=words.moment(each.alert.decided_time))
        for each in releases
    ]
    return [bullets(lines)] if lines else []


def named(words: Words, subject: Subject) -> str:
    """Return a subject by its kind and id."""
    return f"{words.name('subjects', subject.type)} {subject.id}"


def seen(words: Words, exhibits: list[Exhibit]) -> Element:
    """Return a table of events as the alert has them, with what became of fetching each."""
    heads = [words.say(key) for key in ("time", "what", "where", "address", "device", "session", "fetched")]
    return table(heads, [_row(words, each) for each in exhibits])


def picture_of(words: Words, dossier: Dossier) -> Element:
    """Return the picture of the case, of what may be shown to its subject."""
    events = [each.said for each in (*dossier.exhibits, *dossier.earlier) if each.whose == "subject"]
    alerts = [each.alert for each in (*dossier.case, *dossier.left_by_holder)]
    return timeline(words, sorted(alerts, key=lambda each: each.decided_time), events)


def in_time(words: Words, dossier: Dossier) -> list[Element]:
    """Return the picture with its heading."""
    return [
        node("h2", words.say("timeline")),
        node("p", words.say("timeline_intro")),
        picture_of(words, dossier),
    ]


def not_evaluated(words: Words, alert: Alert) -> list[Element]:
    """Return what could not be evaluated, and for which rules: for who decides, not for the holder."""
    codes: dict[str, list[str]] = {}
    for each in alert.not_evaluated:
        codes.setdefault(each.code, []).append(each.signal)
    lines = [f"{words.name('codes', code)} ({', '.join(names)})" for code, names in codes.items()]
    said = bullets(lines) if lines else node("p", words.say("all_evaluated"))
    return [node("h2", words.say("not_evaluated")), said]


def databases(words: Words, dossier: Dossier) -> list[Element]:
    """Return which databases the alert rests on, and whose they are."""
    builds = [
        words.say("database_build", kind=words.name("databases_of", kind), build=build)
        for kind, build in sorted(dossier.alert.enrichment.items())
    ]
    lines = [*builds, *dossier.attributions]
    return [node("h2", words.say("databases")), bullets(lines or [words.say("none")])]


def _row(words: Words, exhibit: Exhibit) -> list[str | Element]:
    said = exhibit.said
    local = words.say("local", local=local_time(said.time))
    return [
        node("span", local, node("br"), utc_time(said.time)),
        words.name("types", said.type),
        _where(words, said),
        said.ip,
        node("code", said.device_id if isinstance(said.device_id, str) else words.say("none")),
        node("code", said.session_id if isinstance(said.session_id, str) else words.say("none")),
        state(words, exhibit),
    ]


def state(words: Words, exhibit: Exhibit) -> str:
    """Return whether an event was fetched, and is as the alert says."""
    detail = words.name("why", exhibit.why) if exhibit.why is not None else ", ".join(exhibit.differs)
    return words.name("states", exhibit.state, detail=detail)


def _where(words: Words, said: Evidence) -> str:
    known = [each for each in (said.city, said.region, said.country) if isinstance(each, str) and each]
    places = known or [words.say("somewhere")]
    number = [words.say("as_number", asn=said.asn)] if said.asn else []
    return ", ".join([*places, words.name("networks", said.network), *number])

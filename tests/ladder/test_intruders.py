"""What a thief does in an account is not held against its holder."""

from typing import Any

import msgspec
import pytest

from detector.alerts import Evidence, Subject
from detector.feedback import Feedback, StampedFeedback, Verdict
from detector.findings import Finding
from detector.ladder.intruders import KEPT, OF_HOLDERS, STAYS_MS, TAKEOVER
from detector.policy.names import CATALOGUE
from detector.stages.cases import Cases
from tests.ladder.making import BOOK, HOUR_MS, finding
from tests.stages.test_cases import END_MS, at, block
from tests.stages.test_feedback import heard, said

THIEF = "203.0.113.9"
HOME = "1.86.208.7"
DAY_H = STAYS_MS / HOUR_MS


def seen(hour: float, *addresses: str, **more: Any) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(f"e-{at(hour)}-{place}", at(hour), "request", ip, 4134, "residential", **more)
        for place, ip in enumerate(addresses)
    )


def found(hour: float, rule: str, *addresses: str, strength: float = 1.0, **more: Any) -> Finding:
    """Return a finding of a rule, in its own category, that rests on events of some addresses."""
    of = CATALOGUE[rule]
    shown = {name: more.pop(name) for name in ("session_id", "device_id") if name in more}
    made = finding(hour, rule, strength, category=of.category, purpose=of.purpose, **more)
    return msgspec.structs.replace(made, evidence=seen(hour, *addresses, **shown))


def story(*findings: Finding, feedback: tuple[StampedFeedback, ...] = ()) -> list[tuple[str, str]]:
    """Return the category and action of each alert."""
    stage = Cases(BOOK, heard(feedback))
    stage.read(0, block(0, 1, END_MS, *findings))
    return [(one.category, one.action) for one in stage.decide(0).alerts]


def entered(hour: float = 0.0, strength: float = 0.5, **more: Any) -> Finding:
    return found(hour, "entered_by_attacker", THIEF, strength=strength, **more)


TOLD = (TAKEOVER, "warn")


@pytest.mark.parametrize(
    ("addresses", "held"),
    [
        ((THIEF,), False),
        ((THIEF, THIEF, HOME), False),
        ((HOME, THIEF), False),
        ((HOME, HOME, THIEF), True),
        ((HOME,), True),
    ],
)
def test_what_rests_on_whoever_entered_is_not_held_against_the_holder(
    addresses: tuple[str, ...], *, held: bool
) -> None:
    told = story(entered(), found(1.0, "crawl_rate", *addresses))
    assert [TOLD, *([("crawler", "restrict")] if held else [])] == told


@pytest.mark.parametrize("name", ["session_id", "device_id"])
def test_a_thief_who_comes_from_elsewhere_is_known_by_his_session_and_device(name: str) -> None:
    by: dict[str, Any] = {name: "thiefs"}
    assert [TOLD] == story(entered(**by), found(1.0, "crawl_rate", "203.0.113.77", **by))
    unknown = found(1.0, "crawl_rate", "203.0.113.77")
    assert [TOLD, ("crawler", "restrict")] == story(entered(), unknown)


@pytest.mark.parametrize(("hour", "held"), [(DAY_H, False), (DAY_H + 0.001, True)])
def test_for_a_day_after_he_was_seen_last(hour: float, *, held: bool) -> None:
    told = story(entered(), found(hour, "crawl_rate", THIEF))
    assert held == (("crawler", "restrict") in told)
    again = story(entered(), entered(DAY_H), found(hour, "crawl_rate", THIEF))
    assert ("crawler", "restrict") not in again


def test_what_only_may_be_a_takeover_excuses_nothing() -> None:
    told = story(entered(strength=0.3), found(1.0, "crawl_rate", THIEF))
    assert [(TAKEOVER, "observe"), ("crawler", "restrict")] == told


def test_what_the_holder_did_at_the_end_of_it_is_no_trace_of_a_thief() -> None:
    assert set(OF_HOLDERS) <= {rule.name for rule in CATALOGUE.values() if rule.category == TAKEOVER}
    told = story(found(0.0, "holder_shut_out", THIEF, HOME), found(1.0, "crawl_rate", HOME))
    assert ("crawler", "restrict") in told


def test_nobody_else_is_excused() -> None:
    other = found(1.0, "crawl_rate", THIEF, subject=Subject("account", "acc-2"))
    network = found(1.0, "crawl_rate", THIEF, subject=Subject("network", THIEF), account_id=None)
    assert [TOLD, *[("crawler", "restrict")] * 2] == story(entered(), other, network)


@pytest.mark.parametrize("verdict", ["false_positive", "benign"])
def test_who_was_no_thief_excuses_nothing(verdict: Verdict) -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, at(0.5), entered()))
    (alert,) = stage.decide(0).alerts
    spoken = said(alert.alert_id, verdict, 1.0)
    assert isinstance(spoken.feedback, Feedback)
    told = story(entered(), found(2.0, "crawl_rate", THIEF), feedback=(spoken,))
    assert ("crawler", "restrict") in told


def test_so_many_traces_are_kept_and_the_newest_of_each() -> None:
    findings = [
        msgspec.structs.replace(entered(hour / 10), evidence=seen(hour / 10, f"203.0.113.{hour % 40}"))
        for hour in range(80)
    ]
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, at(9), *findings))
    (case,) = filter(None, stage.decide(0).cases.values())
    assert [f"203.0.113.{number}" for number in range(40 - KEPT, 40)] == [one.ip for one in case.intruders]


def test_addresses_that_evidence_does_not_show_are_known_all_the_same() -> None:
    masked = [
        msgspec.structs.replace(
            one,
            evidence=tuple(msgspec.structs.replace(each, ip="hidden") for each in one.evidence),
            addresses=tuple(each.ip for each in one.evidence),
        )
        for one in (entered(), found(1.0, "crawl_rate", THIEF), found(2.0, "crawl_rate", HOME))
    ]
    assert [TOLD] == story(*masked[:2])
    assert [TOLD, ("crawler", "restrict")] == story(*masked)


def test_what_a_thief_did_before_the_takeover_was_told_is_taken_back() -> None:
    before = found(0.0, "crawl_rate", THIEF), found(0.1, "probing_paths", HOME)
    told = story(*before, entered(1.0))
    restricted = [("crawler", "restrict"), ("probing", "restrict")]
    assert [*restricted, TOLD, ("crawler", "release")] == told
    assert [*restricted[:1], TOLD] == story(before[0], entered(DAY_H + 1))
    again = found(2.0, "crawl_rate", HOME)
    assert ("crawler", "restrict") == story(*before, entered(1.0), again)[-1]


def test_at_one_moment_what_protects_comes_first() -> None:
    crawl = msgspec.structs.replace(found(0.0, "crawl_rate", THIEF), event_id="a")
    theft = msgspec.structs.replace(entered(), event_id="b")
    assert [TOLD] == story(crawl, theft)


def test_nobody_hides_behind_a_session_that_is_passed_around() -> None:
    moves = [
        found(day * DAY_H, "session_moved", f"203.0.113.{day}", strength=0.5, session_id="own")
        for day in range(3)
    ]
    shared = found(2.5 * DAY_H, "several_people", HOME, HOME, session_id="own")
    crawl = found(2.6 * DAY_H, "crawl_rate", HOME, session_id="own")
    told = story(*moves, shared, crawl)
    assert {("account_sharing", "restrict"), ("crawler", "restrict")} <= set(told)


def test_several_people_are_not_one_thief_whose_session_they_share() -> None:
    by: dict[str, Any] = {"session_id": "s"}
    shared = found(1.0, "several_people", HOME, HOME, **by)
    assert [TOLD, ("account_sharing", "restrict")] == story(entered(**by), shared)
    assert [TOLD] == story(entered(**by), found(1.0, "several_people", THIEF, HOME, **by))


def test_nobody_is_an_intruder_for_more_than_three_days() -> None:
    often = [entered(hour) for hour in range(0, 96, 12)]
    for hour, held in ((71, False), (73, True)):
        told = story(*[one for one in often if one.time <= at(hour)], found(hour, "crawl_rate", THIEF))
        assert held == (("crawler", "restrict") in told)

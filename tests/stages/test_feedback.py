"""Feedback in stage cases: it counts from its moment on, once, however it came and whatever was restarted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detector.alerts import Alert, Subject
from detector.feedback import Feedback, Feedbacks, StampedFeedback, Verdict
from detector.findings import Block, Finding
from detector.stages.cases import Cases, Decided
from detector.stages.spoken import everybody
from detector.stream.kafka import partition_of
from tests.ladder.making import BOOK, START_MS, finding
from tests.stages.test_cases import END_MS, QUIET_H, Topic, at, block, findings, sent

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CATEGORIES = ("account_sharing", "compromise_report")


def said(
    alert_id: str, verdict: Verdict, hour: float, *, key: str = "acc-1", source: str = ""
) -> StampedFeedback:
    return StampedFeedback(key, at(hour), Feedback(alert_id, verdict, "somebody", at(hour), "a note"), source)


def heard(given: Iterable[StampedFeedback]) -> Feedbacks:
    feedback = Feedbacks()
    for one in given:
        feedback.put(one)
    return feedback


def run(blocks: Sequence[Block], given: Iterable[StampedFeedback] = (), **more: Any) -> Decided:
    """Decide after each block; return all together."""
    stage = Cases(BOOK, heard(given), **more)
    decided = Decided()
    for offset, one in enumerate(blocks):
        stage.read(offset, one)
        decided.add(stage.decide(detected_at=0))
    return decided


def alerts(blocks: Sequence[Block], given: Iterable[StampedFeedback] = ()) -> list[Alert]:
    return run(blocks, given).alerts


def actions(blocks: Sequence[Block], given: Iterable[StampedFeedback] = ()) -> list[str]:
    return [alert.action for alert in alerts(blocks, given)]


def one_block(*found: Finding) -> list[Block]:
    return [block(0, 1, END_MS, *found)]


RESTRICT = finding(strength=1.0)
(FIRST,) = alerts(one_block(RESTRICT))


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Finding], list[StampedFeedback]]:
    """Findings, and verdicts on alerts that follow from them, and from the verdicts before."""
    found = draw(findings())
    found = [
        finding(
            (one.time - START_MS) / 3_600_000,
            one.rule,
            one.strength,
            event_id=one.event_id,
            subject=one.subject,
            category=draw(st.sampled_from(CATEGORIES)),
        )
        for one in found
    ]
    told: list[StampedFeedback] = []
    for number in range(draw(st.integers(0, 5))):
        made = alerts(one_block(*found), told)
        if not made:
            break
        alert = draw(st.sampled_from(made))
        hour = (alert.decided_time - START_MS) // 3_600_000 + draw(st.integers(-20, 90))
        key = draw(st.sampled_from([alert.subject.id] * 4 + ["acc-2"]))
        verdict = draw(st.sampled_from(VERDICTS))
        told.append(said(alert.alert_id, verdict, max(0, hour), key=key, source=f"feedback/0/{number}"))
    return found, told


@given(st.data(), stories())
def test_alerts_do_not_depend_on_senders_blocks_or_the_order_in_which_feedback_came(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]]
) -> None:
    found, told = story
    other = data.draw(st.permutations(told))
    assert run(one_block(*found), told) == run(data.draw(sent(found)), other)


@given(st.data(), stories())
def test_feedback_that_is_said_again_changes_nothing(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]]
) -> None:
    found, told = story
    once = run(one_block(*found), told)
    assume(once.unknown == 0)
    again = [
        StampedFeedback(one.key, one.counts_from + data.draw(st.integers(0, 10**9)), one.feedback, "again")
        for one in told
    ]
    twice = run(one_block(*found), [*told, *again])
    assert (once.alerts, once.cases, once.verdicts) == (twice.alerts, twice.cases, twice.verdicts)


@given(st.data(), stories())
def test_a_restart_at_any_point_applies_nothing_twice_and_misses_nothing(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]]
) -> None:
    found, told = story
    blocks = data.draw(sent(found))
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    made = Topic(heard(told)).through(blocks, restarts)
    whole = run(blocks, told)
    assert (whole.alerts, whole.verdicts, whole.unknown) == (made.alerts, made.verdicts, made.unknown)


@given(st.data(), stories())
def test_it_does_not_matter_when_feedback_was_read_as_long_as_it_was_before_its_moment(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]]
) -> None:
    found, told = story
    blocks = data.draw(sent(found))
    feedback = Feedbacks()
    stage, made, waiting = Cases(BOOK, feedback), Decided(), list(told)
    for offset, one in enumerate(blocks):
        stage.read(offset, one)
        for each in [
            each for each in waiting if each.counts_from < stage.frontier or data.draw(st.booleans())
        ]:
            feedback.put(each)
            waiting.remove(each)
        made.add(stage.decide(detected_at=0))
    assert run(blocks, told) == made


@given(st.data(), stories(), st.integers(2, 3))
def test_several_shards_together_say_what_one_does(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]], count: int
) -> None:
    found, told = story
    made = Decided()
    for number in range(count):

        def own(key: str, number: int = number) -> bool:
            return partition_of(key.encode(), count) == number

        own_findings = [one for one in found if own(one.subject.id)]
        made.add(run(data.draw(sent(own_findings)), told, own=own))
    whole = run(one_block(*found), told)
    order = [alert.order for alert in made.alerts]
    assert sorted(order) == sorted(alert.order for alert in whole.alerts)
    assert {alert.alert_id for alert in whole.alerts} == {alert.alert_id for alert in made.alerts}
    assert (whole.verdicts, whole.unknown) == (made.verdicts, made.unknown)


@given(findings())
def test_without_feedback_nothing_is_released(found: list[Finding]) -> None:
    decided = run(one_block(*found))
    assert "release" not in {alert.action for alert in decided.alerts}
    assert (Counter(), 0) == (decided.verdicts, decided.unknown)


@pytest.mark.parametrize(
    ("hour", "told"), [(1.0, ["restrict", "release", "restrict"]), (1.001, ["restrict", "release"])]
)
def test_feedback_counts_before_the_findings_of_its_moment(hour: float, told: list[str]) -> None:
    found = one_block(RESTRICT, finding(1.0, "taking_turns", 1.0))
    assert told == actions(found, [said(FIRST.alert_id, "false_positive", hour)])


@pytest.mark.parametrize("hour", [0.0, -1.0])
def test_feedback_on_an_alert_that_does_not_exist_yet_is_unknown(hour: float) -> None:
    decided = run(one_block(RESTRICT), [said(FIRST.alert_id, "benign", hour)])
    assert (["restrict"], 1) == ([alert.action for alert in decided.alerts], decided.unknown)


def test_what_was_said_before_an_alert_is_not_taken_for_late_after_a_restart() -> None:
    topic = Topic(heard([said(FIRST.alert_id, "benign", 0.0)]))
    stage = topic.restored()
    for offset, hour in enumerate((1, 2)):
        stage.read(offset, block(0, 1, at(hour), *([RESTRICT] if hour == 1 else [])))
        decided = stage.decide(0)
        topic.commit(stage, decided)
        assert ["restrict"][: 2 - hour] == [alert.action for alert in decided.alerts]
        stage = topic.restored()


def test_a_verdict_waits_until_its_moment_is_closed() -> None:
    stage = Cases(BOOK, heard([said(FIRST.alert_id, "benign", 5.0)]))
    stage.read(0, block(0, 1, at(5), RESTRICT))
    assert ["restrict"] == [alert.action for alert in stage.decide(0).alerts]
    stage.read(1, block(0, 1, at(5) + 1))
    assert ["release"] == [alert.action for alert in stage.decide(0).alerts]


@pytest.mark.parametrize(
    "wrong",
    [
        said("nobody's", "benign", 1.0),
        said(FIRST.alert_id, "benign", 1.0, key="acc-2"),
        said(FIRST.alert_id, "benign", QUIET_H + 0.001),
    ],
    ids=["no alert", "another subject", "a closed case"],
)
def test_feedback_that_no_open_case_knows_is_counted(wrong: StampedFeedback) -> None:
    decided = run(one_block(RESTRICT), [wrong])
    assert (["restrict"], 1) == ([alert.action for alert in decided.alerts], decided.unknown)


def test_only_the_shard_of_its_key_counts_what_is_unknown() -> None:
    told = [said("nobody's", "benign", 1.0)]
    assert 1 == run(one_block(RESTRICT), told, own=everybody).unknown
    assert 0 == run(one_block(RESTRICT), told, own=lambda _: False).unknown


def test_verdicts_are_counted_by_the_alerts_rule_and_once() -> None:
    told = [
        said(FIRST.alert_id, verdict, 1.0, source=who)
        for verdict in ("carried_out", "benign")
        for who in "ab"
    ]
    decided = run(one_block(RESTRICT), told)
    assert {("overlapping_use", "carried_out"): 1, ("overlapping_use", "benign"): 1} == decided.verdicts


def test_verdicts_of_one_moment_count_in_the_order_of_their_names() -> None:
    told = [said(FIRST.alert_id, verdict, 1.0) for verdict in ("false_positive", "declined")]
    assert ["restrict"] == actions(one_block(RESTRICT), told)


def test_feedback_that_comes_late_counts_from_the_moment_it_is_read() -> None:
    feedback = Feedbacks()
    stage = Cases(BOOK, feedback)
    stage.read(0, block(0, 1, at(5), RESTRICT))
    stage.decide(0)
    feedback.put(said(FIRST.alert_id, "false_positive", 1.0))
    feedback.put(said("nobody's", "false_positive", 1.0))
    assert Decided() == stage.decide(0)
    stage.read(1, block(0, 1, at(6)))
    decided = stage.decide(0)
    assert [("release", at(5))] == [(alert.action, alert.decided_time) for alert in decided.alerts]
    assert 0 == decided.unknown


def test_what_people_wrote_is_not_kept() -> None:
    feedback = heard([said("a", "benign", 1.0)])
    assert "somebody" not in repr(feedback)
    assert "a note" not in repr(feedback)


def test_a_case_that_holds_something_back_outlives_its_quiet_time() -> None:
    found = [RESTRICT, finding(QUIET_H + 1.0, strength=1.0)]
    told = [said(FIRST.alert_id, "benign", QUIET_H - 1.0)]
    assert ["restrict"] == actions(one_block(*found), told)
    assert ["restrict", "restrict"] == actions(one_block(*found))


def test_subjects_of_every_kind_are_found() -> None:
    network = finding(
        strength=1.0, subject=Subject("network", "asn:4134"), account_id=None, category="crawler"
    )
    (alert,) = alerts(one_block(network))
    assert ["restrict", "release"] == actions(
        one_block(network), [said(alert.alert_id, "benign", 1.0, key="asn:4134")]
    )


def test_something_is_said_of_a_subject_from_the_first_word_on_whichever_was_read_first() -> None:
    for hours in ((1, 2), (2, 1)):
        feedback = heard([said("a", "benign", hour, key="acc-1") for hour in hours])
        assert [False, True, True] == [feedback.is_about("acc-1", at(hour)) for hour in (0.9, 1, 3)]
        assert not feedback.is_about("acc-2", at(3))

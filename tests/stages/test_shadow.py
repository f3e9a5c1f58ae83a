"""What is tried out in shadow: it comes apart, and nothing that is live is otherwise for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from detector.alerts import Alert, NotEvaluated, Subject
from detector.feedback import Feedbacks, StampedFeedback, Verdict
from detector.findings import WAITS_MS, Finding
from detector.ladder.trial import OF_RULES
from detector.policy import Book
from detector.policy.version import Version
from detector.stages.cases import Cases, Decided
from tests.ladder.making import AGAIN, HOUR_MS, START_MS, finding
from tests.policy.making import SHIPPED, book, edited, hashed_like, in_mode, on_trial, otherwise
from tests.stages.test_cases import END_MS, QUIET_H, Topic, at, block, sent
from tests.stages.test_feedback import heard, said

TRIED = "taking_turns"
"""The rule in shadow; `overlapping_use` is live."""
LIVE_FOR_Q = f'\n[plans.q.rules.{TRIED}]\nmode = "live"\n'
STRICTER = "\n[plans.q.rules.overlapping_use]\nweight = 0.5\n"
OFF = book(in_mode("off", TRIED) + LIVE_FOR_Q)
SHADOW = hashed_like(book(in_mode("shadow", TRIED) + LIVE_FOR_Q), OFF)
AS_LIVE = hashed_like(book(SHIPPED + LIVE_FOR_Q), OFF)
TRIAL = book(in_mode("off", TRIED), on_trial(in_mode("off", "overlapping_use") + STRICTER))
BOTH = replace(SHADOW, shadows=TRIAL.shadows)
OWN = replace(SHADOW, shadows=book(SHIPPED, on_trial(otherwise(TRIED) + STRICTER)).shadows)
"""Both, the policy with other parameters of the rule."""


TRIAL_LIVE = book(on_trial(in_mode("off", "overlapping_use") + STRICTER).replace('mode = "shadow"', "", 1))


def decided(
    of: Book, found: Iterable[Finding], told: Iterable[StampedFeedback] = (), until: int = END_MS
) -> Decided:
    stage = Cases(of, heard(told))
    stage.read(0, block(0, 1, until, *found))
    return stage.decide(detected_at=0)


def actions(alerts: Iterable[Alert]) -> list[str]:
    return [alert.action for alert in alerts]


def live_of(of: Book, found: Sequence[Finding], told: Sequence[StampedFeedback]) -> list[object]:
    """Return what becomes of the live cases, hour by hour where something is found, and what is told."""
    stage, live = Cases(of, heard(told)), list[object]()
    shadow = set[str]()
    blocks = [block(0, 1, one.time + 1, one) for one in sorted(found, key=lambda one: one.order)]
    for offset, one in enumerate([*blocks, block(0, 1, END_MS)]):
        stage.read(offset, one)
        made = stage.decide(detected_at=0)
        shadow |= {name for name, case in made.cases.items() if case is not None and case.shadow is not None}
        cases = {name: case for name, case in made.cases.items() if name not in shadow}
        live.append((made.alerts, msgspec.json.encode(cases), made.verdicts))
    return live


@st.composite
def findings(draw: st.DrawFn, trials: Sequence[str | UnsetType] = (UNSET,)) -> list[Finding]:
    """Findings of two accounts, of a live rule and one in shadow, in two plans; `trials`: see `Finding`.

    What the live rule finds may be of a ring; by a rule in shadow each account is told of by itself.
    """
    return [
        finding(
            draw(st.integers(0, 900)),
            rule,
            draw(st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0])),
            ring=UNSET if rule == TRIED else draw(st.sampled_from([UNSET, UNSET, "waits", "ring:1"])),
            event_id=f"e-{number % 5}",
            subject=Subject("account", draw(st.sampled_from(["acc-1", "acc-2"]))),
            plan=draw(st.sampled_from([None, None, "q"])),
            trial=draw(st.sampled_from(trials)),
        )
        for number in range(draw(st.integers(1, 12)))
        for rule in [draw(st.sampled_from(["overlapping_use", TRIED]))]
    ]


@st.composite
def stories(draw: st.DrawFn, of: Book) -> tuple[list[Finding], list[StampedFeedback]]:
    """Findings, and verdicts on alerts of any mode that follow from them and from the verdicts before."""
    found, told = draw(findings((UNSET, "trial", "another"))), list[StampedFeedback]()
    for number in range(draw(st.integers(0, 4))):
        made = decided(of, found, told)
        alerts = [*made.alerts, *made.shadow]
        if not alerts:
            break
        alert = draw(st.sampled_from(alerts))
        hour = max(0, (alert.decided_time - START_MS) // HOUR_MS + draw(st.integers(-20, 90)))
        verdict = draw(st.sampled_from(get_args(Verdict)))
        told.append(said(alert.alert_id, verdict, hour, key=alert.subject.id, source=f"f/0/{number}"))
    return found, told


def test_what_waits_live_is_told_at_once_beside_a_rule_in_shadow() -> None:
    waits = finding(1, "overlapping_use", 0.8, ring="waits")
    made = decided(SHADOW, [finding(0, TRIED, 0.8), waits])
    assert [(waits.time + WAITS_MS, "warn")] == [(one.decided_time, one.action) for one in made.alerts]
    assert waits.time == made.shadow[-1].decided_time


def test_beside_a_rule_in_shadow_counts_what_the_account_was_told_of_with_others() -> None:
    warned = finding(0, "overlapping_use", 0.6, ring="ring:1")
    made = decided(SHADOW, [warned, finding(50, TRIED, 0.75 / SHADOW.at(START_MS).weights[TRIED])])
    assert ["restrict"] == actions(made.shadow)


def test_what_is_told_late_in_shadow_counts_as_carried_out_later() -> None:
    reporting, went_on = said("another", "carried_out", 0), finding(100, TRIED, AGAIN + 0.1)
    at_once, late = (
        actions(decided(TRIAL, [finding(0, TRIED, 0.6, ring=ring), went_on], [reporting]).shadow)
        for ring in (UNSET, "waits")
    )
    assert at_once == late == ["warn", "restrict"]


@given(stories(OWN))
def test_nothing_that_is_live_is_otherwise_for_what_is_in_shadow(
    story: tuple[list[Finding], list[StampedFeedback]],
) -> None:
    assert live_of(OFF, *story) == live_of(OWN, *story)


@given(st.data(), stories(OWN))
def test_what_is_in_shadow_depends_neither_on_senders_and_blocks_nor_on_restarts(
    data: st.DataObject, story: tuple[list[Finding], list[StampedFeedback]]
) -> None:
    found, told = story
    blocks = data.draw(sent(found))
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    made = Topic(heard(told), OWN).through(blocks, restarts)
    assert decided(OWN, found, told).shadow == made.shadow


def bare(alert: Alert) -> dict[str, Any]:
    """What an alert says, without its mode and what is made of its case's id."""
    return {
        name: value
        for name, value in msgspec.structs.asdict(alert).items()
        if name not in {"mode", "alert_id", "case_id", "chain", "previous"}
    }


@given(findings())
def test_a_policy_in_shadow_gives_the_alerts_that_it_would_give_live(found: list[Finding]) -> None:
    assert list(map(bare, decided(TRIAL_LIVE, found).alerts)) == list(map(bare, decided(TRIAL, found).shadow))


def test_a_report_leads_to_the_same_in_shadow_as_live() -> None:
    """A suspension of which nobody says that it was carried out hides nothing, and is asked for again."""
    asked = {"category": "compromise_report", "purpose": "protect"}
    reports = [finding(hour, "misuse_reported", 1.0, **asked) for hour in (0, 60)]
    others = [finding(hour, "several_people", 1.0) for hour in range(26, 200, 30)]
    found = sorted([*reports, *others], key=lambda one: one.time)
    live = list(map(bare, decided(TRIAL_LIVE, found).alerts))
    assert len(live) > 4
    assert live == list(map(bare, decided(TRIAL, found).shadow))


@given(findings())
def test_where_nothing_else_is_live_rules_in_shadow_give_the_alerts_that_they_would_give_live(
    found: list[Finding],
) -> None:
    every = [msgspec.structs.replace(one, rule=TRIED, plan=None, ring=UNSET) for one in found]
    shadow = decided(SHADOW, every)
    assert [] == shadow.alerts
    assert list(map(bare, decided(AS_LIVE, every).alerts)) == list(map(bare, shadow.shadow))


def test_a_policy_in_shadow_hears_of_its_own_parameters_in_the_place_of_those_in_force() -> None:
    for rule, trial, told in (
        (TRIED, UNSET, []),
        (TRIED, "trial", ["warn"]),
        (TRIED, "another", []),
        ("overlapping_use", UNSET, ["warn"]),
        ("overlapping_use", "trial", []),
    ):
        made = decided(OWN, [finding(0, rule, 0.8, trial=trial)])
        assert told == [alert.action for alert in made.shadow if alert.policy_version == "trial"]
        assert (rule == "overlapping_use" and trial is UNSET) == bool(made.alerts)


def test_a_rule_in_shadow_tells_what_it_would_have_told() -> None:
    made = decided(SHADOW, [finding(rule=TRIED, strength=0.8)])
    (alert,) = made.shadow
    assert ([], "warn", "shadow", TRIED) == (made.alerts, alert.action, alert.mode, alert.rule)
    assert ("1", SHADOW.at(0).hash) == (alert.policy_version, alert.policy_hash)


def test_rules_in_shadow_join_the_live_ones_in_a_score() -> None:
    made = decided(SHADOW, [finding(strength=0.3), finding(1, TRIED, 0.3)])
    assert (["observe"], ["warn"]) == (actions(made.alerts), actions(made.shadow))
    assert ["overlapping_use_24h", "taking_turns_24h"] == [each.signal for each in made.shadow[0].reasons]
    later = decided(SHADOW, [finding(0, TRIED, 0.3), finding(1, strength=0.3)])
    assert (["observe"], ["observe", "warn"]) == (actions(later.alerts), actions(later.shadow))


def test_what_live_rules_tell_by_themselves_is_not_told_again_in_shadow() -> None:
    for found in (
        [finding(strength=0.5), finding(1, TRIED, 0.6)],
        [finding(0, TRIED, 0.05), finding(1, strength=0.5), finding(60, strength=0.5)],
    ):
        made = decided(SHADOW, found)
        assert (True, []) == ("warn" in actions(made.alerts), actions(made.shadow))


def test_what_was_told_live_within_the_cooldown_is_not_told_in_shadow() -> None:
    # At hour 20 the live rule alone is below a warning, which it gave before.
    early, late = finding(strength=0.46), [finding(20, TRIED, 0.3)]
    assert [] == actions(decided(SHADOW, [early, *late]).shadow)
    assert ["warn"] == actions(decided(SHADOW, [early, finding(25, TRIED, 0.3)]).shadow)


def test_a_warning_that_was_given_live_lets_a_rule_in_shadow_come_to_a_graver_step() -> None:
    warned, again = finding(strength=0.5), finding(24 * 5, TRIED, 0.8)
    assert ["warn"] == actions(decided(SHADOW, [again]).shadow)
    assert ["restrict"] == actions(decided(SHADOW, [warned, again]).shadow)


def test_steps_in_shadow_lead_further_though_nobody_says_that_they_were_carried_out() -> None:
    # The platform says what becomes of steps: where it says nothing of one, that was not carried out.
    reports = said("another", "carried_out", 0)
    found = [finding(1, TRIED, 0.6), finding(120, TRIED, 0.8)]
    of = book(SHIPPED, on_trial())
    made = decided(of, found, [reports])
    assert (["warn", "warn"], ["warn", "restrict"]) == (actions(made.alerts), actions(made.shadow))
    assert ["warn", "restrict"] == actions(decided(SHADOW, found, [reports]).shadow)


def test_nobody_else_has_a_case_in_shadow() -> None:
    made = decided(SHADOW, [finding(strength=1.0), finding(1.0, subject=Subject("account", "acc-2"))])
    assert ([], {None}) == (made.shadow, {case and case.shadow for case in made.cases.values()})


def test_each_has_a_case_and_a_chain_of_its_own() -> None:
    found = [finding(hour, TRIED, 1.0) for hour in (0, 30)]
    made = decided(replace(BOTH, versions=book(SHIPPED).versions), found)
    assert [(1, "live"), (2, "live")] == [(each.sequence, each.mode) for each in made.alerts]
    beside = decided(BOTH, found, until=at(31))
    by_version = {each.policy_version: each for each in beside.shadow if each.sequence == 2}
    assert {"1", "trial"} == set(by_version)
    assert 3 == len({each.case_id for each in [*made.alerts, *beside.shadow]})
    assert {OF_RULES, "trial"} == {case and case.shadow for case in beside.cases.values()}


def test_a_case_in_shadow_keeps_its_own_alerts_alone() -> None:
    made = decided(SHADOW, [finding(strength=0.5), finding(1, TRIED, 1.0)], until=at(2))
    kept = {case.shadow: [each.alert_id for each in case.alerts] for case in made.cases.values() if case}
    assert {None: made.alerts, OF_RULES: made.shadow} == {
        name: [one for one in (*made.alerts, *made.shadow) if one.alert_id in ids]
        for name, ids in kept.items()
    }


def test_a_policy_in_shadow_counts_from_its_date_on() -> None:
    date = "2026-06-01T10:00:00+08:00"  # ten hours after the start
    of = book(SHIPPED, on_trial(date=date))
    made = decided(of, [finding(9.9), finding(10.0, strength=0.6)])
    assert [START_MS + 10 * HOUR_MS] == [alert.decided_time for alert in made.shadow]
    (alert,) = made.shadow
    assert (1, "trial", 0.6) == (alert.sequence, alert.policy_version, alert.score)


def test_feedback_on_an_alert_in_shadow_has_its_effect_there_alone() -> None:
    found = [finding(strength=0.5), finding(1, TRIED, 1.0), finding(40, TRIED, 1.0), finding(90)]
    quiet = decided(SHADOW, found)
    (alert, *_) = quiet.shadow
    wrong = said(alert.alert_id, "false_positive", 2)
    made = decided(SHADOW, found, [wrong])
    assert quiet.alerts == made.alerts
    assert ["restrict", "release"] == actions(made.shadow)
    assert ({(TRIED, "false_positive"): 1}, {}, 0) == (made.shadow_verdicts, made.verdicts, made.unknown)


def test_what_feedback_holds_back_live_is_held_back_in_shadow() -> None:
    found = [finding(strength=0.5), finding(3, TRIED, 1.0)]
    (alert,) = decided(SHADOW, found).alerts
    assert [] == decided(SHADOW, found, [said(alert.alert_id, "benign", 2)]).shadow
    assert ["restrict"] == actions(decided(SHADOW, found, [said(alert.alert_id, "declined", 2)]).shadow)


def test_what_feedback_takes_back_live_is_taken_back_in_shadow_and_counted_once() -> None:
    found = [finding(strength=0.3), finding(1, TRIED, 0.3), finding(30, TRIED, 0.4)]
    assert ["warn", "warn"] == actions(decided(SHADOW, found).shadow)
    (alert,) = decided(SHADOW, found).alerts
    made = decided(SHADOW, found, [said(alert.alert_id, "false_positive", 2)])
    assert ["warn", "observe"] == actions(made.shadow)
    assert ({("overlapping_use", "false_positive"): 1}, {}) == (made.verdicts, made.shadow_verdicts)


def test_what_could_not_be_judged_is_said_of_rules_that_are_heard() -> None:
    doubts = tuple(
        NotEvaluated(signal, "unknown") for signal in ("overlapping_use", TRIED, "crawl_rate", "plan")
    )
    found = [msgspec.structs.replace(finding(0, rule), not_evaluated=doubts) for rule in ("overlapping_use",)]
    made = decided(
        replace(BOTH, shadows=book(SHIPPED, on_trial(in_mode("off", "crawl_rate"))).shadows), found
    )
    live, (trial,) = made.alerts[0], made.shadow
    assert ["overlapping_use", "crawl_rate", "plan"] == [each.signal for each in live.not_evaluated]
    assert ["overlapping_use", TRIED, "plan"] == [each.signal for each in trial.not_evaluated]


def stage_with(topic: Topic, of: Book) -> Cases:
    topic.book = of
    return topic.restored()


def test_a_quiet_case_in_shadow_is_taken_out_of_the_topic() -> None:
    topic = Topic(Feedbacks(), BOTH)
    blocks = [block(0, 1, at(1), finding(rule=TRIED)), block(0, 1, at(QUIET_H + 2))]
    assert 2 == len(topic.through(blocks, set()).shadow)
    assert {} == topic.cases


def shadows_in(topic: Topic) -> list[str]:
    return sorted(msgspec.json.decode(case)["shadow"] for case in topic.cases.values())


def test_cases_of_a_policy_that_nobody_names_any_more_are_taken_out_of_the_topic_after_a_day() -> None:
    topic = Topic(Feedbacks(), BOTH)
    topic.through([block(0, 1, at(1), finding(rule=TRIED))], set())
    assert [OF_RULES, "trial"] == shadows_in(topic)
    for hour, left in ((2, [OF_RULES, "trial"]), (24, [OF_RULES])):
        stage = stage_with(topic, SHADOW)
        stage.read(hour, block(0, 1, at(hour)))
        topic.commit(stage, stage.decide(0))
        assert left == shadows_in(topic)


def trial_in(of: Book, since: int) -> Version:
    (version,) = of.shadows
    return replace(version, since_ms=since)


def test_a_policy_that_is_put_in_shadow_while_the_shard_runs_decides_from_its_moment_on() -> None:
    found = [finding(hour, TRIED, 0.8) for hour in (0, 30, 60)]
    of = book(in_mode("off", TRIED))
    stage, made = Cases(of, Feedbacks()), Decided()
    for offset, one in enumerate(found):
        stage.read(offset, block(0, 1, one.time + 1, one))
        made.add(stage.decide(0))
        if offset == 0:
            of.try_out(trial_in(TRIAL, at(30)))
    assert [at(30), at(60)] == [alert.decided_time for alert in made.shadow]
    assert decided(of, found, until=at(61)).shadow == made.shadow


def test_a_policy_that_ends_while_the_shard_runs_leaves_nothing() -> None:
    found = [finding(hour, TRIED, 1.0) for hour in (0, 30)]
    of = replace(TRIAL)
    topic = Topic(Feedbacks(), of)
    assert 1 == len(topic.through([block(0, 1, at(1), found[0])], set()).shadow)
    assert ["trial"] == shadows_in(topic)
    of.end("trial", at(2))
    stage = topic.restored()
    stage.read(1, block(0, 1, at(31), found[1]))
    made = stage.decide(0)
    topic.commit(stage, made)
    assert ([], {}) == (made.shadow, topic.cases)


@pytest.mark.parametrize(("hour", "told"), [(12, ["restrict"]), (5, ["restrict", "release"])])
def test_nothing_that_is_due_comes_of_a_policy_after_its_end(hour: int, told: list[str]) -> None:
    of = book(SHIPPED, on_trial())
    (alert,) = decided(of, [finding(strength=1.0)]).shadow
    of.end("trial", at(10))
    word = said(alert.alert_id, "false_positive", hour)
    assert told == actions(decided(of, [finding(strength=1.0)], [word]).shadow)


def test_nothing_is_released_by_its_time_after_the_end_of_its_policy() -> None:
    of = book(SHIPPED, on_trial())
    stolen = finding(rule="holder_shut_out", strength=1.0, category="account_takeover", purpose="protect")
    assert ["restrict", "release"] == actions(decided(of, [stolen]).shadow)
    of.end("trial", at(72))
    assert ["restrict"] == actions(decided(of, [stolen]).shadow)


def test_a_shard_that_reads_of_a_policy_later_than_the_one_before_takes_up_its_cases() -> None:
    """It may be told of it a little later, and must not take the cases for those of one that is gone."""
    topic = Topic(Feedbacks(), TRIAL)
    topic.through([block(0, 1, at(1), finding(rule=TRIED, strength=0.8))], set())
    of = book(in_mode("off", TRIED))
    stage = stage_with(topic, of)
    stage.read(1, block(0, 1, at(2)))
    topic.commit(stage, stage.decide(0))
    of.try_out(TRIAL.shadows[0])
    stage.read(2, block(0, 1, at(31), finding(30, TRIED, 0.8)))
    assert [2] == [alert.sequence for alert in stage.decide(0).shadow]


def test_a_rule_that_becomes_live_leaves_the_cases_in_shadow() -> None:
    turn = edited('version = "1"', 'version = "2"\neffective = 2026-06-02T00:00:00+08:00')
    of = book(in_mode("shadow", TRIED), turn)
    made = decided(of, [finding(0, TRIED), finding(30, TRIED), finding(60, strength=1.0)])
    assert (["warn", "restrict"], ["warn"]) == (actions(made.alerts), actions(made.shadow))


@pytest.mark.parametrize("of", [OFF, book(SHIPPED)])
def test_without_anything_in_shadow_there_is_nothing(of: Book) -> None:
    found: Sequence[Finding] = [
        finding(hour, rule, 1.0) for hour in (0, 30) for rule in (TRIED, "many_hands")
    ]
    made = decided(of, found)
    assert ([], {None}) == (made.shadow, {case and case.shadow for case in made.cases.values()})

"""What a verdict does to its case: signals, what is held back, and the release of a step."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from detector.alerts import Alert, Subject, encode
from detector.feedback import OF_STEPS, Verdict
from detector.findings import Finding
from detector.ladder import Case, decide
from detector.ladder.case import Word
from detector.ladder.history import ENDED_BY, REMEMBERED, STEPS, is_open, is_over
from detector.ladder.score import score
from detector.ladder.verdicts import hear
from detector.schema import load_schema
from tests.ladder.making import HOUR_MS, POLICY, START_MS, finding

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
VOID: tuple[Verdict, ...] = ("false_positive", "declined")
ON_FINDINGS = frozenset(VERDICTS) - OF_STEPS
DAY_H = POLICY.cooldown_ms / HOUR_MS
QUIET_H = POLICY.quiet_ms / HOUR_MS
REPORT: dict[str, Any] = {
    "rule": "misuse_reported",
    "strength": 1.0,
    "category": "compromise_report",
    "purpose": "protect",
}
"""Leads to a suspension without an end."""


def at(hour: float) -> int:
    return START_MS + round(hour * HOUR_MS)


class Story:
    """A case, and its alerts in order."""

    def __init__(self, *found: Finding) -> None:
        self.case: Case | None = None
        self.alerts: list[Alert] = []
        self.words: list[tuple[str, Verdict, float]] = []
        self.find(*found)

    def find(self, *found: Finding) -> None:
        for one in found:
            decision = decide(one, self.case, POLICY, detected_at=0)
            self.case = decision.case
            self.alerts += [decision.alert] if decision.alert is not None else []

    def hear(self, verdict: Verdict, hour: float, number: int = 0) -> None:
        """Say something of the alert of that number."""
        told = next(one for one in self.open.alerts if one.alert_id == self.alerts[number].alert_id)
        self.words.append((told.alert_id, verdict, hour))
        self.alerts += hear(self.open, told, Word(verdict, at(hour)), POLICY, at(hour), 0) or []

    @property
    def open(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def actions(self) -> list[str]:
        return [alert.action for alert in self.alerts]


def restricted() -> Story:
    return Story(finding(strength=1.0))


@pytest.mark.parametrize(
    ("verdict", "actions"),
    [
        ("true_positive", ["restrict"]),
        ("false_positive", ["restrict", "release"]),
        ("benign", ["restrict", "release"]),
        ("carried_out", ["restrict"]),
        ("declined", ["restrict"]),
        ("lifted", ["restrict"]),
    ],
)
def test_an_open_step_that_is_explained_away_is_released(verdict: Verdict, actions: list[str]) -> None:
    story = restricted()
    story.hear(verdict, 1.0)
    assert actions == story.actions


@pytest.mark.parametrize("verdict", ["false_positive", "benign"])
@pytest.mark.parametrize("ended", sorted(ENDED_BY))
def test_a_step_that_was_not_taken_or_has_ended_is_not_released(verdict: Verdict, ended: Verdict) -> None:
    story = restricted()
    story.hear(ended, 1.0)
    story.hear(verdict, 2.0)
    assert ["restrict"] == story.actions


@pytest.mark.parametrize("verdict", ["false_positive", "benign"])
@pytest.mark.parametrize(
    ("hour", "actions"), [(DAY_H - 0.001, ["restrict", "release"]), (DAY_H, ["restrict"])]
)
def test_a_step_that_has_expired_is_not_released(verdict: Verdict, hour: float, actions: list[str]) -> None:
    story = restricted()
    story.hear(verdict, hour)
    assert actions == story.actions


def test_a_step_that_was_approved_after_its_end_lasts_from_then_on() -> None:
    firm = finding(strength=1.0, subject=Subject("org", "firm"), account_id=None)
    for hour, released in ((200.0 + 7 * DAY_H - 1, True), (200.0 + 7 * DAY_H, False)):
        story = Story(firm)
        story.hear("carried_out", 200.0)
        story.hear("benign", hour)
        assert released == ("release" in story.actions)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_is_no_step_is_not_released(verdict: Verdict) -> None:
    story = Story(finding(strength=0.5))
    story.hear(verdict, 1.0)
    assert ["warn"] == story.actions


def test_a_release_says_what_it_releases_and_fits_its_schema() -> None:
    story = Story(
        finding(strength=0.5), finding(0.5, strength=0.45), finding(1.0, "taking_turns", strength=1.0)
    )
    story.hear("false_positive", 2.0, 1)
    warned, step, release = story.alerts
    assert ("release", "feedback", 1, "low", "automatic") == (
        release.action,
        release.rule,
        release.rule_version,
        release.severity,
        release.approval,
    )
    assert (3, step.alert_id, step.chain.hash) == (release.sequence, release.previous, release.chain.previous)
    assert (0.0, (), (), {}) == (release.score, release.reasons, release.evidence, release.enrichment)
    assert (warned.decided_time, step.decided_time, at(2.0)) == (
        release.first_event_time,
        release.last_event_time,
        release.decided_time,
    )
    assert ("holder", "acc-1") == (release.notify, release.account_id)
    assert release.expires is msgspec.UNSET
    assert {"zh", "en"} == set(release.notice)
    assert "9.1(3)(a)" in release.notice["en"]
    Draft202012Validator(load_schema("alert-1")).validate(msgspec.json.decode(encode(release)))


def test_a_release_shows_what_is_left_against_the_subject() -> None:
    story = Story(finding(strength=1.0), finding(1.0, "taking_turns", 0.5))
    story.hear("false_positive", 1.0)
    release = story.alerts[-1]
    assert ["taking_turns_24h"] == [reason.signal for reason in release.reasons]
    assert (0.45, 1) == (release.score, release.suppressed)


def test_after_a_benign_nothing_is_left_against_the_subject() -> None:
    story = Story(finding(strength=1.0), finding(1.0, "taking_turns", 0.5))
    story.hear("benign", 1.0)
    assert (0.0, ()) == (story.alerts[-1].score, story.alerts[-1].reasons)


def test_what_a_false_positives_rules_find_is_held_back_for_the_quiet_time_and_counted() -> None:
    story = restricted()
    story.hear("false_positive", 1.0)
    story.find(finding(2.0, strength=1.0), finding(QUIET_H + 0.999, strength=1.0))
    assert ["restrict", "release"] == story.actions
    assert 2 == story.open.suppressed
    story.find(finding(QUIET_H + 1.0, strength=1.0))
    assert ["restrict", "release", "restrict"] == story.actions
    assert 2 == story.alerts[-1].suppressed


def test_after_a_false_positive_other_rules_are_heard_at_once() -> None:
    story = restricted()
    story.hear("false_positive", 1.0)
    story.find(finding(2.0, "taking_turns", 0.6))
    assert ["restrict", "release", "warn"] == story.actions
    assert ["taking_turns_24h"] == [reason.signal for reason in story.alerts[-1].reasons]


def test_after_a_benign_nothing_of_the_case_is_heard_for_the_quiet_time() -> None:
    story = restricted()
    story.hear("benign", 1.0)
    story.find(finding(2.0, "taking_turns", 1.0), finding(QUIET_H + 0.999, "several_people", 1.0))
    assert ["restrict", "release"] == story.actions
    story.find(finding(QUIET_H + 1.0, "several_people", 1.0))
    assert ["restrict", "release", "restrict"] == story.actions


@pytest.mark.parametrize("verdict", ["false_positive", "benign"])
def test_a_later_opposite_verdict_ends_the_holding_back(verdict: Verdict) -> None:
    story = restricted()
    story.hear(verdict, 1.0)
    story.hear("true_positive", 2.0)
    story.find(finding(3.0, strength=1.0))
    assert ["restrict", "release", "restrict"] == story.actions


def test_what_was_confirmed_decays_from_the_verdict_on_and_grows_no_greater() -> None:
    later_h = POLICY.half_life_ms / HOUR_MS
    story = Story(finding(strength=0.8))
    before = score(story.open, at(0.0), POLICY)
    story.hear("true_positive", later_h)
    assert before == score(story.open, at(later_h), POLICY)
    assert round(before / 2, 6) == score(story.open, at(2 * later_h), POLICY)


def test_what_came_after_the_alert_was_not_confirmed_with_it() -> None:
    story = Story(finding(strength=0.5), finding(1.0, "taking_turns", 0.1), finding(2.0, strength=0.5))
    times = {rule: signal.time for rule, signal in story.open.signals.items()}
    story.hear("true_positive", 3.0)
    assert times == {rule: signal.time for rule, signal in story.open.signals.items()}


def test_a_declined_step_is_recommended_again_after_the_cooldown() -> None:
    story = restricted()
    story.hear("declined", 1.0)
    story.find(finding(2.0, strength=1.0), finding(DAY_H, strength=1.0))
    assert ["restrict", "restrict"] == story.actions


def test_a_step_that_is_open_is_not_recommended_again() -> None:
    sure: dict[str, Any] = {"rule": "password_taken", "category": "account_takeover", "purpose": "protect"}
    story = Story(*(finding(day * DAY_H, strength=1.0, **sure) for day in (0, 1.5, 2.9)))
    assert (["restrict"], 2) == (story.actions, story.open.suppressed)
    story.hear("lifted", 3 * DAY_H)
    story.find(finding(4 * DAY_H, strength=1.0, **sure))
    assert ["restrict", "restrict"] == story.actions


def test_a_holder_who_asks_again_is_told_of_again_unless_it_was_done_and_it_is_released_once() -> None:
    story = Story(*(finding(day * DAY_H, **REPORT) for day in (0, 0.5, 2, 4)))
    assert (["suspend"] * 3, 0) == (story.actions, story.open.suppressed)
    story.hear("benign", 5 * DAY_H, 2)
    assert ["suspend"] * 3 + ["release"] == story.actions
    assert story.alerts[2].alert_id == story.alerts[3].previous
    story = Story(finding(**REPORT))
    story.hear("carried_out", 1.0)
    story.find(finding(2 * DAY_H, **REPORT), finding(4 * DAY_H, **REPORT))
    assert (["suspend"], 2) == (story.actions, story.open.suppressed)


def test_a_step_that_waits_for_a_person_is_asked_for_once_and_the_ladder_goes_on_below_it() -> None:
    """A lock of which nobody says anything is no licence to go on."""
    story = Story(*(finding(day * (DAY_H + 0.1), "several_people", 1.0) for day in range(60)))
    counted = Counter(story.actions)
    assert counted["lock"] == 1
    late = [alert.action for alert in story.alerts if alert.decided_time > at(30 * DAY_H)]
    assert {"suspend"} <= set(late) <= {"suspend", "restrict"}
    number = story.actions.index("lock")
    story.hear("carried_out", 61 * DAY_H + 10, number)
    before = len(story.alerts)
    story.find(finding(70 * DAY_H, "several_people", 1.0))
    assert before == len(story.alerts)


def test_a_benign_releases_every_open_step_of_the_case() -> None:
    late_h = 3 * DAY_H
    story = Story(finding(strength=1.0, rule="several_people"))
    story.hear("carried_out", 0.5)
    story.find(finding(DAY_H - 0.1, "several_people", 1.0), finding(late_h, "several_people", 1.0))
    assert ["restrict", "suspend"] == story.actions
    story.hear("benign", late_h + 1, 0)
    assert ["restrict", "suspend", "release"] == story.actions


def test_a_step_to_which_only_a_step_has_led_that_was_wrong_is_released_with_it() -> None:
    """Restricted by one rule, and suspended by another for who goes on: alone it had been a restriction."""
    story = Story(finding(0.0, "several_people", 1.0))
    story.find(finding(3 * DAY_H, "taking_turns", 1.0), finding(3 * DAY_H, "many_hands", 1.0))
    assert ["restrict", "suspend"] == story.actions
    story.hear("false_positive", 4 * DAY_H, 0)
    assert ["restrict", "suspend", "release"] == story.actions
    assert story.alerts[1].alert_id == story.alerts[2].previous


def test_a_step_that_came_only_because_another_was_thought_to_be_carried_out_is_released() -> None:
    story = Story(finding(0.0, "several_people", 1.0), finding(3 * DAY_H, "several_people", 1.0))
    assert ["restrict", "suspend"] == story.actions
    story.hear("declined", 4 * DAY_H, 0)
    assert ["restrict", "suspend", "release"] == story.actions


def test_only_what_could_lead_to_a_step_keeps_it() -> None:
    """Of two warnings one was carried out; what is said of that one decides, whatever lies beside it."""
    reporting = START_MS
    for beside in (True, False):
        case, told = None, []
        found = [finding(0.0, "many_hands", 0.6)]
        found += [finding(40.0, "overlapping_lines", 0.5)] * beside + [finding(60.0, "taking_turns", 0.8)]
        for one in found:
            decision = decide(one, case, POLICY, 0, reporting)
            case = decision.case
            told += [decision.alert] if decision.alert is not None else []
            if one is found[0]:
                hear(case, case.alerts[0], Word("carried_out", at(1.0)), POLICY, at(1.0), 0)
        assert case is not None
        assert "restrict" == told[-1].action
        for verdict in VOID:
            again = msgspec.json.decode(msgspec.json.encode(case), type=Case)
            releases = hear(again, again.alerts[0], Word(verdict, at(61.0)), POLICY, at(61.0), 0)
            assert [told[-1].alert_id] == [alert.previous for alert in releases or ()]


def test_a_step_to_which_another_right_one_has_led_as_well_stays() -> None:
    story = Story(finding(0.0, "several_people", 1.0), finding(1.5 * DAY_H, "taking_turns", 1.0))
    story.find(finding(1.5 * DAY_H, "many_hands", 1.0), finding(4 * DAY_H, "taking_turns", 1.0))
    story.find(finding(4 * DAY_H, "many_hands", 1.0))
    assert ["restrict", "restrict", "suspend"] == story.actions
    story.hear("false_positive", 5 * DAY_H, 0)
    assert ["restrict", "restrict", "suspend"] == story.actions


@pytest.mark.parametrize("verdict", VERDICTS)
def test_on_a_release_a_verdict_is_only_noted(verdict: Verdict) -> None:
    story = restricted()
    story.hear("false_positive", 1.0)
    story.find(finding(2.0, "taking_turns", 0.6))
    before = story.open.signals.copy()
    story.hear(verdict, 3.0, 1)
    assert ["restrict", "release", "warn"] == story.actions
    assert (before, Word(verdict, at(3.0))) == (story.open.signals, story.open.alerts[1].last(verdict))


def test_a_case_remembers_graver_alerts_before_milder_and_newer_before_older_ones() -> None:
    story = Story(finding(0.0, strength=0.5))
    for day in range(10, 10 + 2 * REMEMBERED):
        story.find(finding(day * DAY_H, strength=0.3))
    told = [alert.alert_id for alert in story.alerts]
    assert ["warn", *["observe"] * (2 * REMEMBERED)] == story.actions
    assert [told[0], *told[-REMEMBERED + 1 :]] == [one.alert_id for one in story.open.alerts]


@pytest.mark.parametrize("verdict", ["false_positive", "benign"])
def test_a_case_is_kept_for_as_long_as_it_holds_something_back(verdict: Verdict) -> None:
    story = Story(finding(strength=0.5))
    story.hear(verdict, QUIET_H)
    assert not is_over(story.open, at(2 * QUIET_H), POLICY.ends)
    assert is_over(story.open, at(2 * QUIET_H) + 1, POLICY.ends)


def test_a_case_is_kept_for_as_long_as_a_step_is_open() -> None:
    story = Story(finding(**REPORT))
    assert not is_over(story.open, START_MS + POLICY.retention.steps_ms, POLICY.ends)
    assert is_over(story.open, START_MS + POLICY.retention.steps_ms + 1, POLICY.ends)
    story.hear("lifted", 1.0)
    assert is_over(story.open, at(QUIET_H) + 1, POLICY.ends)


def test_a_step_that_was_declined_and_then_carried_out_is_released_when_it_is_explained_away() -> None:
    ends: tuple[Verdict, ...] = ("declined", "lifted")
    for ended in ends:
        story = restricted()
        story.hear(ended, 1.0)
        story.hear("carried_out", 2.0)
        story.hear("false_positive", 3.0)
        assert ["restrict", "release"] == story.actions


def test_what_was_explained_away_and_is_carried_out_all_the_same_is_released_then() -> None:
    story = restricted()
    story.hear("declined", 1.0)
    story.hear("benign", 2.0)
    assert ["restrict"] == story.actions
    story.hear("carried_out", 3.0)
    assert ["restrict", "release"] == story.actions


def test_the_last_word_on_a_finding_holds() -> None:
    story = restricted()
    story.hear("false_positive", 1.0)
    story.hear("true_positive", 2.0)
    story.hear("false_positive", 3.0)
    story.find(finding(4.0, strength=1.0))
    assert ["restrict", "release"] == story.actions
    story.hear("true_positive", 5.0)
    story.find(finding(6.0, strength=1.0))
    assert ["restrict", "release", "restrict"] == story.actions


def test_a_word_that_arrives_after_one_that_was_said_later_changes_nothing() -> None:
    story = restricted()
    story.hear("benign", 2.0)
    (told, *_), before = story.open.alerts, msgspec.json.encode(story.open)
    for word in (Word("true_positive", at(1.0)), Word("benign", at(2.0)), Word("benign", at(1.5))):
        assert hear(story.open, told, word, POLICY, at(3.0), 0) is None
    assert before == msgspec.json.encode(story.open)


def test_a_step_that_rests_on_what_was_wrong_is_released_whatever_faint_thing_was_seen_beside() -> None:
    story = Story(
        finding(strength=0.5),
        finding(1.0, "taking_turns", strength=0.3),
        finding(2.0, strength=1.0),
    )
    assert ["warn", "restrict"] == story.actions
    story.hear("false_positive", 3.0, 0)
    assert ["warn", "restrict", "release"] == story.actions


def test_a_step_that_was_reached_without_what_was_wrong_stays() -> None:
    story = Story(finding(strength=0.5), finding(1.0, "taking_turns", 1.0), finding(2.0, "many_hands", 1.0))
    assert ["warn", "restrict"] == story.actions
    story.hear("false_positive", 3.0, 0)
    assert ["warn", "restrict"] == story.actions


@pytest.mark.parametrize("verdict", ["lifted", "declined", "benign", "false_positive"])
def test_a_holder_who_reports_again_is_heard_whatever_was_said_of_the_first_report(verdict: Verdict) -> None:
    story = Story(finding(**REPORT))
    story.hear(verdict, 1.0)
    story.find(finding(2.0, **REPORT))
    assert ["suspend", "suspend"] == [action for action in story.actions if action != "release"]
    story.find(finding(3.0, **REPORT))
    assert 1 == story.open.suppressed


def test_what_was_confirmed_was_found_no_later_for_that() -> None:
    """Who stopped after a restriction is not suspended for what a faint finding joins to the old."""
    late_h = 2 * DAY_H + POLICY.grace_ms / HOUR_MS
    story = Story(finding(0.0, "several_people", 1.0))
    story.hear("true_positive", late_h - 1)
    story.find(finding(late_h, "many_hands", 0.3))
    assert "suspend" not in story.actions


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Findings and verdicts on any alert before, by the hour."""
    story = Story()
    for hour in sorted(draw(st.sets(st.integers(0, 200), min_size=1, max_size=14))):
        told = [
            number
            for number, alert in enumerate(story.alerts)
            if any(one.alert_id == alert.alert_id for one in story.open.alerts)
        ]
        speaks: bool = draw(st.booleans())
        if told and speaks:
            story.hear(draw(st.sampled_from(VERDICTS)), hour, draw(st.sampled_from(told)))
        else:
            rule = draw(st.sampled_from(["overlapping_use", "taking_turns", "misuse_reported"]))
            strength = draw(st.sampled_from([0.3, 0.5, 1.0]))
            category = draw(st.sampled_from(["compromise_report", "account_sharing"]))
            if story.case is not None:
                category = story.open.category
            story.find(finding(hour, **REPORT | {"rule": rule, "strength": strength, "category": category}))
    return story


def released(alerts: Iterable[Alert]) -> list[Any]:
    return [alert.previous for alert in alerts if alert.action == "release"]


def words(story: Story, alert: Alert, kind: Collection[str]) -> list[Verdict]:
    """Return what was said of an alert, of one kind."""
    return [verdict for alert_id, verdict, _ in story.words if alert_id == alert.alert_id and verdict in kind]


@given(stories())
def test_a_step_is_released_once_and_nothing_that_is_explained_away_stays_open(story: Story) -> None:
    steps = {alert.alert_id: alert for alert in story.alerts if alert.action in STEPS}
    assert len(set(released(story.alerts))) == len(released(story.alerts))
    assert set(released(story.alerts)) <= steps.keys()
    for alert in steps.values():
        on_finding, on_step = words(story, alert, ON_FINDINGS), words(story, alert, OF_STEPS)
        if on_finding[-1:] and on_finding[-1] != "true_positive" and alert.expires is msgspec.UNSET:
            ended = on_step and on_step[-1] in ENDED_BY
            place = story.alerts.index(alert)
            followed = any(later.action == alert.action for later in story.alerts[place + 1 :])
            assert ended or followed or alert.alert_id in released(story.alerts)
    case = story.open
    assert not any(one.wrong and is_open(one, at(1_000)) for one in case.alerts)


@given(stories())
def test_without_a_verdict_on_a_finding_nothing_is_released(story: Story) -> None:
    said = [hour for _, verdict, hour in story.words if verdict in {"false_positive", "benign"}]
    for alert in story.alerts:
        if alert.action == "release":
            assert any(at(hour) <= alert.decided_time for hour in said)


@given(stories())
def test_alerts_and_releases_are_one_chain(story: Story) -> None:
    heads = ["", *(alert.chain.hash for alert in story.alerts)]
    assert heads[:-1] == [alert.chain.previous for alert in story.alerts]
    assert list(range(1, len(story.alerts) + 1)) == [alert.sequence for alert in story.alerts]

"""Which step a case comes to: who goes on climbs, who stops does not, and weak evidence ends at its cap."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from detector.alerts import Alert
from detector.feedback import Verdict
from detector.findings import Finding
from detector.ladder import Case, decide
from detector.ladder.case import Part, Word
from detector.ladder.score import joined
from detector.ladder.verdicts import hear
from detector.policy.model import ACTIONS
from tests.ladder.making import AGAIN, HOUR_MS, POLICY, START_MS, finding

DAY_H = POLICY.cooldown_ms / HOUR_MS
GRACE_H = POLICY.grace_ms / HOUR_MS
GOES_ON_H = DAY_H + GRACE_H
"""What is found from here on was found after a warning at 0, on a platform that never reports."""
SURE = "several_people"
PLACES = "overlapping_use"


class Story:
    """A case on a platform that reports from some hour on, or never."""

    def __init__(self, reporting_h: float | None = None) -> None:
        self.case: Case | None = None
        self.alerts: list[Alert] = []
        self.found: list[Finding] = []
        self.reporting = None if reporting_h is None else START_MS + round(reporting_h * HOUR_MS)

    def find(self, hour: float, strength: float, rule: str = SURE) -> "Story":
        self.take(finding(hour, rule, strength))
        return self

    def take(self, found: Finding) -> None:
        self.found.append(found)
        decision = decide(found, self.case, POLICY, 0, self.reporting)
        self.case = decision.case
        self.alerts += [] if decision.alert is None else [decision.alert]

    def say(self, verdict: Verdict, hour: float, number: int = -1) -> "Story":
        assert self.case is not None
        about = next(one for one in self.case.alerts if one.alert_id == self.alerts[number].alert_id)
        now = START_MS + round(hour * HOUR_MS)
        self.alerts += hear(self.case, about, Word(verdict, now), POLICY, now, 0) or []
        return self

    @property
    def actions(self) -> list[str]:
        return [alert.action for alert in self.alerts]


@pytest.mark.parametrize(
    ("hour", "strength", "action"),
    [
        (GOES_ON_H + 0.1, AGAIN, "restrict"),
        (GOES_ON_H + 0.1, AGAIN - 0.001, "warn"),
        (GOES_ON_H, AGAIN, "warn"),
    ],
)
def test_who_goes_on_after_a_warning_and_a_days_time_is_restricted(
    hour: float, strength: float, action: str
) -> None:
    assert ["warn", action] == Story().find(0, 0.5).find(hour, strength).actions


def test_what_was_seen_before_the_warning_had_its_time_counts_for_no_graver_step() -> None:
    story = Story().find(0, 0.5).find(GOES_ON_H - 0.1, 0.85).find(GOES_ON_H + 0.1, 0.3, "taking_turns")
    assert {"warn"} == set(story.actions)


def test_who_goes_on_and_on_comes_to_a_lock_that_a_person_has_to_approve() -> None:
    story = Story()
    for day in range(14):
        story.find(day * (DAY_H + 0.1), 1.0)
    told = [(alert.action, alert.approval) for alert in story.alerts]
    order = list(dict.fromkeys(told))
    assert [("restrict", "automatic"), ("suspend", "automatic"), ("lock", "required")] == order


def test_what_waits_for_a_persons_word_is_not_taken_to_be_done() -> None:
    """A platform that never reports may have said no."""
    asks = tuple(replace(step, approval="required") for step in POLICY.enforce)
    for policy, action in ((POLICY, "suspend"), (replace(POLICY, enforce=asks), "restrict")):
        first = decide(finding(0, SURE, 1.0), None, policy, 0)
        second = decide(finding(GOES_ON_H + 0.1, SURE, 1.0), first.case, policy, 0).alert
        assert second is not None
        assert action == second.action


def test_an_escalation_names_the_alert_before() -> None:
    story = Story().find(0, 0.5).find(GOES_ON_H + 0.1, 1.0)
    assert [UNSET, story.alerts[0].alert_id] == [alert.previous for alert in story.alerts]


def test_where_the_platform_reports_what_it_did_not_report_was_not_done() -> None:
    assert ["warn", "warn"] == Story(reporting_h=0).find(0, 0.5).find(GOES_ON_H + 1, 0.8).actions


def test_a_warning_of_before_the_first_report_counts_after_the_grace() -> None:
    assert ["warn", "restrict"] == Story(reporting_h=0.1).find(0, 0.5).find(GOES_ON_H + 1, 0.8).actions


@pytest.mark.parametrize("verdict", ["carried_out", "lifted"])
def test_what_was_carried_out_counts_from_then_on(verdict: Verdict) -> None:
    for later_h, action in ((0.1, "restrict"), (0.0, "warn")):
        story = Story(reporting_h=0).find(0, 0.5).say(verdict, 5.0)
        assert ["warn", action] == story.find(5.0 + DAY_H + later_h, 0.8).actions


@pytest.mark.parametrize("verdict", ["declined", "false_positive", "benign"])
def test_what_was_not_done_or_was_wrong_leads_no_further(verdict: Verdict) -> None:
    story = Story(reporting_h=5.0).find(0, 0.5).say("carried_out", 4.0).say(verdict, 5.0)
    story.find(5.0 + 2 * DAY_H, 0.8, "taking_turns").find(5.0 + 4 * DAY_H, 0.8, "many_hands")
    assert "restrict" not in story.actions


def test_after_a_false_positive_earlier_warnings_lead_no_further() -> None:
    story = (
        Story().find(0, 0.5).find(GOES_ON_H - 1, 0.6, "taking_turns").say("false_positive", GOES_ON_H - 0.5)
    )
    assert ["warn", "warn", "warn"] == story.find(2 * GOES_ON_H, 0.8, "many_hands").actions


def test_places_alone_never_lead_further_than_to_a_restriction() -> None:
    story = Story()
    for day in range(14):
        story.find(day * (DAY_H + 0.1), 1.0, PLACES)
    assert {"restrict"} == set(story.actions)


def test_what_adds_up_with_places_has_to_reach_a_graver_step_without_them() -> None:
    story = Story()
    for day in range(10):
        story.find(day * (DAY_H + 0.1), 1.0, PLACES).find(day * (DAY_H + 0.1) + 0.01, 0.5, "taking_turns")
    assert {"restrict"} == set(story.actions)


RUNGS = st.tuples(
    st.sampled_from([1, 5, 10, 26, 60]),
    st.sampled_from([0.3, 0.5, 0.75, 1.0]),
    st.sampled_from([SURE, PLACES, "taking_turns"]),
)
VERDICTS: st.SearchStrategy[Verdict] = st.sampled_from(
    ["carried_out", "declined", "false_positive", "lifted", "true_positive", "true_positive"]
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Findings by the hour, and in between verdicts on the last alert."""
    story, hour = Story(draw(st.sampled_from([None, 0.0, 100.0]))), 0
    for gap, strength, rule in draw(st.lists(RUNGS, min_size=1, max_size=25)):
        hour += gap
        story.find(hour, strength, rule)
        told = story.alerts and story.alerts[-1].action != "release"
        if told and draw(st.booleans()):
            hour += draw(st.sampled_from([0, 50]))
            story.say(draw(VERDICTS), hour + 0.5)
    return story


def gravity(alert: Alert) -> int:
    return ACTIONS.index(alert.action)


def steps(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Return the alerts between releases."""
    parts: list[list[Alert]] = [[]]
    for alert in alerts:
        if alert.action == "release":
            parts.append([])
        else:
            parts[-1].append(alert)
    return parts


@given(stories())
def test_never_one_step_twice_in_a_cooldown_nor_a_milder_one(story: Story) -> None:
    for part in steps(story.alerts):
        for place, alert in enumerate(part):
            for before in part[:place]:
                late = alert.decided_time - before.decided_time >= POLICY.cooldown_ms
                assert late or gravity(alert) > gravity(before)


@given(stories())
def test_never_a_suspension_or_a_lock_without_a_step_before_and_two_cooldowns_time(story: Story) -> None:
    for place, alert in enumerate(story.alerts):
        if alert.action in {"suspend", "lock"}:
            needed = ACTIONS.index("restrict" if alert.action == "suspend" else "suspend")
            since = alert.decided_time - POLICY.cooldown_ms
            assert any(
                one.action in ACTIONS and gravity(one) >= needed and one.decided_time < since
                for one in story.alerts[:place]
            )


@given(stories())
def test_who_stopped_comes_to_no_graver_step(story: Story) -> None:
    """What was found a cooldown after the step before is enough for the graver one, had it lost nothing."""
    graver = [step for step in POLICY.enforce if step.action in {"suspend", "lock"}]
    for place, alert in enumerate(story.alerts):
        for step in graver:
            if alert.action == step.action and step.after is not None:
                told = min(
                    one.decided_time
                    for one in story.alerts[:place]
                    if one.action in ACTIONS and gravity(one) >= ACTIONS.index(step.after)
                )
                after = [
                    Part(found.rule, POLICY.weights[found.rule] * found.strength)
                    for found in story.found
                    if told + POLICY.cooldown_ms < found.time <= alert.decided_time
                ]
                assert joined(after, POLICY) >= step.score


@given(stories())
def test_never_above_the_cap_and_never_a_lock_without_approval(story: Story) -> None:
    for alert in story.alerts:
        assert alert.action != "lock" or alert.approval == "required"
        firm = [one.weight for one in alert.reasons if not one.signal.startswith(PLACES)]
        assert alert.action not in {"suspend", "lock"} or firm


@given(stories())
def test_whose_score_asks_for_a_restriction_is_not_told_less(story: Story) -> None:
    for alert in story.alerts:
        if alert.action in {"observe", "warn"}:
            assert alert.score < 0.9 or any(one.signal.startswith(PLACES) for one in alert.reasons)


def test_a_cap_holds_for_the_rule_that_it_names_alone() -> None:
    capped = replace(POLICY, caps={SURE: "observe"})
    assert ("observe", "restrict") == tuple(
        alert.action
        for rule in (SURE, PLACES)
        for alert in (decide(finding(0, rule, 1.0), None, capped, 0).alert,)
        if alert is not None
    )

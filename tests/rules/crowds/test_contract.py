"""What every rule about crowds keeps to; a new one joins by being listed, with its streams."""

import sys

import pytest

from detector.categories import CLAUSES
from detector.findings import Finding
from detector.rules.base import ALWAYS_OBSERVE
from detector.rules.crowds import CROWD_RULES, CrowdRule
from detector.stages.families import FAMILIES
from detector.windows.crowds.layout import KINDS, RULE_SLOTS
from tests.rules.crowds.streams import CROSSINGS, LOOK_ALIKES, Crossing, LookAlike
from tests.rules.judging import Said, alerts, crowd_findings

THRESHOLD = 0.5
LOUDER = 30
SUFFERED = {"account_takeover", "compromise_report"}

each_rule = pytest.mark.parametrize("rule", CROWD_RULES, ids=lambda rule: rule.name)
each_crossing = pytest.mark.parametrize(
    ("name", "crossing"),
    [
        pytest.param(name, one, id=f"{name}-{one.__name__}")
        for name, every in CROSSINGS.items()
        for one in every
    ],
)
each_look_alike = pytest.mark.parametrize(
    "innocent", [pytest.param(one, id=f"{one.rule}-{one.build.__name__}") for one in LOOK_ALIKES]
)


said = Said(crowd_findings)


def fired(name: str, crossing: Crossing) -> list[Finding]:
    return [finding for finding in said(name, crossing) if finding.strength >= THRESHOLD]


def test_every_rule_has_its_streams() -> None:
    names = [rule.name for rule in CROWD_RULES]
    assert sorted(names) == sorted(CROSSINGS)
    assert set(names) == {innocent.rule for innocent in LOOK_ALIKES}


def test_every_rule_belongs_to_one_family() -> None:
    assert list(CROWD_RULES) == [rule for family in FAMILIES for rule in family.rules]
    assert all(len(family.rules) <= RULE_SLOTS for family in FAMILIES)


@each_rule
def test_a_rule_is_named_after_its_file(rule: CrowdRule) -> None:
    assert f"detector.rules.crowds.{rule.name}" == type(rule).__module__
    assert rule.version >= 1


@each_rule
@pytest.mark.parametrize("heading", ["Clause", "Source", "Misses", "Errs"])
def test_a_rule_documents_itself(rule: CrowdRule, heading: str) -> None:
    assert f"\n{heading}: " in (sys.modules[type(rule).__module__].__doc__ or "")


@each_rule
def test_a_rule_names_the_clauses_of_its_category(rule: CrowdRule) -> None:
    documented = sys.modules[type(rule).__module__].__doc__ or ""
    assert [] == [clause for clause in CLAUSES[rule.category] if clause not in documented]


@each_rule
def test_a_victim_is_protected_and_everybody_else_answers(rule: CrowdRule) -> None:
    suffered = rule.category in SUFFERED or (
        rule.category == "credential_attack" and rule.accuses == "accounts"
    )
    assert ("protect" if suffered else "enforce") == rule.purpose


@each_rule
def test_a_rule_judges_kinds_that_there_are(rule: CrowdRule) -> None:
    assert rule.kinds
    assert set(rule.kinds) <= set(KINDS)


@each_crossing
def test_a_rule_fires_at_its_threshold(name: str, crossing: Crossing) -> None:
    assert fired(name, crossing)


@each_crossing
def test_a_rule_does_not_fire_a_step_below(name: str, crossing: Crossing) -> None:
    assert {finding.strength for finding in said(name, crossing, -1)} <= {ALWAYS_OBSERVE}


@each_crossing
def test_strength_lies_between_0_and_1(name: str, crossing: Crossing) -> None:
    strengths = [finding.strength for finding in said(name, crossing, LOUDER)]
    assert strengths
    assert all(0.0 < strength <= 1.0 for strength in strengths)


@each_crossing
def test_the_reason_shows_the_threshold_crossed(name: str, crossing: Crossing) -> None:
    assert all(finding.value >= finding.threshold for finding in fired(name, crossing))


@each_crossing
def test_a_rule_says_the_same_of_the_same_events(name: str, crossing: Crossing) -> None:
    again = crowd_findings(reversed(list(crossing(0))))
    assert said(name, crossing) == [finding for finding in again if finding.rule == name]


@each_crossing
def test_a_finding_rests_on_events_of_the_stream_and_names_only_who_is_in_it(
    name: str, crossing: Crossing
) -> None:
    events = {event["event_id"]: event for event in crossing(0)}
    accounts = {event.get("account_id") for event in events.values()}
    for finding in said(name, crossing):
        shown = [(event.time, event.event_id) for event in finding.evidence]
        assert shown
        assert shown == sorted(shown)
        assert all(events[event_id]["time"] == time for time, event_id in shown)
        assert {subject.id for subject in finding.related} <= accounts


@each_look_alike
def test_a_rule_leaves_its_look_alike_alone(innocent: LookAlike) -> None:
    assert innocent.rule not in {finding.rule for finding in crowd_findings(innocent.build())}


@each_look_alike
def test_no_rule_takes_a_step_against_a_look_alike(innocent: LookAlike) -> None:
    assert {alert.action for alert in alerts(innocent.build())} <= {"observe"}

"""What every rule of the catalogue keeps to; a new one joins by being listed, with its streams."""

import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from detector.categories import CLAUSES
from detector.findings import Finding
from detector.policy import default_book
from detector.rules import RULES, Rule
from detector.rules.base import ALWAYS_OBSERVE
from detector.rules.page import EVERY_RULE
from detector.windows import FEATURES
from detector.windows.layout import RULE_SLOTS
from tests.rules.events import LAPTOP, NOON_MS
from tests.rules.judging import Said, alerts, findings
from tests.rules.networks import NETWORKS
from tests.rules.streams import CROSSINGS, LOOK_ALIKES, Crossing, LookAlike

THRESHOLD = 0.5
LOWER_IS_WORSE = {"gap_variation"}
LOUDER = 12
SUFFERED = {"credential_attack", "account_takeover", "compromise_report"}
OF_ACCOUNTS = {"account_sharing", "account_transfer", "city_switching", *SUFFERED}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
each_crossing = pytest.mark.parametrize(
    ("name", "crossing"),
    [
        pytest.param(name, one, id=f"{name}-{one.__name__}")
        for name, every in CROSSINGS.items()
        for one in every
    ],
)
each_look_alike = pytest.mark.parametrize(
    "innocent",
    [pytest.param(one, id=f"{one.rule}-{one.build.__name__}") for one in LOOK_ALIKES],
)


said = Said(findings)


def fired(name: str, crossing: Crossing) -> list[Finding]:
    return [finding for finding in said(name, crossing) if finding.strength >= THRESHOLD]


def test_every_rule_has_its_streams() -> None:
    names = [rule.name for rule in RULES]
    assert names == list(CROSSINGS)
    assert set(names) == {innocent.rule for innocent in LOOK_ALIKES}


def test_every_rule_has_a_weight_in_the_policy() -> None:
    weights = default_book().at(NOON_MS).weights
    assert {rule.name for rule in EVERY_RULE} == set(weights)
    assert all(0.0 < weight <= 1.0 for weight in weights.values())


def test_the_catalogue_fits_the_slots_of_a_row() -> None:
    assert len(RULES) <= RULE_SLOTS


@each_rule
def test_a_rule_is_named_after_its_file(rule: Rule) -> None:
    assert f"detector.rules.{rule.name}" == type(rule).__module__
    assert rule.version >= 1


@each_rule
@pytest.mark.parametrize("heading", ["Clause", "Source", "Misses", "Errs"])
def test_a_rule_documents_itself(rule: Rule, heading: str) -> None:
    assert f"\n{heading}: " in (sys.modules[type(rule).__module__].__doc__ or "")


@each_rule
def test_a_rule_names_the_clauses_of_its_category(rule: Rule) -> None:
    documented = sys.modules[type(rule).__module__].__doc__ or ""
    assert [] == [clause for clause in CLAUSES[rule.category] if clause not in documented]


@each_rule
def test_a_victim_is_protected_and_everybody_else_answers(rule: Rule) -> None:
    assert ("protect" if rule.category in SUFFERED else "enforce") == rule.purpose


@each_rule
def test_a_rules_slots_are_a_feature(rule: Rule) -> None:
    assert rule.slots in {"", "failures", *(FEATURES.names or ())}


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.ip)
def test_no_rule_says_more_than_a_note_on_an_accounts_first_event(network: Any) -> None:
    hand = LAPTOP.behind(network)
    firsts = [hand.login(NOON_MS), hand.failure(NOON_MS), hand.request(NOON_MS, "/")]
    at_home = network.kind == "residential"
    for first in firsts:
        strengths = {finding.strength for finding in findings([first])}
        assert strengths <= (set() if at_home else {ALWAYS_OBSERVE})


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
    for finding in fired(name, crossing):
        worse = -1.0 if finding.signal in LOWER_IS_WORSE else 1.0
        assert worse * finding.value >= worse * finding.threshold


@each_crossing
def test_a_rule_says_the_same_of_the_same_events(name: str, crossing: Crossing) -> None:
    again = findings(reversed(list(crossing(0))))
    assert said(name, crossing) == [finding for finding in again if finding.rule == name]


@each_crossing
def test_a_finding_rests_on_events_of_the_stream(name: str, crossing: Crossing) -> None:
    events = {event["event_id"]: event["time"] for event in crossing(0)}
    for finding in said(name, crossing):
        shown = [(event.time, event.event_id) for event in finding.evidence]
        assert shown == sorted(shown)
        assert (finding.time, finding.event_id) == shown[-1]
        assert all(events[event_id] == time for time, event_id in shown)


@each_look_alike
def test_a_rule_leaves_its_look_alike_alone(innocent: LookAlike) -> None:
    heard = [f.strength for f in findings(innocent.build(), innocent.allow) if f.rule == innocent.rule]
    assert set(heard) == ({ALWAYS_OBSERVE} if innocent.noted else set())


@each_look_alike
def test_no_rule_takes_a_step_against_a_look_alike(innocent: LookAlike) -> None:
    steps = {alert.action for alert in alerts(innocent.build(), innocent.allow)}
    assert steps <= {"observe"}


@each_rule
def test_a_rule_only_reads_what_it_judges(rule: Rule) -> None:
    seen = np.zeros(3, FEATURES)
    seen.flags.writeable = False
    assert [0.0, 0.0, 0.0] == rule.check(seen.view(np.recarray)).tolist()


@each_rule
def test_whatever_the_features_strength_is_bounded_and_the_reason_agrees(rule: Rule) -> None:
    seen = _anything(30_000).view(np.recarray)
    strengths = rule.check(seen)
    assert strengths.shape == seen.shape
    assert np.all((strengths >= 0.0) & (strengths <= 1.0))
    assert np.any(strengths >= THRESHOLD)
    for place in np.flatnonzero(strengths >= THRESHOLD).tolist():
        reason = rule.reason(seen[place])
        worse = -1.0 if reason.signal in LOWER_IS_WORSE else 1.0
        assert worse * reason.value >= worse * reason.threshold


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.category in OF_ACCOUNTS], ids=lambda rule: rule.name
)
def test_what_only_an_account_can_do_is_never_said_of_a_visitor(rule: Rule) -> None:
    seen = _anything(4_000).copy()
    seen["account"] = 0
    assert not np.any(rule.check(seen.view(np.recarray)))


@cache
def _anything(count: int) -> np.ndarray[Any, Any]:
    """Return features of every size, as likely small as large; a field more changes no other."""
    rng = np.random.default_rng(7)
    out = np.zeros(count, FEATURES)
    for name in FEATURES.names or ():
        kind = FEATURES[name]
        most = 1e4 if kind.kind == "f" else min(1e4, float(np.iinfo(kind).max))
        rng = np.random.default_rng(list(name.encode()))
        drawn = np.exp(rng.uniform(0.0, np.log(most), count)) * rng.integers(0, 2, count)
        out[name] = drawn.astype(kind)
    out["verified"] = rng.integers(0, 2, count)
    out["gap_cv"] = rng.uniform(0.0, 2.0, count)
    out.flags.writeable = False
    return out

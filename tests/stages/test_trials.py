"""Rules by the parameters of a policy in shadow: who judges, what rows remember of it, and what forgets."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec import UNSET, UnsetType

from detector.findings import Block, Finding, decode_block, encode_block
from detector.policy import Book
from detector.policy.version import Party
from detector.rules import RULES, Rule
from detector.rules.crawl_rate import CrawlRate
from detector.rules.datacenter_use import DatacenterUse
from detector.stages.accounts import Accounts
from detector.stages.raised import AGAIN_MS, heard_apart
from detector.stages.terms import Bench, Terms
from detector.windows import FEATURES, ROW
from detector.windows.layout import RULE_SLOTS
from tests.ladder.making import finding
from tests.policy.making import SHIPPED, book, in_mode, on_trial, otherwise
from tests.rules.crowds.signups import one_device_signs_up_in_no_time
from tests.rules.judging import crowd_findings, records, workshop
from tests.rules.streams import cloud_for_long

LAST = RULE_SLOTS - 1
SLOT = [rule.name for rule in RULES].index("crawl_rate")
CRAWL = "[rules.crawl_rate]"
PARTIES: list[Party] = [(None, None), (None, "q"), (None, "r"), ("p", None)]
LAYERED = SHIPPED + "".join(
    f"\n[plans.{plan}.rules.crawl_rate]\n{text}\n"
    for plan, text in (("q", "parameters = { paths = 9 }"), ("r", 'mode = "off"'))
)
"""By which a rule has other parameters in a plan, and judges none of another."""
START_MS = 1_780_243_200_000


def bench(of: Book, times: Sequence[int], parties: Sequence[Party] | None = None) -> Bench[Rule]:
    features = np.zeros(len(times), FEATURES)
    given: Any = parties
    terms: Terms[Rule] = Terms(RULES, of, layered=True)
    return terms.bench(features, np.array(times, np.int64), lambda place: given[place])


def test_each_party_is_judged_by_the_form_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CrawlRate, "check", lambda self, seen: np.full(len(seen.row), self.paths / 1000))
    made = bench(book(SHIPPED, on_trial(LAYERED)), [0] * 4, PARTIES)
    ((trial, strengths),) = made.trials()
    assert ("trial", SLOT, LAST) == (trial.policy, trial.slot, trial.spare)
    assert [0.36, 0.009, 0.0, 0.36] == strengths.tolist()
    assert CrawlRate(paths=9) == made.rule(SLOT, 1, "trial")
    live = made.strengths(SLOT)
    assert live is not None
    assert [0.36] * 4 == live.tolist()


def test_without_other_parameters_there_is_no_trial_and_one_panel_judges_all() -> None:
    for of in (book(SHIPPED), book(SHIPPED, on_trial(in_mode("off", "many_hands")))):
        assert [] == list(bench(of, [0, 1]).trials())


def test_a_trial_judges_from_its_moment_on_until_its_end() -> None:
    of = book(SHIPPED, on_trial(otherwise("crawl_rate"), date="2026-01-01T00:00:00Z"))
    since = of.shadows[0].since_ms
    of.end("trial", since + 2)
    made = bench(of, [since - 1, since, since + 1, since + 2], [(None, None)] * 4)
    assert [0, 1, 1, 0] == [len(made.panel(place).trials) for place in range(4)]


def test_a_rule_that_is_off_in_force_judges_for_whom_it_is_tried() -> None:
    made = bench(book(in_mode("off", "crawl_rate"), on_trial(otherwise("crawl_rate"))), [0])
    assert (None, CrawlRate) == (made.panel(0).forms[SLOT], type(made.panel(0).everybody[SLOT]))
    assert made.strengths(SLOT) is None


def heard_at(rows: Any, times: Sequence[int], since_ms: int) -> list[int]:
    features = np.zeros(len(times), FEATURES)
    features["time_ms"] = times
    places = heard_apart(np.arange(len(times)), np.full(len(times), 0.5), features, rows, LAST, since_ms)
    return [int(place) for place in places]


def test_what_another_policy_said_by_the_same_slot_holds_nothing_back() -> None:
    rows = np.zeros(1, ROW)
    assert [0] == heard_at(rows, [START_MS, START_MS + 1], START_MS)
    assert [] == heard_at(rows, [START_MS + 2], START_MS)
    assert [0, 2] == heard_at(rows, [START_MS + 3, START_MS + 4, START_MS + 3 + AGAIN_MS], START_MS + 3)
    assert -(START_MS + 3 + AGAIN_MS) == rows["raised_ms"][0, LAST]


def judged(of: Book) -> tuple[list[Finding], Accounts]:
    """What is found of an account that is used from a cloud, and the shard that judged it."""
    shard = workshop(book=of).accounts("session-events", 0)
    shard.read(records(cloud_for_long(2)))
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    return shard.judge(ordered), shard


def test_rows_and_findings_in_force_are_the_same_but_for_slots_that_no_rule_has() -> None:
    (expected, without), (found, beside) = (
        judged(of) for of in (book(SHIPPED), book(SHIPPED, on_trial(otherwise("datacenter_use"))))
    )
    tried = [one for one in found if one.trial is not UNSET]
    assert expected == [one for one in found if one.trial is UNSET]
    assert {("datacenter_use", "trial")} == {(one.rule, one.trial) for one in tried}
    rows, plain = beside.table.rows.copy(), without.table.rows
    assert rows["raised_ms"][:, LAST].any()
    rows["raised_ms"][:, len(RULES) :] = 0
    rows["raised"][:, len(RULES) :] = 0
    assert (plain == rows).all()  # not their bytes: what lies between fields is not copied


def test_a_finding_says_the_threshold_by_which_it_was_judged() -> None:
    found, _ = judged(book(SHIPPED, on_trial(otherwise("datacenter_use"))))
    tried = {one.threshold for one in found if one.trial == "trial"}
    live = {one.threshold for one in found if one.rule == "datacenter_use" and one.trial is UNSET}
    assert tried
    assert not tried & live
    assert DatacenterUse().events in live


def test_a_finding_costs_no_byte_more_where_nothing_is_tried() -> None:
    found = finding()
    assert b"trial" not in encode_block(Block(0, 1, 5, (found,)))
    tried = msgspec.structs.replace(found, trial="trial")
    assert (tried,) == decode_block(encode_block(Block(0, 1, 5, (tried,)))).findings


RULE = "signups_one_device"


FEW, MANY = 8, 60
"""Sign-ups of a ring beyond the threshold: all are told of each by itself, or most of them together."""


def found_of(of: Book, count: int, trial: str | UnsetType = UNSET) -> list[Finding]:
    """What is found of sign-ups on one device, live or by a policy in shadow."""
    found = crowd_findings(one_device_signs_up_in_no_time(count), workshop(book=of))
    return [one for one in found if one.rule == RULE and one.trial == trial]


def accused(of: Book, count: int = FEW) -> list[tuple[str | None, str, str | UnsetType]]:
    """Who is accused by a policy in shadow, each time: alone, or how beside others."""
    return [(one.account_id, one.subject.type, one.ring) for one in found_of(of, count, "trial")]


@pytest.mark.parametrize("count", [FEW, MANY])
def test_each_account_of_a_crowd_is_accused_as_it_would_be_in_force(count: int) -> None:
    text = otherwise(RULE)
    live = [(one.account_id, one.subject.type, one.ring) for one in found_of(book(text), count)]
    assert live
    assert (count == MANY) == ("group" in {each for _, each, _ in live})
    assert live == accused(book(SHIPPED, on_trial(text)), count)
    assert live == accused(book(in_mode("off", RULE), on_trial(text)), count)
    assert [] == accused(book(SHIPPED, on_trial(in_mode("off", RULE, text=text))), count)


@pytest.mark.parametrize("count", [FEW, MANY])
def test_what_is_found_of_a_crowd_in_force_is_the_same_beside_a_trial(count: int) -> None:
    assert found_of(book(SHIPPED), count) == found_of(book(SHIPPED, on_trial(otherwise(RULE))), count)


@pytest.mark.parametrize("count", [FEW, MANY])
def test_whom_another_policy_accused_by_the_same_slot_is_accused(count: int) -> None:
    events = list(one_device_signs_up_in_no_time(count))
    middle = events[len(events) // 2]["time"]
    of = book(SHIPPED, on_trial(otherwise(RULE), "before"))
    of.end("before", middle)
    (version,) = book(SHIPPED, on_trial(otherwise(RULE))).shadows
    later = replace(version, since_ms=middle)
    of.try_out(later)
    assert [{RULE: 7}] * 2 == [of.own_rules(each, middle) for each in of.shadows]
    alone = book(SHIPPED)
    alone.try_out(later)
    told = accused(of, count)
    assert accused(alone, count) == told
    assert {1, 2} >= {*Counter(told).values()} != set()  # once, and once again when it is sure

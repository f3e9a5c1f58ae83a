"""Policies of one's own through all stages: rules, layers and versions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from random import Random
from typing import Any

import msgspec
import pytest

from detector.alerts import Alert, NotEvaluated, encode
from detector.policy import Book, Entitlement, Stamped
from detector.replay import Engine
from detector.rules.datacenter_use import DatacenterUse
from tests.policy.making import SHIPPED, book, edited
from tests.replay.abuse import abusive_days
from tests.replay.days import DAY_MS, replayed
from tests.rules.judging import records, workshop
from tests.rules.streams import cloud_for_long

RULE = "[rules.datacenter_use]"
HARDER = f"parameters = {{ events = {2 * DatacenterUse().events} }}"
SUSPEND = """
[[plans.trial.ladders.enforce]]
score = 0.2
action = "suspend"
severity = "high"
approval = "required"
"""
NOTED, WARNED = ["observe"], ["observe", "warn"]


def said(of: Book, product: str | None = None, plan: str | None = None) -> list[Alert]:
    """Return the alerts of an account that is used from a cloud just so long that it is warned."""
    made = workshop(book=of)
    if plan:
        made.entitlements.put(Stamped("acc-1", 0, Entitlement(plan=plan)))
    engine = Engine(made)
    engine.take(records({**event, "product": product} for event in cloud_for_long(0)))
    return engine.finish()


def judged(of: Book, plans: Iterable[Stamped], batch: int = 1_000_000) -> list[Alert]:
    """Return the alerts of the same account with these entitlements, its events read in batches."""
    made = workshop(book=of)
    for one in plans:
        made.entitlements.put(one)
    engine, values = Engine(made), list(records(cloud_for_long(0)))
    for start in range(0, len(values), batch):
        engine.take(values[start : start + batch])
    return engine.finish()


def actions(of: Book, product: str | None = None, plan: str | None = None) -> list[str]:
    return [alert.action for alert in said(of, product, plan)]


def dated(text: str, time_ms: int) -> str:
    moment = datetime.fromtimestamp(time_ms / 1000, UTC).isoformat()
    return text.replace('version = "1"', f'version = "2"\neffective = {moment}', 1)


def test_a_rule_has_the_parameters_of_its_policy() -> None:
    assert WARNED == actions(book(SHIPPED))
    assert NOTED == actions(book(edited(RULE, f"{RULE}\n{HARDER}")))
    *_, easier = said(book(edited(RULE, f"{RULE}\nparameters = {{ events = 12 }}")))
    assert 12 == easier.reasons[0].threshold


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_a_rule_that_is_not_live_has_no_effect(mode: str) -> None:
    assert [] == actions(book(edited(RULE, f'{RULE}\nmode = "{mode}"')))


def test_a_products_policy_is_for_its_events_alone() -> None:
    of = book(SHIPPED + f"\n[products.p.rules.datacenter_use]\n{HARDER}\n")
    assert [NOTED, WARNED, WARNED] == [actions(of, product) for product in ("p", "other", None)]


def test_a_products_ladder_is_for_its_events_alone() -> None:
    of = book(SHIPPED + SUSPEND.replace("plans.trial", "products.p"))
    assert [["suspend"], WARNED] == [actions(of, product) for product in ("p", None)]


def test_a_plans_policy_is_for_its_accounts_alone() -> None:
    of = book(SHIPPED + SUSPEND)
    (alert,) = said(of, plan="trial")
    assert ("suspend", "required") == (alert.action, alert.approval)
    assert of.at(0, None, "trial").hash == alert.policy_hash
    assert {of.at(0).hash} == {other.policy_hash for other in said(of, plan="member")}


@pytest.mark.parametrize(("plan", "doubts"), [("gold", 1), ("member", 0), (None, 0)])
def test_an_alert_says_of_an_unknown_plan_that_the_general_policy_decided(
    plan: str | None, doubts: int
) -> None:
    of = book(SHIPPED + SUSPEND)
    alerts = said(of, plan=plan)
    assert WARNED == [alert.action for alert in alerts]
    assert {of.at(0).hash} == {alert.policy_hash for alert in alerts}
    unknown = NotEvaluated("plan", "unknown_plan")
    assert {doubts} == {alert.not_evaluated.count(unknown) for alert in alerts}


def test_a_plan_that_a_policy_names_is_known() -> None:
    (alert,) = said(book(SHIPPED + SUSPEND.replace("trial", "gold")), plan="gold")
    assert ("suspend", ()) == (alert.action, alert.not_evaluated)


@pytest.mark.parametrize("turn", [0, 1, None])
def test_a_trial_account_that_becomes_a_members_is_judged_as_one_from_that_moment_on(
    turn: int | None,
) -> None:
    """`turn`: which of a member's two alerts is decided at the moment of the change; None: there is none."""
    member = [alert.decided_time for alert in said(book(SHIPPED))]
    plans = [Stamped("acc-1", 0, Entitlement(plan="trial"), "e/0/1")]
    if turn is not None:
        plans.append(Stamped("acc-1", member[turn], Entitlement(plan="member"), "e/0/2"))
    of = book(f"{SHIPPED}\n[plans.trial.rules.datacenter_use]\n{HARDER}\n")
    alerts = judged(of, reversed(plans))
    assert alerts == judged(of, [*plans, *plans], batch=7)
    assert (NOTED if turn is None else WARNED) == [alert.action for alert in alerts]
    assert {of.at(0, None, "trial").hash, of.at(0).hash} >= {alert.policy_hash for alert in alerts}
    judged_as_trial = [alert.policy_hash == of.at(0, None, "trial").hash for alert in alerts]
    assert {0: [False, False], 1: [True, False], None: [True]}[turn] == judged_as_trial


def test_an_alert_names_the_version_in_force_at_its_finding() -> None:
    *_, now = said(book(SHIPPED))
    for turn_ms, version in ((now.decided_time + 1, "1"), (now.decided_time, "2")):
        of = book(SHIPPED, dated(SHIPPED, turn_ms))
        *_, alert = said(of)
        assert (version, of.at(now.decided_time).hash) == (alert.policy_version, alert.policy_hash)


def test_parameters_change_with_the_version() -> None:
    *_, now = said(book(SHIPPED))
    harder = edited(RULE, f"{RULE}\n{HARDER}")
    assert WARNED == actions(book(SHIPPED, dated(harder, now.decided_time + 1)))
    assert NOTED == actions(book(SHIPPED, dated(harder, now.decided_time)))


def test_a_policys_notice_is_what_the_holder_is_told() -> None:
    told = "Your account appears to be used from a cloud provider's network."
    *_, alert = said(book(edited(told, "No clouds.")))
    assert alert.notice["en"].startswith("No clouds. ")
    assert alert.notice["en"].endswith(" (User agreement, 9.1(3)(b))")


@lru_cache(maxsize=1)
def varied() -> Book:
    """A policy that changes in the middle of the days, with other rules for a plan."""
    times = [msgspec.json.decode(value)["time"] for value in abusive_days().records]
    layers = "".join(
        f"\n[plans.member.rules.{name}]\n{text}\n"
        for name, text in {
            "crawl_rate": "parameters = { paths = 300 }",
            "overlapping_use": 'mode = "off"',
            "brute_force": "parameters = { level = 8 }",
            "accounts_tried": 'mode = "off"',
        }.items()
    )
    return book(SHIPPED, dated(SHIPPED + layers, times[len(times) // 2]))


def told(**given: Any) -> list[bytes]:
    day = abusive_days()
    values = given.pop("values", day.records)
    return [encode(alert) for alert in replayed(values, day.entitlements, book=varied(), **given)]


def test_batches_and_arrival_change_nothing_where_layers_and_versions_do() -> None:
    expected = told()
    assert 2 < len({msgspec.json.decode(alert)["policy_hash"] for alert in expected})
    values = abusive_days().records
    assert expected == told(batch=701, values=Random(3).sample(values, len(values)), lateness_ms=30 * DAY_MS)

"""Accounts that are named with others: what takes back a step of their own takes them out of the group."""

from collections.abc import Iterable, Sequence
from functools import partial
from operator import eq
from typing import NamedTuple, get_args

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import UNSET

from detector.alerts import Alert, Subject
from detector.feedback import StampedFeedback, Verdict
from detector.findings import WAITS, WAITS_MS, Finding
from detector.ladder import Case
from detector.ladder.case import Given
from detector.ladder.groups import FOLLOWED
from detector.ladder.history import ENDED_BY, STEPS, held_against
from detector.ladder.intruders import STAYS_MS
from detector.policy import Book, Stamped
from detector.policy.entitlements import Allow, Entitlement
from detector.stages.cases import Cases, Decided
from detector.stages.spoken import everybody
from tests.ladder.making import BOOK, HOUR_MS, START_MS
from tests.ladder.test_intruders import HOME, THIEF, entered, found
from tests.policy.making import SHIPPED, book, edited, on_trial
from tests.stages.test_cases import END_MS, Topic, at, block, sent
from tests.stages.test_due import entitled
from tests.stages.test_feedback import heard, said

RULE, OTHER = "crawl_one_client", "crawl_rate"
RING, ANOTHER = "ring:1", "ring:2"
ALLOWED = Allow("cidr", f"{THIEF}/32", for_=["crawler"])
DAY_H = STAYS_MS / HOUR_MS
FAINT = 0.6
SHORT = 'score = 0.9\naction = "restrict"\nseverity = "high"\nlasts = "1d"'


def named(hour: float, ring: str = RING, ip: str = THIEF, strength: float = 1.0) -> Finding:
    """What is found of the account, in a group."""
    return found(hour, RULE, ip, strength=strength, ring=ring)


def of_group(hour: float, ring: str = RING) -> Finding:
    """What is found of the group."""
    subject, related = Subject("group", ring), (Subject("account", "acc-1"), Subject("account", "acc-2"))
    return found(hour, RULE, THIEF, subject=subject, related=related, related_total=2)


def decided(
    *findings: Finding,
    granted: Iterable[Stamped] = (),
    told: Iterable[StampedFeedback] = (),
    by: Book = BOOK,
) -> Decided:
    stage = Cases(by, heard(told), entitlements=entitled(granted))
    stage.read(0, block(0, 1, END_MS, *findings))
    return stage.decide(detected_at=0)


def outs(alerts: Iterable[Alert]) -> list[tuple[str, str, float]]:
    """Return what takes the account out of groups: why, of which group, and at which hour."""
    return [
        (one.rule, each.id, (one.decided_time - START_MS) / HOUR_MS)
        for one in alerts
        if one.action == "release"
        for each in one.related
    ]


def holder(hour: float, name: str) -> Stamped:
    return Stamped("acc-1", at(hour), Entitlement(holder=name), f"entitlements/0/{hour}")


def allowed(hour: float, entry: Allow = ALLOWED) -> Stamped:
    return Stamped("acc-1", at(hour), Entitlement(allow=[entry]), f"entitlements/0/{hour}")


def test_who_is_named_with_others_and_has_nothing_to_say_for_himself_stays_with_them() -> None:
    assert [] == decided(named(1)).alerts


def test_whom_somebody_had_entered_before_is_taken_out_at_once() -> None:
    made = decided(entered(), named(1)).alerts
    assert [("held", RING, 1)] == outs(made)
    assert 1 == made[-1].suppressed
    assert [] == outs(decided(entered(), named(1, ip=HOME)).alerts)


def test_whom_somebody_is_found_to_have_entered_later_is_taken_out_then() -> None:
    assert [("takeover", RING, 2)] == outs(decided(named(1), entered(2)).alerts)
    assert [] == outs(decided(named(1, ip=HOME), entered(2)).alerts)
    assert [] == outs(decided(named(1), entered(1 + DAY_H + 0.1)).alerts)


def test_to_a_new_holder_the_group_is_nothing() -> None:
    granted = [holder(0, "a"), holder(3, "b")]
    assert [("entitlement", RING, 3)] == outs(decided(named(1), granted=granted).alerts)
    before = msgspec.structs.replace(named(3), evidence=named(2).evidence)
    assert [("held", RING, 3)] == outs(decided(before, granted=granted).alerts)


def test_what_is_allowed_by_now_is_no_group_s() -> None:
    assert [("entitlement", RING, 3)] == outs(decided(named(1), granted=[allowed(3)]).alerts)
    elsewhere = Allow("cidr", f"{HOME}/32", for_=["crawler"])
    assert [] == outs(decided(named(1), granted=[allowed(3, elsewhere)]).alerts)


@pytest.mark.parametrize(
    ("verdict", "takes_out"),
    [
        ("benign", True),
        ("false_positive", False),
        ("true_positive", False),
        ("carried_out", False),
        ("declined", False),
        ("lifted", False),
    ],
)
def test_a_verdict_on_its_own_alert_takes_out_of_the_group_what_it_explains(
    verdict: Verdict, *, takes_out: bool
) -> None:
    own = found(0, OTHER, THIEF, strength=FAINT)
    (alert,) = decided(own).alerts
    made = decided(own, named(1), told=[said(alert.alert_id, verdict, 2)])
    assert [("feedback", RING, 2)] * takes_out == outs(made.alerts)


def test_a_rule_that_was_wrong_of_the_account_is_wrong_of_it_in_the_group() -> None:
    own = found(0, RULE, THIEF, strength=FAINT)
    (alert,) = decided(own).alerts
    word = said(alert.alert_id, "false_positive", 2)
    assert [("feedback", RING, 2)] == outs(decided(own, named(1), told=[word]).alerts)
    assert [("held", RING, 3)] == outs(decided(own, named(3), told=[word]).alerts)


def test_who_is_shut_out_is_in_no_group() -> None:
    shut_out = found(0, "misuse_reported", HOME)
    (alert,) = decided(shut_out).alerts
    assert "suspend" == alert.action
    word = said(alert.alert_id, "carried_out", 0.5)
    assert [("held", RING, 1)] == outs(decided(shut_out, named(1), told=[word]).alerts)


def test_who_was_only_warned_with_others_is_taken_out_of_nothing() -> None:
    warned = named(1, strength=FAINT)
    assert [] == outs(decided(entered(), warned).alerts)
    assert [] == outs(decided(warned, entered(2)).alerts)
    assert not [
        one
        for one in decided(entered(), warned).cases.values()
        if one is not None and one.category == "crawler"
    ]


def test_who_is_named_once_more_in_a_group_is_taken_out_of_it_once() -> None:
    made = decided(named(1, strength=FAINT), named(1.1), named(1.2), entered(2)).alerts
    assert [("takeover", RING, 2)] == outs(made)


def test_of_two_groups_it_is_taken_out_of_either() -> None:
    made = decided(named(1), named(1.1, ANOTHER), entered(2)).alerts
    assert {("takeover", RING, 2), ("takeover", ANOTHER, 2)} == set(outs(made))


def test_who_was_taken_out_of_a_group_has_an_alert_of_its_own_after_that() -> None:
    later = 2 + 3 * DAY_H
    made = decided(named(1), entered(2), named(later), entered(later + 1)).alerts
    assert [("takeover", RING, 2)] == outs(made)
    assert ("restrict", later) in [
        (one.action, (one.decided_time - START_MS) / HOUR_MS) for one in made if one.category == "crawler"
    ]


def test_a_step_with_others_that_has_ended_is_not_released() -> None:
    assert [] == outs(decided(named(0), granted=[allowed(DAY_H + 1)]).alerts)


def test_what_takes_it_out_goes_with_its_own_step_too() -> None:
    own = found(0, OTHER, THIEF)
    made = decided(own, named(1), entered(2)).alerts
    released = [one for one in made if one.action == "release"]
    assert {RING, UNSET} == {one.related[0].id if one.related else UNSET for one in released}
    (group,) = decided(of_group(1)).alerts
    assert {made[0].alert_id, group.alert_id} == {one.previous for one in released}


def test_a_release_from_a_group_is_of_the_account_s_chain_and_speaks_to_its_holder() -> None:
    own = found(0, OTHER, THIEF, strength=FAINT)
    first, out = (one for one in decided(own, named(1), entered(2)).alerts if one.category == "crawler")
    assert (first.case_id, first.chain.hash, 2) == (out.case_id, out.chain.previous, out.sequence)
    assert ("account", "acc-1", "acc-1", "holder") == (
        out.subject.type,
        out.subject.id,
        out.account_id,
        out.notify,
    )
    assert (Subject("group", RING),) == out.related
    assert 1 == out.related_total


def test_the_group_stays_for_the_others() -> None:
    made = decided(of_group(1), named(1), entered(2)).alerts
    assert ["restrict"] == [one.action for one in made if one.subject.type == "group"]


def test_what_is_tried_out_takes_nobody_out_of_what_is_live() -> None:
    trial = book(SHIPPED, on_trial(SHIPPED))
    made = decided(entered(), msgspec.structs.replace(named(1), trial="trial"), by=trial)
    assert [] == outs(made.alerts)


ONE_RULE, ANOTHER_RULE = "crawl_one_client", "crawl_one_address"


def ring_of(hour: float, *said_of: tuple[str, float, str], name: str = "") -> list[Finding]:
    """What rules find at one moment of the account, and of its group: each with strength and place."""
    name = name or f"ring:{hour}"
    mine = [found(hour, rule, ip, strength=strength, ring=name) for rule, strength, ip in said_of]
    related = (Subject("account", "acc-1"), Subject("account", "acc-2"))
    group = Subject("group", name)
    theirs = [msgspec.structs.replace(one, subject=group, ring=UNSET, related=related) for one in mine]
    return [*mine, *(msgspec.structs.replace(one, related_total=2) for one in theirs)]


def told(made: Decided) -> list[tuple[float, str]]:
    """Return what the account is told of crawls, by hour: an action, or of which group it is out."""
    return [
        (
            (one.decided_time - START_MS) / HOUR_MS,
            one.related[0].id if one.action == "release" and one.related else one.action,
        )
        for one in made.alerts
        if one.subject.type == "account" and one.category == "crawler"
    ]


def of_the_group(made: Decided, action: str) -> Alert:
    return next(one for one in made.alerts if one.subject.type == "group" and one.action == action)


def test_what_the_group_joins_the_account_follows() -> None:
    joined = ring_of(1, (ONE_RULE, 0.75, THIEF), (ANOTHER_RULE, FAINT, THIEF))
    assert ["warn", "restrict"] == [one.action for one in decided(*joined).alerts]
    assert [(1, "ring:1")] == told(decided(entered(), *joined))
    assert [(2, "ring:1")] == told(decided(*joined, entered(2)))
    assert [(2, "ring:1")] == told(decided(*joined, granted=[allowed(2)]))


def test_a_warning_that_was_held_back_or_not_due_leads_to_nothing_graver() -> None:
    on = found(50, OTHER, HOME, strength=0.75)
    warned = ring_of(1, (ONE_RULE, FAINT, THIEF))
    assert [(50, "restrict")] == told(decided(*warned, on))
    assert [(50, "warn")] == told(decided(*warned, on, granted=[allowed(0)]))
    assert [(50, "warn")] == told(decided(*warned, on, granted=[allowed(2)]))
    assert [(50, "warn")] == told(decided(*warned, entered(2), on))
    half_his = ring_of(1, (ANOTHER_RULE, 0.3, THIEF), (ONE_RULE, 0.3, HOME))
    assert (50, "warn") == told(decided(entered(), *half_his, on))[-1]


def test_what_was_explained_of_it_in_a_group_adds_up_with_nothing() -> None:
    on = found(26, OTHER, HOME, strength=0.3)
    warned = ring_of(1, (ONE_RULE, FAINT, THIEF))
    newer = found(1.5, ONE_RULE, HOME, strength=FAINT)
    assert [(26, "warn")] == told(decided(*warned, on))
    assert [(26, "observe")] == told(decided(*warned, on, granted=[allowed(2)]))
    assert [(26, "warn")] == told(decided(*warned, newer, on, granted=[allowed(2)]))


def test_a_step_of_its_own_to_which_only_a_group_s_has_led_goes_with_it() -> None:
    held = ring_of(1, (ONE_RULE, 1.0, THIEF))
    alert = of_the_group(decided(*held), "restrict")
    done = said(alert.alert_id, "carried_out", 2, key="ring:1")
    on = found(30, OTHER, HOME)
    assert [(30, "suspend")] == told(decided(*held, on, told=[done]))
    assert [(30, "suspend"), (31, "release")] == told(decided(*held, on, granted=[allowed(31)], told=[done]))
    declined = said(alert.alert_id, "declined", 31, key="ring:1")
    assert [(30, "suspend"), (31, "release")] == told(decided(*held, on, told=[done, declined]))
    assert [(30, "restrict")] == told(
        decided(*held, on, told=[said(alert.alert_id, "declined", 2, key="ring:1")])
    )


def test_a_verdict_on_the_group_is_one_on_each_of_its_accounts() -> None:
    warned = ring_of(1, (ONE_RULE, FAINT, THIEF))
    alert = of_the_group(decided(*warned), "warn")
    again = found(3, ONE_RULE, HOME)
    then: dict[Verdict, list[tuple[float, str]]] = {
        "benign": [],
        "false_positive": [],
        "true_positive": [(3, "restrict")],
    }
    for verdict, expected in then.items():
        word = said(alert.alert_id, verdict, 2, key="ring:1")
        assert expected == told(decided(*warned, again, told=[word])), verdict
    own = found(0, OTHER, HOME)
    word = said(alert.alert_id, "benign", 2, key="ring:1")
    assert [(0, "restrict"), (2, "release")] == told(decided(own, *warned, told=[word]))


def test_on_a_group_that_it_left_and_on_a_release_a_verdict_says_nothing_of_the_account() -> None:
    held, on = ring_of(1, (ONE_RULE, 1.0, THIEF)), found(3, OTHER, HOME)
    alert = of_the_group(decided(*held), "restrict")
    benign = said(alert.alert_id, "benign", 2, key="ring:1")
    assert [(1, "ring:1"), (3, "restrict")] == told(decided(entered(), *held, on, told=[benign]))
    release = next(one for one in decided(*held, told=[benign]).alerts if one.action == "release")
    also = said(release.alert_id, "benign", 2.5, key="ring:1")
    wrong = said(alert.alert_id, "false_positive", 2, key="ring:1")
    made = decided(*held, on, told=[wrong, also])
    assert [(3, "restrict")] == told(made)


def test_what_waits_and_is_held_against_nobody_by_then_is_told_of_nobody() -> None:
    waits = found(1, OTHER, THIEF, ring=WAITS)
    late = 1 + WAITS_MS / HOUR_MS
    assert [(late, "restrict")] == told(decided(waits))
    assert [] == told(decided(waits, granted=[allowed(1.1)]))
    assert [] == told(decided(waits, entered(1.1)))
    shut_out = found(1.1, "misuse_reported", HOME)
    (suspended,) = decided(shut_out).alerts
    assert [] == told(decided(waits, shut_out, told=[said(suspended.alert_id, "carried_out", 1.2)]))
    faint, on = found(1, OTHER, THIEF, strength=FAINT, ring=WAITS), found(3, ONE_RULE, HOME, strength=0.3)
    assert [(3, "observe")] == told(decided(faint, on, granted=[allowed(1.1)]))
    assert [(3, "observe")] == told(decided(faint, entered(1.1), on))
    newer = found(1.1, OTHER, HOME, strength=FAINT, ring=WAITS)
    assert [(1.1 + late - 1, "warn")] == told(decided(faint, newer, granted=[allowed(1.2)]))


def test_while_a_group_s_step_holds_no_milder_one_and_none_so_grave_is_told() -> None:
    no_cooldown = POLICIES["no cooldown"]
    again = found(4, OTHER, HOME)
    held = ring_of(1, (ONE_RULE, 1.0, HOME))
    assert [] == told(decided(*held, again, by=no_cooldown))
    lifted = said(
        of_the_group(decided(*held, by=no_cooldown), "restrict").alert_id, "lifted", 2, key="ring:1"
    )
    assert [(4, "suspend")] == told(decided(*held, again, by=no_cooldown, told=[lifted]))


def test_whoever_left_a_group_is_told_of_what_is_found_next_at_once() -> None:
    held, on = ring_of(1, (ONE_RULE, 1.0, THIEF)), found(3, OTHER, HOME)
    assert [(2, "ring:1"), (3, "restrict")] == told(decided(*held, entered(2), on))
    own = found(0, OTHER, HOME, strength=FAINT)
    again = found(3, OTHER, HOME, strength=FAINT)
    assert [(0, "warn"), (1, "ring:1")] == told(decided(entered(), own, *held, again))


def test_a_group_is_quiet_on_the_account_s_shard_when_it_is_on_its_own() -> None:
    by, held = POLICIES[QUIET], ring_of(1, (ONE_RULE, 1.0, THIEF))
    on = found(2, OTHER, HOME, strength=0.3)
    assert [] == outs(decided(*held, on, granted=[allowed(32)], by=by).alerts)
    assert [("entitlement", "ring:1", 30)] == outs(decided(*held, on, granted=[allowed(30)], by=by).alerts)


def test_refusals_that_come_of_a_group_s_step_are_not_held_against_the_account() -> None:
    held = ring_of(1, (ONE_RULE, 1.0, HOME))
    done = said(of_the_group(decided(*held), "restrict").alert_id, "carried_out", 2, key="ring:1")
    flood = found(3, "flood_refused", HOME)
    assert "flooding" in {one.category for one in decided(*held, flood).alerts}
    assert "flooding" not in {one.category for one in decided(*held, flood, told=[done]).alerts}


def test_a_step_that_is_explained_and_then_carried_out_takes_the_account_out() -> None:
    held = ring_of(1, (ONE_RULE, 1.0, THIEF))
    alert = of_the_group(decided(*held), "restrict")
    declined, done = (said(alert.alert_id, word, hour, key="ring:1") for word, hour in _REOPENED)
    assert [(4, "ring:1")] == told(decided(*held, granted=[allowed(3)], told=[declined, done]))
    assert [(4, "ring:1")] == told(decided(*held, entered(3), told=[declined, done]))
    late = said(alert.alert_id, "carried_out", 40, key="ring:1")
    by = POLICIES["by a person"]
    alert = of_the_group(decided(*held, by=by), "restrict")
    late = said(alert.alert_id, "carried_out", 40, key="ring:1")
    assert [(40, "ring:1")] == told(decided(*held, by=by, granted=[allowed(30)], told=[late]))


def test_a_program_that_is_allowed_meanwhile_explains_what_waits_and_what_is_named_of_before() -> None:
    program = Allow("client", "plugin:x", for_=["crawler"])
    waits = found(1, OTHER, THIEF, ring=WAITS)
    assert [] == told(decided(waits, granted=[allowed(1.2, program)]))
    before = msgspec.structs.replace(named(1.4), evidence=waits.evidence)
    assert [("held", RING, 1.4)] == outs(decided(before, granted=[allowed(1.2, program)]).alerts)
    assert [] == outs(decided(named(1.4), granted=[allowed(1.2, program)]).alerts)


def test_a_step_that_was_not_due_beside_another_goes_when_that_does() -> None:
    own, later = found(1, OTHER, THIEF), ring_of(2, (ONE_RULE, 1.0, HOME))
    assert [(1, "restrict"), (3, "release"), (3, "ring:2")] == told(decided(own, *later, entered(3)))
    assert [(1, "restrict"), (3, "release"), (3, "ring:2")] == told(
        decided(own, *later, granted=[allowed(3)])
    )
    (alert,) = decided(own).alerts
    for verdict in ("false_positive", "lifted", "declined"):
        word = said(alert.alert_id, verdict, 3)
        assert (3, "ring:2") == told(decided(own, *later, told=[word]))[-1]
    graver = GRAVER
    mild = found(1, OTHER, HOME, strength=0.92)
    assert [(1, "restrict"), (2, "ring:2")] == told(
        decided(mild, *ring_of(2, (ONE_RULE, 0.97, THIEF)), entered(1.5), by=graver)
    )


def test_a_release_from_a_group_begins_the_ladder_anew_unless_nothing_was_due() -> None:
    own, on = found(0, OTHER, HOME, strength=FAINT), found(58, ANOTHER_RULE, HOME, strength=0.8)
    held = ring_of(30, (ONE_RULE, 1.0, THIEF))
    assert (58, "warn") == told(decided(own, *held, entered(31), on))[-1]
    assert (58, "warn") == told(decided(own, *held, on, granted=[allowed(31)]))[-1]
    assert (58, "restrict") == told(decided(own, entered(29), *held, on))[-1]
    quiet = POLICIES[QUIET]
    later = found(120, OTHER, HOME, strength=0.72)
    warned, held = ring_of(1, (ONE_RULE, FAINT, HOME)), ring_of(30, (ONE_RULE, 1.0, HOME))
    assert [(120, "warn")] == told(decided(*warned, *held, later, by=quiet))


def test_what_waits_is_told_by_the_policy_of_its_own_product() -> None:
    waits = found(1, RULE, HOME, ring=WAITS, product="b")
    first = found(0, OTHER, HOME, strength=0.3, product="a")
    late = 1 + WAITS_MS / HOUR_MS
    only_warns = (
        SHIPPED + '\n[[products.b.ladders.enforce]]\nscore = 0.5\naction = "warn"\nseverity = "low"\n'
    )
    assert (late, "warn") == told(decided(first, waits, by=book(only_warns)))[-1]
    off = SHIPPED + f'\n[products.a.rules.{RULE}]\nmode = "off"\n'
    assert (late, "restrict") == told(decided(first, waits, by=book(off)))[-1]


def test_what_was_held_back_of_the_account_is_not_confirmed_with_the_group() -> None:
    own, on = found(0, OTHER, HOME, strength=FAINT), found(10, ANOTHER_RULE, HOME)
    (alert,) = decided(own).alerts
    warned = ring_of(1, (ONE_RULE, FAINT, HOME))
    words = [
        said(alert.alert_id, "benign", 0.5),
        said(
            of_the_group(decided(own, *warned), "warn").alert_id,
            "true_positive",
            2,
            key="ring:1",
            source="f/0/2",
        ),
    ]
    assert [(0, "warn")] == told(decided(own, *warned, on, told=words))


def test_what_is_due_of_the_account_is_told_when_it_leaves_the_group() -> None:
    both = ring_of(2, (ANOTHER_RULE, 0.8, THIEF), (ONE_RULE, 0.8, HOME))
    assert [(2, "ring:2"), (2, "warn")] == told(decided(entered(1), *both))


def test_what_a_group_s_own_shard_refuses_is_not_decided_beside_it() -> None:
    graver = SHORT.replace("0.9", "0.7").replace("restrict", "suspend")
    lock = '\n\n[[ladders.enforce]]\nscore = 0.95\naction = "lock"\nseverity = "high"\napproval = "required"'
    at_once = book(edited('grace = "1d"', 'grace = "0s"').replace(SHORT, graver + lock))
    both = ring_of(1, (ANOTHER_RULE, 0.8, HOME), (ONE_RULE, 1.0, HOME))
    assert [("group", "suspend")] == [
        (one.subject.type, one.action) for one in decided(*both, by=at_once).alerts
    ]


def test_so_many_groups_are_followed_and_those_first_whose_steps_hold() -> None:
    def grouped(number: int, strength: float) -> list[Finding]:
        return ring_of(40 + number / 100, (ONE_RULE, strength, THIEF), name=f"ring:{number}")

    held = [one for number in range(1, FOLLOWED) for one in grouped(number, 1.0)]
    late = [*grouped(FOLLOWED, FAINT), *grouped(FOLLOWED + 1, 1.0)]
    assert FOLLOWED == len(outs(decided(*held, *late, granted=[allowed(41)]).alerts))
    one_more = grouped(FOLLOWED + 2, 1.0)
    left = {name for _, name, _ in outs(decided(*held, *late, *one_more, granted=[allowed(41)]).alerts)}
    assert (FOLLOWED, True) == (len(left), "ring:1" not in left)


def test_what_is_told_with_others_who_were_warned_is_told_anew_when_it_left_them() -> None:
    both = ring_of(2, (ANOTHER_RULE, FAINT, HOME), (ONE_RULE, 1.0, THIEF))
    assert [(2, "ring:2"), (3, "warn")] == told(
        decided(entered(1), *both, found(3, OTHER, HOME, strength=0.3))
    )


def test_what_was_dropped_of_what_waits_stays_dropped_after_a_restart() -> None:
    waits = found(1, OTHER, THIEF, ring=WAITS)
    brief = Allow("cidr", f"{THIEF}/32", for_=["crawler"], expires=at(1.2))
    blocks = [block(0, 1, at(1.05), waits), block(0, 1, at(1.15)), block(0, 1, END_MS)]
    assert [] == Topic(entitlements=entitled([allowed(1.1, brief)])).through(blocks, {1}).alerts


def test_to_a_new_holder_nothing_that_waited_is_told_and_nothing_is_held_that_is_carried_out_late() -> None:
    granted = [holder(0, "a"), holder(1.1, "b")]
    waits, faint = found(1, OTHER, THIEF, ring=WAITS), found(1.2, OTHER, HOME, strength=0.3)
    assert [(1.2, "observe")] == told(decided(waits, faint, granted=granted))
    own = found(1, OTHER, THIEF)
    (alert,) = decided(own).alerts
    words = [said(alert.alert_id, word, hour, source=f"f/0/{hour}") for word, hour in _REOPENED]
    assert [(1, "restrict"), (4, "release")] == told(
        decided(own, granted=[holder(0, "a"), holder(3, "b")], told=words)
    )


def test_what_a_thief_did_more_than_a_day_before_is_not_taken_back_in_a_group_either() -> None:
    held = ring_of(1, (ONE_RULE, 1.0, THIEF))
    assert [("takeover", "ring:1", 24)] == outs(decided(*held, entered(24), by=POLICIES[QUIET]).alerts)
    assert [] == outs(decided(*held, entered(26), by=POLICIES[QUIET]).alerts)


def test_a_case_is_kept_as_long_as_a_group_s_step_holds() -> None:
    held, month_h = ring_of(1, (ONE_RULE, 1.0, THIEF)), 24 * 40
    stage = Cases(GRAVER, entitlements=entitled([allowed(month_h)]))
    stage.read(0, block(0, 1, at(month_h - 24), *held))
    stage.decide(detected_at=0)
    stage.read(1, block(0, 1, at(month_h + 1)))
    assert [("entitlement", "ring:1", month_h)] == outs(stage.decide(detected_at=0).alerts)


def test_of_a_case_that_is_closed_no_group_is_followed() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, END_MS, *ring_of(1, (ONE_RULE, 1.0, THIEF))))
    stage.decide(detected_at=0)
    assert (0, {}) == (stage.open_cases, stage._live._following)


def test_what_is_said_of_a_group_is_heard_where_the_account_s_case_is_and_the_group_s_is_not() -> None:
    by, again = POLICIES["no cooldown"], found(4, OTHER, HOME)
    mine, theirs = ring_of(1, (ONE_RULE, 1.0, HOME))
    alert = of_the_group(decided(mine, theirs, by=by), "restrict")
    word = said(alert.alert_id, "lifted", 2, key="ring:1")
    stage = Cases(by, heard([word]), own=partial(eq, "acc-1"))
    stage.read(0, block(0, 1, END_MS, mine, again))
    assert [(4, "suspend")] == told(stage.decide(detected_at=0))


def test_what_an_older_release_sent_of_a_group_is_told_of_the_account_by_itself() -> None:
    assert [(1, "restrict")] == told(decided(msgspec.structs.replace(named(1), ring="named")))


def test_a_shard_that_takes_a_case_over_hears_what_is_said_of_its_groups() -> None:
    held = ring_of(1, (ONE_RULE, 1.0, THIEF))
    alert = of_the_group(decided(*held), "restrict")
    words = [said(alert.alert_id, "lifted", 5, key="ring:1")]
    blocks = [block(0, 1, at(2), *held), block(0, 1, at(8)), block(0, 1, END_MS)]
    for restarts in (set[int](), {0}):
        topic = Topic(heard(words), entitlements=entitled([allowed(9)]))
        assert [] == outs(topic.through(blocks, restarts).alerts)


def test_what_is_said_of_a_group_is_unknown_to_its_own_shard_alone() -> None:
    word = said("another", "benign", 2, key="ring:1")
    for own, unknown in ((True, 1), (False, 0)):
        stage = Cases(BOOK, heard([word]), own=everybody if own else partial(eq, "acc-1"))
        stage.read(0, block(0, 1, END_MS, *ring_of(1, (ONE_RULE, 1.0, THIEF))))
        assert unknown == stage.decide(detected_at=0).unknown


def test_in_a_policy_in_shadow_a_group_s_step_counts_as_carried_out_as_any() -> None:
    trial = book(SHIPPED, on_trial(SHIPPED))
    held, on = ring_of(1, (ONE_RULE, 1.0, HOME)), found(60, OTHER, HOME)
    reporting = said("another", "carried_out", 0, key="acc-9")
    made = decided(*held, on, by=trial, told=[reporting])
    shadow = [one.action for one in made.shadow if one.subject.type == "account"]
    assert (["suspend"], [(60, "restrict")]) == (shadow, told(made))


QUIET = "until it was quiet"
_REOPENED: tuple[tuple[Verdict, float], ...] = (("declined", 2), ("carried_out", 4))
GRAVER = book(
    edited(SHORT, SHORT + '\n\n[[ladders.enforce]]\nscore = 0.95\naction = "suspend"\nseverity = "high"')
)
POLICIES = {
    "shipped": BOOK,
    QUIET: book(edited(SHORT, SHORT.replace('lasts = "1d"', 'until_quiet = "30h"'))),
    "by a person": book(edited(SHORT, SHORT + '\napproval = "required"')),
    "no cooldown": book(edited('cooldown = "1d"', 'cooldown = "1m"')),
}


class Story(NamedTuple):
    """What is found of an account and of groups that it is in, and what explains it."""

    policy: str
    mine: list[Finding]
    groups: list[Finding]
    granted: list[Stamped]
    told: list[StampedFeedback]
    about: list[tuple[int, str]]
    """The moments and actions of the alerts that it is said of."""

    @property
    def alone(self) -> "Story":
        """Return the same with everything told of by itself, and what is said of groups of its own alerts."""
        mine = [msgspec.structs.replace(one, ring=UNSET) for one in self.mine]
        alone = self._replace(mine=mine, groups=[], told=[], about=[])
        for word, about in zip(self.told, self.about, strict=True):
            for one in alone.decided(END_MS).alerts:
                if (
                    one.subject.type == "account"
                    and one.category == "crawler"
                    and about == (one.decided_time, one.action)
                ):
                    feedback = msgspec.structs.replace(word.feedback, alert_id=one.alert_id)
                    alone.told.append(msgspec.structs.replace(word, key="acc-1", feedback=feedback))
                    break
        return alone

    def decided(self, until: int) -> Decided:
        """Return what stage cases decides before a moment, and the cases as they are then."""
        stage = Cases(POLICIES[self.policy], heard(self.told), entitlements=entitled(self.granted))
        findings = [one for one in [*self.mine, *self.groups] if one.time < until]
        stage.read(0, block(0, 1, until, *findings))
        return stage.decide(detected_at=0)


def crawling(made: Decided, kind: str) -> list[Case]:
    """Return the cases of crawls of accounts, or of groups."""
    known = (one for one in made.cases.values() if one is not None and one.shadow is None)
    return [one for one in known if (one.category, one.subject.type) == ("crawler", kind)]


@st.composite
def stories(draw: st.DrawFn, places: Sequence[str] = (THIEF, HOME)) -> Story:
    """Findings of an account's own, waiting ones, and groups by one rule or two at a moment."""
    hours = st.integers(1, 100)
    strengths = st.sampled_from([0.3, FAINT, 0.75, 1.0])
    mine, groups = list[Finding](), list[Finding]()
    for hour in draw(st.lists(hours, max_size=3, unique=True)):
        ring = draw(st.sampled_from([UNSET, WAITS]))
        rule = draw(st.sampled_from([OTHER, ONE_RULE]))
        mine.append(found(hour, rule, draw(st.sampled_from(places)), strength=draw(strengths), ring=ring))
    for hour in draw(st.lists(hours, min_size=1, max_size=3, unique=True)):
        for rule in draw(st.sampled_from([[ONE_RULE], [ANOTHER_RULE], [ONE_RULE, ANOTHER_RULE]])):
            one = found(
                hour, rule, draw(st.sampled_from(places)), strength=draw(strengths), ring=f"ring:{hour}"
            )
            mine.append(one)
            related = (one.subject, Subject("account", "acc-2"))
            of = msgspec.structs.replace(one, subject=Subject("group", f"ring:{hour}"), ring=UNSET)
            groups.append(msgspec.structs.replace(of, related=related, related_total=2))
    mine += [entered(draw(hours)) for _ in range(draw(st.integers(0, 1)))]
    granted = list[Stamped]()
    for kind in draw(st.lists(st.sampled_from(["allow", "holder"]), max_size=1)):
        hour = draw(hours)
        granted += [allowed(hour)] if kind == "allow" else [holder(0, "a"), holder(hour, "b")]
    story = Story(draw(st.sampled_from([*POLICIES])), mine, groups, granted, [], [])
    hour = 0
    for number in range(draw(st.integers(0, 2))):
        given = [each for each in story.decided(END_MS).alerts if each.category == "crawler"]
        if given:
            alert = draw(st.sampled_from(given))
            after = (alert.decided_time - START_MS) // HOUR_MS + draw(st.integers(1, 60))
            hour, verdict = max(hour, after), draw(st.sampled_from(get_args(Verdict)))
            word = said(alert.alert_id, verdict, hour, key=alert.subject.id, source=f"f/0/{number}")
            story.told.append(word)
            story.about.append((alert.decided_time, alert.action))
    return story


def is_spared(given: Given) -> bool:
    return (
        given.action not in STEPS
        or given.released
        or (given.became is not None and given.became.verdict in ENDED_BY)
    )


@given(stories())
def test_whoever_is_spared_alone_is_spared_among_others(story: Story) -> None:
    assume(story.policy != QUIET)  # what is found of one of them puts off no release of the others
    left = {name for _, name, _ in outs(story.decided(END_MS).alerts)}
    assume(left.isdisjoint(word.key for word in story.told))  # it is no more about this account
    alone, together = story.alone, story
    handed_over = [one for one in story.granted if one.entitlement and one.entitlement.holder == "b"]
    said_at = {one.counts_from for one in story.granted} | {one.counts_from for one in story.told}
    moments = {one.time for one in story.mine} | said_at
    for moment in sorted(moments | {one + WAITS_MS for one in moments}):
        held = [
            one
            for case in crawling(together.decided(moment + 1), "account")
            for one in held_against(case, moment)
            # What was seen elsewhere is as true as it was, and nothing but another holder explains it.
            if {each.ip for each in one.seen} == {THIEF}
            or any(one.time < each.counts_from <= moment for each in handed_over)
        ]
        by_itself = [one for case in crawling(alone.decided(moment + 1), "account") for one in case.alerts]
        assert not held or not all(map(is_spared, by_itself))


@given(stories())
def test_what_an_account_follows_is_what_the_group_s_own_case_knows(story: Story) -> None:
    made = story.decided(END_MS)
    cases = {one.subject: one for one in crawling(made, "group")}
    for case in crawling(made, "account"):
        for group in case.groups:
            own = cases[group.subject]
            assert own.case_id == group.case_id
            if not group.left:
                # But for what the account alone knows: where it was seen, what was wrong or not due of it.
                known = [
                    msgspec.structs.replace(one, seen=[], wrong=False, idle=False) for one in group.alerts
                ]
                assert known == own.alerts
                assert (group.signals, group.step, group.alerted) == (own.signals, own.step, own.alerted)


@given(stories())
def test_whoever_is_named_is_told_or_taken_out(story: Story) -> None:
    """Of every step against a group its own case knows, or has said that it is not for the account."""
    made = story.decided(max(one.time for one in story.groups) + 1)
    out = {each.id for one in made.alerts if one.action == "release" for each in one.related}
    known = {
        one.alert_id for case in crawling(made, "account") for group in case.groups for one in group.alerts
    }
    for alert in made.alerts:
        if alert.subject.type == "group" and alert.action in STEPS:
            assert alert.alert_id in known or alert.subject.id in out
    assert len(out) == sum(len(one.related) for one in made.alerts if one.action == "release")


@given(st.data(), stories())
def test_it_depends_neither_on_blocks_nor_on_restarts(data: st.DataObject, story: Story) -> None:
    findings = [*story.mine, *story.groups]
    whole = story.decided(END_MS)
    blocks = data.draw(sent(findings))
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    topic = Topic(heard(story.told), POLICIES[story.policy], entitled(story.granted))
    assert whole.alerts == topic.through(blocks, restarts).alerts

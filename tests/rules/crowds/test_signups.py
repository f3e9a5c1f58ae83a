"""Whom the rules about sign-ups name, and whom they leave alone."""

from collections import Counter

from detector.findings import Finding
from tests.rules.crowds.signups import (
    FAR_APART,
    RANDOM_NAMES,
    a_farm_hides_in_a_dormitory,
    newcomer,
    one_device_signs_up_in_no_time,
    running_numbers_sign_up_from_everywhere,
)
from tests.rules.events import CHROME, HOUR_MS, MINUTE_MS, Hand, every
from tests.rules.judging import crowd_findings
from tests.rules.networks import WUHAN

LOUD = 20


def named(findings: list[Finding]) -> set[str]:
    return {subject.id for finding in findings for subject in (finding.subject, *finding.related)}


def test_in_a_dormitory_only_the_farm_is_named_and_not_the_address() -> None:
    found = crowd_findings(a_farm_hides_in_a_dormitory())
    assert {f"farm-{number}" for number in range(8)} == named(found)


def test_who_has_a_farms_client_and_telephone_block_by_chance_is_not_named() -> None:
    rare = CHROME.replace("136", "97")
    farm = [
        newcomer(number, f"d-{number}", FAR_APART[number % 5], rare).registration(
            time_ms, username=RANDOM_NAMES[number], phone_prefix="167"
        )
        for number, time_ms in enumerate(every(3 * HOUR_MS, len(RANDOM_NAMES)))
    ]
    somebody = Hand(WUHAN, "own", rare, "somebody").registration(
        farm[5]["time"] + MINUTE_MS, username="wangxinyi", phone_prefix="167"
    )
    assert {f"new-{number}" for number in range(len(farm))} == named(crowd_findings([*farm, somebody]))


def test_each_account_is_accused_once_and_once_more_when_it_is_sure() -> None:
    found = [
        each
        for each in crowd_findings(one_device_signs_up_in_no_time(LOUD))
        if each.rule == "signups_one_device"
    ]
    times = Counter(each.subject.id for each in found)
    assert {f"new-{number}" for number in range(4 + LOUD)} == set(times)
    assert {1, 2} == set(times.values())
    assert all(each.strength >= 0.9 for each in found if times[each.subject.id] == 1)


def test_refused_tries_without_an_account_count_and_nobody_is_named_for_them() -> None:
    events = [
        newcomer(number, "farm").registration(time_ms, "refused", username=f"try{number}")
        for number, time_ms in enumerate(every(MINUTE_MS, 6))
    ]
    for event in events:
        del event["account_id"]
    assert {("device", "farm"), ("network", "1.86.208.7")} == {
        (each.subject.type, each.subject.id) for each in crowd_findings(events)
    }
    assert {0} == {each.related_total for each in crowd_findings(events)}


def test_who_tries_again_is_one_sign_up() -> None:
    events = [
        newcomer(number // 3, "farm").registration(time_ms, "refused", username=f"name{number // 3}")
        for number, time_ms in enumerate(every(MINUTE_MS // 3, 9))
    ]
    assert [] == crowd_findings(events)


def test_a_group_told_by_names_names_its_accounts_not_itself() -> None:
    found = crowd_findings(running_numbers_sign_up_from_everywhere(LOUD))
    assert {"account"} == {each.subject.type for each in found}


def test_a_week_forgets() -> None:
    times_ms = every(57 * HOUR_MS, 9)
    events = [newcomer(number, "tablet").registration(time_ms) for number, time_ms in enumerate(times_ms)]
    assert [] == crowd_findings(events)

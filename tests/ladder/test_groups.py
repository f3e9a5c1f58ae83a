"""What a case keeps of the groups in which its account is named."""

import msgspec
import pytest

from detector.findings import Finding
from detector.ladder import Case, decide
from detector.ladder.case import Given
from detector.ladder.history import REMEMBERED, is_open, is_over, rests_on
from detector.policy import Policy
from tests.ladder.making import HOUR_MS, POLICY, RESTRICT, START_MS, WARN, finding
from tests.policy.making import book, edited

ONE, OTHER = "several_people", "overlapping_lines"
SHORT = 'score = 0.9\naction = "restrict"\nseverity = "high"\nlasts = "1d"'
LAST_H = 24
GRAVER = book(
    edited(SHORT, SHORT + '\n\n[[ladders.enforce]]\nscore = 0.95\naction = "suspend"\nseverity = "high"')
)


def named(hour: float, rule: str = ONE, ring: str = "ring:1", strength: float = 1.0, ip: str = "") -> Finding:
    found = finding(hour, rule, strength, ring=ring)
    (event,) = found.evidence
    return msgspec.structs.replace(found, evidence=(msgspec.structs.replace(event, ip=ip or event.ip),))


def groups(*found: Finding, policy: Policy = POLICY) -> list[Given]:
    case: Case | None = None
    for one in found:
        case = decide(one, case, policy, detected_at=0).case
    assert case is not None
    return case.of_groups


def test_of_one_group_one_step_is_kept_that_ends_when_the_last_one_does() -> None:
    (kept,) = groups(named(0), named(2, OTHER, ip="1.86.209.7"))
    assert ("ring:1", "restrict", [ONE, OTHER]) == (kept.alert_id, kept.action, kept.rules)
    assert START_MS + (2 + LAST_H) * HOUR_MS == kept.expires
    assert ["1.86.208.7", "1.86.209.7"] == [one.ip for one in kept.seen]


def test_it_is_not_reached_only_where_all_that_it_rests_on_is_explained() -> None:
    (kept,) = groups(named(0), named(2, OTHER))
    assert not rests_on(kept, {ONE}, POLICY)
    assert rests_on(kept, {ONE, OTHER}, POLICY)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_graver_step_is_kept_whichever_comes_first(order: tuple[int, int]) -> None:
    strengths = [(RESTRICT + 0.01), 1.0]
    policy = GRAVER.at(START_MS)
    (kept,) = groups(
        *(named(hour, strength=strengths[place]) for hour, place in enumerate(order)), policy=policy
    )
    assert ("suspend", 0.95, None) == (kept.action, kept.score, kept.expires)


def test_a_step_that_has_ended_is_no_part_of_the_next() -> None:
    (kept,) = groups(named(0, ip="1.86.209.7"), named(LAST_H + 1, OTHER))
    assert [OTHER] == kept.rules
    assert ["1.86.208.7"] == [one.ip for one in kept.seen]


def test_a_step_that_holds_until_it_was_quiet_is_kept_as_long() -> None:
    quiet = book(edited(SHORT, SHORT.replace('lasts = "1d"', 'until_quiet = "48h"')))
    (kept,) = groups(named(0), policy=quiet.at(START_MS))
    assert START_MS + 48 * HOUR_MS == kept.expires


def test_a_warning_is_not_kept() -> None:
    assert [] == groups(named(0, strength=WARN + 0.01))


def test_so_many_are_kept_and_those_first_that_hold() -> None:
    short = [named(0, ring=f"ring:{number}") for number in range(2)]
    late = [named(LAST_H + 1, ring=f"ring:{number}") for number in range(2, REMEMBERED + 1)]
    kept = groups(*short, *late)
    assert REMEMBERED == len(kept)
    assert [one.ring for one in [*short[1:], *late]] == [one.alert_id for one in kept]
    assert REMEMBERED - 1 == sum(is_open(one, late[0].time) for one in kept)


def test_a_case_is_kept_as_long_as_a_group_s_step_may_hold() -> None:
    policy = GRAVER.at(START_MS)
    case = decide(named(0), None, policy, detected_at=0).case
    assert not is_over(case, START_MS + policy.ends.steps_ms, policy.ends)
    assert is_over(case, START_MS + policy.ends.steps_ms + 1, policy.ends)

"""What stage cases does by the time alone: releases after quiet, and of what is allowed by now."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from detector.alerts import Alert, Subject
from detector.feedback import Feedback, StampedFeedback, Verdict
from detector.findings import Block, Finding
from detector.ladder.due import LIMITS
from detector.ladder.history import is_open
from detector.ladder.refused import OF_REFUSALS
from detector.policy import Entitlements, Stamped
from detector.policy.entitlements import Allow, Entitlement, Kind
from detector.policy.names import CATALOGUE
from detector.stages.cases import Cases, Decided
from tests.ladder.making import BOOK as DEFAULT
from tests.ladder.making import HOUR_MS, START_MS, finding
from tests.policy.making import book, edited
from tests.stages.test_cases import END_MS, Topic, at, block, sent
from tests.stages.test_feedback import heard

QUIET_H = 48
SHORT = 'score = 0.9\naction = "restrict"\nseverity = "high"\nlasts = "1d"'
BOOK = book(edited(SHORT, SHORT.replace('lasts = "1d"', f'until_quiet = "{QUIET_H}h"')))
HOME = Allow("cidr", "1.86.208.0/24", for_=["account_sharing"])
"""Where all findings come from."""
ELSEWHERE = Allow("cidr", "1.86.209.0/24", for_=["account_sharing"])
LAST = 900


def granted(hour: float, *allow: Allow, key: str = "acc-1", **limits: Any) -> Stamped:
    return Stamped(key, at(hour), Entitlement(allow=list(allow), **limits), f"entitlements/0/{hour}-{key}")


def entitled(given: Iterable[Stamped]) -> Entitlements:
    entitlements = Entitlements()
    for one in given:
        entitlements.put(one)
    return entitlements


def run(
    blocks: Sequence[Block], given: Iterable[Stamped] = (), said: Iterable[StampedFeedback] = ()
) -> Decided:
    stage, made = Cases(BOOK, heard(said), entitlements=entitled(given)), Decided()
    for offset, one in enumerate(blocks):
        stage.read(offset, one)
        made.add(stage.decide(detected_at=0))
    return made


def story(
    *found: Finding, given: Iterable[Stamped] = (), said: Iterable[StampedFeedback] = ()
) -> list[tuple[str, str, float]]:
    """Return the alerts that follow: action, rule, and the hour."""
    alerts = run([block(0, 1, END_MS, *found)], given, said).alerts
    return [(one.action, one.rule, (one.decided_time - START_MS) / HOUR_MS) for one in alerts]


def sure(hour: float, **more: Any) -> Finding:
    return finding(hour, more.pop("rule", "several_people"), 1.0, **more)


def elsewhere(one: Finding) -> Finding:
    """Return a finding that rests on an event from elsewhere."""
    (event,) = one.evidence
    return msgspec.structs.replace(one, evidence=(msgspec.structs.replace(event, ip="8.8.8.8"),))


RESTRICT = ("restrict", "several_people", 0.0)


def test_a_step_that_holds_until_it_was_quiet_is_released_then_and_once() -> None:
    assert [RESTRICT, ("release", "quiet", QUIET_H)] == story(sure(0))


@pytest.mark.parametrize("strength", [1.0, 0.01])
def test_whatever_is_found_puts_the_quiet_off(strength: float) -> None:
    told = story(sure(0), finding(10, "taking_turns", strength))
    assert [RESTRICT, ("release", "quiet", 10 + QUIET_H)] == told


def test_what_is_found_when_it_was_quiet_for_long_enough_comes_after_the_release() -> None:
    told = story(sure(0), sure(QUIET_H))
    assert [action for action, _, _ in told] == ["restrict", "release", "restrict", "release"]


def test_a_step_that_was_lifted_is_not_released_for_quiet() -> None:
    (first,) = [one for one in run([block(0, 1, END_MS, sure(0))]).alerts if one.action == "restrict"]
    lifted = StampedFeedback("acc-1", at(1), Feedback(first.alert_id, "lifted", "somebody", at(1)), "f/0/1")
    assert [RESTRICT] == story(sure(0), said=[lifted])


def test_what_an_allow_entry_explains_is_released_from_the_moment_on_from_which_it_counts() -> None:
    assert [RESTRICT, ("release", "entitlement", 7)] == story(sure(0), given=[granted(7, HOME)])


@pytest.mark.parametrize(
    "entry",
    [
        ELSEWHERE,
        Allow("cidr", "1.86.208.0/24", for_=["crawler"]),
        Allow("cidr", "1.86.208.0/24", for_=["account_sharing"], expires=at(7)),
    ],
)
def test_what_an_entry_does_not_explain_stays(entry: Allow) -> None:
    assert [RESTRICT, ("release", "quiet", QUIET_H)] == story(sure(0), given=[granted(7, entry)])


def test_of_somebody_elses_entry_nothing_follows() -> None:
    given = [granted(7, HOME, key="acc-2"), granted(7, HOME, key="org:o")]
    assert [RESTRICT, ("release", "quiet", QUIET_H)] == story(sure(0), given=given)


def group(hour: float, **more: Any) -> Finding:
    return sure(hour, subject=Subject("group", "ring:1"), related=(Subject("account", "acc-1"),), **more)


@pytest.mark.parametrize("key", ["acc-1", "org:o"])
def test_what_one_of_them_may_do_explains_nothing_of_a_group(key: str) -> None:
    told = story(group(0, org_id="o"), given=[granted(7, HOME, key=key)])
    assert [RESTRICT, ("release", "quiet", QUIET_H)] == told


def test_the_case_of_a_group_keeps_nothing_of_its_accounts() -> None:
    (case,) = run([block(0, 1, at(1), group(0))]).cases.values()
    kept = msgspec.json.encode(case).decode()
    assert "ring:1" in kept
    assert not [word for word in ("acc-1", "1.86.208.7", "e-178") if word in kept]


def test_the_release_of_a_group_speaks_to_the_holders_of_its_accounts() -> None:
    def notices(found: Finding) -> list[dict[str, str]]:
        return [one.notice for one in run([block(0, 1, END_MS, found)]).alerts]

    assert notices(sure(0)) == notices(group(0)) != notices(group(0, account_id=None))


def test_an_organisations_entry_explains_what_its_account_did() -> None:
    told = story(sure(0, org_id="o"), given=[granted(7, HOME, key="org:o")])
    assert [RESTRICT, ("release", "entitlement", 7)] == told


def test_after_an_entry_nothing_is_left_against_the_subject() -> None:
    later = elsewhere(finding(8, "taking_turns", 0.3))
    made = run([block(0, 1, END_MS, sure(0), later)], [granted(7, HOME)]).alerts
    assert ("observe", 0.27) == (made[-1].action, made[-1].score)


@pytest.mark.parametrize("rule", sorted(LIMITS))
@pytest.mark.parametrize(("enough", "explained"), [(0, True), (-1, False)])
def test_a_limit_that_was_raised_explains_what_lies_within_it(
    rule: str, enough: int, *, explained: bool
) -> None:
    value = 2 if LIMITS[rule] == "max_cities" else 6
    one = finding(
        0,
        rule,
        1.0,
        category=CATALOGUE[rule].category,
        subject=Subject("org", "o") if rule == "over_seats" else Subject("account", "acc-1"),
        org_id="o",
        value=float(value),
    )
    cities = [msgspec.structs.replace(one.evidence[0], city=city) for city in ("A", "B", "A", UNSET)]
    one = msgspec.structs.replace(one, evidence=tuple(cities))
    key = "org:o" if rule == "over_seats" else "acc-1"
    told = story(one, given=[granted(5, key=key, **{LIMITS[rule]: value + enough})])
    assert explained == (("release", "entitlement", 5.0) in told)


@pytest.mark.parametrize("kind", ["client", "user_agent"])
def test_a_program_that_is_allowed_from_now_on_explains_what_a_program_did(kind: Kind) -> None:
    entry, other = (Allow(kind, name, for_=["account_sharing"]) for name in ("own-exporter", "other"))
    assert [RESTRICT, ("release", "entitlement", 7)] == story(sure(0), given=[granted(7, entry)])
    for later in ([granted(7, entry, max_devices=3)], [granted(7, entry), granted(8, other, entry)]):
        told = story(sure(0), given=[granted(-1, entry), *later])
        assert (("release", "entitlement", 8.0) in told) == (len(later) == 2)
        assert ("release", "entitlement", 7.0) not in told


def test_a_limit_explains_a_step_whatever_faint_thing_was_seen_beside() -> None:
    hands = [finding(hour, "many_hands", 1.0, value=6.0) for hour in (0, 2)]
    told = story(hands[0], finding(1, "taking_turns", 0.3), hands[1], given=[granted(5, max_devices=6)])
    assert ["restrict", "release"] == [action for action, _, _ in told]
    made = run(
        [block(0, 1, END_MS, finding(0, "taking_turns", 0.3), hands[1])], [granted(5, max_devices=6)]
    ).alerts
    assert ["taking_turns_24h"] == [reason.signal for reason in made[-1].reasons]


def test_a_limit_explains_no_step_that_was_reached_without_what_lies_within_it() -> None:
    found = finding(0, "many_hands", 0.3, value=6.0), sure(1)
    told = story(*found, given=[granted(5, max_devices=6)])
    assert ["many_hands", "several_people", "quiet"] == [rule for _, rule, _ in told]


def test_to_a_new_holder_nothing_of_the_former_one_is_held() -> None:
    given = [granted(0, holder="ann"), granted(7, holder="bob")]
    told = story(sure(0), finding(8, "taking_turns", 0.3), given=given)
    assert [RESTRICT, ("release", "entitlement", 7), ("observe", "taking_turns", 8)] == told
    found = finding(0, "taking_turns", 0.3), finding(8, "many_hands", 0.3)
    assert [0.27, 0.27] == [one.score for one in run([block(0, 1, END_MS, *found)], given).alerts]


def test_a_holder_who_is_named_again_is_the_same() -> None:
    given = [granted(0, holder="ann"), granted(5), granted(7, holder="ann")]
    assert [RESTRICT, ("release", "quiet", QUIET_H)] == story(sure(0), given=given)


def test_the_rules_that_are_named_are_there() -> None:
    assert set(LIMITS) | OF_REFUSALS <= set(CATALOGUE)


def carried(alert: Alert, hour: float, verdict: Verdict = "carried_out") -> StampedFeedback:
    said = Feedback(alert.alert_id, verdict, "somebody", at(hour))
    return StampedFeedback(alert.subject.id, at(hour), said, f"feedback/0/{hour}")


REPORT = finding(0, "misuse_reported", 1.0, category="compromise_report", purpose="protect")
(SUSPENDED,) = run([block(0, 1, END_MS, REPORT)]).alerts


def test_what_is_found_about_whom_the_platform_has_shut_out_does_not_count() -> None:
    said = [carried(SUSPENDED, 1), carried(SUSPENDED, 10, "lifted")]
    found = [REPORT, finding(0.5, "taking_turns", 0.3), sure(2), sure(9), sure(11)]
    told = story(*found, said=said)
    assert [("suspend", 0.0), ("observe", 0.5), ("restrict", 11.0)] == [(one[0], one[2]) for one in told[:3]]
    made = run([block(0, 1, END_MS, *found)], said=said).alerts
    assert [0, 0, 2] == [one.suppressed for one in made[:3]]


def test_refusals_do_not_count_against_whom_the_platform_restricts() -> None:
    (restricted,) = [one for one in run([block(0, 1, END_MS, sure(0))]).alerts if one.action == "restrict"]
    refused = finding(2, "probing_misses", 1.0, category="probing")
    for said, categories in (
        ([], {"account_sharing", "probing"}),
        ([carried(restricted, 1)], {"account_sharing"}),
    ):
        assert categories == {
            one.category for one in run([block(0, 1, END_MS, sure(0), refused)], said=said).alerts
        }


def test_where_nobody_says_that_it_was_carried_out_everything_counts() -> None:
    assert "restrict" in [action for action, _, _ in story(REPORT, sure(2))]


def test_a_report_of_the_holder_is_heard_whatever_was_shut_out_and_asks_once_while_the_step_is_open() -> None:
    again = [
        finding(hour, "misuse_reported", 1.0, category="compromise_report", purpose="protect")
        for hour in (30, 60)
    ]
    lifted = [carried(SUSPENDED, 1), carried(SUSPENDED, 50, "lifted")]
    assert [0.0, 60.0] == [hour for _, _, hour in story(REPORT, *again, said=lifted)]
    assert [0.0] == [hour for _, _, hour in story(REPORT, *again, said=[carried(SUSPENDED, 1)])]


def test_a_platform_that_never_reports_is_taken_to_have_shut_out_whom_it_was_told_to() -> None:
    """What is refused to whom is suspended leads to nothing, and so not to a lock."""
    stage = Cases(DEFAULT)
    floods = [finding(hour, "flood_rate", 1.0, category="flooding") for hour in (0, 49, 49 + 7 * 24 + 1)]
    refused = [finding(75 + 24.1 * day, "flood_refused", 1.0, category="flooding") for day in range(5)]
    stage.read(0, block(0, 1, END_MS, *floods, *refused))
    told = [(one.action, (one.decided_time - START_MS) / HOUR_MS) for one in stage.decide(0).alerts]
    assert [("restrict", 0.0), ("suspend", 49.0), ("lock", 218.0)] == told


def test_a_report_of_which_nobody_says_that_it_was_followed_hides_nothing() -> None:
    """A suspension without an end is not taken to be carried out for a year."""
    stage = Cases(DEFAULT)
    days = [sure(24.5 * day, event_id=f"e-{day}") for day in range(2, 6)]
    stage.read(0, block(0, 1, END_MS, REPORT, *days))
    assert {"account_sharing", "compromise_report"} == {one.category for one in stage.decide(0).alerts}


def test_what_is_explained_while_no_step_is_open_no_longer_counts() -> None:
    hands = finding(0, "many_hands", 0.85, value=6.0)
    turns = finding(2, "taking_turns", 0.85)
    assert ["warn", "restrict"] == [one[0] for one in story(hands, turns)][:2]
    for entry in (granted(1, max_devices=6), granted(1, HOME)):
        assert ["warn"] == [one[0] for one in story(hands, turns, given=[entry])]


def test_a_warning_that_is_explained_leads_to_no_graver_step() -> None:
    hands = finding(0, "many_hands", 0.85, value=6.0)
    turns = finding(72, "taking_turns", 0.85)
    assert ["warn", "restrict"] == [one[0] for one in story(hands, turns)][:2]
    assert ["warn", "warn"] == [one[0] for one in story(hands, turns, given=[granted(1, max_devices=6)])]


@pytest.mark.parametrize("allowed", [HOME, ELSEWHERE])
def test_what_is_found_later_of_what_is_allowed_by_then_is_only_counted(allowed: Allow) -> None:
    told = story(finding(8, "several_people", 1.0), given=[granted(7, allowed)])
    assert bool(told) == (allowed is ELSEWHERE)


def test_of_a_rule_whose_finding_is_explained_what_it_finds_elsewhere_later_counts() -> None:
    since = elsewhere(finding(3, strength=0.6)), elsewhere(finding(6, "taking_turns", 0.85))
    told = story(finding(0, strength=0.5), *since, given=[granted(4, HOME)])
    assert ["warn", "restrict"] == [one[0] for one in told][:2]


def test_a_limit_that_is_as_it_was_explains_nothing() -> None:
    hands = finding(2, "many_hands", 1.0, value=6.0)
    given = [granted(0, max_devices=6), granted(5, plan="trial", max_devices=6)]
    assert "entitlement" not in [rule for _, rule, _ in story(hands, given=given)]


def test_what_was_explained_is_known_after_a_restart() -> None:
    hands = finding(0, "many_hands", 0.85, value=6.0)
    blocks = [
        block(0, 1, at(1.5), hands),
        block(0, 1, at(1.6)),
        block(0, 1, END_MS, finding(2, "taking_turns", 0.85)),
    ]
    made = Topic(book=BOOK, entitlements=entitled([granted(1, max_devices=6)])).through(blocks, {1})
    assert ["warn"] == [one.action for one in made.alerts]


@pytest.mark.parametrize("hour", [3, 8])
def test_what_is_told_of_late_takes_effect_when_it_is_read(hour: int) -> None:
    """A new holder and an entry, from a moment on that was closed already."""
    for late in ([granted(1, holder="bob")], [granted(1, HOME)]):
        entitlements = entitled([granted(-1, holder="ann")])
        stage, told = Cases(BOOK, entitlements=entitlements), []
        for offset, until in enumerate((2, hour, hour + 1, 20)):
            if until == hour + 1:
                for one in late:
                    entitlements.put(one)
            stage.read(offset, block(0, 1, at(until), *([sure(0)] if offset == 0 else [])))
            told += stage.decide(0).alerts
        assert [("restrict", at(0)), ("release", at(hour))] == [
            (one.action, one.decided_time) for one in told
        ]


@pytest.mark.parametrize("verdict", ["benign", "false_positive"])
def test_nothing_is_held_back_or_held_against_a_new_holder(verdict: Verdict) -> None:
    given = [granted(0, holder="ann"), granted(7, holder="bob")]
    (first,) = run([block(0, 1, at(1), sure(0))]).alerts
    said = StampedFeedback("acc-1", at(2), Feedback(first.alert_id, verdict, "somebody", at(2)), "f/0/1")
    assert ["restrict", "release", "restrict", "release"] == [
        one[0] for one in story(sure(0), sure(9), given=given, said=[said])
    ]
    late = msgspec.structs.replace(sure(9), evidence=sure(6).evidence)
    assert ["restrict", "release"] == [one[0] for one in story(sure(0), late, given=given)]


def test_what_is_held_back_as_false_does_not_put_off_the_quiet() -> None:
    (first,) = run([block(0, 1, at(1), finding(0, strength=0.5))]).alerts
    wrong = StampedFeedback("acc-1", at(2), Feedback(first.alert_id, "false_positive", "x", at(2)), "f/0/1")
    held = [finding(hour, strength=1.0) for hour in (20, 40, 60)]
    told = story(finding(0, strength=0.5), sure(3), *held, said=[wrong])
    assert ("release", "quiet", 3 + QUIET_H) in told


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Finding], list[Stamped]]:
    """Findings of two accounts by the hour, some at one moment, and what is granted to them."""
    hours = st.integers(0, LAST)
    found = [
        finding(
            draw(hours),
            draw(st.sampled_from(["several_people", "overlapping_use", "taking_turns"])),
            draw(st.sampled_from([0.3, 0.5, 1.0])),
            event_id=f"e-{number}",
            subject=Subject("account", draw(st.sampled_from(["acc-1", "acc-2"]))),
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    found = [msgspec.structs.replace(one, account_id=one.subject.id) for one in found]
    given = [
        granted(hour, *entries, key=draw(st.sampled_from(["acc-1", "acc-2"])))
        for hour in draw(st.lists(hours, max_size=4, unique=True))
        for entries in [draw(st.lists(st.sampled_from([HOME, ELSEWHERE]), max_size=2))]
    ]
    return found, given


@given(st.data(), histories())
def test_alerts_do_not_depend_on_how_blocks_came_nor_on_restarts(
    data: st.DataObject, history: tuple[list[Finding], list[Stamped]]
) -> None:
    found, given = history
    whole = run([block(0, 1, END_MS, *found)], given)
    blocks = data.draw(sent(found))
    assert whole == run(blocks, given)
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    made = Topic(book=BOOK, entitlements=entitled(given)).through(blocks, restarts)
    assert whole.alerts == made.alerts


@pytest.mark.parametrize("hour", [10, 11])
def test_what_is_due_after_a_restart_is_done_then(hour: int) -> None:
    """Be it quiet, or an entry that counts from the very moment on that was closed before."""
    blocks = [block(0, 1, at(10), sure(0)), block(0, 1, END_MS)]
    told: list[tuple[list[Stamped], str, int]] = [
        ([], "quiet", QUIET_H),
        ([granted(hour, HOME)], "entitlement", hour),
    ]
    for entry, cause, when in told:
        *_, last = Topic(book=BOOK, entitlements=entitled(entry)).through(blocks, {0}).alerts
        assert (cause, at(when)) == (last.rule, last.decided_time)


@given(histories())
def test_an_open_step_is_always_released_once_it_was_quiet_or_is_allowed(
    history: tuple[list[Finding], list[Stamped]],
) -> None:
    found, given = history
    made = run([block(0, 1, END_MS + 100 * HOUR_MS, *found)], given)
    released = [one.previous for one in made.alerts if one.action == "release"]
    assert len(released) == len(set(released))
    for alert in made.alerts:
        if alert.action == "restrict" and alert.expires is msgspec.UNSET:
            assert alert.alert_id in released
    for case in filter(None, made.cases.values()):
        assert not any(is_open(one, END_MS + 100 * HOUR_MS) for one in case.alerts)


@pytest.mark.parametrize("shown", ["1.86.208.0/24", "hash:00", "hidden"])
@pytest.mark.parametrize("entry", [Allow("ip", "1.86.208.7"), HOME])
def test_what_is_allowed_is_released_however_its_address_was_shown(shown: str, entry: Allow) -> None:
    found = sure(0)
    (event,) = found.evidence
    masked = msgspec.structs.replace(
        found, evidence=(msgspec.structs.replace(event, ip=shown),), addresses=(event.ip,)
    )
    assert [RESTRICT, ("release", "entitlement", 5)] == story(masked, given=[granted(5, entry)])

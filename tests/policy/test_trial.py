"""Policies in shadow: what they may say, beside what, and from when on."""

from pathlib import Path

import pytest

from detector.cli.main import main
from detector.policy import Book, load_book
from detector.policy.applied import Applied, Ended, Tried, put_all
from detector.policy.doubts import doubts
from detector.policy.reading import PolicyError
from detector.policy.version import EVER, Version
from detector.rules import RULES
from detector.rules.crowds.catalog import LOGIN_RULES, RULES_OF_FAMILIES
from detector.stages.families import FAMILIES
from detector.windows.crowds import layout as crowds
from detector.windows.layout import RULE_SLOTS
from tests.policy.making import SHIPPED, book, edited, in_mode, on_trial, otherwise, sheet

CRAWL = "[rules.crawl_rate]"
OTHER = edited(CRAWL, f"{CRAWL}\nparameters = {{ paths = 9 }}")
MOMENT_MS = 1_780_243_200_000
DATE = "2026-06-01T00:00:00+08:00"
SECOND = OTHER.replace('version = "1"', f'version = "2"\neffective = {DATE}', 1)


def problems(*texts: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        book(*texts)
    return [f"{problem.file} {problem.field}: {problem.message}" for problem in caught.value.problems]


def test_a_policy_in_shadow_stands_beside_those_in_force_from_its_date_on() -> None:
    of = book(SHIPPED, on_trial(date=DATE), on_trial(name="ever"))
    assert (["1"], ["ever", "trial"]) == ([v.name for v in of.versions], [v.name for v in of.shadows])
    assert [["ever"], ["ever", "trial"]] == [
        [version.name for version in of.shadows_at(moment)] for moment in (MOMENT_MS - 1, MOMENT_MS)
    ]
    assert [EVER, MOMENT_MS] == of.turns


def test_its_hash_is_the_one_that_it_has_live() -> None:
    (trial,) = book(SHIPPED, on_trial()).shadows
    assert book(on_trial().replace('mode = "shadow"', "", 1)).at(0).hash == trial.at(None, None).hash


def test_alone_it_stands_beside_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    path.write_text(on_trial())
    of = load_book([str(path)])
    assert (["1"], ["trial"]) == ([v.name for v in of.versions], [v.name for v in of.shadows])


def test_beside_nothing_it_is_refused() -> None:
    assert ["0.toml mode: is in shadow of nothing: name the policy in force as well"] == problems(on_trial())


def test_its_name_is_its_own_and_its_date_need_not_be() -> None:
    assert ["1.toml version: is the version of 0.toml too: two versions need two names"] == problems(
        SHIPPED, on_trial(name="1")
    )
    first = SHIPPED.replace('version = "1"', f'version = "1"\neffective = {DATE}', 1)
    assert 2 == len(book(first, on_trial(date=DATE), on_trial(name="other", date=DATE)).shadows)


def own(of: Book, time_ms: int = MOMENT_MS) -> dict[str, dict[str, int | None]]:
    """By version in shadow, the rules that it judges by parameters of its own, with their slots."""
    return {each.name: of.own_rules(each, time_ms) for each in of.shadows_at(time_ms)}


@pytest.mark.parametrize(
    ("live", "trial"),
    [
        (SHIPPED, OTHER),
        (OTHER, SHIPPED),
        (SHIPPED, f"{SHIPPED}\n[plans.q{CRAWL.replace('[', '.')}\nparameters = {{ paths = 9 }}\n"),
    ],
)
def test_a_rule_with_other_parameters_has_a_slot_that_no_rule_has(live: str, trial: str) -> None:
    assert {"trial": {"crawl_rate": RULE_SLOTS - 1}} == own(book(live, on_trial(trial)))
    assert len(RULES) < RULE_SLOTS


def test_the_same_parameters_are_none_other() -> None:
    said = edited(CRAWL, f"{CRAWL}\nparameters = {{ paths = 360 }}")
    for live, trial in ((OTHER, OTHER), (SHIPPED, said), (said, SHIPPED)):
        assert {"trial": {}} == own(book(live, on_trial(trial)))
    assert {"trial": {}} == own(book(SHIPPED, SECOND, on_trial(OTHER, date=DATE)))


def test_rules_of_one_kind_of_row_have_different_slots_in_all_that_is_in_shadow_at_once() -> None:
    of = book(
        SHIPPED,
        on_trial(otherwise("crawl_rate", "many_hands", "over_seats"), "a"),
        on_trial(otherwise("crawl_rate", "over_seats", "seats_by_turns", "accounts_tried"), "b"),
    )
    last, of_crowds = RULE_SLOTS - 1, crowds.RULE_SLOTS - 1
    assert own(of) == {
        "a": {"crawl_rate": last, "many_hands": last - 1, "over_seats": of_crowds},
        "b": {
            "crawl_rate": last - 2,
            "over_seats": of_crowds - 1,
            "seats_by_turns": of_crowds - 2,
            "accounts_tried": of_crowds,
        },
    }


def test_what_is_never_in_shadow_at_once_may_have_one_slot_and_whoever_has_one_keeps_it() -> None:
    of = book(SHIPPED, on_trial(otherwise("crawl_rate"), "a"))
    of.end("a", MOMENT_MS)
    tables = sheet(on_trial(otherwise("crawl_rate"), "b")).tables
    of.try_out(Version.of(tables, MOMENT_MS))
    assert own(of, MOMENT_MS - 1)["a"] == own(of)["b"] == {"crawl_rate": RULE_SLOTS - 1}
    of.put(Version.of(sheet(otherwise("many_hands")).tables, MOMENT_MS - 2))
    assert {"crawl_rate": RULE_SLOTS - 1, "many_hands": RULE_SLOTS - 2} == own(of, MOMENT_MS - 1)["a"]
    assert {"crawl_rate": RULE_SLOTS - 1, "many_hands": RULE_SLOTS - 2} == own(of)["b"]


LOGINS = [rule.name for rule in LOGIN_RULES]


def test_more_than_rows_have_room_for_is_refused() -> None:
    room = crowds.RULE_SLOTS - len(LOGINS)
    first = on_trial(otherwise(*LOGINS[:room]), "a")
    assert 1 == len(book(SHIPPED, first).shadows)
    (told,) = problems(SHIPPED, first, on_trial(otherwise(LOGINS[0]), "b"))
    assert told.startswith(f"2.toml rules.{LOGINS[0]}.parameters: has other parameters than in force")
    assert f"room for {room} such rules" in told
    assert "`detector replay --policy`" in told
    assert 2 == len(book(SHIPPED, first, on_trial(otherwise("crawl_rate"), "b")).shadows)


def test_while_an_applied_policy_leaves_no_room_nothing_is_tried_beside_it() -> None:
    of = book(SHIPPED, on_trial(otherwise(*LOGINS), "a"), on_trial(in_mode("off", "flood_rate"), "b"))
    of.put(Version.of(sheet(otherwise(*LOGINS)).tables, MOMENT_MS))
    of.put(Version.of(sheet(SHIPPED).tables, MOMENT_MS + 1))
    assert [["a", "b"], ["a"], ["a", "b"]] == [
        [version.name for version in of.shadows_at(MOMENT_MS + after)] for after in (-1, 0, 1)
    ]


def test_every_rule_has_rows_of_some_kind() -> None:
    assert RULES_OF_FAMILIES == tuple(family.rules for family in FAMILIES)


def test_what_is_in_shadow_is_not_applied() -> None:
    record = Applied("trial", "0" * 64, MOMENT_MS, on_trial())
    with pytest.raises(PolicyError, match="what is in shadow is not put in force"):
        record.read()
    of = book(SHIPPED)
    ((_, error),) = put_all(of, [record])
    assert isinstance(error, PolicyError)
    assert ("1", 0) == (of.at(MOMENT_MS).version, of.edition)


def test_what_is_tried_out_by_the_topic_stands_in_shadow_until_its_end() -> None:
    of = book(SHIPPED)
    text = edited('version = "1"', 'version = "2"')
    put_all(of, [Tried.of(sheet(text), text, 1_000), Ended("2", 3_000), Ended("2", 4_000)])
    assert [[], ["2"], ["2"], []] == [
        [version.name for version in of.shadows_at(moment)] for moment in (999, 1_000, 2_999, 3_000)
    ]
    assert (["1"], 3) == ([version.name for version in of.versions], of.edition)
    assert {1_000, 3_000} <= {*of.turns}


def test_a_file_may_say_so_itself_and_its_date_counts_no_more() -> None:
    of = book(SHIPPED)
    text = on_trial(date=DATE)
    put_all(of, [Tried.of(sheet(text), text, 1_000)])
    assert ["trial"] == [version.name for version in of.shadows_at(1_000)]


def test_of_one_name_the_first_stays_in_shadow_and_another_policy_is_refused() -> None:
    of = book(SHIPPED, on_trial())
    same, other = on_trial(), on_trial(in_mode("off", "crawl_rate"))
    (_, known), (_, error) = put_all(of, [Tried.of(sheet(text), text, 1_000) for text in (same, other)])
    assert known is of.shadows[0]
    assert isinstance(error, PolicyError)
    assert "two policies need two names" in str(error)
    assert (1, 0) == (len(of.shadows), of.edition)


def test_the_end_of_nothing_changes_nothing() -> None:
    of = book(SHIPPED, on_trial())
    ((_, version),) = put_all(of, [Ended("another", 1_000)])
    assert version is None
    assert ["trial"] == [each.name for each in of.shadows_at(2_000)]


def test_what_is_in_force_is_not_tried_out_beside_itself() -> None:
    of = book(SHIPPED, on_trial())
    live = on_trial().replace('mode = "shadow"', "", 1)
    put_all(of, [Applied.of(sheet(live), live, 1_000), Applied.of(sheet(SHIPPED), SHIPPED, 2_000)])
    assert [["trial"], [], ["trial"]] == [
        [version.name for version in of.shadows_at(moment)] for moment in (999, 1_000, 2_000)
    ]


def test_a_rule_judges_where_something_hears_it() -> None:
    of = book(in_mode("off", "crawl_rate", "flood_rate"), on_trial(in_mode("off", "flood_rate"), date=DATE))
    assert ["off", "shadow", "off", "live"] == [
        of.mode(rule, moment)
        for rule, moment in (
            ("crawl_rate", MOMENT_MS - 1),
            ("crawl_rate", MOMENT_MS),
            ("flood_rate", MOMENT_MS),
            ("many_hands", MOMENT_MS),
        )
    ]


def test_a_rule_that_is_off_judges_for_a_policy_in_shadow_by_the_parameters_of_that_alone() -> None:
    of = book(in_mode("off", "crawl_rate"), on_trial(OTHER))
    assert (["trial"], "off") == ([*own(of)], of.mode("crawl_rate", MOMENT_MS))


def test_a_rule_in_shadow_of_a_policy_in_shadow_is_doubted() -> None:
    trial = in_mode("shadow", "crawl_rate") + '\n[plans.q.rules.flood_rate]\nmode = "shadow"\n'
    told = [
        f"{doubt.field}: {doubt.message}"
        for doubt in doubts([sheet(SHIPPED), sheet(on_trial(trial))], MOMENT_MS)
    ]
    said = "in a policy in shadow nobody hears it: live, or off"
    assert [f"rules.crawl_rate.mode: {said}", f"plans.q.rules.flood_rate.mode: {said}"] == told
    assert [] == doubts([sheet(trial)], MOMENT_MS)


def test_check_says_what_is_in_shadow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / "live.toml", tmp_path / "trial.toml"]
    for path, text in zip(paths, (in_mode("shadow", "crawl_rate"), on_trial(date=DATE)), strict=True):
        path.write_text(text)
    assert 0 == main(["policy", "check", *map(str, paths)])
    live, trial = capsys.readouterr().out.splitlines()
    assert live.startswith("version 1: ")
    assert "live rules, 1 in shadow, layers" in live
    assert trial.startswith("version trial, in shadow from 2026-05-31T16:00:00Z on: ")

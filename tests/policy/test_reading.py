"""What is wrong in a file is told with its line and field, all of it at once."""

import pytest

from detector.policy import Book
from detector.policy.reading import PolicyError
from tests.policy.making import SHIPPED, book, edited, sheet

WEIGHT = "[rules.crawl_rate]\nweight = 1.0"
DURATION = "a duration such as 200ms, 5s, 10m, 2h or 7d, in quotes"
ACTIONS = "observe, warn, restrict, suspend, remove_content, lock"
PRODUCT = "\n[products.p.rules.{}]\n{}\n"


def line(text: str, mark: str) -> int:
    """Return the line of `text` in which `mark` begins."""
    return text.count("\n", 0, text.index(mark)) + 1


WRONG = {
    "windows that Redis drops while they are open": (
        edited('windows = "71d"', 'windows = "167h"'),
        'windows = "167h"',
        "retention.windows: is shorter than the longest window: 7d or more",
    ),
    "how long is no duration": (
        edited('uses = "366d"', "uses = 366"),
        "uses = 366",
        f"retention.uses: 366 is not {DURATION}",
    ),
    "how long in a layer": (
        edited(more='\n[plans.trial.retention]\nwindows = "30d"\n'),
        "[plans.trial.retention]",
        "plans.trial.retention: unknown key",
    ),
    "a key that nobody knows": (
        edited(WEIGHT, "[rules.crawl_rate]\nwieght = 1.0"),
        "wieght",
        "rules.crawl_rate.wieght: unknown key; did you mean `weight`?",
    ),
    "a weight that is text": (
        edited(WEIGHT, '[rules.crawl_rate]\nweight = "much"'),
        'weight = "much"',
        "rules.crawl_rate.weight: 'much' is not a number from 0 to 1",
    ),
    "a weight above 1": (
        edited(WEIGHT, "[rules.crawl_rate]\nweight = 1.5"),
        "weight = 1.5",
        "rules.crawl_rate.weight: 1.5 is not a number from 0 to 1",
    ),
    "a rule that nobody knows": (
        edited("[rules.crawl_rate]", "[rules.crawl_rat]"),
        "[rules.crawl_rat]",
        "rules.crawl_rat: unknown rule; did you mean `crawl_rate`?",
    ),
    "a rule without weight": (
        edited(WEIGHT, "[rules.crawl_rate]"),
        "[rules.crawl_rate]",
        "rules.crawl_rate.weight: is missing",
    ),
    "a mode that is none": (
        edited(WEIGHT, f'{WEIGHT}\nmode = "shadows"'),
        'mode = "shadows"',
        "rules.crawl_rate.mode: 'shadows' is none of live, shadow, off; did you mean `shadow`?",
    ),
    "a parameter that the rule has not": (
        edited(WEIGHT, f"{WEIGHT}\nparameters = {{ pathes = 3 }}"),
        "parameters = { pathes",
        "rules.crawl_rate.parameters.pathes: `crawl_rate` has no such parameter; did you mean `paths`?",
    ),
    "half of what is counted": (
        edited(WEIGHT, f"{WEIGHT}\nparameters = {{ paths = 3.5 }}"),
        "parameters = { paths",
        "rules.crawl_rate.parameters.paths: 3.5 is not a whole number",
    ),
    "a truth for a number": (
        edited(WEIGHT, f"{WEIGHT}\nparameters = {{ fresh = true }}"),
        "parameters = { fresh",
        "rules.crawl_rate.parameters.fresh: True is not a number",
    ),
    "a parameter of zero": (
        edited(WEIGHT, f"{WEIGHT}\nparameters = {{ paths = 0 }}"),
        "parameters = { paths",
        "rules.crawl_rate.parameters.paths: 0 is not more than zero",
    ),
    "a number for a duration": (
        edited("[rules.flood_together]", "[rules.flood_together]\nparameters = { window = 5 }"),
        "parameters = { window",
        f"rules.flood_together.parameters.window: 5 is not {DURATION}",
    ),
    "a half-life of nothing": (
        edited('half_life = "3d"', 'half_life = "0d"'),
        'half_life = "0d"',
        f"half_life: '0d' is not {DURATION}",
    ),
    "a duration without unit": (
        edited('cooldown = "1d"', "cooldown = 24"),
        "cooldown = 24",
        "cooldown: 24 is not a duration such as 0s, 10m, 2h or 7d, in quotes",
    ),
    "a step that is none": (
        edited('action = "warn"', 'action = "wran"'),
        'action = "wran"',
        f"ladders.enforce[1].action: 'wran' is none of {ACTIONS}; did you mean `warn`?",
    ),
    "a ladder without steps": (
        edited(more="[plans.trial.ladders]\nprotect = []\n"),
        "protect = []",
        "plans.trial.ladders.protect: is empty",
    ),
    "a moment without offset": (
        edited('version = "1"', 'version = "1"\neffective = 2026-01-01T00:00:00'),
        "effective = 2026",
        "effective: 2026-01-01 00:00:00 is not a moment with an offset, such as 2024-08-08T00:00:00+08:00",
    ),
    "a category that is none": (
        edited("[ladders.own.compromise_report]", "[ladders.own.compromise_reports]").replace(
            "[[ladders.own.compromise_report]", "[[ladders.own.compromise_reports]"
        ),
        "[[ladders.own.compromise_reports]",
        "ladders.own.compromise_reports: unknown category; did you mean `compromise_report`?",
    ),
    "a notice in one language": (
        edited('en = "Access by a crawler or a script was noticed."\n', ""),
        "[notices.crawler]",
        "notices.crawler.en: is missing",
    ),
    "agreements out of order": (
        edited("# ---- Steps ----", '[[agreements]]\nversion = "0"\neffective = 2020-01-01T00:00:00Z\n'),
        "effective = 2020",
        "agreements[1].effective: is not after the one before: put them in order of dates",
    ),
    "a plan's rule that nobody knows": (
        edited(more=PRODUCT.format("crawl_rates", "weight = 0.5")),
        "[products.p.rules.crawl_rates]",
        "products.p.rules.crawl_rates: unknown rule; did you mean `crawl_rate`?",
    ),
    "a product's parameters for what many share": (
        edited(more=PRODUCT.format("over_seats", "parameters = { days = 4 }")),
        "parameters = { days = 4 }",
        "products.p.rules.over_seats.parameters: what many share has no product and no plan",
    ),
    "a version in a layer": (
        edited(more='[plans.trial]\nversion = "2"\n'),
        'version = "2"',
        "plans.trial.version: unknown key",
    ),
    "a text where a table belongs": (
        'rules = "none"',
        "rules",
        "rules: 'none' where a table belongs",
    ),
    "a number where a table belongs": (
        edited(more="[plans]\ntrial = 3\n"),
        "trial = 3",
        "plans.trial: 3 where a table belongs",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_with_its_line_and_field(case: str) -> None:
    text, mark, message = WRONG[case]
    said = [str(problem) for problem in sheet(text).problems]
    assert f"p.toml, line {line(text, mark)}: {message}" in said, said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = \n", "p.toml, line 2: no TOML: Invalid value"),
        ("a = 1\na = 2\n", "p.toml, line 2: no TOML: Cannot overwrite a value"),
        ('a = "x', "p.toml, line 1: no TOML: Unterminated string"),
        ("[a\n", "p.toml, line 1: no TOML: Expected ']' at the end of a table declaration"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, message: str) -> None:
    assert [message] == [str(problem) for problem in sheet(text).problems]


def test_everything_wrong_is_told_at_once_by_its_lines() -> None:
    text = (
        edited(WEIGHT, "[rules.crawl_rat]\nwight = 2")
        .replace('"3d"', "3")
        .replace('action = "warn"', 'action = "shout"')
    )
    told = [(problem.line, problem.field) for problem in sheet(text).problems]
    assert told == sorted(told, key=lambda one: one[0])
    assert {field for _, field in told} == {
        "half_life",
        "ladders.enforce[1].action",
        "ladders.organisation[1].action",
        "ladders.protect[1].action",
        "ladders.own.account_takeover[1].action",
        "ladders.own.account_takeover[2].until_quiet",
        "rules.crawl_rat",
        "rules.crawl_rat.wight",
        "rules.crawl_rat.weight",
        "rules.crawl_rate",
    }


def test_an_empty_file_lacks_all_that_is_needed() -> None:
    fields = {problem.field for problem in sheet("").problems}
    assert {
        "version",
        "agreements",
        "half_life",
        "cooldown",
        "quiet",
        "grace",
        "caps",
        "consequences",
        "ladders",
        "rules",
        "notices",
    } == fields


def test_the_shipped_policy_has_no_mistake() -> None:
    assert [] == sheet(SHIPPED).problems


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    text = edited(WEIGHT, "[rules.crawl_rate]\nweight = 2.0")
    dressed = "\ufeff" + text.replace("\n", "\r\n")
    assert sheet(text).problems == sheet(dressed).problems


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            [SHIPPED, edited('version = "1"', 'version = "2"')],
            "1.toml, line 1: effective: is missing, as in 0.toml",
        ),
        (
            [SHIPPED, edited('version = "1"', 'version = "1"\neffective = 2026-01-01T00:00:00Z')],
            "1.toml, line 36: version: is the version of 0.toml too",
        ),
    ],
)
def test_two_versions_need_two_names_and_two_dates(texts: list[str], message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        book(*texts)
    assert str(caught.value).startswith(message)


def test_the_mistakes_of_all_files_are_told() -> None:
    bad = sheet("version = 1", "a.toml"), sheet("version = 2", "b.toml")
    with pytest.raises(PolicyError) as caught:
        Book.of(bad)
    assert {"a.toml", "b.toml"} == {problem.file for problem in caught.value.problems}

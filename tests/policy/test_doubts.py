"""What a policy may say and can hardly mean."""

import re

import pytest

from detector.policy.doubts import doubts
from detector.policy.names import CATALOGUE
from tests.policy.making import SHIPPED, edited, sheet

ASKS_FIRST = "".join(
    f'[[plans.trial.ladders.enforce]]\nscore = {score}\naction = "{action}"\nseverity = "high"\n{more}\n\n'
    for score, action, more in (
        (0.45, "warn", ""),
        (0.9, "restrict", 'lasts = "1d"'),
        (0.9, "suspend", 'lasts = "7d"'),
        (0.9, "lock", 'approval = "required"'),
    )
)
"""A lock waits for a person, and places lead to the restriction."""


def own_ladder(category: str, score: float, action: str) -> str:
    """Return the shipped file with a category's own ladder: to observe, and then that step."""
    steps = "".join(
        f'[[ladders.own.{category}]]\nscore = {at}\naction = "{what}"\nseverity = "high"\nlasts = "1d"\n\n'
        for at, what in ((0.2, "observe"), (score, action))
    )
    return edited("[[ladders.protect]]", f"{steps}[[ladders.protect]]")


NOW = 1_780_243_200_000
CLOUD = "[rules.datacenter_use]\nweight = 1.0"
FREE = 'score = 0.9\naction = "restrict"\nseverity = "high"'
"""The restriction that no warning has to come before."""
ENFORCE = "score = 0.45\naction = "
NO_STEP = "reaches no step: with all that may join it {:.2f}, and the lowest takes 0.20"
STEP = '[[products.p.ladders.protect]]\nscore = {}\naction = "warn"\nseverity = "low"\n'
WARNS = '[[plans.trial.ladders.enforce]]\nscore = 0.4\naction = "warn"\nseverity = "low"\n'
EARLY = "who rests for longer is new to the live service, and known to a replay"
PROTECT = '[[ladders.protect]]\nscore = 0.45\naction = "warn"'
WITHOUT_ORGANISATIONS = re.sub(r"\[\[ladders\.organisation\]\]\n(?:\w.*\n)+", "", SHIPPED)
LINES = '[rules.overlapping_lines]\nweight = 0.9\nfact = "'
SWITCHING = '[rules.city_rounds]\nweight = 1.0\nevidence = "geography"'
RATE = "[rules.crawl_rate]\nweight = 1.0"
DOUBTFUL = {
    "a step above the cap of all that leads to it": (
        own_ladder("city_switching", 0.5, "suspend"),
        (
            "ladders.own.city_switching[1].action: the step is never taken: "
            "all that leads here is capped (restrict)"
        ),
    ),
    "a step above the score of all that leads to it": (
        own_ladder("ip_spoofing", 0.9, "warn").replace(
            "[rules.forged_source]\nweight = 1.0", "[rules.forged_source]\nweight = 0.8"
        ),
        "ladders.own.ip_spoofing[1].score: the step is never taken: no case comes to more than 0.80",
    ),
    "a share of more than all": (
        edited(RATE, f"{RATE}\nparameters = {{ fresh = 1.5 }}"),
        "rules.crawl_rate.parameters.fresh: is more than 1, and the rule comes with 0.9, a part of something",
    ),
    "a number of another unit": (
        edited(RATE, f"{RATE}\nparameters = {{ paths = 1000000 }}"),
        "rules.crawl_rate.parameters.paths: is far from 360, with which the rule comes: is the unit right?",
    ),
    "a cap that caps nothing grave": (
        edited('geography = "restrict"', 'geography = "lock"'),
        "caps.geography: weak evidence leads to `lock` here: `restrict` is grave enough",
    ),
    "a kind of evidence that no rule has": (
        edited('geography = "restrict"', 'geography = "restrict"\nhints = "observe"'),
        "caps.hints: no rule has evidence of this kind: nothing is capped",
    ),
    "weak evidence that is no longer capped": (
        edited(SWITCHING, "[rules.city_rounds]\nweight = 1.0"),
        "rules.city_rounds.evidence: is missing: the rule comes with `geography`, and nothing caps it now",
    ),
    "a grace longer than a case": (
        edited('grace = "1d"', 'grace = "31d"'),
        "grace: is longer than `quiet`: the case may be closed before a step counts",
    ),
    "a number in a notice": (
        edited("Your account appears to be used by several people", "3 people use your account"),
        "notices.account_sharing.en: names a number: a threshold helps only who evades it",
    ),
    "a number in what an organisation is told": (
        edited("More people of your organisation", "2 more people of your organisation"),
        "notices.seat_sharing.organisation.en: names a number: a threshold helps only who evades it",
    ),
    "a number in what follows": (
        edited("Use is suspended.", "Use is suspended for 7 days."),
        "consequences.enforce.suspend.en: names a number: a threshold helps only who evades it",
    ),
    "a fact that is misspelt": (
        edited(f"{LINES}at_once", f"{LINES}at_onec"),
        "rules.overlapping_lines.fact: no other rule sees 'at_onec'; did you mean `at_once`?",
    ),
    "a victim that is suspended": (
        edited(PROTECT, PROTECT.replace("warn", "suspend")),
        "ladders.protect[1].action: whoever attacks an account could have it come to `suspend`",
    ),
    "an organisation that is restricted by itself": (
        edited('lasts = "7d"\napproval = "required"', 'lasts = "7d"'),
        "ladders.organisation[2].action: is taken against a whole organisation, and no person is asked",
    ),
    "organisations without a ladder": (
        WITHOUT_ORGANISATIONS,
        "ladders: has no `organisation`: whole organisations climb `enforce`",
    ),
    "a suspension without an end": (
        edited('severity = "critical"\nlasts = "7d"', 'severity = "critical"'),
        "ladders.enforce[4].action: has neither an end (`lasts`, `until_quiet`) nor a person who is asked",
    ),
    "no cooldown": (
        edited('cooldown = "1d"', 'cooldown = "0s"'),
        "cooldown: every finding may be told, and who is told has no time to change",
    ),
    "a score that fades at once": (
        edited('half_life = "3d"', 'half_life = "59m"'),
        "half_life: is under an hour: what was found has faded before more is seen",
    ),
    "an agreement that is yet to come": (
        edited("effective = 2024-08-08", "effective = 2034-08-08"),
        "agreements[0].effective: is yet to come: alerts of before name this agreement all the same",
    ),
    "windows that end before habits": (
        edited('windows = "71d"', 'windows = "63d"'),
        f"retention.windows: is shorter than the 64d of habits: {EARLY}",
    ),
    "a step above every score": (
        edited(FREE, FREE.replace("0.9", "1.1")),
        "ladders.enforce[3].score: no score is above 1: the step is never taken",
    ),
    "a step that is always taken": (
        edited("score = 0.2", "score = 0"),
        "ladders.enforce[0].score: every finding reaches 0: the step is always taken",
    ),
    "a step that another one shadows": (
        edited("score = 0.2", "score = 0.5"),
        "ladders.enforce[0].score: the step is never taken: ladders.enforce[1] has no higher score",
    ),
    "two steps from one score": (
        edited("score = 0.2", "score = 0.45"),
        "ladders.enforce[0].score: the step is never taken: ladders.enforce[1] has no higher score",
    ),
    "a milder step at a higher score": (
        edited(f'{ENFORCE}"warn"', f'{ENFORCE}"suspend"\nlasts = "7d"'),
        "ladders.enforce[2].action: `restrict` is milder than `suspend`, which takes a lower score",
    ),
    "a step after one that nobody comes to": (
        edited('after = "suspend"', 'after = "lock"'),
        "ladders.enforce[5].after: no step before leads to `lock`",
    ),
    "a step that one with less of a history shadows": (
        edited('score = 0.7\nafter = "warn"', 'score = 0.9\nafter = "warn"'),
        "ladders.enforce[2].score: the step is never taken: ladders.enforce[3] has no higher score",
    ),
    "evidence that leads nowhere": (
        edited('geography = "restrict"', 'geography = "restrict"\nhints = "observe"').replace(
            CLOUD, f'{CLOUD}\nevidence = "hints"'
        )
        + WARNS,
        "plans.trial.rules.datacenter_use.weight: reaches no step: there is none up to `observe`, its cap",
    ),
    "a weight that reaches no step": (
        edited(CLOUD, "[rules.datacenter_use]\nweight = 0.1"),
        f"rules.datacenter_use.weight: {NO_STEP.format(0.1)}",
    ),
    "a weight of nothing": (
        edited(CLOUD, "[rules.datacenter_use]\nweight = 0.0"),
        "rules.datacenter_use.weight: 0 never counts: `mode` turns a rule off, or puts it in shadow",
    ),
    "a rule that nobody turns on": (
        edited(CLOUD, f'{CLOUD}\nmode = "off"'),
        "rules.datacenter_use.mode: the rule is off in every layer: nothing asks for it",
    ),
    "a cooldown longer than a case": (
        edited('cooldown = "1d"', 'cooldown = "31d"'),
        "cooldown: is longer than `quiet`: the case is closed before it is over",
    ),
    "a plan's weight that reaches no step": (
        edited(more="[plans.trial.rules.datacenter_use]\nweight = 0.05\n"),
        f"plans.trial.rules.datacenter_use.weight: {NO_STEP.format(0.05)}",
    ),
    "a product's step above every score": (
        edited(more=f"{STEP.format(0.2)}{STEP.format(2)}"),
        "products.p.ladders.protect[1].score: no score is above 1: the step is never taken",
    ),
}


def said(*texts: str) -> list[str]:
    sheets = [sheet(text, f"{number}.toml") for number, text in enumerate(texts)]
    assert [] == [problem for one in sheets for problem in one.problems]
    return [f"{doubt.file}: {doubt.field}: {doubt.message}" for doubt in doubts(sheets, NOW)]


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_doubt_is_told_alone_with_its_field(case: str) -> None:
    text, message = DOUBTFUL[case]
    assert [f"0.toml: {message}"] == said(text)


@pytest.mark.parametrize(
    "text",
    [
        SHIPPED,
        edited(FREE, FREE.replace("0.9", "1")),
        edited("[rules.crawl_rate]\nweight = 1.0", "[rules.crawl_rate]\nweight = 0.1"),  # others join it
        edited(CLOUD, f'{CLOUD}\nmode = "off"', '[plans.q.rules.datacenter_use]\nmode = "live"\n'),
        edited(CLOUD, '[rules.datacenter_use]\nweight = 0.1\nmode = "shadow"'),
        edited("Use is suspended.", "Use is suspended; call us 7x24 on +86 400-123 4567."),
        edited(more=ASKS_FIRST),
    ],
)
def test_what_may_be_meant_is_left_alone(text: str) -> None:
    assert [] == said(text)


@pytest.mark.parametrize(("weight", "lowest"), [(0.1, 0.2), (0.3, 0.4)])
def test_a_rule_of_organisations_is_measured_by_their_ladder_and_alone(weight: float, lowest: float) -> None:
    text = edited("[rules.over_seats]\nweight = 1.0", f"[rules.over_seats]\nweight = {weight}")
    rung = "[[ladders.organisation]]\nscore = "
    told = said(text.replace(f"{rung}0.2", f"{rung}{lowest}"))
    reach = f"with all that may join it {weight:.2f}, and the lowest takes {lowest:.2f}"
    assert f"0.toml: rules.over_seats.weight: reaches no step: {reach}" in told


def test_a_ladder_that_rules_no_longer_reach_is_told_of_each_of_them() -> None:
    told = [one for one in said(edited(more=STEP.format(2))) if "reaches no step" in one]
    victims = [rule.name for rule in CATALOGUE.values() if rule.purpose == "protect"]
    reported = {
        f"0.toml: products.p.rules.{name}.weight"
        for name in victims
        if CATALOGUE[name].category == "credential_attack"
    }
    assert reported == {one.partition(": reaches no step")[0] for one in told}


def test_a_file_that_counts_before_the_one_named_first_is_doubtful() -> None:
    later = edited('version = "1"', 'version = "2"\neffective = 2026-01-01T00:00:00Z')
    assert [] == said(SHIPPED, later)
    assert ["1.toml: effective: counts before 0.toml, which is named before it"] == said(later, SHIPPED)


def test_a_doubt_has_a_line() -> None:
    text = edited(FREE, FREE.replace("0.9", "1.1"))
    (doubt,) = doubts([sheet(text)], NOW)
    assert text[: text.index("score = 1.1")].count("\n") + 1 == doubt.line

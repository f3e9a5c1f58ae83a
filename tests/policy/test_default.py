"""The shipped policy: the agreement of 2024-08-08, mildly."""

from detector.categories import AGREEMENT, CLAUSES
from detector.policy import default_book
from detector.policy.document import OF_RELEASES
from detector.policy.doubts import doubts
from detector.policy.names import CATALOGUE
from tests.policy.making import SHIPPED, book, sheet

POLICY = default_book().at(0)
DAY_MS = 86_400_000


def test_it_serves_the_agreement_in_force() -> None:
    assert AGREEMENT == POLICY.agreement_at(2**52)


def test_it_notes_warns_and_restricts_and_goes_further_only_where_somebody_goes_on() -> None:
    steps = [(step.score, step.after, step.action, step.lasts_ms, step.approval) for step in POLICY.enforce]
    assert steps == [
        (0.2, None, "observe", None, "automatic"),
        (0.45, None, "warn", None, "automatic"),
        (0.7, "warn", "restrict", DAY_MS, "automatic"),
        (0.9, None, "restrict", DAY_MS, "automatic"),
        (0.9, "restrict", "suspend", 7 * DAY_MS, "automatic"),
        (0.9, "suspend", "lock", None, "required"),
    ]


def test_nothing_happens_to_a_whole_organisation_without_a_persons_word() -> None:
    steps = [(step.score, step.after, step.action, step.approval) for step in POLICY.organisation]
    assert steps == [
        (0.2, None, "observe", "automatic"),
        (0.45, None, "warn", "automatic"),
        (0.7, "warn", "restrict", "required"),
        (0.9, None, "restrict", "required"),
    ]
    assert POLICY.organisation == POLICY.ladder("seat_sharing", "enforce", "org")
    assert POLICY.enforce == POLICY.ladder("seat_sharing", "enforce")


def test_who_is_attacked_is_warned_at_most() -> None:
    assert ["observe", "warn"] == [step.action for step in POLICY.protect]


def test_a_victim_is_asked_for_a_new_password_and_suspended_only_where_the_holder_asks() -> None:
    assert {"account_takeover": ["observe", "warn", "restrict"], "compromise_report": ["suspend"]} == {
        name: [step.action for step in steps] for name, steps in POLICY.own.items()
    }
    assert "new password" in POLICY.consequences["protect"]["restrict"]["en"]


def test_places_alone_lead_to_no_more_than_a_restriction() -> None:
    switching = {rule.name for rule in CATALOGUE.values() if rule.category == "city_switching"}
    assert switching | {"overlapping_use"} == set(POLICY.caps)
    assert {"restrict"} == set(POLICY.caps.values())


def test_every_rule_is_live_as_it_comes_and_every_category_and_a_release_have_a_notice() -> None:
    assert (set(CATALOGUE), {}, {}) == (set(POLICY.weights), POLICY.modes, POLICY.parameters)
    assert {*CLAUSES, OF_RELEASES} == set(POLICY.notices)


def test_time_passes_in_days() -> None:
    times = (POLICY.half_life_ms, POLICY.cooldown_ms, POLICY.quiet_ms)
    assert (3 * DAY_MS, DAY_MS, 30 * DAY_MS) == times


def test_its_examples_of_layers_are_good_ones() -> None:
    head, _, examples = SHIPPED.partition("has neither. Examples:\n#\n")
    lines = [line.removeprefix("#").removeprefix(" ") for line in examples.splitlines()]
    text = "\n".join([head, *lines])
    read = sheet(text)
    assert ([], []) == (read.problems, doubts([read], 2**52))
    assert ["inspiration"] == [*read.tables["products"]]
    assert "suspend" == book(text).at(0, None, "trial").enforce[1].action

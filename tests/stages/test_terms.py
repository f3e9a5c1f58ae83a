"""Which form of a rule judges which moment."""

from typing import Any

import numpy as np
import pytest

from detector.policy import Book
from detector.policy.version import Party
from detector.rules import RULES, Rule
from detector.rules.crawl_rate import CrawlRate
from detector.rules.crowds import CROWD_RULES, CrowdRule
from detector.rules.crowds.over_seats import OverSeats
from detector.stages.terms import Bench, Terms
from detector.windows import FEATURES
from tests.policy.making import SHIPPED, book, edited, in_mode, on_trial

SLOT = [rule.name for rule in RULES].index("crawl_rate")
OF_CROWD = [rule.name for rule in CROWD_RULES].index("over_seats")
TURN_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z."""


def rule(name: str, text: str) -> str:
    return f"\n[{name}]\n{text}\n"


def second(text: str) -> str:
    """A version that counts from TURN_MS on."""
    return text.replace('version = "1"', 'version = "2"\neffective = 2026-01-01T00:00:00Z', 1)


PARTIES: list[Party] = [("p", None), (None, "q"), ("p", "q"), (None, None)]
LAYERED = book(
    SHIPPED
    + rule("products.p.rules.crawl_rate", "parameters = { paths = 7 }")
    + rule("plans.q.rules.crawl_rate", 'mode = "off"')
    + rule("plans.q.rules.over_seats", 'mode = "off"')
)
VERSIONS = book(
    SHIPPED, second(edited("[rules.crawl_rate]", "[rules.crawl_rate]\nparameters = { paths = 9 }"))
)


def bench(of: Book, times: list[int], parties: list[Party] | None = None) -> Bench[Rule]:
    """Return who judges moments; without parties nobody may be asked for any."""
    features = np.zeros(len(times), FEATURES)
    given: Any = parties
    terms: Terms[Rule] = Terms(RULES, of, layered=True)
    return terms.bench(features, np.array(times, np.int64), lambda place: given[place])


def forms(made: Bench[Rule], count: int) -> list[Rule | None]:
    return [made.panel(place).forms[SLOT] for place in range(count)]


def test_rules_that_no_layer_changes_judge_as_they_come_and_nobody_asks_for_products_or_plans() -> None:
    layered = book(SHIPPED + rule("plans.q.rules.crawl_rate", "weight = 0.5"))
    for of in (book(SHIPPED), layered, book(SHIPPED, second(SHIPPED))):
        made = bench(of, [0, TURN_MS + 1])
        assert RULES == made.panel(0).forms == made.panel(1).forms


def test_a_moment_is_judged_by_its_product_and_plan() -> None:
    assert [CrawlRate(paths=7), None, None, CrawlRate()] == forms(bench(LAYERED, [0] * 4, PARTIES), 4)


def test_a_moment_is_judged_by_the_version_of_its_time() -> None:
    made = bench(VERSIONS, [TURN_MS - 1, TURN_MS], [(None, None)] * 2)
    assert [CrawlRate(), CrawlRate(paths=9)] == forms(made, 2)
    assert CrawlRate(paths=9) == bench(VERSIONS, [TURN_MS, TURN_MS + 5]).rule(SLOT, 1)


def test_a_version_that_comes_later_judges_from_its_moment_on() -> None:
    growing = book(SHIPPED)
    terms: Terms[Rule] = Terms(RULES, growing, layered=True)
    features, times = np.zeros(2, FEATURES), np.array([TURN_MS - 1, TURN_MS], np.int64)
    assert [CrawlRate()] * 2 == forms(terms.bench(features, times, lambda _: (None, None)), 2)
    growing.put(VERSIONS.versions[1])
    assert [CrawlRate(), CrawlRate(paths=9)] == forms(terms.bench(features, times, lambda _: (None, None)), 2)


def test_each_form_says_only_what_it_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CrawlRate, "check", lambda self, seen: np.full(len(seen.row), self.paths / 1000))
    strengths = bench(LAYERED, [0] * 4, PARTIES).strengths(SLOT)
    assert strengths is not None
    assert [0.007, 0.0, 0.0, 0.36] == strengths.tolist()


def test_a_rule_that_is_off_for_all_is_not_asked() -> None:
    off = book(edited("[rules.crawl_rate]", '[rules.crawl_rate]\nmode = "off"'))
    assert bench(off, [0]).strengths(SLOT) is None
    made = bench(LAYERED, [0, 0], [(None, "q"), ("p", "q")])
    assert made.strengths(SLOT) is None
    with pytest.raises(ValueError, match="off"):
        made.rule(SLOT, 0)


def test_a_rule_in_shadow_judges_and_is_known_for_it() -> None:
    made = bench(book(in_mode("shadow", "crawl_rate")), [0])
    assert made.strengths(SLOT) is not None
    places = np.zeros(1, np.intp)
    assert [[True], [False]] == [made.in_shadow(slot, places).tolist() for slot in (SLOT, SLOT + 1)]


def test_a_rule_is_in_shadow_for_whom_the_policy_says_so() -> None:
    layered = book(in_mode("shadow", "crawl_rate") + rule("plans.q.rules.crawl_rate", 'mode = "live"'))
    made = bench(layered, [0] * 4, PARTIES)
    assert [True, False, False, True] == made.in_shadow(SLOT, np.arange(4)).tolist()


def test_a_rule_that_is_off_judges_where_a_policy_in_shadow_hears_it_from_its_date_on() -> None:
    trial = on_trial(
        SHIPPED + rule("products.new.rules.crawl_rate", 'mode = "off"'), date="2026-01-01T00:00:00Z"
    )
    of = book(in_mode("off", "crawl_rate"), trial)
    parties: list[Party] = [(None, None), (None, None), ("new", None), ("p", "q")]
    made = bench(of, [TURN_MS - 1, TURN_MS, TURN_MS, TURN_MS], parties)
    assert [None, CrawlRate(), None, CrawlRate()] == forms(made, 4)
    assert [True, True] == made.in_shadow(SLOT, np.array([1, 3])).tolist()


def test_what_many_share_is_judged_where_any_layer_wants_it() -> None:
    off = '[rules.over_seats]\nmode = "off"'
    for text, wanted in (
        (SHIPPED + rule("plans.q.rules.over_seats", 'mode = "off"'), OverSeats()),
        (edited("[rules.over_seats]", off, rule("plans.q.rules.over_seats", 'mode = "live"')), OverSeats()),
        (edited("[rules.over_seats]", off), None),
        (edited("[rules.over_seats]", "[rules.over_seats]\nparameters = { days = 9 }"), OverSeats(days=9)),
    ):
        terms: Terms[CrowdRule] = Terms(CROWD_RULES, book(text), layered=False)
        made = terms.bench(np.zeros(1, FEATURES), np.zeros(1, np.int64), lambda _: (None, None))
        assert wanted == made.panel(0).forms[OF_CROWD]

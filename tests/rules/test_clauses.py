"""The agreement is covered clause by clause, as the page says."""

from pathlib import Path

import pytest

from detector.categories import CLAUSES
from detector.rules import Rule
from detector.rules.clauses import WORDS, detectors, served, to_markdown
from detector.rules.crowds import CrowdRule
from detector.rules.head import head_of
from detector.rules.page import EVERY_RULE

PAGE = Path(__file__).parents[2] / "docs" / "clauses.md"


def test_the_page_is_current() -> None:
    assert to_markdown() == PAGE.read_text(), "make it: python -m detector.rules.clauses > docs/clauses.md"


def test_every_clause_of_every_category_has_its_row() -> None:
    assert {(clause, name) for name, clauses in CLAUSES.items() for clause in clauses} == set(served())
    assert {clause for clause, _ in served()} == set(WORDS)


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.name)
def test_a_rule_names_clauses_of_its_category_and_none_else(rule: Rule | CrowdRule) -> None:
    named = head_of(rule).clauses
    assert set() < set(named) <= set(CLAUSES[rule.category])


def test_rules_stand_in_the_rows_of_the_clauses_that_they_name() -> None:
    assert "brute_force" in detectors("9.1(2)(a)", "credential_attack", EVERY_RULE)
    assert [] == detectors("9.1(2)(e)", "credential_attack", EVERY_RULE)
    shown = {name for clause, category in served() for name in detectors(clause, category, EVERY_RULE)}
    assert {rule.name for rule in EVERY_RULE} == shown

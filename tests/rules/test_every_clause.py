"""Nothing that the agreement forbids goes unwatched."""

import pytest

from detector.categories import CATEGORIES, Category
from detector.rules.clauses import detectors, served
from detector.rules.page import EVERY_RULE


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.name)
def test_every_category_has_a_detector(category: Category) -> None:
    assert category.name in {rule.category for rule in EVERY_RULE}


@pytest.mark.parametrize(("clause", "category"), tuple(served()))
def test_every_clause_has_a_detector_in_every_category_that_serves_it(clause: str, category: str) -> None:
    assert detectors(clause, category, EVERY_RULE), f"no rule of {category} names {clause} in its head"

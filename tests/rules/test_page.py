from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from detector.rules import Rule
from detector.rules.crowds import CrowdRule
from detector.rules.page import EVERY_RULE, to_markdown

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_current() -> None:
    assert to_markdown(EVERY_RULE) == PAGE.read_text(), (
        "make it: python -m detector.rules.page > docs/rules.md"
    )


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.name)
def test_the_page_says_everything_of_a_rule(rule: Rule | CrowdRule) -> None:
    page = to_markdown([rule])
    headings = ["Clause", "Source", "Misses", "Errs", "Strength", "Parameters"]
    assert [] == [heading for heading in headings if f"**{heading}**" not in page]
    parameters: Any = rule
    assert [] == [field.name for field in fields(parameters) if f"`{field.name}`" not in page]

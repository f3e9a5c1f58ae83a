from pathlib import Path

from detector.policy.document import LADDERS
from detector.policy.names import CATALOGUE
from detector.policy.page import to_markdown

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"


def test_the_page_is_the_codes() -> None:
    assert to_markdown() == PAGE.read_text()


def test_the_page_has_every_rule() -> None:
    assert [] == [name for name in CATALOGUE if f"| [`{name}`]" not in to_markdown()]


def test_the_page_has_every_ladder() -> None:
    assert [] == [name for name in LADDERS if f"| `{name}` |" not in to_markdown()]

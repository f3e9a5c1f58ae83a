"""What one policy says otherwise than another, in lines for a person."""

import pytest

from detector.policy.changes import changes
from tests.policy.making import SHIPPED, edited, sheet

CRAWL = "[rules.crawl_rate]"
WARN = 'score = 0.45\naction = "warn"'
STEP = '\n[[plans.trial.ladders.enforce]]\nscore = 0.4\naction = "warn"\nseverity = "low"\n'
STEP_LINE = "plans.trial.ladders.enforce: score 0.4, action warn, severity low"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (SHIPPED, []),
        (
            "# another comment\n"
            + edited('version = "1"', 'version = "2"\neffective = 2026-01-01T00:00:00Z'),
            [],
        ),
        (edited('half_life = "3d"', 'half_life = "2d"'), ["half_life: '3d' -> '2d'"]),
        (edited(CRAWL, f'{CRAWL}\nmode = "off"'), ["+ rules.crawl_rate.mode: 'off'"]),
        (edited(more=STEP), [f"+ {STEP_LINE}"]),
    ],
)
def test_each_change_is_a_line(text: str, lines: list[str]) -> None:
    assert lines == changes(sheet(SHIPPED).tables, sheet(text).tables)
    back = [line.replace("+ ", "- ") for line in lines if line.startswith("+")]
    assert back == [line for line in changes(sheet(text).tables, sheet(SHIPPED).tables) if line[0] == "-"]


def test_a_step_that_is_another_is_gone_and_new() -> None:
    said = changes(sheet(SHIPPED).tables, sheet(edited(WARN, WARN.replace("0.45", "0.5"))).tables)
    assert ["- ladders.enforce: score 0.45, action warn", "+ ladders.enforce: score 0.5, action warn"] == [
        line.partition(", severity")[0] for line in said
    ]


def test_of_a_sentence_it_is_said_that_it_is_another() -> None:
    told = "Your account appears to be used from a cloud provider's network."
    lines = changes(sheet(SHIPPED).tables, sheet(edited(told, f"{told} Stop it.")).tables)
    assert ["notices.datacenter_access.en: another text"] == lines

import re

import pytest

from benchmarks.measure.history import Size
from benchmarks.measure.page import page, particulars
from benchmarks.measure.reasons import MISSED, NOT_SEEN, WRONG
from detector.categories import CLAUSES
from detector.simulate.profiles import FULL
from tests.benchmarks.making import measured

SIZE = Size("full", days=7, decks=2)


@pytest.fixture(scope="module")
def text() -> str:
    return page([measured(91_001), measured(91_002)], SIZE)


def rows(text: str, heading: str) -> list[list[str]]:
    """The table under a heading."""
    part = text.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:1] == "|"
    ]


def test_the_page_says_how_it_was_made_and_no_date(text: str) -> None:
    assert "python -m benchmarks.accuracy --population full --decks 2 --days 7 --seeds 2" in text
    assert "seeds 91001 to 91002" in " ".join(text.split())
    assert "tuned on other seeds" in " ".join(text.split())
    assert "2 whole decks over 7 days each" in text
    assert "2,468 events of 10 accounts, of which 4 are innocent" in " ".join(text.split())
    assert not re.search(r"\b20\d\d\b", text)


def test_tables_are_square_and_placeholders_filled(text: str) -> None:
    assert "{" not in text
    for heading in re.findall(r"^## (.*)$", text, re.MULTILINE):
        assert len({len(row) for row in rows(text, heading)}) <= 1, heading


def test_a_trial_of_a_few_accounts_says_so() -> None:
    text = page([measured(1)], Size("full", days=1, accounts=30))
    assert "--accounts 30 --days 1 --seeds 1 --tuning" in text
    assert "30 accounts over 1 day each" in text


def test_bars_that_are_not_met_say_where(text: str) -> None:
    table = {row[0]: row[1] for row in rows(text, "Where bars are not met")}
    assert "slow_crawler, subtle 2 of 2" == table["recall over affairs"]
    assert "commuter 2 of 2" == table["false alarms per 1,000 innocent accounts and week (aim 0.2)"]
    assert "recall, blatant and clear" not in table


def test_what_is_missed_and_what_is_wrong_has_a_reason_or_says_that_nobody_looked(text: str) -> None:
    table = {row[0]: row[1:] for row in rows(text, "Why")}
    assert {"what", "---", "slow_crawler, missed", "`city_switching`, wrong"} == set(table)
    assert ["2 of 2", NOT_SEEN] == table["slow_crawler, missed"]
    assert "2 of 2" == table["`city_switching`, wrong"][0]


def test_reasons_are_about_profiles_and_categories_that_there_are() -> None:
    assert set(MISSED) <= {profile.name for profile in FULL.profiles if profile.difficulty}
    assert set(WRONG) <= set(CLAUSES)
    said = (*MISSED.values(), *WRONG.values())
    assert [] == [text for text in said if not text or text != text.strip() or "  " in text or "|" in text]


def test_both_levels_stand_beside_each_other(text: str) -> None:
    table = {row[0]: row[1:] for row in rows(text, "The whole")}
    assert ["4 / 6", "2 / 2"] == table["right of all cases"]
    assert ["4 / 6", "2 / 6"] == table["caught of all affairs"]


def test_a_lower_threshold_catches_more_and_a_higher_one_accuses_less(text: str) -> None:
    table = {row[0]: row[1:] for row in rows(text, "Trade-off")}
    recalls = [table[threshold][2].split()[0] for threshold in ("0.20", "0.45", "0.80", "0.95")]
    alarms = [table[threshold][3].split()[0] for threshold in ("0.20", "0.45", "0.60", "0.95")]
    assert ["1.000", "0.667", "0.333", "0.333"] == recalls
    assert ["500.00", "500.00", "0.00", "0.00"] == alarms


def test_baselines_stand_beside_the_detector_in_their_category(text: str) -> None:
    table = {row[0]: row[2:] for row in rows(text, "Thresholds of other systems")}
    travel = ["`city_switching`", "0.000", "-", "1000.00", "0.000", "-", "500.00"]
    assert travel == table["two logins faster than 900 km/h"]
    paths = ["`crawler`", "1.000", "1.000", "0.00", "1.000", "0.500", "0.00"]
    assert paths == table["40 distinct paths, leaking one per 0.5 s, by address"]
    assert ["all", "0.500", "0.667", "1000.00", "0.667", "0.667", "500.00"] == table["any of them"]


def test_names_of_accounts_are_told_only_for_tuning(text: str) -> None:
    assert "account g" not in text
    assert "are flattering" in page([measured(1)], SIZE)
    told = particulars([measured(1)])
    assert "wrong: warn for city_switching, account g of history 1 (commuter)" in told
    assert "missed: subtle crawler, account m of history 1 (slow_crawler)" in told

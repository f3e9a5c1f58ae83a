import pytest

from detector.scoring.labels import Subject
from detector.scoring.restate import restate
from detector.scoring.tally import Counts, total

INNOCENTS = {(0, Subject(type="account", id=str(number))): 2.0 for number in range(1000)}


def counts(caught: int, false_alarms: int) -> Counts:
    affairs = {(0, str(number)): 0 for number in range(10)}
    return Counts(
        affairs=affairs,
        caught=dict(list(affairs.items())[:caught]),
        false_alarms=false_alarms,
        innocents=INNOCENTS,
    )


def test_precision_is_restated_from_recall_and_false_alarms_per_account() -> None:
    # Of 1,000 accounts 5 abuse: 4 of them are caught; of 995 innocents 3 in 1,000 are accused in two weeks.
    got = restate(total("all", counts(8, 3), INNOCENTS))
    assert 4 / (4 + 995 * 0.003) == pytest.approx(got.value)


def test_its_bounds_take_the_worst_and_the_best_of_both() -> None:
    row = total("all", counts(8, 3), INNOCENTS)
    got = restate(row, prevalence=0.5)
    assert row.recall.low is not None
    assert row.false_alarms.high is not None
    worst = row.false_alarms.high / 1000 * 2
    assert row.recall.low / (row.recall.low + worst) == pytest.approx(got.low)
    assert got.low is not None
    assert got.value is not None
    assert got.high is not None
    assert got.low < got.value < got.high


def test_without_false_alarms_the_low_bound_still_says_what_is_not_known() -> None:
    got = restate(total("all", counts(10, 0), INNOCENTS))
    assert 1.0 == got.value
    assert got.low is not None
    assert 0.4 < got.low < 0.7


def test_where_nothing_is_caught_nor_accused_there_is_no_precision() -> None:
    assert None is restate(total("all", counts(0, 0), INNOCENTS)).value
    assert None is restate(total("all", Counts(), {})).value

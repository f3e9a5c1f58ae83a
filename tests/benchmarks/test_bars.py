import pytest

from benchmarks.measure.bars import Bar, _least, _most, bars
from benchmarks.measure.history import Measured
from detector.scoring import Judged, pooled
from detector.scoring.confidence import share
from tests.benchmarks.making import measured


def held(*histories: Measured) -> dict[str, Bar]:
    score = pooled([Judged(each.alerts, each.labels) for each in histories])
    return {bar.what: bar for bar in bars(score, [each.activity for each in histories])}


@pytest.mark.parametrize(
    ("what", "value", "met"),
    [
        ("precision of cases at `warn` or above", "0.667", False),
        ("the same, counted by affair", "0.667", False),
        ("precision in the worst category, `city_switching`", "0.000", False),
        ("recall over affairs", "0.667", False),
        ("recall, blatant and clear", "1.000", True),
        ("recall, subtle (aim 0.90)", "0.000", False),
        ("false alarms per 1,000 innocent accounts and week (aim 0.2)", "500.0000", False),
        ("false alarms at `restrict` or above", "0.0000", True),
        ("share of the worst innocent profile hit, `commuter`", "1.0000", False),
        ("recall of the blatant at `restrict` or above", "1.000", True),
        ("median delay: attacks, floods, fast crawlers, bursts of registrations", "0.5 min", True),
        ("median activity before sharing and switching are seen", "0.4 h", True),
        ("innocent account-weeks measured", "2", False),
    ],
)
def test_a_bar_says_what_was_measured_and_whether_it_is_met(what: str, value: str, met: bool) -> None:  # noqa: FBT001 - a parameter of the test
    bar = held(measured())[what]
    assert (value, met) == (bar.value, bar.met)


def test_a_bar_says_where_most_is_missing() -> None:
    bars = held(measured())
    assert ("city_switching 1 of 1",) == bars["precision of cases at `warn` or above"].where
    assert ("slow_crawler, subtle 1 of 1",) == bars["recall over affairs"].where
    assert () == bars["recall, blatant and clear"].where
    assert ("commuter 1 of 1",) == bars["share of the worst innocent profile hit, `commuter`"].where


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    got = held()
    assert {None, False} == {bar.met for bar in got.values()}
    assert ["innocent account-weeks measured"] == [bar.what for bar in got.values() if bar.met is False]


def test_bounds_narrow_with_more_histories() -> None:
    what = "precision of cases at `warn` or above"
    assert "0.208 to 0.939" == held(measured())[what].bounds
    assert "0.391 to 0.862" == held(*[measured()] * 4)[what].bounds


def test_a_bar_that_is_just_reached_is_met() -> None:
    assert _least("", share(19, 20), 0.95).met
    assert not _least("", share(18, 20), 0.95).met
    assert _most("", share(1, 200), 0.005).met

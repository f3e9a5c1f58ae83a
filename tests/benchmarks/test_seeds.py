from benchmarks.measure.seeds import REPORTING, TUNING


def test_no_seed_is_for_tuning_and_for_reporting() -> None:
    assert set() == set(REPORTING) & set(TUNING)


def test_every_reporting_seed_is_there_once() -> None:
    assert len(REPORTING) == len(set(REPORTING))

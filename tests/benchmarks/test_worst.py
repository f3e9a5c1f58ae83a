from benchmarks.measure.worst import SHOWN, slow, wrong
from detector.scoring.tally import Counts, Row, total


def category(name: str, wrong_cases: int, right_cases: int) -> Row:
    cases = {(0, f"{number}"): number >= wrong_cases for number in range(wrong_cases + right_cases)}
    return total(name, Counts(cases=cases), {})


def test_the_worst_come_first_and_the_good_not_at_all() -> None:
    rows = [category("good", 0, 9), category("bad", 2, 1), category("worse", 3, 50), category("rare", 2, 0)]
    assert ("worse 3 of 53", "rare 2 of 2", "bad 2 of 3") == wrong(rows)


def test_only_the_worst_few_are_named() -> None:
    assert SHOWN == len(wrong([category(f"{number}", 1, 1) for number in range(9)]))


def test_who_is_slow_is_named_with_the_median() -> None:
    delays = [
        ("burst", 30_000),
        ("burst", 90_000),
        ("attack", 120_000),
        ("attack", 240_000),
        ("flood", 60_000),
    ]
    assert ("attack 3.0 min (of 2)",) == slow(delays, 60_000, 60_000, "min")

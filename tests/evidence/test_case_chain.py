"""Links of one case, in whatever order: what never came is told apart from what came late or twice."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from detector.evidence import Fault
from detector.evidence.case_chain import CaseChain
from detector.evidence.claims import Link

MOST = 12


def link(number: int) -> Link:
    return Link("c-1", number, f"h{number - 1}" if number > 1 else "", f"h{number}")


def put(chain: CaseChain, number: int, *, late: bool = False) -> list[str]:
    named = Fault(f"{number}", "a", "c-1", number, "")
    return [what.partition(":")[0] for what in chain.put(link(number), named, may_begin_late=late)]


def missing(chain: CaseChain, *, allowed: bool = False) -> list[int]:
    return [
        number for gap in chain.gaps if gap.allowed == allowed for number in range(gap.first, gap.last + 1)
    ]


def after(numbers: Iterable[int], *, late: bool = False) -> CaseChain:
    chain = CaseChain()
    for number in numbers:
        put(chain, number, late=late)
    return chain


@given(st.lists(st.integers(1, MOST), unique=True, min_size=1))
def test_in_any_order_what_is_missing_is_what_never_came(numbers: list[int]) -> None:
    assert sorted({*range(1, max(numbers))} - {*numbers}) == missing(after(numbers))


@given(st.permutations(range(1, MOST)))
def test_true_links_in_any_order_are_reordered_and_nothing_else(numbers: list[int]) -> None:
    chain = CaseChain()
    for place, number in enumerate(numbers):
        late = number < max(numbers[: place + 1])
        assert (["reordered"] if late else []) == put(chain, number)
    assert [] == chain.gaps


@given(st.lists(st.integers(1, MOST), unique=True, min_size=1), st.integers(0))
def test_a_number_that_comes_again_is_told(numbers: list[int], which: int) -> None:
    (told,) = put(after(numbers), numbers[which % len(numbers)])
    assert "doubled" in told


@given(st.lists(st.integers(1, MOST), unique=True, min_size=1))
def test_only_what_is_before_all_that_came_may_have_been_let_go(numbers: list[int]) -> None:
    chain = after(numbers, late=True)
    assert list(range(1, min(numbers))) == missing(chain, allowed=True)
    assert sorted({*range(min(numbers), max(numbers))} - {*numbers}) == missing(chain)


def test_a_gap_names_the_alert_behind_it() -> None:
    (one, more) = after([2, 5]).gaps
    assert ("2", "missing: number 1 does not come before it") == (one.fault.place, one.fault.what)
    assert ("5", "missing: numbers 3 to 4 do not come before it") == (more.fault.place, more.fault.what)


def test_thousands_of_gaps_are_filled_within_a_moment() -> None:
    chain = after(range(2, 40_000, 2))
    for number in range(1, 40_000, 2):
        put(chain, number)
    assert [] == chain.gaps

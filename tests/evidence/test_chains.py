"""Chains hold for what a replay wrote, and for nothing that was taken out, put in or moved."""

import json
from itertools import combinations, permutations
from random import Random

import msgspec
import pytest

from detector.alerts import Alert
from detector.evidence import Chains, Head, head_of, read_claim
from tests.evidence.chained import case_of_three, forged, found, heads, lines, named, without

PLACES = range(15)


def longer() -> list[bytes]:
    """The alerts of cases that have more than one."""
    ids = [json.loads(line)["case_id"] for line in lines()]
    return [line for line, case_id in zip(lines(), ids, strict=True) if ids.count(case_id) > 1]


def ends_with(line: bytes) -> Head:
    return head_of(msgspec.json.decode(line, type=Alert))


def test_what_a_replay_wrote_holds() -> None:
    assert 15 == len(lines())
    assert [] == found(lines())
    assert [] == found(lines(), heads())


def test_alerts_and_cases_are_counted() -> None:
    chains = Chains()
    for line in lines():
        chains.take("", read_claim(line))
    assert (15, len(heads()), 0) == (chains.tally.alerts, chains.tally.cases, chains.tally.faults)


@pytest.mark.parametrize("place", PLACES)
def test_any_alert_that_is_gone_is_found_by_the_heads(place: int) -> None:
    assert {"missing"} == {what for _, what in named(found(without(lines(), place), heads()))}


@pytest.mark.parametrize("place", PLACES)
def test_a_whole_case_that_is_gone_is_found_by_its_head(place: int) -> None:
    case_id = json.loads(lines()[place])["case_id"]
    rest = [line for line in lines() if json.loads(line)["case_id"] != case_id]
    (fault,) = found(rest, heads())
    assert (case_id, "at the end", "none of its alerts is there") == (
        fault.case_id,
        fault.place,
        fault.what.rpartition("but ")[2],
    )


@pytest.mark.parametrize(("one", "other"), list(combinations(PLACES, 2)))
def test_any_two_alerts_that_changed_places_are_found(one: int, other: int) -> None:
    swapped = list(lines())
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert "out of order" in {what for _, what in named(found(swapped))}


@pytest.mark.parametrize("to", range(16))
@pytest.mark.parametrize("place", PLACES)
def test_any_alert_that_is_there_twice_is_found(place: int, to: int) -> None:
    doubled = [*lines()[:to], lines()[place], *lines()[to:]]
    assert [] != found(doubled)


@pytest.mark.parametrize("place", PLACES)
def test_an_alert_that_somebody_added_and_hashed_is_found(place: int) -> None:
    line = lines()[place]
    inserted = [*lines()[: place + 1], forged(line, score=0.123), *lines()[place + 1 :]]
    assert (f"line {place + 2}", "inserted or doubled") in named(found(inserted))


@pytest.mark.parametrize("place", PLACES)
def test_an_added_case_is_found_by_the_heads_alone(place: int) -> None:
    line = lines()[0]
    time = json.loads(lines()[place])["decided_time"]
    added = forged(line, case_id="0" * 32, sequence=1, decided_time=time)
    inserted = [*lines()[:place], added, *lines()[place:]]
    assert [] == found(inserted)
    assert [(f"line {place + 1}", "without head")] == named(found(inserted, heads()))


def test_an_alert_added_behind_a_case_is_found_by_its_head() -> None:
    last = json.loads(case_of_three()[-1])
    added = {**last, "sequence": 4, "chain": {"previous": last["chain"]["hash"], "hash": ""}}
    more = [*case_of_three(), forged(json.dumps(added).encode())]
    assert [] == found(more)
    own = {last["case_id"]: heads()[last["case_id"]]}
    assert [("line 4", "inserted")] == named(found(more, own))


def test_an_alert_changed_and_hashed_anew_breaks_the_chain_behind_it() -> None:
    first, second, third = case_of_three()
    assert [("line 3", "broken")] == named(found([first, forged(second, score=0.123), third]))


def test_the_last_alert_changed_and_hashed_anew_is_not_the_head() -> None:
    first, second, third = case_of_three()
    changed = [first, second, forged(third, score=0.123)]
    assert [] == found(changed)
    case_id = json.loads(third)["case_id"]
    assert [("line 3", "not the head")] == named(found(changed, {case_id: heads()[case_id]}))


def test_every_bad_alert_is_named_and_no_good_one() -> None:
    texts = [line.replace(b'"approval":"automatic"', b'"approval":"required"') for line in lines()[:9]]
    assert [(f"line {number}", "changed") for number in range(1, 10)] == named(
        found([*texts, *lines()[9:]], heads())
    )


def test_a_changed_number_leaves_a_gap_and_no_more() -> None:
    first, second, third = case_of_three()
    changed = second.replace(b'"sequence":2', b'"sequence":9')
    faults = found([first, changed, third])
    assert [("line 2", "changed"), ("line 3", "missing")] == named(faults)
    assert "missing: number 2 does not come before it" == faults[-1].what


@pytest.mark.parametrize("seed", range(20))
def test_a_wrong_order_is_said_once(seed: int) -> None:
    (fault,) = found(Random(seed).sample(lines(), len(lines())), heads())
    assert "out of order" == fault.what.partition(":")[0]


def test_where_no_order_is_asked_for_that_of_each_case_counts() -> None:
    backwards = list(reversed(lines()))
    assert {"reordered"} == {what for _, what in named(found(backwards, ordered=False))}
    assert [] == found([line for line in backwards if line not in longer()], ordered=False)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reordered_alerts_of_a_case_are_named_and_none_is_missing(order: tuple[int, ...]) -> None:
    case = [case_of_three()[place] for place in order]
    behind = [f"line {line}" for line, place in enumerate(order, 1) if place < max(order[:line])]
    for partial in (False, True):
        assert [(place, "reordered") for place in behind] == named(
            found(case, ordered=False, partial=partial)
        )


def test_a_false_alert_in_a_wrong_place_does_not_fit_its_neighbours() -> None:
    first, second, third = case_of_three()
    false = forged(second, score=0.123)
    assert [("line 3", "reordered"), ("line 3", "broken")] == named(
        found([first, third, false], ordered=False)
    )
    odd = json.loads(second)
    odd["chain"]["previous"] = "0" * 64
    whats = [
        what for _, what in named(found([first, third, forged(json.dumps(odd).encode())], ordered=False))
    ]
    assert ["reordered", "broken", "broken"] == whats


def test_a_chain_that_begins_later_is_counted_where_that_is_allowed() -> None:
    _, second, third = case_of_three()
    assert [("line 1", "missing")] == named(found([second, third]))
    chains = Chains()
    assert [] == chains.take("", read_claim(second), may_begin_late=True)
    assert [] == chains.take("", read_claim(third), may_begin_late=True)
    assert [] == list(chains.end())
    assert (1, 1) == (chains.tally.begun_late, chains.tally.cases)


def test_a_gap_is_none_that_may_be_there_in_the_middle() -> None:
    first, _, third = case_of_three()
    assert [("line 2", "missing")] == named(found([first, third], partial=True))


def test_heads_of_cases_that_may_be_gone_are_counted() -> None:
    chains = Chains(heads())
    assert [] == list(chains.end(gone=lambda _: True))
    assert len(heads()) == chains.tally.gone


def test_heads_taken_while_alerts_came_accuse_nobody() -> None:
    first, second, third = case_of_three()
    case_id = json.loads(first)["case_id"]
    chains = Chains({case_id: ends_with(second)}, settled=False, ordered=False)
    others = [line for line in lines() if json.loads(line)["case_id"] != case_id]
    faults = [chains.take("", read_claim(line)) for line in (first, second, third, *others)]
    assert [[]] * 15 == faults
    assert [] == list(chains.end())
    assert (1, len(heads()) - 1) == (chains.tally.newer, chains.tally.headless)


def test_heads_taken_while_alerts_came_show_a_tail_that_is_cut_off() -> None:
    first, second, third = case_of_three()
    case_id = json.loads(first)["case_id"]
    known = {case_id: ends_with(third)}
    assert [("at the end", "missing")] == named(found([first, second], known, settled=False))

import re
from collections import Counter
from itertools import pairwise
from statistics import median

import pytest

from detector.simulate import Pools
from detector.simulate.programs import crawlers
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import MONDAY_MS, Build, abuse, born, some, visits

STRENGTHS = ("blatant", "clear", "subtle")


def crawled(who: Inhabitant, count: int = 3) -> list[tuple[int, str]]:
    """Time and path of the program's requests, in order."""
    return sorted(
        (time_ms, str(event["path"]))
        for visit in abuse(visits(who, count))
        for time_ms, _, event in visit.events()
        if event["type"] == "request"
    )


def gaps(who: Inhabitant) -> list[int]:
    return [after[0] - before[0] for before, after in pairwise(crawled(who))]


@pytest.mark.parametrize(
    ("difficulty", "least", "most"), [("blatant", 200, 900), ("clear", 800, 2_700), ("subtle", 2_000, 7_000)]
)
def test_a_fast_crawler_is_as_fast_as_its_strength(
    pools: Pools, difficulty: str, least: int, most: int
) -> None:
    for who in some(crawlers.fast_crawler, pools, difficulty, 4):
        assert least < median(gaps(who)) < most


@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_a_slow_crawler_is_regular(pools: Pools, difficulty: str) -> None:
    for who in some(crawlers.slow_crawler, pools, difficulty, 3):
        waited = gaps(who)
        middle = median(waited)
        assert 4_000 < middle < 200_000
        assert 0.9 < sum(0.6 * middle < gap < 1.7 * middle for gap in waited) / len(waited)


@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_a_sleepless_crawler_works_at_every_hour_without_a_beat(pools: Pools, difficulty: str) -> None:
    who = born(crawlers.sleepless_crawler, pools, difficulty)
    assert 24 == len({(time_ms - MONDAY_MS) // HOUR_MS % 24 for time_ms, _ in crawled(who)})
    waited = gaps(who)
    middle = median(waited)
    assert 0.4 < sum(abs(gap - middle) > 0.25 * middle for gap in waited) / len(waited)


@pytest.mark.parametrize("build", [crawlers.fast_crawler, crawlers.slow_crawler])
def test_a_program_takes_one_thing_after_the_other_and_no_asset(pools: Pools, build: Build) -> None:
    paths = [path for _, path in crawled(born(build, pools, "blatant"), 3)]
    things = [int(match[1]) for path in paths if (match := re.search(r"materials/(\d+)", path))]
    assert 0.9 < sum(after - before == 1 for before, after in pairwise(things)) / len(things)
    assert not any("/static/" in path or "/media/" in path for path in paths)
    assert 0 < sum(path.startswith("/categories/") for path in paths) < 0.05 * len(paths)


def test_a_driven_browser_loads_assets_and_data(pools: Pools) -> None:
    for difficulty in STRENGTHS:
        paths = Counter(
            path.split("/")[1] for _, path in crawled(born(crawlers.headless_browser, pools, difficulty))
        )
        assert paths["media"] > paths["materials"] > 20
        assert paths["api"] >= paths["materials"]
        assert 0 < paths["static"] < paths["materials"]


def test_some_owners_use_the_account_themselves(pools: Pools) -> None:
    owned = [
        len(abuse(planned)) < len(planned)
        for who in some(crawlers.slow_crawler, pools, "subtle", 20)
        if (planned := visits(who, 5))
    ]
    assert any(owned)
    assert not all(owned)

from itertools import pairwise
from statistics import median

import pytest

from detector.simulate import Pools
from detector.simulate.programs import bots
from tests.simulate.lives import Build, events, some


@pytest.mark.parametrize("build", [bots.forged_search_bot, bots.declared_bot])
def test_a_bot_names_itself_and_reads_no_robots_txt(pools: Pools, build: Build) -> None:
    for who in some(build, pools, "clear", 5):
        happened = events(who, 4)
        assert 1 == len({(event["ip"], event["user_agent"]) for event in happened})
        assert not any(event["path"] == "/robots.txt" or "account_id" in event for event in happened)


def test_a_forged_bot_claims_a_search_engine(pools: Pools) -> None:
    for who in some(bots.forged_search_bot, pools, "subtle", 9):
        agent = str(events(who, 4)[0]["user_agent"]).lower()
        assert any(name in agent for name in ("googlebot", "bingbot"))


@pytest.mark.parametrize("build", [bots.forged_search_bot, bots.declared_bot])
def test_a_subtle_bot_is_slow(pools: Pools, build: Build) -> None:
    for who in some(build, pools, "subtle", 4):
        times = [int(str(event["time"])) for event in events(who, 4)]
        gaps = sorted(after - before for before, after in pairwise(times))
        assert 10_000 < median(gaps) < 200_000

from itertools import pairwise

import pytest

from detector.simulate import Pools
from detector.simulate.programs import bystanders
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import MONDAY_MS, Build, events, some


@pytest.mark.parametrize("build", [bystanders.uptime_monitor, bystanders.health_check])
def test_monitors_ask_the_same_round_the_clock(pools: Pools, build: Build) -> None:
    for who in some(build, pools, count=3):
        happened = events(who, 2)
        assert 24 == len({(int(str(e["time"])) - MONDAY_MS) // HOUR_MS % 24 for e in happened})
        assert len({event["path"] for event in happened}) <= 2
        assert {"network", "account"} == {one.type for one in who.quiet}
        assert {one.id for one in who.quiet if one.type == "network"} == {event["ip"] for event in happened}


def test_a_reader_fetches_feeds_seldom_and_mostly_in_vain(pools: Pools) -> None:
    for who in some(bystanders.feed_reader, pools, count=3):
        happened = events(who, 3)
        assert all(str(event["path"]).startswith("/feeds/") for event in happened)
        assert 0.6 < sum(event["status"] == 304 for event in happened) / len(happened)
        assert all(a["time"] < b["time"] for a, b in pairwise(happened))  # type: ignore[operator]


def test_a_search_engine_reads_robots_txt_every_day(pools: Pools) -> None:
    for who in some(bystanders.search_bot, pools, count=4):
        for day in range(3):
            paths = [event["path"] for event in events(who, 1, first=day)]
            assert "/robots.txt" in paths
            assert len(paths) < 2_000

import re

import pytest

from detector.simulate import Pools
from detector.simulate.programs import crawl_rings
from detector.simulate.programs.hideouts import prefix
from tests.simulate.lives import abuse, accounts, some, visits

SIZES = [("blatant", 30, 100), ("clear", 12, 30), ("subtle", 5, 14)]


@pytest.mark.parametrize(("difficulty", "least", "most"), SIZES)
def test_accounts_split_a_catalogue_with_one_program(
    pools: Pools, difficulty: str, least: int, most: int
) -> None:
    for who in some(crawl_rings.distributed_crawl, pools, difficulty, 3):
        planned = abuse(visits(who, 5))
        assert least <= len(accounts(planned)) <= most
        assert 1 == len({(visit.device.user_agent, visit.device.tls_fingerprint) for visit in planned})
        # What one account takes, no other takes.
        things: dict[str, str] = {}
        for visit in planned:
            for _, _, event in visit.events():
                if match := re.search(r"materials/(\d+)", str(event.get("path"))):
                    assert event["account_id"] == things.setdefault(match[1], str(event["account_id"]))


def test_each_of_a_subtle_ring_has_a_line_of_its_own(pools: Pools) -> None:
    for who in some(crawl_rings.distributed_crawl, pools, "subtle", 4):
        planned = visits(who, 4)
        assert len({visit.ip for visit in planned}) == len(accounts(planned))


@pytest.mark.parametrize("difficulty", ["blatant", "clear", "subtle"])
def test_strangers_of_one_network_ask_a_little_each(pools: Pools, difficulty: str) -> None:
    for who in some(crawl_rings.anonymous_crawl, pools, difficulty, 4):
        planned = visits(who, 4)
        assert {who.charges[0].subject.id} == {prefix(visit.ip) for visit in planned}
        assert 15 <= len({visit.ip for visit in planned})
        assert all(visit.account is None and len(visit.events()) <= 130 for visit in planned)


def test_the_network_is_a_24_or_a_64(pools: Pools) -> None:
    subjects = [who.charges[0].subject.id for who in some(crawl_rings.anonymous_crawl, pools, "subtle", 12)]
    assert {"24", "64"} == {subject.rpartition("/")[2] for subject in subjects}

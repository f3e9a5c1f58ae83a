from random import Random

from detector.enrich.crawlers import CRAWLER_OPERATORS, claimed_operator
from detector.enrich.networks import Networks
from detector.simulate.programs.search_bots import ENGINES, crawler_of


def test_crawlers_come_from_the_ranges_of_whom_they_claim_to_be() -> None:
    networks, claimed = Networks(), set()
    for seed in range(40):
        device, spots = crawler_of(Random(seed))
        operator = claimed_operator(device.user_agent.lower())
        claimed.add(CRAWLER_OPERATORS[operator])
        assert {operator} == {networks.classify(spot.ip, 0, "")[1] for spot in spots}
    assert {engine.name for engine in ENGINES} == claimed

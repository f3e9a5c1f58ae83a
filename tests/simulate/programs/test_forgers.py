from collections import Counter

import pytest

from detector.simulate import Pools
from detector.simulate.programs import forgers
from tests.simulate.lives import abuse, events, some, visits


@pytest.mark.parametrize(("difficulty", "least"), [("blatant", 100), ("clear", 3), ("subtle", 1)])
def test_forwarded_addresses_change_while_the_peer_stays(pools: Pools, difficulty: str, least: int) -> None:
    for who in some(forgers.ip_spoofer, pools, difficulty, 3):
        for visit in abuse(visits(who, 5)):
            chains = Counter(tuple(map(str, e["forwarded_for"])) for _, _, e in visit.events())  # type: ignore[call-overload]
            assert least <= len(chains)
            assert visit.ip not in {ip for chain in chains for ip in chain}


def test_a_subtle_chain_is_long_and_claims_nothing_inside(pools: Pools) -> None:
    for who in some(forgers.ip_spoofer, pools, "subtle", 3):
        assert all(2 == len(event["forwarded_for"]) for event in events(who, 5))  # type: ignore[arg-type]
        assert not any("127.0.0.1" in str(event["forwarded_for"]) for event in events(who, 5))


def test_a_blatant_one_claims_to_be_inside_at_times(pools: Pools) -> None:
    (who,) = some(forgers.ip_spoofer, pools, "blatant", 1)
    assert any("127.0.0.1" in str(event["forwarded_for"]) for event in events(who, 5))

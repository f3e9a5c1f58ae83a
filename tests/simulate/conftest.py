import itertools

import pytest

from detector.simulate.history import History
from detector.simulate.world.lines import CARRIER_WEIGHTS
from detector.simulate.world.places import CITIES
from detector.simulate.world.pools import Block, Pools

MONDAY_MS = 1_780_243_200_000  # 2026-06-01T00:00:00+08:00


def _pools() -> Pools:
    firsts = itertools.count(1 << 24, 1 << 12)
    firsts6 = itertools.count(0x240E << 112, 1 << 80)
    there = [(city.name, carrier) for city in CITIES for carrier in CARRIER_WEIGHTS]
    return Pools(
        homes={key: [Block(next(firsts), 20) for _ in range(3)] for key in there},
        homes6={key: [Block(next(firsts6), 48, is_v6=True)] for key in there},
        strays={
            (city.region, carrier): [Block(next(firsts), 20)]
            for city in CITIES
            for carrier in CARRIER_WEIGHTS
        },
        gateways={"": [Block(next(firsts), 20)], "Guangdong": [Block(next(firsts), 20)]},
        clouds={"Beijing": [Block(next(firsts), 20)], "Hangzhou": [Block(next(firsts), 20)]},
        broadband6={carrier: [Block(next(firsts6), 40, is_v6=True)] for carrier in CARRIER_WEIGHTS},
        mobile6={carrier: [Block(next(firsts6), 40, is_v6=True)] for carrier in CARRIER_WEIGHTS},
        vpns=[Block(next(firsts), 24), Block(next(firsts), 32)],
        torn={"telecom": [Block(next(firsts), 24)]},
    )


@pytest.fixture(scope="session")
def pools() -> Pools:
    """Address space of the same shape as the real one, without its databases."""
    return _pools()


@pytest.fixture(scope="session")
def history(pools: Pools) -> History:
    """A whole deck of inhabitants from Monday to Wednesday."""
    return History(accounts=100, days=3, seed=7, start_ms=MONDAY_MS, pools=pools, entitled=True)

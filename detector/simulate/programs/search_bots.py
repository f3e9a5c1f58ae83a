"""Search engines' crawlers as they really come: from ranges that their operators publish.

Source: https://developers.google.com/static/search/apis/ipranges/googlebot.json,
https://www.bing.com/toolbox/bingbot.json, https://duckduckgo.com/duckduckbot.json
"""

import ipaddress
from random import Random
from typing import NamedTuple

from detector.simulate.programs.hideouts import Spot
from detector.simulate.programs.programs import greeting
from detector.simulate.world.devices import WEBKIT, Device
from detector.simulate.world.places import CITIES


class Engine(NamedTuple):
    """A search engine: its agents, and some of the networks that it crawls from."""

    name: str
    agents: tuple[str, ...]
    networks: tuple[str, ...]


ENGINES = (
    Engine(
        "google",
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            f"Mozilla/5.0 (Linux; Android 6.0.1) {WEBKIT} Mobile Safari/537.36 (compatible; Googlebot/2.1)",
        ),
        ("66.249.66.0/27", "66.249.64.32/27", "66.249.79.64/27"),
    ),
    Engine(
        "bing",
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",),
        ("157.55.39.0/24", "207.46.13.0/24", "40.77.167.0/24"),
    ),
    Engine(
        "duckduckgo",
        ("DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",),
        ("20.191.45.212/32", "40.88.21.235/32", "52.142.26.175/32"),
    ),
)


def crawler_of(rng: Random) -> tuple[Device, tuple[Spot, ...]]:
    """Draw an engine's crawler and the few addresses that it uses for one site.

    Where its machines stand is of no matter; some city has to be said.
    """
    engine = rng.choice(ENGINES)
    device = Device(None, None, rng.choice(engine.agents), greeting(f"search/{engine.name}", "h2"))
    ips = dict.fromkeys(_host(rng.choice(engine.networks), rng) for _ in range(rng.randrange(2, 9)))
    return device, tuple(Spot(CITIES[0], ip) for ip in ips)


def _host(network: str, rng: Random) -> str:
    block = ipaddress.IPv4Network(network)
    return str(block[rng.randrange(block.num_addresses)])

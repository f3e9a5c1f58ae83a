"""Programs as the platform sees them: what they call themselves, and how their TLS looks.

A library greets with its own TLS whatever it writes into the user agent, unless it was built to greet as a
browser does (curl-impersonate, tls-client). A driven browser is a browser.
"""

import hashlib
from dataclasses import replace
from random import Random

from detector.scoring.labels import Subject
from detector.simulate.world import devices
from detector.simulate.world.devices import WEBKIT, Device
from detector.simulate.world.inhabitants import Birth
from detector.simulate.world.strength import chosen

LIBRARIES = (
    ("python-requests/{}", ("2.28.2", "2.31.0", "2.32.3"), "urllib3"),
    ("python-httpx/{}", ("0.25.2", "0.27.0", "0.28.1"), "httpx"),
    ("Python/3.{} aiohttp/3.9.5", ("10", "11", "12"), "aiohttp"),
    ("Scrapy/{} (+https://scrapy.org)", ("2.11.2", "2.12.0"), "twisted"),
    ("Go-http-client/{}", ("1.1", "2.0"), "go"),
    ("okhttp/{}", ("3.14.9", "4.9.3", "4.12.0"), "okhttp"),
    ("axios/{}", ("0.27.2", "1.6.8", "1.7.9"), "node"),
    ("curl/{}", ("7.88.1", "8.5.0", "8.11.1"), "curl"),
    ("Java/{}", ("1.8.0_392", "11.0.22", "17.0.10"), "java"),
)
CLAIMED_BOTS = (
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
    "Mozilla/5.0 (compatible; DataForSeoBot/1.0; +https://dataforseo.com/dataforseo-bot)",
    f"Mozilla/5.0 (Linux; Android 5.0) {WEBKIT} Mobile Safari/537.36 (compatible; Bytespider)",
    "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
)
FORGED_BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"Mozilla/5.0 {WEBKIT} Chrome/131.0.6778.139 Safari/537.36 (compatible; Googlebot/2.1)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
)
SCANNERS = (
    "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    "sqlmap/1.8.4#stable (https://sqlmap.org)",
    "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
    "gobuster/3.6",
    "WPScan v3.8.25 (https://wpscan.com/wordpress-security-scanner)",
)


def library(rng: Random) -> Device:
    """Make a program that says which library it was written with, and perhaps copies a client's name."""
    form, versions, family = rng.choice(LIBRARIES)
    client = rng.choices((None, "api", "web"), (40, 35, 25))[0]
    return Device(None, client, form.format(rng.choice(versions)), greeting(family))


def masked(rng: Random) -> Device:
    """Make a program that writes a browser's user agent, over its own library's TLS."""
    return replace(library(rng), client="web", user_agent=devices.desktop(rng).user_agent)


def impersonator(rng: Random) -> Device:
    """Make a program that greets like the browser it claims to be; it runs no page's scripts."""
    return replace(devices.desktop(rng), device_id=None)


def driven_browser(rng: Random, *, hidden: bool) -> Device:
    """Make a browser that a program drives; not `hidden`, it says that nobody looks at its screen."""
    device, version = devices.desktop(rng), rng.choice(devices.CHROME_VERSIONS)
    if hidden:
        return device
    agent = f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/{version}.0.0.0 Safari/537.36"
    return replace(device, user_agent=agent, tls_fingerprint=greeting(f"chrome-linux/{version // 4}", "h2"))


def tool(birth: Birth) -> Device:
    """Draw an abuser's program: the better it hides, the likelier it passes for a browser."""
    makers = (library, masked, impersonator)
    weights = chosen(birth, blatant=(55, 35, 10), clear=(25, 45, 30), subtle=(8, 32, 60))
    return birth.rng.choices(makers, weights)[0](birth.rng)


def bot(rng: Random, agents: tuple[str, ...]) -> Device:
    """Make a program under one of these agents, with a library's TLS and no client's name."""
    *_, family = rng.choice(LIBRARIES)
    return Device(None, None, rng.choice(agents), greeting(family))


def contradicts(device: Device) -> bool:
    """Whether the TLS is a library's: no browser and no app of the platform's greets like that."""
    return device.tls_fingerprint in _LIBRARY_GREETINGS


def of_device(device: Device) -> tuple[Subject, ...]:
    """Return how an alert may name a device: by its id, or as a group by what its client says of itself.

    The group's id is a digest of the client's name, user agent and TLS fingerprint, as alerts show it. What
    looks like any browser is no group: to accuse it would be to accuse everybody with that browser.
    """
    said = f"{device.client}\n{device.user_agent}\n{device.tls_fingerprint}"
    digest = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
    own = [] if device.device_id is None else [Subject(type="device", id=device.device_id)]
    group = [Subject(type="group", id=f"client:{digest}")] if _stands_out(device) else []
    return (*own, *group)


def _stands_out(device: Device) -> bool:
    common = device.client in (None, "web", "ios", "android")
    return contradicts(device) or not (common and device.user_agent.startswith(("Mozilla/5.0", "YouCloud/")))


def greeting(family: str, protocol: str | None = None) -> str:
    """Return a TLS fingerprint in JA4's form, one per family; libraries seldom offer HTTP/2.

    Source of the form: https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md
    """
    digest = hashlib.sha256(family.encode()).hexdigest()
    offered = protocol or ("h2" if family in ("go", "okhttp", "curl") else "h1")
    ciphers, extensions = int(digest[:2], 16) % 30 + 15, int(digest[2:4], 16) % 6 + 8
    return f"t13d{ciphers}{extensions:02d}{offered}_{digest[4:16]}_{digest[16:28]}"


_LIBRARY_GREETINGS = frozenset(greeting(family) for *_, family in LIBRARIES)

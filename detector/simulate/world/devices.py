"""Devices: a browser on a desk, an app on a phone, a script on a server."""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
MACINTOSH = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME_VERSIONS = (124, 126, 128, 130, 131, 133, 135, 136, 137)
PHONES = ("PGEM10", "V2309A", "23127PN0CC", "ALN-AL80", "SM-S9280", "PJD110")
IOS_VERSIONS = ("16.7.10", "17.5.1", "17.6.1", "18.3.2", "18.5")
SCRIPT_AGENTS = (
    "python-requests/2.32.3",
    "python-httpx/0.28.1",
    "Scrapy/2.12.0 (+https://scrapy.org)",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/131.0.0.0 Safari/537.36",
)


@dataclass(frozen=True, slots=True)
class Device:
    """What the platform sees of a device; scripts have no `device_id`, and seldom a `client`.

    `since_day` is the day in the history on which it was first used; None: before.
    """

    device_id: str | None
    client: str | None
    user_agent: str
    tls_fingerprint: str
    lasting_session: bool = False
    since_day: int | None = None


def desktop(rng: Random) -> Device:
    """Make a browser on a laptop or a desktop."""
    version = rng.choice(CHROME_VERSIONS)
    chrome = f"{WEBKIT} Chrome/{version}.0.0.0 Safari/537.36"
    family, agent = rng.choices(
        (
            ("chrome", f"{WINDOWS}) {chrome}"),
            ("chrome", f"{MACINTOSH} {chrome}"),
            ("edge", f"{WINDOWS}) {chrome} Edg/{version}.0.0.0"),
            (
                "safari",
                f"{MACINTOSH} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
            ),
            (
                "firefox",
                f"{WINDOWS}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0",
            ),
        ),
        (50, 14, 22, 10, 4),
    )[0]
    return Device(_fingerprint(rng), "web", agent, _tls(f"{family}/{version // 4}"))


def phone(rng: Random) -> Device:
    """Make a phone with the platform's own app, which stays logged in for weeks."""
    if rng.random() < 0.4:  # noqa: PLR2004 - share of iPhones
        agent = f"YouCloud/8.4.1 (iPhone; iOS {rng.choice(IOS_VERSIONS)}; Scale/3.00)"
        return Device(_fingerprint(rng), "ios", agent, _tls("ios"), lasting_session=True)
    agent = f"YouCloud/8.4.0 (Linux; Android {rng.randrange(11, 16)}; {rng.choice(PHONES)}) okhttp/4.12.0"
    return Device(_fingerprint(rng), "android", agent, _tls("okhttp"), lasting_session=True)


def browser(rng: Random) -> Device:
    """Make a desktop's browser as China has them: as `desktop`, or one of the local Chromium browsers."""
    known = desktop(rng)
    if rng.random() > 0.22:  # noqa: PLR2004 - share of local browsers
        return known
    family, tail = rng.choices(
        (("qq", " QQBrowser/19.5.0.0"), ("sogou", " SE 2.X MetaSr 1.0"), ("360", "")), (30, 20, 50)
    )[0]
    agent = f"{WINDOWS}) {WEBKIT} Chrome/{rng.choice((108, 122, 132))}.0.0.0 Safari/537.36{tail}"
    return replace(known, user_agent=agent, tls_fingerprint=_tls(family))


@lru_cache(maxsize=4096)
def updated(device: Device, steps: int) -> Device:
    """Return the device after `steps` releases of its browser or app; the TLS library stays."""
    if not steps:
        return device
    agent = re.sub(
        r"\b(Chrome/|Edg/|Firefox/|rv:|YouCloud/8\.)(\d+)",
        lambda found: f"{found[1]}{int(found[2]) + steps}",
        device.user_agent,
    )
    return replace(device, user_agent=agent)


def script(rng: Random) -> Device:
    """Make a program: mostly it says so, sometimes it claims to be a browser, with the program's TLS."""
    if rng.random() < 0.3:  # noqa: PLR2004 - share of scripts in disguise
        return Device(None, "web", desktop(rng).user_agent, _tls("python"))
    agent = rng.choice(SCRIPT_AGENTS)
    return Device(None, "api", agent, _tls(agent.split("/", 1)[0]))


def _fingerprint(rng: Random) -> str:
    return f"{rng.getrandbits(96):024x}"


def _tls(family: str) -> str:
    """Return a fingerprint in JA4's form, the same for all devices of a family."""
    digest = hashlib.sha256(family.encode()).hexdigest()
    return f"t13d{int(digest[:2], 16) % 20 + 10}12h2_{digest[2:14]}_{digest[14:26]}"

"""Which kind of client a user agent says it is.

A person's browser or phone is believed to be one unless the agent names itself a robot: by a word such as
"Googlebot" or "crawler", by a name that ua-parser knows (https://github.com/ua-parser/uap-core), or by an
address to complain to ("+https://"), as robots give one. Odd words alone tell nothing there: WeChat's agent
on Android holds "Process/tools", a Windows 7's "GWX:DOWNLOADED", and phones are called "M bot 54" and
"Discovery II". Only where an agent names neither a system nor a device do is-bot's words decide.

Measured on the agents of Matomo's device-detector (its Tests/fixtures): of 35,400 phones, tablets,
televisions and desktops 10 are called a bot, mostly televisions (by is-bot alone 340), and of 1,347 robots
86 % are called a bot, a tool or headless (99 %). Whom this misses still behaves like one.
"""

import re
from functools import cache
from typing import Final

from is_bot import Bots  # type: ignore[import-untyped]  # ships no types

from detector.enrich.client_kind import ClientKind

_HEADLESS: Final = re.compile(
    r"headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/|chrome-lighthouse|\bptst/"
)
_TOOLS: Final = re.compile(
    r"^(curl|wget|python|aiohttp|httpx|go-http-client|go-resty|java/|apache-httpclient|libwww-perl|lwp|ruby|faraday|"
    r"php|guzzle|node|axios|got |undici|postman|insomnia|httpie|scrapy|colly|rest-client|restsharp|winhttp|"
    r"powershell|mechanize|libcurl|pycurl|reqwest|hyper/|jakarta|unirest|k6/|jmeter|apachebench/)"
    r"|python-requests|python-urllib|powershell/|scrapy/"
)
_PHONE_LIBRARIES: Final = re.compile(r"^(okhttp|dart/|alamofire|react-native)")
"""HTTP libraries that phone applications are built with, and scripts seldom."""
_SYSTEM_LIBRARIES: Final = re.compile(r"^dalvik/|cfnetwork/")
"""What an application sends that leaves the agent to Android or to Apple's systems."""
_ANDROID_COMMENT: Final = re.compile(r"\([^()]*android[^()]*\)?")
"""Where an Android browser names the device's model, which may be anything."""
_ROBOT: Final = re.compile(
    r"(?:(?<!cu)bots?|crawl(?:er|ing)?|spiders?|scrap(?:er|ing)|slurp|archiver|fetcher|checker|validator|scanner|"
    r"monitor(?:ing)?|synthetics?|inspector|web preview)(?![a-z])"
    r"|\+ ?(?:https?:|mailto:|www\.)"
)
"""A robot's name for itself, as the end of a word, or the address that it gives. Cubot makes phones."""
_TABLET: Final = re.compile(r"ipad|tablet|kindle|silk/|playbook")
_PHONE: Final = re.compile(
    r"iphone|ipod|mobile|windows (?:phone|ce)|midp|cldc|j2me|\bmaui\b|obigo|up\.browser|\bwap|opera mini|"
    r"symbian|blackberry|series ?[346]0|palm(?:os|source)"
)
_DESKTOP: Final = re.compile(
    r"windows (?:nt|9|me\b|2000|xp)|win9|macintosh|mac os x|x11;|cros |linux x86_64|\(pc;|smart-?tv|"
    r"hbbtv|web0s"
)
_MEANINGLESS: Final = (
    "Zz",
    "Zz 3",
    "Zz/1",
    "Zz/1.2",
    "Zz/1.2 (zz)",
    "1.2 (Zz)",
    "(Zz)",
    "Zz()",
    "Zz|zz",
    "Zz; zz;",
    "Zz/1" * 20,
)
"""Agents without a word that means anything. A pattern of is-bot's that fits one looks at shapes alone, and
an application's agent ("Name/1.2") has the shape of a robot's."""


def kind_of(text: str, system: str, *, app: bool, robot: bool) -> ClientKind:
    """Return the kind of client that an agent names.

    `system` is the operating system's family ("" unknown); `app` says that the event's `client` names a
    native application, `robot` that a list of robots holds the agent's name. Costs up to a millisecond.
    """
    lower = text.lower()
    if _HEADLESS.search(lower):
        return ClientKind.HEADLESS
    if _TOOLS.search(lower):
        return ClientKind.TOOL
    if robot:
        return ClientKind.BOT
    # An application's name is the client's own word too: it explains a phone's library, never a script's.
    if app or _SYSTEM_LIBRARIES.search(lower):
        return ClientKind.APP
    if _PHONE_LIBRARIES.search(lower):
        return ClientKind.TOOL
    if _ROBOT.search(_ANDROID_COMMENT.sub(" ", lower)):
        return ClientKind.BOT
    device = _device(lower, system)
    return ClientKind.BOT if device is ClientKind.UNKNOWN and _words().is_bot(text) else device


def _device(lower: str, system: str) -> ClientKind:
    if _TABLET.search(lower):
        return ClientKind.TABLET
    if _PHONE.search(lower):
        return ClientKind.MOBILE
    if system == "Android":
        return ClientKind.TABLET  # Chrome leaves "Mobile" out on tablets
    return ClientKind.DESKTOP if _DESKTOP.search(lower) else ClientKind.UNKNOWN


@cache
def _words() -> Bots:
    bots = Bots()
    bots.exclude([pattern for pattern in bots.patterns if any(map(Bots([pattern]).is_bot, _MEANINGLESS))])
    return bots

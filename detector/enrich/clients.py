"""What a user agent says of its client: kind, browser and system, and whose crawler it claims to be.

Families come from ua-parser (https://github.com/ua-parser/uap-core). A user agent costs up to a millisecond:
the caller keeps the results.

Misses: a bot that writes a browser's user agent; an application's own agent ("foo/1.0"), which is of unknown
kind unless the event's `client` says `ios` or `android`. user_agents.py says how kinds are told.
"""

from dataclasses import dataclass
from typing import Final

import ua_parser

from detector.enrich.client_kind import ClientKind
from detector.enrich.crawlers import claimed_operator
from detector.enrich.user_agents import kind_of

LOOKED_AT: Final = 512
"""Characters of a user agent that are looked at. Real ones are shorter; a hostile one costs no more."""
_NOTHING: Final = ("", "-")
"""No user agent; access logs write a dash for it."""
_APP_NAMES: Final = frozenset({"ios", "android", "harmony", "harmonyos", "ipados"})
_ROBOTS: Final = "Spider"
"""ua-parser's device family of every crawler, monitor and fetcher that it knows by name."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client by its own word; `family` and `system` are "" where unknown, `major` is 0.

    `crawler` is the operator that it claims: an index into CRAWLER_OPERATORS, 0 for none.
    """

    kind: ClientKind = ClientKind.UNKNOWN
    family: str = ""
    major: int = 0
    system: str = ""
    crawler: int = 0


UNKNOWN_CLIENT: Final = Client()


def describe_client(user_agent: str | None, name: str | None) -> Client:
    """Describe a client from its user agent and the application's own name (the event's `client`)."""
    text = (user_agent or "")[:LOOKED_AT]
    app = (name or "").lower() in _APP_NAMES
    if text.strip() in _NOTHING:
        return Client(kind=ClientKind.APP) if app else UNKNOWN_CLIENT
    parsed = ua_parser.parse(text)
    family = parsed.user_agent.family if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    major = (parsed.user_agent.major or "") if parsed.user_agent else ""
    crawler = claimed_operator(text.lower())
    robot = crawler != 0 or (parsed.device is not None and parsed.device.family == _ROBOTS)
    return Client(
        kind=kind_of(text, system, app=app, robot=robot),
        family=family,
        major=min(int(major), 0xFFFF) if major.isascii() and major.isdigit() else 0,
        system=system,
        crawler=crawler,
    )

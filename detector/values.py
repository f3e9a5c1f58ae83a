"""How the text of a setting becomes a value: one `Kind` for each sort of value.

A parser takes the text without surrounding blanks and raises `ValueError` for what it refuses; what it
expects instead is said by the kind, so that every message about a wrong value reads alike.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

_MS = {"ms": 1, "s": 1_000, "": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d|)", re.ASCII)
# Kafka's rule for topics and group instances; a broker's message about a bad one comes late and far away.
_KAFKA_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,200}")
_BROKER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})")
_FLAGS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)
_LONGEST_MS = 3650 * 86_400_000
_PORTS = range(1, 65_536)
REDIS_SCHEMES: Final = (
    *("redis", "rediss", "unix"),
    *("redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel"),
)
"""How the URL of a Redis may begin; stores/redis_client.py says what each means."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of value: how its text is parsed, and what a person is told to write.

    `show` makes a value fit for messages and logs.
    """

    name: str
    expected: str
    parse: Callable[[str], Any]
    show: Callable[[str], str] = repr
    secret: bool = False


def duration_ms(text: str) -> int:
    """Milliseconds of `200ms`, `5s`, `10m`, `2h`, `7d` or a bare number of seconds; decimals are fine."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    number = Decimal(match[1]) * _MS[match[2]]
    if number != int(number):
        raise ValueError(text)
    return int(number)


def duration_text(duration_ms: int) -> str:
    """Return a duration as a person writes it, in the largest unit that makes a whole number of it."""
    units = sorted(((size, unit) for unit, size in _MS.items() if unit), reverse=True)
    size, unit = next((size, unit) for size, unit in units if duration_ms % size == 0)
    return f"{duration_ms // size}{unit}"


def duration(*, zero: bool = False) -> Kind:
    """Return the kind of a duration up to ten years; `zero` says whether none at all makes sense."""

    def parse(text: str) -> int:
        return _within(duration_ms(text), 0 if zero else 1, _LONGEST_MS)

    least = "zero or more" if zero else "more than zero"
    return Kind("duration", f"a duration such as 200ms, 5s, 10m, 2h or 7d, {least}", parse)


def count(least: int = 1, most: int = 10**9) -> Kind:
    """Return the kind of a whole number from `least` to `most`, both included."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        return _within(int(text), least, most)

    return Kind("number", f"a whole number from {least} to {most}", parse)


def choice(*options: str, fold: Callable[[str], str] = str.lower) -> Kind:
    """Return the kind of a word out of `options`; upper and lower case are the same."""

    def parse(text: str) -> str:
        if fold(text) not in options:
            raise ValueError(text)
        return fold(text)

    return Kind("word", "one of " + ", ".join(options), parse)


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def _text(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _flag(text: str) -> bool:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise ValueError(text) from None


def _kafka_name(text: str) -> str:
    if _KAFKA_NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text


def _items(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(","))
    if "" in items:
        raise ValueError(text)
    return items


def _brokers(text: str) -> str:
    for item in _items(text):
        match = _BROKER.fullmatch(item)
        if match is None or int(match[2]) not in _PORTS:
            raise ValueError(text)
    return ",".join(_items(text))


def _redis_url(text: str) -> str:
    # What follows the scheme is the store's to read (stores/redis_client.py); here only: is this for Redis?
    scheme, separator, rest = text.partition("://")
    if not separator or not rest or scheme not in REDIS_SCHEMES:
        raise ValueError(text)
    return text


def _show_url(url: str) -> str:
    """Hide what may be secret in a URL: the user and the password before the host, and the whole query."""
    scheme, separator, rest = url.partition("://")
    address, asked, query = rest.partition("?")
    if "@" in query:  # a password with a question mark, or an option with an at sign: nobody can tell
        return repr(f"{scheme}{separator}***")
    _, user, host = address.rpartition("@")
    return repr(f"{scheme}{separator}{'***@' if user else ''}{host}{'?***' if asked else ''}")


def _networks(text: str) -> tuple[str, ...]:
    if text.lower() == "none":
        return ()
    return tuple(str(ipaddress.ip_network(item)) for item in _items(text))


TEXT = Kind("text", "printable text", _text)
SECRET = Kind("secret", "printable text", _text, show=lambda _: "***", secret=True)
FLAG = Kind("flag", "true or false", _flag)
PATH = Kind("path", "the path of a file", _text)
NAMES = Kind("names", "names, separated by commas", _items)
PATHS = Kind("paths", "paths of files, separated by commas", _items)
PORT = count(_PORTS.start, _PORTS.stop - 1)
KAFKA_NAME = Kind("name", "up to 200 letters, digits, dots, dashes and underscores", _kafka_name)
BROKERS = Kind("addresses", "host:port, several separated by commas", _brokers)
REDIS_URL = Kind(
    "address",
    "a URL such as redis://localhost:6379/0, or one that begins with rediss://, unix://, redis+cluster:// or "
    "redis+sentinel://",
    _redis_url,
    _show_url,
)
NETWORKS = Kind("networks", "networks such as 10.0.0.0/8,2001:db8::/32, or none if there are none", _networks)

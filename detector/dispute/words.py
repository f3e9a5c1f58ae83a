"""The words of a bundle's pages in one language, from words.toml."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
LOCAL: Final = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has had no summer time since 1991."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words: sentences by key, and names by table and key."""

    language: Language
    tables: dict[str, Any]

    def say(self, key: str, **values: str | int) -> str:
        """Return a sentence with its places filled."""
        return str(self.tables[key]).format(**values)

    def name(self, table: str, key: str, **values: str | int) -> str:
        """Return the name of something; what has none here is called as alerts call it."""
        return str(self.tables[table].get(key, key)).format(**values)

    def sentences(self, key: str) -> list[str]:
        """Return a list of sentences."""
        return list(self.tables[key])

    def moment(self, time_ms: int) -> str:
        """Return Unix ms in local time and in UTC, to the millisecond."""
        return self.say("at", local=local_time(time_ms), utc=utc_time(time_ms))


def local_time(time_ms: int) -> str:
    """Return Unix ms in Asia/Shanghai as `2026-06-01 08:00:00.000`."""
    return _moment(time_ms).astimezone(LOCAL).isoformat(" ", "milliseconds").removesuffix("+08:00")


def local_minute(time_ms: int) -> str:
    """Return Unix ms in Asia/Shanghai as `2026-06-01 08:00`."""
    return local_time(time_ms)[: len("2026-06-01 08:00")]


def utc_time(time_ms: int) -> str:
    """Return Unix ms in UTC as `2026-06-01T00:00:00.000Z`."""
    return _moment(time_ms).isoformat("T", "milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=len(LANGUAGES))
def words(language: Language) -> Words:
    """Return the words of a language."""
    text = files("detector.dispute").joinpath("words.toml").read_text("utf-8")
    return Words(language, tomllib.loads(text)[language])


def _moment(time_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)

"""Why a bar is out of reach, as far as somebody looked: reasons.toml."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measure.worst import missed_of, most, wrong_of
from detector.scoring.score import Level

_FILE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
MISSED: Final[dict[str, str]] = _FILE["missed"]
WRONG: Final[dict[str, str]] = _FILE["wrong"]
NOT_SEEN: Final = "not looked into"


def reasons(warn: Level) -> Iterator[tuple[str, str, str]]:
    """Yield what fell short, how much, and why: profiles by what was missed, categories by what was wrong."""
    for part, whole, name in most(missed_of(row) for row in warn.by_profile):
        yield f"{name}, missed", f"{part} of {whole}", MISSED.get(name, NOT_SEEN)
    for part, whole, name in most(wrong_of(row) for row in warn.by_category):
        yield f"`{name}`, wrong", f"{part} of {whole}", WRONG.get(name, NOT_SEEN)

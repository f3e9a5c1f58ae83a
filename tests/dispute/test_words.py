"""Both languages say everything that alerts can say."""

import re
from typing import Any, get_args

import pytest

from detector.alerts import SubjectType
from detector.categories import CATEGORIES
from detector.dispute.exhibits import Why
from detector.dispute.words import LANGUAGES, Language, local_time, utc_time, words
from detector.enrich.network_class import NetworkClass
from detector.events import EventType
from detector.policy.document import Approval
from detector.policy.model import ACTIONS


def places(said: Any) -> Any:
    """The keys of some tables, with the places to be filled of each sentence."""
    if isinstance(said, dict):
        return {key: places(value) for key, value in said.items()}
    if isinstance(said, list):
        return len(said)
    return sorted(re.findall(r"\{\w+\}", said))


def test_both_languages_have_the_same_words() -> None:
    assert places(words("zh").tables) == places(words("en").tables)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("categories", [each.name for each in CATEGORIES]),
        ("actions", [*ACTIONS, "release"]),
        ("approvals", get_args(Approval)),
        ("types", get_args(EventType)),
        ("networks", [each.name.lower() for each in NetworkClass]),
        ("why", get_args(Why)),
        ("subjects", get_args(SubjectType)),
    ],
)
def test_everything_has_a_name(language: Language, table: str, names: list[str]) -> None:
    assert set(names) == set(words(language).tables[table])


def test_the_codes_of_what_was_not_evaluated_have_words() -> None:
    shown = {
        "missing_geo",
        "low_precision",
        "anonymous_network",
        "rebuilt",
        "unknown_clients",
        "unknown_proxy",
    }
    assert shown <= set(words("en").tables["codes"])


def test_a_moment_is_told_in_china_and_in_utc() -> None:
    assert "2026-06-01 00:00:00.042" == local_time(1_780_243_200_042)
    assert "2026-05-31T16:00:00.042Z" == utc_time(1_780_243_200_042)

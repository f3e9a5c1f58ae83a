"""The schema of policy files is made of the code, and refuses what the reader refuses."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

import detector
from detector.policy.schema import as_text, policy_schema
from detector.schema import load_schema
from tests.policy.making import SHIPPED, edited, sheet

FILE = Path(detector.__file__).parent / "schemas" / "policy-1.json"
RULE = "[rules.flood_together]\nweight = 0.9"


def errors(text: str) -> list[str]:
    content: Any = msgspec.to_builtins(tomllib.loads(text))
    checker = Draft202012Validator(
        load_schema("policy-1"), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in checker.iter_errors(content)]


def test_the_file_is_the_codes() -> None:
    assert as_text() == FILE.read_text()
    assert policy_schema() == load_schema("policy-1")


def test_the_shipped_policy_is_valid() -> None:
    assert [] == errors(SHIPPED)


@pytest.mark.parametrize(
    "text",
    [
        edited(RULE, f'{RULE}\nmode = "shadow"\nparameters = {{ window = "5m", share = 1, visitors = 9 }}'),
        edited(more='[plans.trial]\ncooldown = "0s"\n[plans.trial.rules.crawl_rate]\nmode = "off"\n'),
        edited('version = "1"', 'version = "1"\neffective = 2026-01-01T00:00:00+08:00'),
    ],
)
def test_schema_and_reader_take_the_same(text: str) -> None:
    assert ([], []) == (errors(text), sheet(text).problems)


@pytest.mark.parametrize(
    "text",
    [
        edited(RULE, "[rules.flood_together]"),
        edited(RULE, "[rules.flood_togther]\nweight = 0.9"),
        edited(RULE, "[rules.flood_together]\nweight = 1.1"),
        edited(RULE, f"{RULE}\nparameters = {{ window = 5 }}"),
        edited(RULE, f"{RULE}\nparameters = {{ windw = '5m' }}"),
        edited(RULE, f"{RULE}\nparameters = {{ visitors = 2.5 }}"),
        edited(RULE, f"{RULE}\nparameters = {{ share = 0 }}"),
        edited('quiet = "30d"', 'quiet = "0d"'),
        edited('quiet = "30d"', ""),
        edited('action = "warn"', 'action = "release"'),
        edited(more='[plans.trial.notices.crawlers]\nzh = "x"\nen = "x"\n'),
        edited(more="[plans.trial]\nversion = '2'\n"),
    ],
)
def test_schema_and_reader_refuse_the_same(text: str) -> None:
    assert errors(text)
    assert sheet(text).problems

"""What is compiled when a machine is set up is all that the engine needs."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from numba.core import config

from detector.stages.kernels import compile_all
from detector.stages.raised import hold_back
from detector.windows.crowds import logins, signups
from tests.rules.judging import crowd_findings, findings
from tests.support.events import BEIJING, START_MS


def compiled() -> list[int]:
    """For how many types of arguments each kernel that Python calls is compiled."""
    fold = importlib.import_module("detector.windows.fold")
    return [len(kernel.signatures) for kernel in (fold._fold, logins._fold, signups._fold, hold_back)]


def tries() -> Iterator[dict[str, Any]]:
    """A stranger tries a dozen accounts, and signs one up."""
    for number in range(12):
        said = {"time": START_MS + number * 1000, "ip": BEIJING, "account_id": f"a{number}"}
        yield {"event_id": f"f{number}", "type": "login_failure", **said}
    yield {"event_id": "r", "type": "registration", **said}


def robot() -> Iterator[dict[str, Any]]:
    """A client that calls itself a crawler asks for a hundred pages."""
    for number in range(100):
        yield {
            "event_id": f"q{number}",
            "type": "request",
            "time": START_MS + number * 1000,
            "ip": BEIJING,
            "account_id": "acc-1",
            "user_agent": "ExampleBot/1.0 (+http://bot.example/)",
            "method": "GET",
            "path": f"/item/{number}",
            "status": 200,
        }


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_nothing_is_left_to_compile_when_all_is_compiled() -> None:
    compile_all()
    before = compiled()
    assert min(before) > 0
    assert findings(robot())
    assert crowd_findings(tries())
    assert before == compiled()

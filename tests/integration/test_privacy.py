"""An account's data beside a running worker: given out, held, forgotten; and how long keys of Redis last."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from detector.alerts import canonical
from detector.cli import main
from detector.simulate import History, messages, shipped_pools
from tests.integration.live import Live, Message, last_ms, replayed_with_shadow
from tests.policy.making import book, edited

START_MS = 1_780_243_200_000
DAY_MS = 86_400_000
KEPT, KEPT_MS = "30d", 30 * DAY_MS
KEY = "the worker's"
Json = dict[str, Any]


def history() -> tuple[list[Message], list[Message]]:
    made = History(accounts=40, days=2, seed=11, start_ms=START_MS, pools=shipped_pools())
    in_order = sorted(messages(made), key=lambda each: each[2])
    first = [(key, event) for key, event, moment in in_order if moment < START_MS + DAY_MS]
    return first, [(key, event) for key, event, _ in in_order[len(first) :]]


@pytest.fixture
def privacy(
    live: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Awaitable[str]]:
    """Runs the command with the worker's settings, and returns what it says."""
    settings = {
        "BROKERS": live.kafka,
        "REDIS_URL": live.redis_url,
        "GROUP": live.names,
        "TOPIC_SESSION_EVENTS": live.events,
        "PSEUDONYM_KEY": KEY,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"DETECTOR_{name}", value)

    async def run(*words: str) -> str:
        capsys.readouterr()
        ended = await asyncio.to_thread(main, ["privacy", *words, "--author", "ann"])
        said, wrong = capsys.readouterr()
        assert (0, "") == (ended, wrong)
        return said

    return run


def of_others(account: str, alerts: list[Json]) -> set[bytes]:
    """What alerts say that neither are about the account nor name it."""
    return {canonical(one) for one in alerts if account not in json.dumps(one)}


def with_one_warning(alerts: list[Json]) -> Json:
    """The only alert of some account, a warning."""
    named = [one.get("account_id") for one in alerts]
    return next(
        one
        for one in alerts
        if one["action"] == "warn" and "account_id" in one and 1 == named.count(one["account_id"])
    )


async def test_an_account_is_given_out_and_forgotten_while_a_worker_runs(
    live: Live, privacy: Callable[..., Awaitable[str]]
) -> None:
    before, after = history()
    await live.create(live.events)
    await live.send(before)
    text = edited('windows = "71d"', f'windows = "{KEPT}"')
    policy = live.folder / "policy.toml"
    policy.write_text(text)
    with live.worker(DETECTOR_PSEUDONYM_KEY=KEY, DETECTOR_POLICY=str(policy)) as worker:
        warning = with_one_warning(await live.decided(worker, last_ms(before)))
        account, case = warning["account_id"], warning["case_id"]

        kept = json.loads(await privacy("export", account))
        assert [(case, [warning["alert_id"]])] == [
            (one["case_id"], [given["alert_id"] for given in one["alerts"]]) for one in kept["cases"]
        ]
        assert [account] == [one["key"] for one in kept["windows"]]
        assert kept["windows"][0]["first_ms"] < last_ms(before)
        assert kept["windows"][0]["sightings"][0]["event"]["event_id"]

        typo = ["privacy", "hold", case[1:], "--reason", "dispute 7", "--author", "ann"]
        assert 1 == await asyncio.to_thread(main, typo)
        await privacy("hold", case, "--reason", "dispute 7")
        said = await privacy("forget", account)
        assert f"0 cases removed\ncase {case} kept (held: dispute 7)\nwindows removed from accounts-0" in said
        await privacy("hold", case, "--lift", "--reason", "settled")
        assert "1 case removed\nno windows were kept\nnot removed:" in await privacy("forget", account)

        ttls = await live.lifetimes()
        of_people = [ttl for key, ttl in ttls.items() if not key.endswith(":checkpoint")]
        assert len(of_people) > 100
        assert 0 < min(ttls.values())
        assert max(of_people) <= KEPT_MS

        await live.send(after)
        alerts = await live.decided(worker, last_ms(after))
        assert 0 == worker.stop()
    ids = [one["alert_id"] for one in alerts]
    assert sorted(set(ids)) == sorted(ids)
    expected, _ = replayed_with_shadow([*before, *after], book(text))
    assert of_others(account, expected) == of_others(account, alerts)
    left = json.loads(await privacy("export", account))
    (since,) = left["requests"][2]["windows"].values()
    assert [True] == [window["first_ms"] >= since for window in left["windows"]]
    assert case not in [one["case_id"] for one in left["cases"]]
    assert [
        "privacy_export",
        "privacy_forgetting",
        "privacy_forgotten",
        "privacy_forgetting",
        "privacy_forgotten",
    ] == [line["kind"] for line in left["requests"]]
    assert account not in json.dumps(left["requests"])

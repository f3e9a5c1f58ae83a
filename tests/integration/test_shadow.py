"""What is tried out in shadow, live: what a replay gives, on a topic of its own, and all else as it was."""

import asyncio
from pathlib import Path

import msgspec

from detector.policy import Book
from tests.integration.live import Live, Message, comparable, last_ms, replayed_with_shadow
from tests.integration.test_evidence import verify
from tests.policy.making import book, in_mode, on_trial

LIVE = in_mode("shadow", "overlapping_use", "crawl_rate", "brute_force", "signups_source", "accounts_tried")
"""Rules of accounts and of crowds in shadow."""


def policies(folder: Path, *texts: str) -> tuple[str, Book]:
    """Return the setting that names files of these texts, and their book."""
    paths = [folder / f"{number}.toml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return ",".join(map(str, paths)), book(*texts)


async def test_what_is_in_shadow_is_what_a_replay_gives_on_a_topic_of_its_own(
    live: Live, history: list[Message]
) -> None:
    setting, of = policies(live.folder, LIVE, on_trial())
    await live.create(live.events)
    await live.send(history)
    with live.worker(DETECTOR_POLICY=setting) as worker:
        alerts = await live.decided(worker, last_ms(history))
        counted = sum(worker.metric("detector_alerts_total").values())
        apart = worker.metric("detector_shadow_alerts_total")
    shadow = [msgspec.json.decode(record.value) for record in await live.read(live.shadow)]
    expected, expected_apart = replayed_with_shadow(history, of)
    assert {"1", "trial"} == {alert["policy_version"] for alert in expected_apart}
    assert comparable(expected_apart) == comparable(shadow)
    assert comparable(expected) == comparable(alerts)
    assert (len(alerts), len(shadow)) == (counted, sum(apart.values()))
    for topic, told in ((live.enforcement, alerts), (live.shadow, shadow)):
        code, (said,) = await asyncio.to_thread(
            verify, live, "--topic-enforcement-shadow", live.shadow, topic=topic
        )
        assert (0, True) == (code, said.startswith(f"{len(told)} alerts of ")), said
        assert said.endswith("every chain holds; heads checked")

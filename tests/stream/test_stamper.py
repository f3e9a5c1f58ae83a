"""What the agent says of entitlements with a plan that no policy knows."""

from collections.abc import Sequence

import msgspec
import pytest
from prometheus_client import CollectorRegistry

from detector.metrics import Metrics
from detector.policy import Book, Stamped
from detector.settings import Settings
from detector.stream.stamper import MOST_PLANS, Stamper
from tests.policy.making import SHIPPED, book

FRONTIER = 1_800_000_000_000
GOLD = "\n[plans.gold.rules.crawl_rate]\nweight = 0.5\n"


async def unknown(of: Book, values: Sequence[bytes | None]) -> tuple[float, list[Stamped]]:
    """Return how many were counted as having an unknown plan, and what was written."""
    registry, settings = CollectorRegistry(), Settings()
    stamper = Stamper(settings, lambda: FRONTIER, of.knows_plan, Metrics(registry))
    topic = settings.topics.entitlements
    try:
        written = [
            await stamper.record(topic, b"ann", value, f"{topic}/0/{place}")
            for place, value in enumerate(values)
        ]
    finally:
        await stamper.stop()
    counted = registry.get_sample_value("detector_controls_unknown_plan_total") or 0.0
    return counted, [msgspec.json.decode(each, type=Stamped) for each in written]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b'{"plan": "trial"}', 0.0),
        (b'{"plan": "enterprise"}', 0.0),
        (b'{"plan": "gold"}', 1.0),
        (b'{"plan": ""}', 1.0),
        (b"{}", 0.0),
        (None, 0.0),
    ],
)
async def test_a_plan_that_the_policy_does_not_know_is_counted_and_kept(
    value: bytes | None, expected: float, caplog: pytest.LogCaptureFixture
) -> None:
    counted, (written,) = await unknown(book(SHIPPED), [value])
    assert (expected, expected > 0) == (counted, "does not know" in caplog.text)
    said = msgspec.json.decode(value or b"{}")
    assert said.get("plan") == (written.entitlement.plan if written.entitlement else None)


async def test_a_plan_that_the_policy_names_is_known() -> None:
    assert 0.0 == (await unknown(book(SHIPPED + GOLD), [b'{"plan": "gold"}']))[0]


async def test_a_plan_is_held_against_the_policy_in_force_when_it_counts() -> None:
    later = SHIPPED.replace('version = "1"', 'version = "2"\neffective = 2027-06-01T00:00:00Z', 1) + GOLD
    of = book(SHIPPED, later)
    now, then = b'{"plan": "gold"}', b'{"plan": "gold", "valid_from": "2027-06-01T00:00:00Z"}'
    assert 0.0 == (await unknown(of, [then]))[0]
    assert 1.0 == (await unknown(of, [then, now]))[0]


async def test_the_log_names_each_unknown_plan_once_and_not_too_many(
    caplog: pytest.LogCaptureFixture,
) -> None:
    plans = [b'{"plan": "p%d"}' % (number % (MOST_PLANS + 5)) for number in range(100)]
    assert 100.0 == (await unknown(book(SHIPPED), plans))[0]
    assert MOST_PLANS == len([each for each in caplog.records if "does not know" in each.getMessage()])
    assert "ann" not in caplog.text


@pytest.mark.parametrize(("value", "told"), [("0.0.0.0/0", True), ("203.0.113.0/24", False)])
async def test_an_entry_for_everybodys_addresses_holds_and_is_told(
    value: str, caplog: pytest.LogCaptureFixture, *, told: bool
) -> None:
    entry = b'{"allow": [{"kind": "cidr", "value": "%s"}]}' % value.encode()
    _, (written,) = await unknown(book(SHIPPED), [entry])
    assert written.entitlement is not None
    assert [value] == [one.value for one in written.entitlement.allow]
    assert told == ("a large part of the internet" in caplog.text)

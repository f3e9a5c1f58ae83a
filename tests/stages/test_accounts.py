"""A shard of stage accounts: what it finds depends on the log alone."""

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.enrich import Enricher
from detector.findings import Finding
from detector.policy import Entitlement, Stamped
from detector.policy.entitlements import Allow
from detector.privacy import Pseudonymizer
from detector.stages.accounts import Accounts, Checkpoint
from detector.stages.assemble import Workshop
from tests.support.events import (
    BEIJING,
    CLOUD,
    GUANGZHOU,
    SHANGHAI,
    START_MS,
    Message,
    message,
)
from tests.support.restarts import Runner

LATENESS_MS = 5_000
MAX_AHEAD_MS = 300_000
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def workshop(enricher: Enricher, pseudonyms: Pseudonymizer) -> Workshop:
    return Workshop(enricher, pseudonyms, LATENESS_MS, MAX_AHEAD_MS, trusted_proxies=["10.0.0.0/8"])


@pytest.fixture
def shard(workshop: Workshop) -> Accounts:
    return workshop.accounts("session-events", 3)


def story() -> list[Message]:
    """Two hours of sharers, a hopper, a crawler, a cloud user, a guesser and an innocent, by time."""
    told: list[Message] = []

    def tell(minute: float, **fields: object) -> None:
        time = START_MS + round(minute * MINUTE_MS)
        told.append(message(f"e{len(told):04}", time, **fields))  # type: ignore[arg-type]  # any field

    for minute in range(0, 90, 2):
        tell(minute, account_id="ann", device_id="a1", session_id="s1", type="request", path=f"/{minute}")
        tell(minute + 1, account_id="ann", ip=SHANGHAI, device_id="a2", type="request", path=f"/x{minute}")
        tell(minute, account_id="cid", ip=CLOUD, type="request", path=f"/{minute}")
        tell(minute, account_id="eve", device_id="e1", type="request", path="/poll")
    for place, ip in enumerate([BEIJING, SHANGHAI, GUANGZHOU] * 5):
        tell(place * 8, account_id="bob", ip=ip, device_id=f"b{ip}")
    for second in range(0, 3000, 7):
        tell(second / 60, type="request", account_id=None, ip=SHANGHAI, path=f"/item/{second}")
    for second in range(0, 240, 5):
        tell(60 + second / 60, type="login_failure", account_id="dan", ip=GUANGZHOU, reason="bad_password")
    return sorted(told, key=lambda each: each.timestamp)


STORY = story()


def arrived(seed: int) -> list[Message]:
    """The story as a log may hold it: out of order within the lateness, with repeats, strays and rubbish."""
    chance = Random(seed)
    twice = [*STORY, *chance.sample(STORY, 40)]
    log = sorted(twice, key=lambda each: each.timestamp + chance.randrange(LATENESS_MS))
    for _ in range(10):
        log.insert(chance.randrange(len(log)), Message(b"{}", timestamp=START_MS))
        place = chance.randrange(len(log) // 2, len(log))
        log.insert(place, message(f"late-{place}", START_MS, account_id="eve", ip=SHANGHAI))
    return [Message(each.value, offset, each.timestamp) for offset, each in enumerate(log)]


def told(findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    """Findings without the offsets of their evidence."""
    return [
        (*each.order, each.value, each.strength, [seen.event_id for seen in each.evidence])
        for each in findings
    ]


def make(workshop: Workshop) -> Callable[[], Accounts]:
    return lambda: workshop.accounts("session-events", 3)


def run(workshop: Workshop, log: Sequence[Message], size: int) -> Runner:
    """Read a log in batches of one size; no crash, no checkpoint."""
    runner = Runner(make(workshop))
    for start in range(0, len(log), size):
        runner.read(log[start : start + size])
    runner.finish()
    return runner


def test_the_story_is_one_that_many_rules_speak_of(workshop: Workshop) -> None:
    found = run(workshop, arrived(1), 10_000).findings
    said = {(each.rule, each.subject.id) for each in found}
    assert {
        ("overlapping_use", "ann"),
        ("city_alternation", "bob"),
        ("datacenter_use", "cid"),
        ("crawl_rate", SHANGHAI),
        ("brute_force", "dan"),
    } <= said
    assert "eve" not in {each.subject.id for each in found}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1, 7, 100])
def test_any_size_of_batches_gives_the_same_findings(workshop: Workshop, seed: int, size: int) -> None:
    whole, parts = run(workshop, arrived(seed), 10_000), run(workshop, arrived(seed), size)
    assert whole.findings == parts.findings
    assert whole.late == parts.late
    assert whole.shard.counts == parts.shard.counts


@pytest.mark.parametrize("seed", range(5))
def test_any_arrival_order_within_the_lateness_gives_the_same_findings(workshop: Workshop, seed: int) -> None:
    assert told(run(workshop, STORY, 10_000).findings) == told(run(workshop, arrived(seed), 50).findings)


STEPS = st.lists(
    st.tuples(st.integers(1, 200), st.sampled_from(["go on", "checkpoint", "crash"])), max_size=25
)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2), STEPS)
def test_a_shard_that_starts_again_anywhere_finds_the_same(
    workshop: Workshop, seed: int, steps: list[tuple[int, str]]
) -> None:
    log = arrived(seed)
    runner, position = Runner(make(workshop)), 0
    for size, then in steps:
        runner.read(log[position : position + size])
        position = min(position + size, len(log))
        if then == "checkpoint":
            runner.checkpoint()
        elif then == "crash":
            position = runner.crash()
    runner.read(log[position:])
    runner.finish()
    assert run(workshop, log, 10_000).findings == runner.findings


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 700), st.integers(0, 700), st.integers(0, 700))
def test_a_crash_while_folding_again_goes_back_to_the_same_checkpoint(
    workshop: Workshop, first: int, more: int, again: int
) -> None:
    log = arrived(0)
    runner = Runner(make(workshop))
    runner.read(log[:first])
    runner.checkpoint()
    runner.read(log[first : first + more])
    resume = runner.crash()
    runner.read(log[resume : resume + again // 20])
    runner.checkpoint()
    resume = runner.crash()
    runner.read(log[resume:])
    runner.finish()
    assert run(workshop, log, 10_000).findings == runner.findings


@pytest.mark.parametrize("cut", [1, 50, 400])
def test_a_quiet_shards_closing_is_kept_over_a_restart(workshop: Workshop, cut: int) -> None:
    log = [message(f"e{place}", START_MS + place, offset=place) for place in range(cut)]
    runner = Runner(make(workshop))
    runner.read(log)
    runner.finish()
    runner.checkpoint()
    resume = runner.crash()
    assert cut == resume
    runner.read([message("behind", START_MS, offset=cut), message("at", START_MS + cut, offset=cut + 1)])
    assert [cut] == runner.late
    assert 1 == runner.shard.held


def test_what_a_checkpoint_held_is_waited_for_again(shard: Accounts, workshop: Workshop) -> None:
    log = [message(f"e{place}", START_MS + place * 1000, offset=10 + place) for place in range(10)]
    shard.begin_at(10)
    shard.read(log)
    shard.close()
    saved = shard.checkpoint()
    frontier = START_MS + 9_000 - LATENESS_MS
    assert Checkpoint(resume=14, position=20, frontier=frontier, newest=START_MS + 9_000) == saved
    other = workshop.accounts("session-events", 3)
    other.restore(saved)
    assert (14, frontier, saved.newest) == (other.position, other.frontier, other.newest)
    other.read(log[4:])
    assert (6, 20, 0) == (other.held, other.position, len(other.close().events))
    assert saved == other.checkpoint()


def test_a_restored_shard_that_has_read_nothing_yet_stands_where_it_was_restored(workshop: Workshop) -> None:
    saved = Checkpoint(resume=14, position=20, frontier=START_MS, newest=START_MS + 5000, rebuilt_ms=7)
    shard = workshop.accounts("session-events", 3)
    shard.restore(saved)
    assert saved == shard.checkpoint()


def test_nothing_is_refused_twice(shard: Accounts, workshop: Workshop) -> None:
    log = [
        message("a", START_MS, offset=0),
        Message(b"rubbish", 1, START_MS),
        message("b", START_MS + 60_000, offset=2),
        message("late", START_MS, offset=3),
    ]
    shard.read(log[:1])
    saved = shard.checkpoint()
    refused = shard.read(log[1:])
    assert ([1], [3]) == (
        [record.offset for record, _ in refused.rejected],
        [record.offset for record in refused.late],
    )
    shard.close()
    again = workshop.accounts("session-events", 3)
    again.restore(Checkpoint(saved.resume, 4, shard.frontier, shard.newest))
    refused = again.read(log)
    assert ([], []) == (refused.rejected, refused.late)
    assert 0 == again.counts.late + again.counts.rejected.total()


@pytest.mark.parametrize(("ahead_ms", "taken"), [(MAX_AHEAD_MS, 1), (MAX_AHEAD_MS + 1, 0)])
def test_an_event_too_far_ahead_of_the_broker_is_rejected(shard: Accounts, ahead_ms: int, taken: int) -> None:
    refused = shard.read([message("a", START_MS + ahead_ms, stamp=START_MS)])
    assert taken == shard.held
    assert ["too_far_ahead"] * (1 - taken) == [why.reason for _, why in refused.rejected]


def test_the_rejection_says_how_far(shard: Accounts) -> None:
    ((record, why),) = shard.read([message("a", START_MS + 300_001, stamp=START_MS, offset=8)]).rejected
    assert 8 == record.offset
    assert "`time` is 300001 ms after the broker's timestamp, at most 300000 are taken" == why.detail


def test_an_event_that_no_broker_stamped_is_never_too_far_ahead(shard: Accounts) -> None:
    stamped = message("a", START_MS)
    shard.read([Message(stamped.value), Message(message("b", START_MS + 10**10).value)])
    assert (2, START_MS + 10**10) == (shard.held, shard.newest)


def test_the_position_is_after_the_last_record_whatever_became_of_it(shard: Accounts) -> None:
    shard.begin_at(5)
    assert 5 == shard.position
    shard.read([])
    assert 5 == shard.position
    shard.read([message("a", offset=5), Message(b"rubbish", 6), Message(None, 9)])
    assert 10 == shard.position


def test_everything_read_is_counted_once(shard: Accounts) -> None:
    shard.read(
        [
            message("a", START_MS),
            message("a", START_MS, offset=1),
            message("b", START_MS, type="request", offset=2),
            Message(b"rubbish", 3, START_MS),
            Message(None, 4, START_MS),
            message("c", START_MS + 60_000, offset=5),
            message("d", START_MS, offset=6),
        ]
    )
    closed = shard.close()
    for key in shard.missing(closed):
        shard.table.put(key, None, None)
    assert [] == shard.judge(closed)
    counts = shard.counts
    assert {"login_success": 1, "request": 1} == counts.events
    assert {"not_json": 1, "null_value": 1} == counts.rejected
    assert (1, 1, 1) == (counts.late, counts.duplicates, shard.held)
    counts.clear()
    assert (0, 0, 0, 0) == (counts.events.total(), counts.rejected.total(), counts.late, counts.duplicates)


@pytest.mark.parametrize(("trusted", "hidden"), [(None, 1), ([], 0)])
def test_events_whose_address_may_be_a_proxys_are_counted(
    enricher: Enricher, pseudonyms: Pseudonymizer, trusted: list[str] | None, hidden: int
) -> None:
    runner = Runner(make(Workshop(enricher, pseudonyms, LATENESS_MS, MAX_AHEAD_MS, trusted)))
    runner.read([message("a", START_MS, forwarded_for=[SHANGHAI]), message("b", START_MS)])
    runner.finish()
    assert hidden == runner.shard.counts.hidden


def test_rows_are_asked_for_once_by_account_or_visitor(shard: Accounts) -> None:
    shard.read(
        [
            message("a", START_MS, account_id="ann"),
            message("b", START_MS, account_id=None, type="request", ip=SHANGHAI),
            message("c", START_MS, account_id="ann"),
            message("d", START_MS, account_id=None, type="request", ip="10.0.0.1", forwarded_for=[BEIJING]),
        ]
    )
    shard.raise_frontier(START_MS + 1)
    assert ["ann", f"anon:{SHANGHAI}", f"anon:10.0.0.1,{BEIJING}"] == shard.missing(shard.close())


def test_a_lost_row_is_said_for_a_day_and_kept_in_the_checkpoint(workshop: Workshop) -> None:
    runner = Runner(make(workshop))
    runner.shard.rebuild(START_MS)
    runner.checkpoint()
    runner.crash()
    runner.read([message("a", START_MS, ip=CLOUD), message("b", START_MS + 86_400_000, ip=CLOUD, offset=1)])
    runner.finish()
    codes = [{doubt.code for doubt in each.not_evaluated} for each in runner.findings]
    assert [{"rebuilt"}, set()] == codes


def test_an_allow_entry_silences_its_category_from_its_moment_on(
    enricher: Enricher, pseudonyms: Pseudonymizer
) -> None:
    workshop = Workshop(enricher, pseudonyms, LATENESS_MS, MAX_AHEAD_MS)
    since = START_MS + 2 * 3_600_000
    workshop.entitlements.put(Stamped("cid", since, Entitlement(allow=[Allow("ip", CLOUD)])))
    used = [message(f"e{hour}", START_MS + hour * 3_600_000, account_id="cid", ip=CLOUD) for hour in range(5)]
    found = run(workshop, used, 100).findings
    assert {"datacenter_use"} == {each.rule for each in found}
    assert [START_MS, START_MS + 3_600_000] == [each.time for each in found]

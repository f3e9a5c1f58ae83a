"""Stage cases: what is decided depends on the findings alone, not on who sent them, how, or on restarts."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.alerts import Alert, Subject, encode
from detector.errors import StateError
from detector.feedback import Feedbacks
from detector.findings import Block, Finding, decode_block, encode_block
from detector.ladder import Case
from detector.ladder.case import VERSION
from detector.policy import Book, Entitlements
from detector.policy.version import Version
from detector.stages.cases import Cases, Decided, Standing
from tests.ladder.making import BOOK, HOUR_MS, POLICY, START_MS, finding
from tests.policy.making import book, edited, sheet

END_MS = START_MS + 1_000 * HOUR_MS
QUIET_H = POLICY.quiet_ms / HOUR_MS


def at(hour: float) -> int:
    return START_MS + round(hour * HOUR_MS)


def block(sender: int, senders: int, frontier: int, *findings: Finding) -> Block:
    """Return a block as it arrives."""
    return decode_block(encode_block(Block(sender, senders, frontier, findings)))


def decided(blocks: Sequence[Block]) -> list[Alert]:
    """Decide after each block."""
    stage = Cases(BOOK)
    alerts = []
    for offset, one in enumerate(blocks):
        stage.read(offset, one)
        alerts += stage.decide(detected_at=0).alerts
    return alerts


class Topic:
    """The compacted topic of cases, and what is committed beside it."""

    def __init__(
        self,
        feedback: Feedbacks | None = None,
        book: Book = BOOK,
        entitlements: Entitlements | None = None,
    ) -> None:
        self.feedback = feedback
        self.book = book
        self.entitlements = entitlements
        self.cases: dict[str, bytes] = {}
        self.standing = b"{}"
        self.resume = 0

    def commit(self, stage: Cases, changed: Decided) -> None:
        for case_id, case in changed.cases.items():
            if case is None:
                self.cases.pop(case_id, None)
            else:
                self.cases[case_id] = msgspec.json.encode(case)
        self.standing, self.resume = msgspec.json.encode(stage.standing), stage.resume

    def restored(self) -> Cases:
        stage = Cases(self.book, self.feedback, entitlements=self.entitlements)
        for case in self.cases.values():
            stage.put(case)
        stage.restore(msgspec.json.decode(self.standing, type=Standing), self.resume)
        return stage

    def through(self, blocks: Sequence[Block], restarts: set[int]) -> Decided:
        """Decide after each block and commit; begin anew behind each of these places, once."""
        waiting, made = set(restarts), Decided()
        stage = self.restored()
        offset = 0
        while offset < len(blocks):
            stage.read(offset, blocks[offset])
            changed = stage.decide(detected_at=0)
            self.commit(stage, changed)
            made.add(changed)
            offset += 1
            if offset - 1 in waiting:
                waiting.remove(offset - 1)
                stage = self.restored()
                assert Decided() == stage.decide(detected_at=0)
                offset = stage.resume
        return made


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Findings of two accounts and two rules, some of them at the same moment."""
    count = draw(st.integers(1, 12))
    return [
        finding(
            draw(st.integers(0, 900)),
            draw(st.sampled_from(["overlapping_use", "overlapping_lines"])),
            draw(st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0])),
            event_id=f"e-{number % 5}",
            subject=Subject("account", draw(st.sampled_from(["acc-1", "acc-2"]))),
        )
        for number in range(count)
    ]


@st.composite
def sent(draw: st.DrawFn, found: Sequence[Finding]) -> list[Block]:
    """Cut findings into blocks of some senders, each in its own order, mixed in any way."""
    senders = draw(st.integers(1, 3))
    cuts = sorted(draw(st.sets(st.integers(1, 899), max_size=4)) | {1_000})
    queues: list[list[Block]] = [[] for _ in range(senders)]
    homes = [draw(st.integers(0, senders - 1)) for _ in found]
    for start, end in zip([0, *cuts], cuts, strict=False):
        for sender, queue in enumerate(queues):
            own = [
                one
                for one, home in zip(found, homes, strict=True)
                if home == sender and at(start) <= one.time < at(end)
            ]
            queue.append(block(sender, senders, at(end), *draw(st.permutations(own))))
    mixed = []
    while any(queues):
        queue = draw(st.sampled_from([queue for queue in queues if queue]))
        mixed.append(queue.pop(0))
    return mixed


@given(st.data(), findings())
def test_alerts_do_not_depend_on_senders_blocks_or_their_order(
    data: st.DataObject, found: list[Finding]
) -> None:
    assert decided([block(0, 1, END_MS, *found)]) == decided(data.draw(sent(found)))


@given(st.data(), findings())
def test_a_restart_at_any_point_changes_no_alert(data: st.DataObject, found: list[Finding]) -> None:
    blocks = data.draw(sent(found))
    restarts = data.draw(st.sets(st.integers(0, len(blocks) - 1)))
    assert decided(blocks) == Topic().through(blocks, restarts).alerts


def test_a_moment_waits_for_every_sender() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 2, END_MS, finding()))
    assert [] == stage.decide(0).alerts
    stage.read(1, block(1, 2, START_MS))
    assert [] == stage.decide(0).alerts
    stage.read(2, block(1, 2, START_MS + 1))
    assert ["warn"] == [alert.action for alert in stage.decide(0).alerts]


def test_what_waits_is_read_again_after_a_restart() -> None:
    stage = Cases(BOOK)
    stage.read(7, block(0, 2, END_MS, finding()))
    stage.read(8, block(1, 2, START_MS))
    stage.decide(0)
    assert (7, 9) == (stage.resume, stage.position)
    stage.read(9, block(1, 2, END_MS))
    stage.decide(0)
    assert 10 == stage.resume


def test_what_was_decided_before_a_restart_is_not_decided_again() -> None:
    topic, stage = Topic(), Cases(BOOK)
    both = block(0, 2, END_MS, finding(), finding(30.0))
    stage.read(0, both)
    stage.read(1, block(1, 2, at(1)))
    made = stage.decide(0)
    topic.commit(stage, made)
    stage = topic.restored()
    stage.read(0, both)
    stage.read(1, block(1, 2, at(1)))
    stage.read(2, block(1, 2, END_MS))
    (after,) = stage.decide(0).alerts
    assert (at(30), 2, 0) == (after.decided_time, after.sequence, after.suppressed)


def test_before_every_sender_was_heard_a_restart_closes_nothing() -> None:
    stage = Cases(BOOK)
    stage.restore(Standing(0, {0: END_MS}), 1)
    assert Decided() == stage.decide(0)
    stage.read(1, block(1, 2, END_MS, finding()))
    assert ["warn"] == [alert.action for alert in stage.decide(0).alerts]


def test_a_standing_keeps_what_was_known_then() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, START_MS))
    standing = stage.standing
    stage.read(1, block(0, 1, END_MS))
    assert Standing(0, {0: START_MS}) == standing


def test_a_sender_that_falls_back_opens_nothing_again() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, END_MS, finding()))
    assert 1 == len(stage.decide(0).alerts)
    stage.read(1, block(0, 1, START_MS, finding()))
    assert Decided() == stage.decide(0)
    assert END_MS == stage.frontier


def test_a_finding_sent_again_is_decided_once() -> None:
    once = decided([block(0, 1, END_MS, finding(), finding(30.0), finding(60.0))])
    twice = decided(
        [block(0, 1, at(1), finding()), block(0, 1, END_MS, finding(), *[finding(30.0)] * 3, finding(60.0))]
    )
    assert once == twice


@pytest.mark.parametrize(("first", "actions"), [("a", ["restrict"]), ("z", ["warn", "restrict"])])
def test_findings_of_one_moment_are_decided_by_their_events_ids(first: str, actions: list[str]) -> None:
    found = [finding(event_id="b"), finding(strength=1.0, event_id=first)]
    assert actions == [alert.action for alert in decided([block(0, 1, END_MS, *found)])]


def test_findings_that_differ_have_different_places() -> None:
    found = [
        finding(),
        finding(1.0),
        finding(event_id="other"),
        finding(rule="overlapping_lines"),
        finding(category="seat_sharing"),
        finding(subject=Subject("account", "acc-2")),
        finding(strength=0.75),
    ]
    assert len(found) == len({one.order for one in found})


def test_subjects_and_categories_have_cases_of_their_own() -> None:
    hopper = finding(rule="city_alternation", category="city_switching")
    found = [finding(), finding(subject=Subject("account", "acc-2")), hopper]
    assert 3 == len({alert.case_id for alert in decided([block(0, 1, END_MS, *found)])})


def test_only_the_wall_clock_differs_between_two_runs() -> None:
    one, other = Cases(BOOK), Cases(BOOK)
    for stage in (one, other):
        stage.read(0, block(0, 1, END_MS, finding()))
    first, second = one.decide(detected_at=1).alerts, other.decide(detected_at=2).alerts
    assert [(1, 2)] == [(a.detected_at, b.detected_at) for a, b in zip(first, second, strict=True)]
    assert [encode(msgspec.structs.replace(a, detected_at=2)) for a in first] == [encode(b) for b in second]


def test_a_quiet_case_is_taken_out_of_the_topic() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, at(1), finding()))
    (case_id,) = stage.decide(0).cases
    stage.read(1, block(0, 1, at(QUIET_H)))
    assert {} == stage.decide(0).cases
    stage.read(2, block(0, 1, at(QUIET_H + 2)))
    assert {case_id: None} == stage.decide(0).cases
    assert 0 == stage.open_cases


def test_a_case_that_makes_room_for_a_new_one_is_taken_out_of_the_topic() -> None:
    stage = Cases(BOOK)
    stage.read(0, block(0, 1, END_MS, finding(), finding(QUIET_H + 1)))
    made = stage.decide(0)
    before, after = (alert.case_id for alert in made.alerts)
    assert [None, 1] == [case and case.sequence for case in (made.cases[before], made.cases[after])]


def test_a_case_of_another_version_is_refused() -> None:
    case = Case("c-1", Subject("account", "acc-1"), "crawler", 0, 0, version=VERSION + 1)
    with pytest.raises(StateError, match=f"version {VERSION + 1}"):
        Cases(BOOK).put(msgspec.json.encode(case))


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"case_id":"c-1"}'])
def test_what_is_no_case_is_refused(data: bytes) -> None:
    with pytest.raises(StateError, match="cannot be read"):
        Cases(BOOK).put(data)


LAYERED = book(
    edited(
        "[rules.overlapping_lines]",
        '[rules.overlapping_lines]\nmode = "shadow"',
        '[plans.q.rules.overlapping_lines]\nmode = "live"\n'
        '[[products.p.ladders.enforce]]\nscore = 0.2\naction = "suspend"\nseverity = "high"\n',
    )
)


def decided_by(of: Book, *found: Finding) -> Decided:
    stage = Cases(of)
    stage.read(0, block(0, 1, END_MS, *found))
    return stage.decide(0)


def test_what_a_rule_in_shadow_finds_changes_no_alert() -> None:
    shadow = finding(rule="overlapping_lines", strength=1.0)
    assert [] == decided_by(LAYERED, shadow).alerts
    assert decided_by(LAYERED, finding(1.0)).alerts == decided_by(LAYERED, shadow, finding(1.0)).alerts


def test_a_finding_is_decided_by_the_policy_of_its_product_and_plan() -> None:
    found = [
        finding(1.0, rule="overlapping_lines", plan="q"),
        finding(2.0, "taking_turns", product="p"),
        finding(3.0),
    ]
    told = decided_by(LAYERED, *found).alerts
    policies = [LAYERED.at(0, None, "q"), LAYERED.at(0, "p")]
    assert [("warn", policies[0].hash), ("suspend", policies[1].hash)] == [
        (alert.action, alert.policy_hash) for alert in told
    ]


def test_a_signal_of_a_rule_that_was_taken_out_counts_no_more() -> None:
    live = finding(1.0, rule="overlapping_lines", strength=1.0, plan="q")
    *_, alert = decided_by(LAYERED, live, finding(30.0)).alerts
    assert [reason.signal for reason in alert.reasons] == ["overlapping_use_24h"]
    assert 0.5 == alert.score


def test_a_case_is_closed_by_the_policy_of_its_last_finding_not_by_one_that_comes_later() -> None:
    longer = Version.of(sheet(edited('version = "1"', 'version = "2"')).tables, at(60))
    blocks = block(0, 1, at(59), finding()), block(0, 1, END_MS, finding(61))
    told = []
    for known_before in (True, False):
        growing = book(edited('quiet = "30d"', 'quiet = "2d"'))
        stage = Cases(growing)
        stage.read(0, blocks[0])
        alerts = [] if known_before else stage.decide(detected_at=0).alerts
        assert known_before or 0 == stage.open_cases
        growing.put(longer)
        stage.read(1, blocks[1])
        told.append(alerts + stage.decide(detected_at=0).alerts)
    assert [("1", 1), ("2", 1)] == [(alert.policy_version, alert.sequence) for alert in told[0]]
    assert told[0] == told[1]

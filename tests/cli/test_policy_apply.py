"""`detector policy apply` and `applied`, beside a control topic in memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from detector.cli import main, policy_control
from detector.moments import moment_text
from detector.policy.applied import Applied, Ended, PolicyRecord, Tried
from detector.rules.crowds.catalog import LOGIN_RULES
from detector.stream.stamp import AHEAD_MS, MAX_POLICY_BYTES
from tests.policy.making import SHIPPED, book, edited, on_trial, otherwise

NOON_MS = 1_780_286_400_000
"""2026-06-01T12:00:00+08:00."""
NEXT = edited('half_life = "3d"', 'half_life = "2d"').replace('version = "1"', 'version = "2"')
Say = Callable[..., str]


class Topic:
    """The control topic, and how far the group is."""

    def __init__(self) -> None:
        self.records: list[PolicyRecord] = []
        self.frontier = NOON_MS

    async def read(self, *_: Any) -> list[PolicyRecord]:
        return list(self.records)

    async def highest(self, *_: Any) -> int:
        return self.frontier

    async def append(self, _: Any, topic: str, applied: PolicyRecord) -> None:
        assert topic == "detector-control"
        self.records.append(applied)


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Topic:
    made = Topic()
    monkeypatch.setattr(policy_control, "read_policies", made.read)
    monkeypatch.setattr(policy_control, "highest_frontier", made.highest)
    monkeypatch.setattr(policy_control, "append", made.append)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command of `detector policy`; return what it says."""

    def run(*arguments: str, code: int = 0) -> str:
        assert code == main(["policy", *arguments])
        said = capsys.readouterr()
        return said.err if code else said.out

    return run


def write(text: str, name: str = "p.toml") -> str:
    Path(name).write_text(text)
    return name


def test_a_policy_counts_from_a_minute_past_what_is_judged(topic: Topic, say: Say) -> None:
    said = say("apply", write(NEXT), "--author", "ann", "--note", "milder")
    (record,) = topic.records
    assert isinstance(record, Applied)
    assert (NOON_MS + AHEAD_MS, NEXT, "ann", "milder") == (
        record.counts_from,
        record.text,
        record.author,
        record.note,
    )
    assert said == (
        f"version 2, policy_hash {book(NEXT).at(0).hash}\n"
        "counts from 2026-06-01T12:01:00+08:00 (2026-06-01T04:01:00Z) on\n"
        "changes against version 1, which counts from ever:\n"
        "  half_life: '3d' -> '2d'\n"
        "written to detector-control\n"
    )


@pytest.mark.parametrize("by", ["file", "option", "both"])
def test_a_moment_that_is_declared_counts(topic: Topic, say: Say, by: str) -> None:
    later = NOON_MS + 3 * AHEAD_MS
    of_file = later if by == "file" else later + 1_000
    dated = NEXT if by == "option" else f"effective = {moment_text(of_file)}\n{NEXT}"
    say("apply", write(dated), *([] if by == "file" else ["--from", moment_text(later)]))
    assert [later] == [record.counts_from for record in topic.records]


def test_a_moment_that_is_past_is_told_and_counts_a_minute_later(topic: Topic, say: Say) -> None:
    said = say("apply", write(NEXT), "--from", moment_text(NOON_MS - 1_000))
    assert "on; the moment declared may be judged already\n" in said
    assert [NOON_MS + AHEAD_MS] == [record.counts_from for record in topic.records]


def test_the_same_again_is_no_change(topic: Topic, say: Say) -> None:
    say("apply", write(NEXT))
    said = say("apply", write(f"# another comment\n{NEXT}"))
    assert said.startswith("version 2 counts already, from 2026-06-01T12:01:00+08:00")
    assert 1 == len(topic.records)


def test_what_was_in_force_before_can_be_applied_again(topic: Topic, say: Say) -> None:
    for text in (NEXT, SHIPPED, NEXT):
        say("apply", write(text))
        topic.frontier += AHEAD_MS
    assert ["2", "1", "2"] == [record.version for record in topic.records]


def test_what_workers_have_from_their_files_is_written_all_the_same(topic: Topic, say: Say) -> None:
    """Who applies it may not know their files."""
    assert "none but of its name" in say("apply", write(SHIPPED))
    assert ["1"] == [record.version for record in topic.records]


def test_two_policies_need_two_names(topic: Topic, say: Say) -> None:
    said = say("apply", write(NEXT.replace('version = "2"', 'version = "1"')), code=1)
    assert "version: is the name of another policy, which counts from ever" in said
    assert said.startswith("error: p.toml, line ")
    assert [] == topic.records


def test_it_is_told_until_when_it_counts_and_against_what_the_workers_were_started_with(
    topic: Topic, say: Say
) -> None:
    own = edited('cooldown = "1d"', 'cooldown = "2d"').replace('version = "1"', 'version = "own"')
    dated = f"effective = {moment_text(NOON_MS + 3_600_000)}\n" + SHIPPED.replace(
        'version = "1"', 'version = "later"'
    )
    files = f"{write(own, 'own.toml')},{write(dated, 'later.toml')}"
    said = say("apply", write(NEXT), "--policy", files)
    assert "until version later counts, from 2026-06-01T13:00:00+08:00 (2026-06-01T05:00:00Z) on\n" in said
    assert "changes against version own, which counts from ever:\n" in said
    assert "  cooldown: '2d' -> '1d'\n" in said
    assert 1 == len(topic.records)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version = ", "line 1"),
        (edited('half_life = "3d"', "half_life = 3"), "half_life"),
        ("# long\n" * (MAX_POLICY_BYTES // 7) + NEXT, "bytes"),
        (f"effective = 2199-01-01T00:00:00Z\n{NEXT}", "no event has such a time"),
        (f'mode = "shadow"\n{NEXT}', "what is in shadow is not put in force"),
    ],
)
def test_of_a_bad_policy_nothing_is_written(topic: Topic, say: Say, text: str, message: str) -> None:
    said = say("apply", write(text), code=1)
    assert said.startswith("error: p.toml")
    assert message in said
    assert [] == topic.records


def test_doubts_are_told_and_go_through(topic: Topic, capsys: pytest.CaptureFixture[str]) -> None:
    doubtful = NEXT.replace("score = 0.9", "score = 1.1", 1)
    assert 0 == main(["policy", "apply", write(doubtful)])
    assert capsys.readouterr().err.startswith("warning: p.toml, line ")
    assert 1 == len(topic.records)


def test_a_dry_run_writes_nothing(topic: Topic, say: Say) -> None:
    assert "  half_life: '3d' -> '2d'\n" in say("apply", write(NEXT), "--dry-run")
    assert [] == topic.records


def test_before_any_event_was_judged_it_counts_from_ever(topic: Topic, say: Say) -> None:
    topic.frontier = 0
    assert "counts from ever\n" in say("apply", write(NEXT))
    assert [0] == [record.counts_from for record in topic.records]


def test_what_was_applied_is_listed_with_what_became_of_it(topic: Topic, say: Say) -> None:
    assert say("applied").startswith("nothing was applied")
    third = NEXT.replace('version = "2"', 'version = "3"')
    say("apply", write(NEXT), "--author", "ann", "--note", "milder")
    say("apply", write(third))
    topic.frontier += 2 * AHEAD_MS
    say("apply", write(SHIPPED))
    topic.records.append(msgspec.structs.replace(topic.records[0], text="version = 2"))
    lines = say("applied").splitlines()
    assert lines[0] == (
        "version 2 from 2026-06-01T12:01:00+08:00 (2026-06-01T04:01:00Z) on: replaced before it counted; "
        f"by ann; milder; policy_hash {book(NEXT).at(0).hash}"
    )
    for line, said in zip(
        lines[1:], ("in force", "to come", "cannot be used by this release ("), strict=True
    ):
        assert f" on: {said}" in line
    topic.frontier += 2 * AHEAD_MS
    assert ["was in force", "in force"] == [
        line.partition(" on: ")[2].partition(";")[0] for line in say("applied").splitlines()[1:3]
    ]


def test_a_version_is_read_back_as_it_was_written(topic: Topic, say: Say) -> None:
    commented = f"# why: 云\n{NEXT}"
    say("apply", write(commented))
    assert commented == say("applied", "--text", "2")
    assert "version 7 was never applied" in say("applied", "--text", "7", code=1)
    assert 1 == len(topic.records)


def test_all_are_written_as_they_lie_on_the_topic(topic: Topic, say: Say) -> None:
    say("apply", write(NEXT))
    say("applied", "--to", "applied.jsonl")
    lines = Path("applied.jsonl").read_bytes().splitlines()
    assert topic.records == [msgspec.json.decode(line, type=PolicyRecord) for line in lines]


def test_a_policy_is_tried_out_in_shadow_whether_or_not_its_file_says_so(topic: Topic, say: Say) -> None:
    said = say("apply", "--shadow", write(NEXT), "--author", "ann")
    assert said == (
        f"version 2, policy_hash {book(NEXT).at(0).hash}\n"
        "is tried out in shadow from 2026-06-01T12:01:00+08:00 (2026-06-01T04:01:00Z) on\n"
        "changes against version 1, which counts from ever:\n"
        "  half_life: '3d' -> '2d'\n"
        "written to detector-control\n"
    )
    say("apply", "--shadow", write(on_trial(NEXT.replace('"2"', '"1"', 1))))
    first, second = topic.records
    assert isinstance(first, Tried)
    assert isinstance(second, Tried)
    assert ((NOON_MS + AHEAD_MS, "2", NEXT), "trial") == (
        (first.counts_from, first.version, first.text),
        second.version,
    )


def test_what_is_in_shadow_is_not_written_again_and_what_was_needs_another_name(
    topic: Topic, say: Say
) -> None:
    say("apply", "--shadow", write(NEXT))
    said = say("apply", "--shadow", write(NEXT))
    assert said.startswith("version 2 is in shadow already, from 2026-06-01T12:01:00+08:00")
    say("end", "2")
    said = say("apply", "--shadow", write(NEXT), code=1)
    assert "version: is in shadow until 2026-06-01T12:01:00+08:00" in said
    assert 2 == len(topic.records)


def test_what_was_tried_out_can_be_put_in_force_as_it_is_and_nothing_else_by_its_name(
    topic: Topic, say: Say
) -> None:
    say("apply", "--shadow", write(NEXT))
    other = NEXT.replace('quiet = "30d"', 'quiet = "20d"')
    assert "is the name of another policy" in say("apply", write(other), code=1)
    say("apply", write(NEXT))
    assert ["policy_in_shadow", "policy"] == [record.kind for record in topic.records]


def test_what_cannot_be_tried_out_is_refused(topic: Topic, say: Say) -> None:
    logins = [rule.name for rule in LOGIN_RULES]
    first, second = (otherwise(*logins).replace('version = "1"', f'version = "{name}"') for name in "ab")
    say("apply", "--shadow", write(first))
    said = say("apply", "--shadow", write(second), code=1)
    assert f"rules.{logins[0]}.parameters: has other parameters than in force, and rows have room" in said
    assert "half_life" in say("apply", "--shadow", write(edited('half_life = "3d"', "half_life = 3")), code=1)
    assert 1 == len(topic.records)


def test_a_policy_is_taken_out_of_shadow_from_a_moment_on(topic: Topic, say: Say) -> None:
    later = moment_text(NOON_MS + 3 * AHEAD_MS)
    say("apply", "--shadow", write(NEXT))
    said = say("end", "2", "--from", later, "--author", "bob", "--note", "seen enough")
    assert said.startswith("version 2 is in shadow until 2026-06-01T12:03:00+08:00")
    assert Ended("2", NOON_MS + 3 * AHEAD_MS, "bob", "seen enough") == topic.records[-1]
    say("end", "2")
    assert NOON_MS + AHEAD_MS == topic.records[-1].counts_from
    assert say("end", "2").endswith("only: nothing to do\n")
    assert "no policy 7 is in shadow" in say("end", "7", code=1)
    assert 3 == len(topic.records)


def test_a_policy_of_the_workers_files_is_taken_out_of_shadow_too(topic: Topic, say: Say) -> None:
    say("end", "trial", "--policy", write(on_trial()))
    assert [Ended("trial", NOON_MS + AHEAD_MS)] == topic.records


def test_what_is_in_shadow_is_listed_with_what_became_of_it(topic: Topic, say: Say) -> None:
    say("apply", "--shadow", write(NEXT))
    seen = []
    for ends in (False, True, False):
        if ends:
            say("end", "2", "--from", moment_text(NOON_MS + 4 * AHEAD_MS), "--note", "done")
        seen += [
            line.partition(" on: ")[2].partition("; policy_hash")[0] for line in say("applied").splitlines()
        ]
        topic.frontier += 2 * AHEAD_MS
    until = ", until 2026-06-01T12:04:00+08:00 (2026-06-01T04:04:00Z)"
    assert seen == [
        "in shadow, to come",
        f"in shadow{until}",
        "no more in shadow, to come; done",
        f"was in shadow{until}",
        "no more in shadow; done",
    ]
    assert NEXT == say("applied", "--text", "2")

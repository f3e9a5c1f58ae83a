"""`detector evidence bundle` on files: what is in the zip, what is said, and how it ends."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from detector.alerts import Alert, encode
from detector.cli import main
from detector.policy.applied import Applied, Ended, Tried
from detector.replay import read_applied
from detector.rules.crowds import CROWD_RULES
from detector.stages.crowd_judge import ALONE, TOGETHER
from tests.evidence.chained import HASTY, alerts, lines
from tests.policy.making import edited, sheet
from tests.replay.days import simulated_day
from tests.rules.crowds.logins import one_of_a_list_fits
from tests.rules.judging import alerts as alerts_of
from tests.rules.judging import records
from tests.stages.test_rings import ring

OF_CROWDS = {rule.name for rule in CROWD_RULES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day's events, entitlements and alerts as files, and the policy."""
    made = tmp_path_factory.mktemp("day")
    write(made / "events.jsonl", simulated_day().records)
    write(made / "entitlements.jsonl", [msgspec.json.encode(entry) for entry in simulated_day().granted])
    write(made / "alerts.jsonl", lines())
    (made / "policy.toml").write_text(HASTY)
    return made


def write(path: Path, texts: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(text + b"\n" for text in texts))
    return path


def which(true: Callable[[Alert], bool]) -> Alert:
    """The last alert of the day of which something is true."""
    return next(alert for alert in reversed(alerts()) if true(alert))


def of_an_account(alert: Alert) -> bool:
    return alert.subject.type == "account" and alert.rule not in OF_CROWDS and len(alert.evidence) > 1


def bundled(
    capsys: pytest.CaptureFixture[str], folder: Path, alert: Alert, to: Path, **changed: Any
) -> tuple[int, list[str]]:
    """Run the command; return its exit code and what it says."""
    options = {name: folder / f"{name}.jsonl" for name in ("alerts", "events", "entitlements")}
    return run(capsys, alert, **{**options, "policy": folder / "policy.toml", "to": to, **changed})


def run(capsys: pytest.CaptureFixture[str], alert: Alert, **given: Any) -> tuple[int, list[str]]:
    words = [str(word) for name, value in given.items() for word in (f"--{name}", value)]
    capsys.readouterr()
    code = main(["evidence", "bundle", alert.alert_id, *words])
    return code, capsys.readouterr().out.splitlines()


def read(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_about_an_account_holds(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    alert = which(lambda one: of_an_account(one) and one.sequence > 1)
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip")
    assert 0 == code, said
    assert said[-1].endswith("everything holds")
    assert "Computed again from the account's own events, the same alert comes out" in " ".join(said)
    files = read(tmp_path / "a.zip")
    own = [json.loads(line) for line in files["holder/events.jsonl"].splitlines()]
    assert [event.event_id for event in alert.evidence] == [event["event_id"] for event in own]
    assert {alert.subject.id} == {event["account_id"] for event in own}
    assert alert.sequence <= len(files["record/case.jsonl"].splitlines())
    assert HASTY.encode() == files["record/policy.toml"]
    assert files["record/alert.json"] == files["record/alert.recomputed.json"]
    sources = {
        each["what"]: each["sha256"] for each in json.loads(files["record/recomputation.json"])["sources"]
    }
    assert sha256((folder / "events.jsonl").read_bytes()).hexdigest() == sources["events"]
    assert {"events", "entitlements"} == set(sources)


def test_what_many_accounts_share_is_computed_from_all_and_nobody_elses_event_is_enclosed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Somebody tries a list of accounts from one address, and enters one of them."""
    events = write(tmp_path / "events.jsonl", [record.value for record in records(one_of_a_list_fits(2))])
    path = tmp_path / "alerts.jsonl"
    assert 0 == main(["replay", str(events), "--alerts", str(path)])
    given = [msgspec.json.decode(line, type=Alert) for line in path.read_bytes().splitlines()]
    for kind, enclosed in (("account", 1), ("network", 0)):
        alert = next(one for one in given if one.rule in OF_CROWDS and one.subject.type == kind)
        to = tmp_path / f"{kind}.zip"
        code, said = run(capsys, alert, alerts=path, events=events, to=to)
        assert 0 == code, said
        assert "Computed again from all events, the same alert comes out" in " ".join(said)
        assert enclosed == len(read(to)["holder/events.jsonl"].splitlines())
        assert len(alert.evidence) == len(json.loads(read(to)["record/exhibits.json"])) > 0


def test_twice_is_the_same_zip(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        assert 0 == bundled(capsys, folder, which(of_an_account), tmp_path / name)[0]
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_what_is_there_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.zip").write_text("mine")
    assert 2 == bundled(capsys, folder, which(of_an_account), tmp_path / "a.zip")[0]
    assert "mine" == (tmp_path / "a.zip").read_text()


def test_another_policy_is_told_and_changes_the_alert(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    other.write_text(edited('half_life = "3d"', 'half_life = "2d"'))
    alert = which(of_an_account)
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip", policy=other)
    assert 1 == code
    assert f"No policy that was given has the hash {alert.policy_hash}" in " ".join(said)
    files = read(tmp_path / "a.zip")
    assert other.read_bytes() == files["record/policy.other.1.toml"]
    assert "record/policy.toml" not in files
    assert json.loads(files["record/recomputation.json"])["outcome"] in {"different", "not_given"}


def test_what_was_applied_is_read_with_the_moments_from_which_it_counted(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    """The policy changes in the middle of a case, and is tried out beside: nobody has the file any more."""
    alert = which(lambda one: of_an_account(one) and one.sequence > 1)
    moment = alert.decided_time - 1
    later = HASTY.replace('version = "1"', 'version = "2"')
    records = [
        Applied.of(sheet(later), later, moment, "ann", "milder"),
        Tried.of(sheet(later), later, moment),
        Ended("2", moment + 1),
    ]
    applied = write(tmp_path / "applied.jsonl", [msgspec.json.encode(one) for one in records])
    inputs = ("--entitlements", str(folder / "entitlements.jsonl"), "--policy", str(folder / "policy.toml"))
    path = tmp_path / "alerts.jsonl"
    replay = ["replay", str(folder / "events.jsonl"), "--alerts", str(path), *inputs]
    assert 0 == main([*replay, "--applied", str(applied)])
    given = [msgspec.json.decode(line, type=Alert) for line in path.read_bytes().splitlines()]
    changed = next(one for one in given if one.decided_time > moment and one.subject == alert.subject)
    assert "2" == changed.policy_version

    code, said = bundled(capsys, folder, changed, tmp_path / "a.zip", alerts=path, applied=applied)
    assert 0 == code, said
    files = read(tmp_path / "a.zip")
    assert (later.encode(), HASTY.encode()) == (
        files["record/policy.toml"],
        files["record/policy.other.1.toml"],
    )
    kept = write(tmp_path / "kept.jsonl", files["record/policy.applied.jsonl"].splitlines())
    expected = [msgspec.structs.replace(one, author=None, note=None) for one in records]
    assert expected == read_applied(kept)
    sources = json.loads(files["record/recomputation.json"])["sources"]
    assert {"what": "applied policies", "file": "applied.jsonl"} in [
        {key: value for key, value in each.items() if key != "sha256"} for each in sources
    ]

    code, said = bundled(capsys, folder, changed, tmp_path / "b.zip", alerts=path)
    assert (1, True) == (code, f"has the hash {changed.policy_hash}" in " ".join(said))


def test_an_event_that_the_archive_has_lost_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    alert = which(of_an_account)
    lost = alert.evidence[0].event_id.encode()
    kept = [line for line in simulated_day().records if b'"' + lost + b'"' not in line]
    assert len(kept) < len(simulated_day().records)
    short = write(tmp_path / "short.jsonl", kept)
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip", events=short)
    assert (1, True) == (code, "Events that could not be fetched: 1." in said)
    entries = json.loads(read(tmp_path / "a.zip")["record/exhibits.json"])
    assert ["not_there"] == [each["why"] for each in entries if each["state"] == "missing"]


def test_a_changed_alert_is_told(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    alert = which(of_an_account)
    false = encode(msgspec.structs.replace(alert, score=0.123))
    changed = [false if line == encode(alert) else line for line in lines()]
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip", alerts=write(tmp_path / "f", changed))
    assert (1, True) == (code, "changed: its content does not give its hash" in said[0])
    assert ["score"] == json.loads(read(tmp_path / "a.zip")["record/recomputation.json"])[
        "fields_that_differ"
    ]


def test_a_missing_alert_of_the_case_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    alert = which(lambda one: of_an_account(one) and one.sequence > 1)
    others = [line for line, one in zip(lines(), alerts(), strict=True)
              if one.case_id != alert.case_id or one.sequence > 1]  # fmt: skip
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip", alerts=write(tmp_path / "gap", others))
    assert (1, True) == (code, "missing: number 1 does not come before it" in said[0])


def test_an_alert_is_found_however_its_json_is_written(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    alert = which(of_an_account)
    ids = [one.case_id.encode() for one in alerts()]
    escaped = [
        line.replace(each, b"%b\\u%04x%b" % (each[:1], each[1], each[2:]))
        for each, line in zip(ids, lines(), strict=True)
    ]
    assert not any(each in line for each, line in zip(ids, escaped, strict=True))
    code, said = bundled(capsys, folder, alert, tmp_path / "a.zip", alerts=write(tmp_path / "esc", escaped))
    count = sum(one.case_id == alert.case_id for one in alerts())
    assert (0, True) == (code, said[0].startswith(f"Alerts of the case: {count}, "))


def test_an_alert_that_is_not_there_gives_no_zip(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    nobody = msgspec.structs.replace(alerts()[0], alert_id="0" * 32)
    assert (1, []) == bundled(capsys, folder, nobody, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    "changed",
    [{"alerts": "-"}, {"events": "-"}, {"events": "kafka://nowhere"}, {"format": "csv"}],
)
def test_wrong_use_is_2(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, changed: dict[str, str]
) -> None:
    assert 2 == bundled(capsys, folder, alerts()[0], tmp_path / "a.zip", **changed)[0]


def test_an_id_cannot_be_a_path(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    evil = msgspec.structs.replace(alerts()[0], alert_id="../x")
    assert 2 == bundled(capsys, folder, evil, tmp_path / "a.zip")[0]


def test_of_a_group_one_accounts_holder_gets_what_is_of_that_account(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    events = ring(ALONE + TOGETHER, 1_000)
    group = next(one for one in alerts_of(events) if one.subject.type == "group")
    given: dict[str, Any] = {
        "alerts": write(tmp_path / "alerts.jsonl", [encode(one) for one in alerts_of(events)]),
        "events": write(tmp_path / "events.jsonl", [msgspec.json.encode(event) for event in events]),
    }
    code, said = run(capsys, group, to=tmp_path / "nobody.zip", **given)
    assert (0, b"") == (code, read(tmp_path / "nobody.zip")["holder/events.jsonl"]), said
    (third, *_) = [each.id for each in group.related][2:]
    code, said = run(capsys, group, to=tmp_path / "third.zip", **{"for": third}, **given)
    assert 0 == code, said
    (own,) = read(tmp_path / "third.zip")["holder/events.jsonl"].splitlines()
    assert third == json.loads(own)["account_id"]
    code, said = run(capsys, group, to=tmp_path / "stranger.zip", **{"for": "new-0"}, **given)
    assert 2 == code
    assert not (tmp_path / "stranger.zip").exists()


def test_whoever_was_taken_out_of_a_group_reads_since_when(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    events = ring(ALONE + TOGETHER, 1_000)
    another, same = (events[place]["account_id"] for place in (ALONE + 1, ALONE + 2))
    holders = [(0, "a"), (events[-2]["time"] + 600_000, "b")]
    given: dict[str, Any] = {
        "alerts": tmp_path / "alerts.jsonl",
        "events": write(tmp_path / "events.jsonl", [msgspec.json.encode(event) for event in events]),
        "entitlements": write(
            tmp_path / "entitlements.jsonl",
            [
                msgspec.json.encode({"key": another, "value": {"holder": name, "valid_from": since}})
                for since, name in holders
            ],
        ),
    }
    files = (str(given["events"]), "--alerts", str(given["alerts"]))
    assert 0 == main(["replay", *files, "--entitlements", str(given["entitlements"])])
    alerts = [msgspec.json.decode(line, type=Alert) for line in given["alerts"].read_bytes().splitlines()]
    out = next(one for one in alerts if one.action == "release")
    assert (another, 1) == (out.subject.id, len(out.related))
    group = next(one for one in alerts if one.alert_id == out.previous)
    assert "restrict" == group.action
    for name, left in ((another, 1), (same, 0)):
        to = tmp_path / f"{name}.zip"
        code, said = run(capsys, group, to=to, **{"for": name}, **given)
        assert 0 == code, said
        files_of = read(to)
        assert left == len(files_of.get("record/left.jsonl", b"").splitlines())
        assert left == files_of["holder/statement.en.html"].decode().count(
            f"no step against this group is for the account {name}"
        )
        pictured = files_of["holder/timeline.en.svg"].decode()
        assert ("release" in pictured.lower()) == bool(left)
    assert 0 == run(capsys, group, to=tmp_path / "nobody.zip", **given)[0]
    of_nobody = read(tmp_path / "nobody.zip")
    assert 1 == len(of_nobody["record/left.jsonl"].splitlines())
    assert another in of_nobody["record/proof.en.html"].decode()
    for_holders = {name: text for name, text in of_nobody.items() if name.startswith("holder/")}
    assert [] == [name for name, text in for_holders.items() if another.encode() in text]

"""`detector replay`: files of every kind, in any order, to one file of alerts."""

import gzip
import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
import zstandard

from detector.alerts import encode
from detector.cli import main
from detector.cli.replay_report import SHOWN
from tests.policy.making import SHIPPED, addresses_shown, edited, in_mode, on_trial
from tests.replay.days import MIDNIGHT_MS, Day, replayed, simulated_day
from tests.rules.events import HOUR_MS, NOON_MS, Event, Hand
from tests.rules.judging import records
from tests.rules.streams import bot_by_its_own_word, cloud_for_long, from_a_cloud, two_cities_at_once

REAL_LOG = Path(__file__).parents[1] / "data" / "elastic_apache_logs.gz"
REAL_ADDRESSES = 1_753
Json = dict[str, Any]


@pytest.fixture(scope="module")
def day() -> Day:
    return simulated_day()


def write(path: Path, values: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(value + b"\n" for value in values))
    return path


def write_events(path: Path, events: Sequence[Event]) -> Path:
    return write(path, [record.value for record in records(events)])


@pytest.fixture
def granted(tmp_path: Path, day: Day) -> Path:
    return write(tmp_path / "entitlements.jsonl", [msgspec.json.encode(entry) for entry in day.granted])


def replay(folder: Path, *inputs: Path | str, **options: Path | str) -> list[Json]:
    """Run the command; return its alerts."""
    alerts = folder / "alerts.jsonl"
    chosen = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    assert 0 == main(["replay", *map(str, inputs), "--alerts", str(alerts), *chosen])
    return [json.loads(line) for line in alerts.read_bytes().splitlines()] if alerts.exists() else []


def expected(day: Day) -> list[Json]:
    return [json.loads(encode(alert)) for alert in replayed(day.records, day.entitlements)]


def plain(folder: Path, values: Sequence[bytes]) -> list[Path]:
    return [write(folder / "events.jsonl", values)]


def shuffled(folder: Path, values: Sequence[bytes]) -> list[Path]:
    return [write(folder / "events.jsonl", Random(1).sample(values, len(values)))]


def several(folder: Path, values: Sequence[bytes]) -> list[Path]:
    """Three files that overlap in time, one of them with what another holds too."""
    parts = [values[0::3], values[1::3], [*values[2::3], *values[: len(values) // 9]]]
    return [write(folder / f"{number}.jsonl", part) for number, part in enumerate(parts)]


def gzipped(folder: Path, values: Sequence[bytes]) -> list[Path]:
    (folder / "events.jsonl.gz").write_bytes(gzip.compress(b"\n".join(values)))
    return [folder / "events.jsonl.gz"]


def zstd(folder: Path, values: Sequence[bytes]) -> list[Path]:
    (folder / "events.jsonl.zst").write_bytes(zstandard.compress(b"\r\n".join(values)))
    return [folder / "events.jsonl.zst"]


@pytest.mark.parametrize("form", [plain, shuffled, several, gzipped, zstd])
def test_the_alerts_are_the_engines_whatever_the_files(
    tmp_path: Path, day: Day, granted: Path, form: Callable[[Path, Sequence[bytes]], list[Path]]
) -> None:
    assert expected(day) == replay(tmp_path, *form(tmp_path, day.records), entitlements=granted)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_several_processes_give_the_same_alerts_and_the_last_links_of_their_chains(
    tmp_path: Path, day: Day, granted: Path, processes: str
) -> None:
    heads = tmp_path / "heads.jsonl"
    source = plain(tmp_path, day.records)
    alerts = replay(tmp_path, *source, entitlements=granted, processes=processes, heads=heads)
    assert expected(day) == alerts
    last = {alert["case_id"]: alert for alert in alerts}
    written = [json.loads(line) for line in heads.read_bytes().splitlines()]
    same = ("case_id", "sequence", "alert_id", "decided_time", "subject")
    assert sorted(last) == [head["case_id"] for head in written]
    for head in written:
        alert = last[head["case_id"]]
        assert {"hash": alert["chain"]["hash"], **{name: alert[name] for name in same}} == head
    assert 0 == main(["evidence", "verify", str(tmp_path / "alerts.jsonl"), "--heads", str(heads)])


def test_a_replay_that_fails_leaves_the_heads_that_were_there(tmp_path: Path) -> None:
    heads = write(tmp_path / "heads.jsonl", [b"before"])
    source = write(tmp_path / "e.jsonl", [b"no event"])
    assert 1 == main(["replay", str(source), "--alerts", str(tmp_path / "a"), "--heads", str(heads)])
    assert ["e.jsonl", "heads.jsonl"] == sorted(path.name for path in tmp_path.iterdir())
    assert b"before\n" == heads.read_bytes()


def tried(folder: Path) -> Path:
    """A policy with a rule in shadow."""
    path = folder / "policy.toml"
    path.write_text(in_mode("shadow", "datacenter_use"))
    return path


def test_alerts_in_shadow_mode_are_written_where_they_are_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, shadow = write_events(tmp_path / "e.jsonl", list(cloud_for_long(0))), tmp_path / "shadow.jsonl"
    policy = tried(tmp_path)
    assert [] == replay(tmp_path, source, policy=policy, shadow=shadow)
    assert f"\n2 alerts in shadow mode written to {shadow}\n" in capsys.readouterr().err
    told = [json.loads(line) for line in shadow.read_bytes().splitlines()]
    assert [("observe", "shadow"), ("warn", "shadow")] == [(alert["action"], alert["mode"]) for alert in told]
    assert 0 == main(["evidence", "verify", str(shadow)])


def test_alerts_in_shadow_mode_are_counted_where_they_are_not_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_events(tmp_path / "e.jsonl", list(cloud_for_long(0)))
    assert [] == replay(tmp_path, source, policy=tried(tmp_path))
    assert "\n2 alerts in shadow mode not written, which --shadow FILE does\n" in capsys.readouterr().err
    assert 2 == len(replay(tmp_path, source))
    assert "in shadow mode" not in capsys.readouterr().err


@pytest.mark.parametrize("shadow", ["-", "a.jsonl", "h.jsonl", "e.jsonl"])
def test_alerts_in_shadow_mode_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shadow: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "e.jsonl", [b"{}"])
    written = ["--alerts", "a.jsonl", "--heads", "h.jsonl", "--shadow", shadow]
    assert 2 == main(["replay", "e.jsonl", *written])


@pytest.mark.parametrize("heads", ["-", "a.jsonl", "e.jsonl"])
def test_heads_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heads: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = write(tmp_path / "e.jsonl", [b"{}"])
    assert 2 == main(["replay", str(source), "--alerts", "a.jsonl", "--heads", heads])
    assert b"{}\n" == source.read_bytes()


def test_events_may_come_on_standard_input(
    tmp_path: Path, day: Day, granted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(day.records))))
    assert expected(day) == replay(tmp_path, "-", entitlements=granted)


def test_from_and_to_select_a_span_open_at_its_end(tmp_path: Path, day: Day, granted: Path) -> None:
    source = plain(tmp_path, day.records)
    times = [msgspec.json.decode(value)["time"] for value in day.records]
    start_ms, end_ms = times[len(times) // 4], times[len(times) // 2]
    within = [value for value, time in zip(day.records, times, strict=True) if start_ms <= time < end_ms]
    assert 0 < len(within) < len(times)
    span = {"from": moment(start_ms), "to": moment(end_ms)}
    assert expected(Day(tuple(within), day.granted)) == replay(
        tmp_path, *source, entitlements=granted, **span
    )


def test_account_selects_one_account(tmp_path: Path, day: Day, granted: Path) -> None:
    whole = expected(day)
    account = next(alert["account_id"] for alert in whole if "account_id" in alert)
    own = [alert for alert in whole if alert.get("account_id") == account]
    assert own == replay(tmp_path, *plain(tmp_path, day.records), entitlements=granted, account=account)


def test_late_events_are_left_out(tmp_path: Path) -> None:
    events = list(two_cities_at_once(0))
    source, late = write_events(tmp_path / "e.jsonl", events), write_events(tmp_path / "l.jsonl", events[2:])
    assert "account_sharing" in {alert["category"] for alert in replay(tmp_path, source)}
    assert "account_sharing" not in {alert["category"] for alert in replay(tmp_path, source, late=late)}


def test_entitlements_count_from_their_moment_on(tmp_path: Path) -> None:
    source = write_events(tmp_path / "e.jsonl", list(from_a_cloud(3, 1)))
    entry: Json = {"key": "acc-1", "value": {"allow": [{"kind": "asn", "value": "AS37963"}]}}
    grants = write(tmp_path / "n.jsonl", [msgspec.json.encode(entry)])
    assert [] == replay(tmp_path, source, entitlements=grants)
    entry["value"]["valid_from"] = moment(NOON_MS + 86_400_000)
    write(grants, [msgspec.json.encode(entry)])
    assert 1 == len(replay(tmp_path, source, entitlements=grants))


def test_a_policy_of_ones_own_decides_in_several_processes_too(tmp_path: Path) -> None:
    source = write_events(tmp_path / "e.jsonl", list(cloud_for_long(0)))
    turn_ms = NOON_MS + 2 * 3_600_000
    changed = edited('version = "1"', f'version = "2"\neffective = {moment(turn_ms)}').replace(
        'action = "warn"', 'action = "suspend"'
    )
    for name, text in (("1.toml", SHIPPED), ("2.toml", changed), ("3.toml", on_trial())):
        (tmp_path / name).write_text(text)
    policy = ",".join(str(tmp_path / name) for name in ("3.toml", "2.toml", "1.toml"))
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    alerts = replay(tmp_path, source, policy=policy, shadow=one)
    assert [("1", "observe"), ("2", "suspend")] == [(one["policy_version"], one["action"]) for one in alerts]
    assert alerts == replay(tmp_path, source, policy=policy, shadow=two, processes="2")
    assert (2, one.read_bytes()) == (len(one.read_bytes().splitlines()), two.read_bytes())


def test_feedback_counts_from_its_time_on_and_what_is_said_of_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = Hand()
    events = [holder.login(NOON_MS), holder.report(NOON_MS + 1), holder.login(NOON_MS + 2 * HOUR_MS)]
    source = write_events(tmp_path / "e.jsonl", events)
    (suspended,) = replay(tmp_path, source)
    about = {"alert_id": suspended["alert_id"], "author": "ann", "time": NOON_MS + HOUR_MS}
    said = [
        {"key": "acc-1", "value": about | {"verdict": "benign"}},
        {"key": "acc-2", "value": about | {"verdict": "benign"}},
    ]
    feedback = write(tmp_path / "f.jsonl", [msgspec.json.encode(one) for one in said])
    first, release = replay(tmp_path, source, feedback=feedback)
    assert suspended == first
    assert ("release", NOON_MS + HOUR_MS) == (release["action"], release["decided_time"])
    assert "1 verdict took effect, 1 more on alerts that no open case knew" in capsys.readouterr().err
    assert [first, release] == replay(tmp_path, source, feedback=feedback, processes="2")


def test_hashed_addresses_are_those_of_the_key_that_a_replay_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_events(tmp_path / "e.jsonl", list(from_a_cloud(1, 1)))
    policy = write(tmp_path / "policy.toml", [addresses_shown("hashed").encode()])

    def shown(key: str) -> list[str]:
        monkeypatch.setenv("DETECTOR_ALERT_KEY", key)
        (alert,) = replay(tmp_path, source, policy=policy)
        return [event["ip"] for event in alert["evidence"]]

    assert shown("one") == shown("one")
    assert not set(shown("one")) & set(shown("another"))
    assert {"hidden"} == set(shown(""))


def test_proxies_that_nobody_vouched_for_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proxied = [{**event, "forwarded_for": ["198.51.100.7"]} for event in from_a_cloud(3, 1)]
    source = write_events(tmp_path / "e.jsonl", proxied)
    told = f"{len(proxied)} events came through proxies"
    assert [] == replay(tmp_path, source)
    assert told in capsys.readouterr().err
    assert replay(tmp_path, source, **{"trusted-proxies": "none"})
    assert told not in capsys.readouterr().err


def test_what_cannot_be_read_is_counted_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = [record.value for record in records(two_cities_at_once(0))]
    source = write(tmp_path / "e.jsonl", [good[0], b"", b"no JSON", *good[1:], b'{"event_id":"x"}'])
    assert 1 <= len(replay(tmp_path, source))
    said = capsys.readouterr().err
    assert f"{len(good)} events judged, 0 repeats dropped\n" in said
    assert "1 line not read: missing_field\n1 line not read: not_json\n" in said
    assert f"  {source}, line 3: " in said
    assert f"  {source}, line {len(good) + 3}: `type` is missing\n" in said


def test_only_the_first_unreadable_lines_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = [record.value for record in records(from_a_cloud(1, 1))]
    replay(tmp_path, write(tmp_path / "e.jsonl", [*good, *[b"[]"] * (SHOWN + 5)]))
    said = capsys.readouterr().err
    assert f"{SHOWN + 5} lines not read: not_an_object\n" in said
    assert SHOWN == said.count(", line ")


def test_unreadable_lines_of_standard_input_are_named_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"nonsense")))
    assert 1 == main(["replay", "-", "--alerts", str(tmp_path / "alerts.jsonl")])
    assert "error: -, line 1: not_json: " in capsys.readouterr().err


WRONG: dict[str, tuple[list[str], int, str]] = {
    "an input that is not there": (["gone.jsonl"], 1, "error: gone.jsonl: No such file"),
    "a folder as input": (["."], 1, "error: .: Is a directory"),
    "a bad entitlement": (
        ["e.jsonl", "--entitlements", "e.jsonl"],
        1,
        "error: e.jsonl, line 1: no entitlement",
    ),
    "bad feedback": (["e.jsonl", "--feedback", "e.jsonl"], 1, "error: e.jsonl, line 1: no feedback"),
    "a bad late event": (["e.jsonl", "--late", "bad.jsonl"], 1, "error: bad.jsonl, line 2: no event"),
    "a damaged file": (["cut.jsonl.gz"], 1, "error: cut.jsonl.gz: "),
    "standard input twice": (["-", "-"], 2, "error: - is given twice"),
    "a policy that is wrong": (
        ["e.jsonl", "--policy", "bad.toml"],
        1,
        "error: bad.toml, line 1: agreements: is missing\nerror: bad.toml, line 1: ",
    ),
    "a policy that is not there": (["e.jsonl", "--policy", "gone.toml"], 1, "error: gone.toml: No such file"),
    "a span that holds nothing": (
        ["e.jsonl", "--from", "2026-06-02T00:00:00Z", "--to", "2026-06-01T00:00:00Z"],
        2,
        "error: --from is not before --to",
    ),
    "a visitor without address": (["e.jsonl", "--account", "anon:bob"], 2, "error: anon:bob: a visitor"),
    "no input": ([], 2, "error: Missing argument 'INPUTS...'"),
    "a moment without offset": (["e.jsonl", "--from", "2026-06-01"], 2, "error: Invalid value for '--from'"),
    "an unknown format": (["e.jsonl", "--format", "xml"], 2, "error: Invalid value for '--format'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_a_line_and_costs_no_alerts(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, code, message = WRONG[case]
    monkeypatch.chdir(tmp_path)
    good = [record.value for record in records(two_cities_at_once(0))]
    write(Path("e.jsonl"), good)
    write(Path("bad.jsonl"), [good[0], b"no JSON"])
    Path("cut.jsonl.gz").write_bytes(gzip.compress(b"\n".join(good))[:-9])
    write(Path("kept.jsonl"), [b"alerts of before"])
    write(Path("bad.toml"), [b'version = "2"'])
    assert code == main(["replay", *arguments, "--alerts", "kept.jsonl"])
    said = capsys.readouterr().err
    assert said.startswith(message)
    assert said.count("\n") == 10 if "bad.toml" in arguments else said.count("\n") <= 2
    assert b"alerts of before\n" == Path("kept.jsonl").read_bytes()
    assert [] == list(tmp_path.glob("*.part"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_events(tmp_path / "e.jsonl", list(bot_by_its_own_word(0)))
    assert 1 == main(["replay", str(source), "--alerts", str(tmp_path / "gone" / "alerts.jsonl")])
    assert capsys.readouterr().err.startswith(f"error: cannot write {tmp_path / 'gone' / 'alerts.jsonl'}")


@pytest.mark.parametrize("option", ["", "--entitlements", "--late", "--policy"])
@pytest.mark.parametrize("name", ["e.jsonl", "./e.jsonl", "link.jsonl", "hard.jsonl"])
def test_alerts_do_not_take_the_place_of_what_is_read(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_events(Path("other.jsonl"), list(from_a_cloud(1, 1)))
    before = write_events(Path("e.jsonl"), list(bot_by_its_own_word(0))).read_bytes()
    Path("link.jsonl").symlink_to("e.jsonl")
    Path("hard.jsonl").hardlink_to("e.jsonl")
    read = ["other.jsonl", option, "e.jsonl"] if option else ["e.jsonl"]
    assert 2 == main(["replay", *read, "--alerts", name])
    assert f"error: --alerts {Path(name)} is one of the files that are read" in capsys.readouterr().err
    assert before == Path("e.jsonl").read_bytes()


def test_a_link_is_followed_to_where_alerts_go(tmp_path: Path) -> None:
    (tmp_path / "alerts.jsonl").symlink_to("there.jsonl")
    assert replay(tmp_path, write_events(tmp_path / "e.jsonl", list(bot_by_its_own_word(0))))
    assert (tmp_path / "alerts.jsonl").is_symlink()
    assert (tmp_path / "there.jsonl").read_bytes()


def test_alerts_may_go_to_standard_output_and_all_else_goes_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_events(tmp_path / "e.jsonl", list(bot_by_its_own_word(0)))
    alerts = replay(tmp_path, source)
    capsys.readouterr()
    assert 0 == main(["replay", str(source), "--alerts", "-"])
    said = capsys.readouterr()
    assert alerts == [json.loads(line) for line in said.out.splitlines()]
    assert "crawler" in said.err
    assert f"{len(alerts)} alerts written to standard output\n" in said.err


def test_what_nobody_can_read_is_an_error_that_says_what_it_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = write(tmp_path / "alerts.jsonl", [b"alerts of before"])
    assert 1 == main(["replay", str(REAL_LOG), "--alerts", str(kept)])
    said = capsys.readouterr().err
    assert said.startswith(f"error: {REAL_LOG}, line 1: not_json: ")
    told = "is it --format combined, access logs of Apache and nginx in the combined format?"
    assert said.endswith(f"none of 10,000 lines is an event: {told}\n")
    assert b"alerts of before\n" == kept.read_bytes()


def test_an_empty_history_is_none_that_cannot_be_read(tmp_path: Path) -> None:
    assert [] == replay(tmp_path, write(tmp_path / "e.jsonl", [b"", b"  "]))


def test_what_is_left_out_is_not_what_cannot_be_read(tmp_path: Path) -> None:
    lines = [record.value for record in records(from_a_cloud(1, 1))]
    assert [] == replay(tmp_path, write(tmp_path / "e.jsonl", [*lines, b"nonsense"]), account="nobody")


def test_a_visitor_is_selected_as_inspect_names_one(tmp_path: Path) -> None:
    visits, others = list(bot_by_its_own_word(0)), list(from_a_cloud(1, 1))
    source = write_events(tmp_path / "e.jsonl", [*visits, *others])
    alerts = replay(tmp_path, source, account=f"anon:{visits[0]['ip']}")
    assert {"crawler"} == {alert["category"] for alert in alerts}


def test_one_event_of_another_century_changes_nothing_and_is_not_waited_for(
    tmp_path: Path, day: Day, granted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is restored on disk, because memory would have to hold the whole history until the end."""
    monkeypatch.setattr("detector.replay.survey.MOST_HELD", 20_000)
    monkeypatch.setattr("detector.replay.sorting.MOST_HELD", 5_000)
    far = {**msgspec.json.decode(day.records[0]), "event_id": "far", "time": 4_102_444_799_999}
    (source,) = plain(tmp_path, [msgspec.json.encode(far), *day.records])
    assert expected(day) == replay(tmp_path, source, entitlements=granted)


def test_whose_data_it_is_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay(tmp_path, write_events(tmp_path / "e.jsonl", list(from_a_cloud(1, 1))))
    *_, last = capsys.readouterr().err.splitlines()
    assert {"https://db-ip.com", "CC BY 4.0", "RouteViews", "NRO"} <= {
        word for word in ("https://db-ip.com", "CC BY 4.0", "RouteViews", "NRO") if word in last
    }


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Json], str]:
    """The alerts on the real access log, and what the command said of it."""
    said = io.StringIO()
    with redirect_stderr(said):
        alerts = replay(tmp_path_factory.mktemp("real"), REAL_LOG, format="combined")
    return alerts, said.getvalue()


def test_a_real_log_is_read_but_for_its_cut_off_line(real: tuple[list[Json], str]) -> None:
    assert "9,999 events judged, 0 repeats dropped\n1 line not read: bad_line\n" in real[1]
    assert f"  {REAL_LOG}, line 8899: not a line of the combined format" in real[1]


SEEKERS = {"91.236.75.25", "95.78.54.93", "144.76.194.187", "188.165.243.45", "195.250.34.144"} | {
    "198.245.61.43",
    "199.168.96.66",
}
"""Asked a site for back doors of software that it does not run: `/wp-login.php`, `/admin.php`, editors."""


FLEET = "207.241.237.0/24"
"""Eleven addresses of one crawler by its own word, which no published list of crawlers has."""


def test_crawlers_and_seekers_are_reported_in_a_real_log_and_few_others_can_be(
    real: tuple[list[Json], str],
) -> None:
    alerts = real[0]
    assert {"crawler", "probing"} == {alert["category"] for alert in alerts}
    warned = {alert["subject"]["id"]: alert["category"] for alert in alerts if alert["action"] != "observe"}
    assert dict.fromkeys(SEEKERS, "probing") | {FLEET: "crawler"} == warned
    assert {"network"} == {alert["subject"]["type"] for alert in alerts}
    assert 5 <= len({alert["subject"]["id"] for alert in alerts}) < 0.03 * REAL_ADDRESSES


def test_nobody_is_warned_for_being_a_published_crawler(real: tuple[list[Json], str]) -> None:
    google = [alert for alert in real[0] if any(event["asn"] == 15_169 for event in alert["evidence"])]
    assert google
    assert {"observe"} == {alert["action"] for alert in google}


def moment(time_ms: int) -> str:
    """Return a moment as a person types it, at +08:00."""
    seconds, ms = divmod(time_ms - MIDNIGHT_MS, 1000)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    return f"2026-06-{1 + days:02d}T{hours:02d}:{minutes:02d}:{seconds:02d}.{ms:03d}+08:00"

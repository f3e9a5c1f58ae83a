from dataclasses import asdict

import msgspec
import pytest

from detector.errors import InputError
from detector.simulate import Accusation, Label, Score, read_alerts, score
from detector.simulate.labels import Subject
from detector.simulate.tally import Row
from detector.simulate.truth import GRACE_MS, WEEK_MS


def alert(
    account: str, category: str = "crawler", at: int = 500, action: str = "warn", **more: object
) -> Accusation:
    row = {
        "subject": {"type": "account", "id": account},
        "account_id": account,
        "category": category,
        "action": action,
        "decided_time": at,
    }
    return msgspec.convert(row | more, Accusation)


def label(account: str, category: str = "crawler", /, **more: object) -> Label:
    row = {
        "subject_type": "account",
        "subject_id": account,
        "category": category,
        "from": 100,
        "to": 1_000,
        "profile": "bot" if category != "benign" else "good",
    }
    return msgspec.convert(row | more, Label)


def row(rows: tuple[Row, ...], name: str) -> Row:
    (found,) = [each for each in rows if each.name == name]
    return found


def whole(alerts: list[Accusation], labels: list[Label]) -> Row:
    return score(alerts, labels, weeks=1.0).overall


def test_a_right_alert_counts_for_precision_recall_and_delay() -> None:
    got = whole([alert("a"), alert("a", at=300)], [label("a"), label("b")])
    assert (2, 2, 2, 1) == (got.alerts, got.right, got.affairs, got.caught)
    assert (1.0, 0.5, 200) == (got.precision, got.recall, got.median_delay_ms)
    assert pytest.approx(2 / 3) == got.f1
    assert 0 == got.false_alarms


@pytest.mark.parametrize(
    ("at", "right"), [(99, 0), (100, 1), (1_000, 1), (1_000 + GRACE_MS, 1), (1_001 + GRACE_MS, 0)]
)
def test_an_alert_is_right_from_the_labels_start_until_a_day_after(at: int, right: int) -> None:
    assert right == whole([alert("a", at=at)], [label("a")]).right


@pytest.mark.parametrize("action", ["observe", "release"])
def test_who_is_only_observed_or_released_is_not_accused(action: str) -> None:
    got = whole([alert("a", action=action), alert("g", action=action)], [label("a"), label("g", "benign")])
    assert (0, 0, 0) == (got.alerts, got.caught, got.false_alarms)


@pytest.mark.parametrize("action", ["warn", "restrict", "suspend", "remove_content", "lock"])
def test_every_step_from_a_warning_up_accuses(action: str) -> None:
    assert 1 == whole([alert("a", action=action)], [label("a")]).caught


def test_another_category_is_wrong_unless_the_label_names_it() -> None:
    assert 0 == whole([alert("a", "city_switching")], [label("a")]).right
    assert 1 == whole([alert("a", "city_switching")], [label("a", also=["city_switching"])]).right


def test_the_guilty_wrongly_accused_are_no_false_alarm() -> None:
    got = whole([alert("a", "city_switching")], [label("a")])
    assert (0.0, 0) == (got.precision, got.false_alarms)


def test_an_alternative_subject_is_right_too() -> None:
    by_address = alert("x", account_id=None, subject={"type": "network", "id": "192.0.2.1"})
    alternatives = [{"type": "network", "id": "192.0.2.1"}]
    assert 1 == whole([by_address], [label("a", alt_subjects=alternatives)]).caught
    assert 0 == whole([by_address], [label("a", alt_subjects=[{"type": "device", "id": "192.0.2.1"}])]).caught


def test_account_and_organisation_of_an_alert_count_as_its_subject() -> None:
    of_a_group = alert("a", subject={"type": "group", "id": "g"})
    of_an_org = alert("a", account_id=None, subject={"type": "group", "id": "g"}, org_id="o")
    assert 1 == whole([of_a_group], [label("a")]).caught
    assert 1 == whole([of_an_org], [label("o", subject_type="org")]).caught


def test_every_innocent_account_named_is_a_false_alarm() -> None:
    related = [{"type": "account", "id": name} for name in ("g", "h", "a", "b")]
    labels = [label("a"), label("b"), label("g", "benign"), label("h", "benign")]
    got = whole([alert("a", related=related), alert("g")], labels)
    assert (2, 1, 3, 2) == (got.alerts, got.right, got.false_alarms, got.innocents_hit)


def test_the_rate_is_per_thousand_innocents_and_week() -> None:
    labels = [label(name, "benign") for name in "abcd"]
    assert 500.0 == score([alert("a")] * 4, labels, weeks=2.0).overall.false_alarm_rate
    assert 2000.0 == score([alert("a")] * 4, labels, weeks=0.5).overall.false_alarm_rate


def test_without_weeks_the_labels_span_is_the_time() -> None:
    result = score([alert("a")], [label("a", "benign", to=100 + WEEK_MS // 2)])
    assert (0.5, 2000.0) == (result.weeks, result.overall.false_alarm_rate)


def test_an_account_without_label_is_innocent_but_not_among_those_watched() -> None:
    got = score([alert("nobody")], [label("g", "benign")], weeks=1.0)
    assert (1, 1) == (got.overall.innocents, got.overall.false_alarms)
    assert 1 == row(got.by_profile, "unlabelled").false_alarms


def test_a_network_without_label_is_wrong_but_nobodys_false_alarm() -> None:
    by_address = alert("x", account_id=None, subject={"type": "network", "id": "192.0.2.1"})
    got = whole([by_address], [label("g", "benign")])
    assert (0.0, 0) == (got.precision, got.false_alarms)


def test_a_network_that_must_stay_quiet_is_a_false_alarm() -> None:
    by_address = alert("x", account_id=None, subject={"type": "network", "id": "192.0.2.1"})
    got = whole([by_address], [label("192.0.2.1", "benign", subject_type="network")])
    assert (1, 0) == (got.false_alarms, got.innocents)


def test_the_guilty_are_innocent_in_a_time_labelled_benign() -> None:
    later = 5_000 + GRACE_MS
    labels = [label("a"), label("a", "benign", **{"from": 2_000 + GRACE_MS, "to": 9_000 + GRACE_MS})]
    assert 1 == whole([alert("a", at=later)], labels).false_alarms
    assert 0 == whole([alert("a", at=500)], labels).false_alarms


def test_rows_of_one_incident_are_one_affair() -> None:
    labels = [label("a", incident="i"), label("b", incident="i", **{"from": 50}), label("c")]
    got = whole([alert("a", at=450)], labels)
    assert (2, 1, 400) == (got.affairs, got.caught, got.median_delay_ms)


def test_parts_are_told_by_category_profile_and_difficulty() -> None:
    labels = [
        label("a", difficulty="subtle"),
        label("b", "account_sharing", profile="pair", difficulty="clear"),
        label("g", "benign"),
    ]
    result = score([alert("a"), alert("b", "account_sharing", at=900), alert("g")], labels, weeks=1.0)
    assert (2, 1, 1, 1) == _counts(row(result.by_category, "crawler"))
    assert (1, 1, 1, 0) == _counts(row(result.by_category, "account_sharing"))
    assert (1, 1, 1, 0) == _counts(row(result.by_profile, "pair"))
    assert (1, 0, 0, 1) == _counts(row(result.by_profile, "good"))
    assert (1, 1, 1, 0) == _counts(row(result.by_difficulty, "subtle"))
    assert 800 == row(result.by_difficulty, "clear").median_delay_ms


def _counts(row: Row) -> tuple[int, int, int, int]:
    return row.alerts, row.right, row.caught, row.false_alarms


def test_a_ratio_of_nothing_is_none() -> None:
    empty = score([], [])
    assert Score(empty.overall, (), (), (), innocents=0, weeks=0.0) == empty
    got = asdict(empty.overall)
    ratios = ("precision", "recall", "f1", "median_delay_ms", "false_alarm_rate")
    assert [None] * 5 == [got[name] for name in ratios]


def test_all_wrong_is_zero_and_not_an_error() -> None:
    assert 0.0 == whole([alert("x")], [label("a")]).f1


def test_an_alerts_other_fields_are_passed_over() -> None:
    line = msgspec.json.encode(alert("a")).replace(b"{", b'{"schema":"alert/1","evidence":[{}],', 1)
    assert [alert("a")] == list(read_alerts([(1, line)], "x"))
    assert Subject(type="account", id="a") in alert("a").about


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"[1]", "Expected `object`"),
        (msgspec.json.encode(alert("a", action="shout")), "unknown action 'shout'"),
        (b'{"category": 1}', "Expected `str`"),
        (b"\xff", "."),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(line: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=f"alerts.jsonl, line 7: not an alert: .*{complaint}"):
        list(read_alerts([(6, b"  "), (7, line)], "alerts.jsonl"))

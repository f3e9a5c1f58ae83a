import msgspec
import pytest

from detector.errors import InputError
from detector.scoring import Accusation, Judged, Label, pooled, read_alerts, score
from detector.scoring.labels import Subject
from detector.scoring.tally import Row
from detector.scoring.truth import GRACE_MS, WEEK_MS


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


def right(row: Row) -> tuple[int, int]:
    """Right cases, of all."""
    return row.precision.part, row.precision.whole


def test_a_right_alert_counts_for_precision_recall_and_delay() -> None:
    got = whole([alert("a"), alert("a", at=300)], [label("a"), label("b")])
    assert ((1, 1), (1, 2)) == (right(got), (got.caught, got.affairs))
    assert (1.0, 0.5, 200) == (got.precision.value, got.recall.value, got.delay.median_ms)
    assert pytest.approx(2 / 3) == got.f1
    assert 0 == got.false_alarms.count


def test_the_delay_runs_from_the_affairs_start_to_its_first_right_alert() -> None:
    names = [f"n{number}" for number in range(11)]
    alerts = [alert(name, at=100 + 10 * number) for number, name in enumerate(names)]
    got = whole([*alerts, alert("n10", "probing", at=110)], [label(name) for name in names])
    assert (50, 90) == (got.delay.median_ms, got.delay.p90_ms)


def test_a_case_counts_once_and_is_right_if_all_its_alerts_are() -> None:
    before = alert("a", at=50, case_id="one")
    assert (1, 1) == right(whole([alert("a", case_id="one"), alert("a", case_id="one")], [label("a")]))
    assert (0, 1) == right(whole([before, alert("a", case_id="one")], [label("a")]))
    assert (1, 2) == right(whole([before, alert("a", case_id="two")], [label("a")]))
    assert 1 == whole([before, alert("a", case_id="one")], [label("a")]).caught


def test_counted_by_affair_a_farm_weighs_as_much_as_one_wrong_case() -> None:
    names = [f"n{number}" for number in range(99)]
    got = whole([*map(alert, names), alert("x")], [label(name, incident="farm") for name in names])
    assert (0.99, 0.5) == (got.precision.value, got.affair_precision.value)


@pytest.mark.parametrize(
    ("at", "right"), [(99, 0), (100, 1), (1_000, 1), (1_000 + GRACE_MS, 1), (1_001 + GRACE_MS, 0)]
)
def test_an_alert_is_right_from_the_labels_start_until_a_day_after(at: int, right: int) -> None:
    assert right == whole([alert("a", at=at)], [label("a")]).precision.part


@pytest.mark.parametrize("action", ["observe", "release"])
def test_who_is_only_observed_or_released_is_not_accused(action: str) -> None:
    got = whole([alert("a", action=action), alert("g", action=action)], [label("a"), label("g", "benign")])
    assert ((0, 0), 0, 0) == (right(got), got.caught, got.false_alarms.count)


@pytest.mark.parametrize("action", ["warn", "restrict", "suspend", "remove_content", "lock"])
def test_every_step_from_a_warning_up_accuses(action: str) -> None:
    assert 1 == whole([alert("a", action=action)], [label("a")]).caught


@pytest.mark.parametrize(
    ("action", "counted"), [("observe", 0), ("warn", 0), ("restrict", 1), ("lock", 1), ("release", 0)]
)
def test_the_second_level_counts_from_restrict_up(action: str, counted: int) -> None:
    got = score([alert("a", action=action), alert("g", action=action)], [label("a"), label("g", "benign")])
    assert (counted, counted) == (got.restrict.overall.caught, got.restrict.overall.false_alarms.count)


def test_another_category_is_wrong_unless_the_label_names_it() -> None:
    assert (0, 1) == right(whole([alert("a", "city_switching")], [label("a")]))
    assert (1, 1) == right(whole([alert("a", "city_switching")], [label("a", also=["city_switching"])]))


def test_the_guilty_wrongly_accused_are_no_false_alarm() -> None:
    got = whole([alert("a", "city_switching")], [label("a")])
    assert (0.0, 0) == (got.precision.value, got.false_alarms.count)


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
    assert ((1, 2), 3, 2) == (right(got), got.false_alarms.count, got.innocents_hit)


def test_the_rate_is_per_thousand_innocents_and_week() -> None:
    labels = [label(name, "benign") for name in "abcd"]
    assert 500.0 == score([alert("a")] * 4, labels, weeks=2.0).overall.false_alarms.value
    assert 2000.0 == score([alert("a")] * 4, labels, weeks=0.5).overall.false_alarms.value


def test_without_weeks_the_labels_span_is_the_time() -> None:
    result = score([alert("a")], [label("a", "benign", to=100 + WEEK_MS // 2)])
    assert (0.5, 2000.0) == (result.account_weeks, result.overall.false_alarms.value)


def test_an_account_without_label_is_innocent_but_not_among_those_watched() -> None:
    got = score([alert("nobody")], [label("g", "benign")], weeks=1.0)
    assert (1, 0, 1) == (got.innocents, got.overall.innocents_hit, got.overall.false_alarms.count)
    assert 1 == row(got.warn.by_profile, "unlabelled").false_alarms.count


def test_a_network_without_label_is_wrong_but_nobodys_false_alarm() -> None:
    by_address = alert("x", account_id=None, subject={"type": "network", "id": "192.0.2.1"})
    got = whole([by_address], [label("g", "benign")])
    assert (0.0, 0) == (got.precision.value, got.false_alarms.count)


def test_a_network_that_must_stay_quiet_is_a_false_alarm() -> None:
    by_address = alert("x", account_id=None, subject={"type": "network", "id": "192.0.2.1"})
    got = whole([by_address], [label("192.0.2.1", "benign", subject_type="network")])
    assert (1, 0) == (got.false_alarms.count, got.hit.whole)


def test_the_guilty_are_innocent_in_a_time_labelled_benign() -> None:
    later = 5_000 + GRACE_MS
    labels = [label("a"), label("a", "benign", **{"from": 2_000 + GRACE_MS, "to": 9_000 + GRACE_MS})]
    assert 1 == whole([alert("a", at=later)], labels).false_alarms.count
    assert 0 == whole([alert("a", at=500)], labels).false_alarms.count


def test_rows_of_one_incident_are_one_affair() -> None:
    labels = [label("a", incident="i"), label("b", incident="i", **{"from": 50}), label("c")]
    got = whole([alert("a", at=450)], labels)
    assert (2, 1, 400) == (got.affairs, got.caught, got.delay.median_ms)


def test_an_affair_of_several_categories_is_one_in_the_whole_and_one_in_each() -> None:
    labels = [label("a", incident="i"), label("a", "probing", incident="i")]
    result = score([alert("a")], labels)
    assert (1, 1) == (result.overall.affairs, result.overall.caught)
    each = [(row.name, row.caught, row.affairs) for row in result.warn.by_category]
    assert [("crawler", 1, 1), ("probing", 0, 1)] == each


def test_an_affair_begins_with_its_first_row_whichever_comes_first_in_the_file() -> None:
    rows = [label("a", incident="i", **{"from": 50}), label("b", incident="i", **{"from": 90})]
    for labels in (rows, rows[::-1]):
        assert 450 == whole([alert("a", at=500)], labels).delay.median_ms
        assert 450 == whole([alert("a", at=500), alert("b", at=600)], labels).delay.median_ms


def test_who_is_guilty_for_a_time_is_not_among_the_innocents_watched() -> None:
    labels = [label("a"), label("a", "benign"), label("g", "benign")]
    assert 1 == score([], labels).innocents


def test_a_right_alert_counts_under_the_profile_that_it_is_right_about() -> None:
    labels = [label("a"), label("a", "probing", profile="scanner", difficulty="subtle")]
    level = score([alert("a", "probing")], labels).warn
    assert (1, 1) == right(row(level.by_profile, "scanner"))
    assert (0, 0) == right(row(level.by_profile, "bot"))


def test_parts_are_told_by_category_profile_and_difficulty() -> None:
    labels = [
        label("a", difficulty="subtle"),
        label("b", "account_sharing", profile="pair", difficulty="clear"),
        label("g", "benign"),
    ]
    result = score([alert("a"), alert("b", "account_sharing", at=900), alert("g")], labels, weeks=1.0)
    level = result.warn
    assert ((1, 2), 1, 1) == _counts(row(level.by_category, "crawler"))
    assert ((1, 1), 1, 0) == _counts(row(level.by_category, "account_sharing"))
    assert ((1, 1), 1, 0) == _counts(row(level.by_profile, "pair"))
    assert ((0, 1), 0, 1) == _counts(row(level.by_profile, "good"))
    assert ((1, 1), 1, 0) == _counts(row(level.by_difficulty, "subtle"))
    assert ["bot, subtle", "pair, clear"] == [each.name for each in level.by_strength]
    assert 800 == row(level.by_difficulty, "clear").delay.median_ms


def _counts(row: Row) -> tuple[tuple[int, int], int, int]:
    return right(row), row.caught, row.false_alarms.count


def test_what_was_missed_and_what_was_wrong_is_told() -> None:
    labels = [label("a", difficulty="subtle"), label("g", "benign"), label("b")]
    related = [{"type": "account", "id": "g"}]
    level = score([alert("g"), alert("b", related=related), alert("b", "probing")], labels).warn
    assert [("a", "subtle", 100)] == [
        (each.subject.id, each.difficulty, each.from_ms) for each in level.missed
    ]
    told = [(each.subject.id, each.category, each.profiles, len(each.innocents)) for each in level.wrong]
    expected = [("g", "crawler", ("good",), 1), ("b", "crawler", ("bot", "good"), 1)]
    assert [*expected, ("b", "probing", ("bot",), 0)] == told


def test_pooled_histories_are_counted_as_one_but_their_subjects_are_not() -> None:
    one = Judged([alert("a", case_id="c"), alert("g")], [label("a", incident="i"), label("g", "benign")], 1.0)
    other = Judged([alert("g")], [label("a", incident="i"), label("g", "benign")], 3.0)
    got = pooled([one, other])
    assert (2, 4.0) == (got.innocents, got.account_weeks)
    assert ((1, 3), 1, 2) == (right(got.overall), got.overall.caught, got.overall.affairs)
    assert (2, 500.0) == (got.overall.innocents_hit, got.overall.false_alarms.value)
    assert [1] == [each.history for each in got.warn.missed]


def test_a_ratio_of_nothing_is_none() -> None:
    empty = score([], [])
    got = empty.overall
    assert [None] * 5 == [
        each.value for each in (got.precision, got.affair_precision, got.recall, got.hit, got.false_alarms)
    ]
    assert (None, None, None) == (got.f1, got.delay.median_ms, empty.restated.value)
    assert ((), (), 0) == (empty.warn.by_category, empty.warn.missed, empty.innocents)


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

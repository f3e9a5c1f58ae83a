from dataclasses import replace

import msgspec
import pytest

from detector.errors import InputError
from detector.scoring import Label
from detector.scoring.labels import read_labels
from detector.simulate import History
from detector.simulate.profiles import FIRST

ROW = b'{"subject_type":"account","subject_id":"a","category":"crawler","from":1,"to":2,"profile":"p"}'


def test_every_inhabitant_is_labelled_inside_the_history(history: History) -> None:
    labels = list(history.labels())
    assert {profile.name for profile in FIRST.profiles} == {label.profile for label in labels}
    assert all(history.start_ms <= label.from_ms < label.to_ms <= history.end_ms for label in labels)
    people = [
        label for label in labels if not (label.subject_type == "network" and label.category == "benign")
    ]
    assert [name for name, _ in history.inhabitants] == [label.profile for label in people]


def test_only_abusers_and_the_attacked_are_accused(history: History) -> None:
    accused = {label.profile: label.category for label in history.labels() if label.category != "benign"}
    assert accused == {
        "attacked": "credential_attack",
        "pair_one_city": "account_sharing",
        "pair_two_cities": "account_sharing",
        "group": "account_sharing",
        "datacenter_user": "datacenter_access",
        "city_hopper": "city_switching",
        "fast_crawler": "crawler",
        "slow_crawler": "crawler",
        "anonymous_crawler": "crawler",
    }


def test_who_has_not_come_to_abuse_yet_must_stay_quiet(history: History) -> None:
    saturday = replace(history, days=1, start_ms=history.start_ms + 5 * 86_400_000)
    profiles = {label.profile for label in saturday.labels() if label.category == "benign"}
    night = replace(history, days=1, start_ms=history.start_ms - 86_400_000 + 1)
    assert "one_device" in profiles
    assert list(night.labels())


def test_a_label_survives_its_file(history: History) -> None:
    labels = list(history.labels())
    lines = enumerate(map(msgspec.json.encode, labels), start=1)
    assert labels == list(read_labels(lines, "labels.jsonl"))


def test_optional_fields_may_be_missing() -> None:
    (label,) = read_labels([(1, ROW)], "x")
    assert (None, (), ()) == (label.difficulty, label.also, label.alt_subjects)
    assert (
        Label(subject_type="account", subject_id="a", category="crawler", from_ms=1, to_ms=2, profile="p")
        == label
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"{", "truncated"),
        (b'{"subject_id":"a"}', "missing required field"),
        (ROW.replace(b'"to":2', b'"to":0'), "`from` is after `to`"),
        (ROW.replace(b'"a"', b'"\xff"'), "not a label"),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(line: bytes, complaint: str) -> None:
    with pytest.raises(
        InputError, match=f"labels.jsonl, line 2: not a label.*{complaint}|labels.jsonl, line 2: {complaint}"
    ):
        list(read_labels([(1, ROW), (2, line)], "labels.jsonl"))

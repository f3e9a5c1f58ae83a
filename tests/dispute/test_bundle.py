"""The files of a bundle: what each has, what the holder's must not have, and the zip around them."""

import json
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from detector.alerts import Subject, encode
from detector.dispute import Again, PolicyFile, bundled, in_force, results, words, zipped
from detector.dispute.words import LANGUAGES
from tests.dispute.making import NOON_MS, POLICY, RULE, THRESHOLD, alert, case, dossier, event, evidence
from tests.policy.making import book, edited, sheet


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    (one,) = case(1)
    return bundled(dossier([one], [event(int(each.event_id[2:]), each.time) for each in one.evidence]))


def pages(files: dict[str, bytes], folder: str) -> str:
    return "".join(text.decode() for name, text in files.items() if name.startswith(folder))


def test_what_is_for_the_holder_has_no_rule_no_value_and_no_threshold(files: dict[str, bytes]) -> None:
    holder = pages(files, "holder/")
    assert [] == [said for said in (RULE, str(THRESHOLD), "0.9137", "0.4261", "weight") if said in holder]
    assert str(THRESHOLD) in pages(files, "record/proof.en")


def test_no_event_of_others_and_nothing_of_theirs_is_told_to_the_holder() -> None:
    crowd = alert(evidence=(evidence(1), evidence(2, device_id="d-others", city="Elsewhere")))
    made = bundled(dossier([crowd], [event(1), event(2, account_id="acc-others", device_id="d-others")]))
    assert b"acc-others" not in b"".join(made.values())
    holder = pages(made, "holder/")
    assert [] == [said for said in ("e-2", "d-others", "Elsewhere") if said in holder]
    (given,) = made["holder/events.jsonl"].splitlines()
    assert json.loads(event(1)) == json.loads(given)
    entries = json.loads(made["record/exhibits.json"])
    assert [True, False] == [each["enclosed"] for each in entries]


def test_related_accounts_are_not_told_to_the_holder() -> None:
    made = bundled(dossier([alert(related=(Subject("account", "acc-9"),), related_total=1)]))
    assert "acc-9" not in pages(made, "holder/")
    assert "acc-9" in pages(made, "record/proof.zh")


def test_hashes_can_be_checked_with_nothing_but_sha256(files: dict[str, bytes]) -> None:
    said = json.loads(files["record/alert.json"])
    assert said["chain"]["hash"] == sha256(files["record/alert.hashed.txt"]).hexdigest()
    assert said["policy_hash"] == sha256(files["record/policy.canonical.json"]).hexdigest()


def test_a_later_alert_is_hashed_behind_the_one_before() -> None:
    made = bundled(dossier(case(3)))
    said = json.loads(made["record/alert.json"])
    assert said["chain"]["hash"] == sha256(made["record/alert.hashed.txt"]).hexdigest()
    assert 3 == len(made["record/case.jsonl"].splitlines())


def test_the_readme_names_every_file_in_both_languages(files: dict[str, bytes]) -> None:
    readme = files["README.txt"].decode()
    names = [name.rpartition("/")[2] for name in (*files, "manifest.sha256") if name != "README.txt"]
    assert [] == [name for name in names if readme.count(name) < len(LANGUAGES)]


def test_whole_addresses_are_left_out_where_that_is_wanted() -> None:
    one = alert(evidence=(evidence(1, ip="203.0.113.0/24"),))
    made = bundled(dossier([one], [event(1)], cut=True))
    assert b"203.0.113.7" not in b"".join(made.values())
    assert sha256(event(1)).hexdigest() in made["record/exhibits.json"].decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statement_says_it_in_its_language(files: dict[str, bytes], language: str) -> None:
    page = files[f"holder/statement.{language}.html"].decode()
    said = {
        "zh": ["在多个城市之间切换使用", "第9.1(3)(c)条", "观察"],
        "en": ["by turns", "9.1(3)(c)", "observe"],
    }
    assert [] == [text for text in said[language] if text not in page]
    assert "2026-06-01 12:00:00.000" in page
    assert "2026-06-01T04:00:00.000Z" in page
    assert '<a href="https://db-ip.com">' in page


def test_identifiers_cannot_be_markup() -> None:
    evil = '"><script>alert(1)</script>'
    made = bundled(dossier([alert(subject=Subject("account", evil), account_id=evil)]))
    assert "<script" not in pages(made, "holder/statement") + pages(made, "record/proof")


def test_an_event_of_several_lines_is_one_line() -> None:
    value = event(1).replace(b", ", b",\n ")
    made = bundled(dossier([alert(evidence=(evidence(1),))], [value]))
    assert 1 == made["holder/events.jsonl"].count(b"\n")
    assert sha256(value).hexdigest() in made["record/exhibits.json"].decode()


def test_what_holds_is_said_and_holds() -> None:
    made = dossier([alert()], [event(1), event(2)])
    assert made.holds
    chain, events, _, policy, again = results(words("en"), made)
    assert chain.endswith("none was changed, is missing or was inserted.")
    assert events.endswith("all were fetched, and are as the alert says.")
    assert policy.endswith("has the hash that the alert names.")
    assert "the same alert comes out, byte for byte" in again


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"faults": ("line 3: changed",)}, "The chain of the case does not hold: line 3: changed"),
        ({"policy": None}, "No policy that was given has the hash"),
        ({"again": Again("different", fields=("score",))}, "differs in these fields: score."),
        ({"again": Again("not_given")}, "does not come out"),
        ({"again": Again("not_done", why="no file")}, "could not be computed again: no file."),
    ],
)
def test_what_does_not_hold_is_said_in_both_languages(changed: dict[str, Any], said: str) -> None:
    broken = dossier([alert()], [event(1), event(2)], **changed)
    assert not broken.holds
    assert said in " ".join(results(words("en"), broken))
    made = bundled(broken)
    assert said in made["record/proof.en.html"].decode()
    assert results(words("zh"), broken)[-1] in made["record/proof.zh.html"].decode()


@pytest.mark.parametrize("values", [[event(1)], [event(1), event(2, device_id="d-9")]])
def test_an_event_that_is_missing_or_another_does_not_hold(values: list[bytes]) -> None:
    assert not dossier([alert()], values).holds


def test_the_policy_is_found_by_its_hash_among_layers_and_versions() -> None:
    text = edited(more='\n[plans.trial]\ncooldown = "3h"\n')
    later = PolicyFile(sheet(text), text.encode())
    trial = book(text).at(NOON_MS, plan="trial")
    found = in_force((POLICY, later), trial.hash)
    assert found is not None
    assert ((None, "trial"), later) == (found.party, found.file)
    assert b'cooldown = "3h"' in found.joined
    assert in_force((POLICY,), trial.hash) is None


def test_a_zip_is_the_same_bytes_and_its_manifest_is_right(files: dict[str, bytes]) -> None:
    shuffled = dict(reversed(files.items()))
    assert zipped(files) == zipped(shuffled)
    with ZipFile(BytesIO(zipped(files))) as archive:
        assert archive.testzip() is None
        names = sorted(set(archive.namelist()) - {"manifest.sha256"})
        lines = [f"{sha256(archive.read(name)).hexdigest()}  {name}" for name in names]
        assert lines == archive.read("manifest.sha256").decode().splitlines()
        assert {(1980, 1, 1, 0, 0, 0)} == {info.date_time for info in archive.infolist()}


def test_the_alert_is_enclosed_byte_for_byte(files: dict[str, bytes]) -> None:
    assert encode(case(1)[0]) == files["record/alert.json"]
    assert NOON_MS == json.loads(files["record/alert.json"])["decided_time"]

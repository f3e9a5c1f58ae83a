"""What a checkpoint says of the keys under which rows may lie, and who may go on from it."""

import pytest

from detector.errors import StateError
from detector.keyring import Keyring
from detector.stream.stored_under import Stored, encode_stored, opened

NOW, KEPT = 1_780_243_200_000, 1_000
ONE, OTHER = (Keyring(key).first.fingerprint for key in ("one", "other"))
PUBLISHED = Keyring(None).first.fingerprint


def gone_on(keyring: Keyring, keys: dict[str, int]) -> Stored:
    return opened(encode_stored(b'{"resume":3}', keys, KEPT), "accounts-03", keyring, now_ms=NOW)


def test_what_a_stage_stored_comes_back_with_the_keys() -> None:
    stored = gone_on(Keyring("one", "other"), {ONE: NOW - 1, OTHER: NOW - KEPT + 1})
    assert b'{"resume":3}' == bytes(stored.checkpoint)
    assert {ONE: NOW - 1, OTHER: NOW - KEPT + 1} == stored.keys


def test_a_key_under_which_nothing_can_be_left_is_not_asked_for() -> None:
    assert {ONE: NOW} == gone_on(Keyring("one"), {ONE: NOW, OTHER: NOW - KEPT}).keys


@pytest.mark.parametrize("keys", [{OTHER: NOW - KEPT + 1}, {OTHER: NOW - KEPT + 1, ONE: NOW}])
def test_who_lacks_a_key_is_told_which_and_until_when(keys: dict[str, int]) -> None:
    with pytest.raises(StateError) as error:
        gone_on(Keyring("one"), keys)
    said = str(error.value)
    assert f"accounts-03 may lie under the pseudonym key {OTHER} until 2026-05-31T16:00:00Z" in said
    assert f"only {ONE} is given: set it as DETECTOR_PSEUDONYM_KEY_OTHER" in said


def test_the_published_key_is_named_as_such() -> None:
    with pytest.raises(StateError, match=rf"{PUBLISHED} \(the published one\) until .* {ONE} is given"):
        gone_on(Keyring("one"), {PUBLISHED: NOW})


@pytest.mark.parametrize("payload", [b"", b"{", b'{"resume":3}'])
def test_what_another_release_stored_is_an_error_that_says_what_to_do(payload: bytes) -> None:
    with pytest.raises(StateError, match="clear Redis to rebuild"):
        opened(payload, "accounts-03", Keyring("one"), now_ms=NOW)

"""Keys of a store: what lies under either is found, and nothing is taken for something else."""

from collections.abc import Mapping, Sequence

import pytest

from detector.errors import StateError, UsageError
from detector.keyring import LEDGER, ROW, Keyring
from detector.privacy import DEFAULT_KEY

NEW, OLD = "the new one", "the old one"
KINDS = ("account", "allow")


class Asked:
    """A store; notes how often it was asked."""

    def __init__(self, kept: Mapping[bytes, bytes]) -> None:
        self.kept = kept
        self.times = 0

    async def __call__(self, names: Sequence[bytes]) -> list[bytes | None]:
        self.times += 1
        return [self.kept.get(name) for name in names]


async def test_what_lies_under_either_key_is_found_with_one_question() -> None:
    keyring = Keyring(NEW, OLD)
    new, old = (Keyring(key).first for key in (NEW, OLD))
    names = {"ann": new.name("ann", "account"), "ben": old.name("ben", "account")}
    asked = Asked({names["ann"]: b"a", names["ben"]: b"b"})
    found = await keyring.look_up(["ben", "cat", "ann"], "account", asked)
    assert 1 == asked.times
    assert [("ben", b"b", old.fingerprint), None, ("ann", b"a", new.fingerprint)] == [
        each
        and (
            next(who for who, name in names.items() if name == each.name),
            each.value,
            each.key.fingerprint,
        )
        for each in found
    ]


async def test_of_what_lies_under_both_keys_the_first_ones_counts() -> None:
    keyring = Keyring(NEW, OLD)
    first, other = keyring.names("ann", "account")
    (found,) = await keyring.look_up(["ann"], "account", Asked({first: b"new", other: b"old"}))
    assert found is not None
    assert (keyring.first, first, b"new") == (found.key, found.name, found.value)


async def test_one_key_looks_in_one_place() -> None:
    asked = Asked({Keyring(OLD).first.name("ann", "account"): b"a"})
    assert [None] == await Keyring(NEW).look_up(["ann"], "account", asked)
    assert 1 == len(Keyring(NEW).names("ann", "account"))


def test_the_same_key_twice_is_one() -> None:
    assert Keyring(NEW, NEW).other is None
    assert (Keyring(NEW).first.fingerprint,) == Keyring(NEW, NEW).fingerprints


def test_names_depend_on_the_key_and_on_what_they_are_of() -> None:
    names = [Keyring(key).first.name(who, kind) for key in (NEW, OLD) for who in "ab" for kind in KINDS]
    assert 8 == len(set(names))


def test_a_row_is_no_ledger_and_nobody_elses() -> None:
    key = Keyring(NEW).first
    sealed = key.seal(ROW, b"ann", b"text")
    assert b"text" == key.open(ROW, b"ann", sealed)
    for what, name in ((LEDGER, b"ann"), (ROW, b"ben")):
        with pytest.raises(StateError, match="cannot be opened"):
            key.open(what, name, sealed)
    with pytest.raises(StateError, match="cannot be opened"):
        Keyring(OLD).first.open(ROW, b"ann", sealed)


def test_the_published_key_can_be_named_as_the_other_one() -> None:
    published = Keyring(None).first
    assert published.is_default
    assert (Keyring(NEW).first.fingerprint, published.fingerprint) == Keyring(
        NEW, DEFAULT_KEY.decode()
    ).fingerprints


def test_a_fingerprint_is_short_and_stays_the_same() -> None:
    assert "a867a895" == Keyring(NEW).first.fingerprint


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(UsageError, match="is empty"):
        Keyring(NEW, "")

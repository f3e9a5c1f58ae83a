"""Hashes keep kinds and keys apart; a seal opens for what sealed it and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import StateError, UsageError
from detector.privacy import DEFAULT_KEY, Pseudonymizer, Sealer

ONE, OTHER = b"one secret", b"another secret"


@given(st.text())
def test_a_hash_is_the_same_for_the_same_and_bounded(text: str) -> None:
    assert Pseudonymizer(ONE).digest(text, "account") == Pseudonymizer(ONE).digest(text, "account")
    assert len(Pseudonymizer(ONE).digest(text, "account")) == 16
    assert 0 < Pseudonymizer(ONE).hash64(text, "account") < 2**64


def test_text_kind_and_key_each_change_a_hash() -> None:
    names = Pseudonymizer(ONE)
    hashes = {
        names.hash64("u1", "account"),
        names.hash64("u2", "account"),
        names.hash64("u1", "device"),
        Pseudonymizer(OTHER).hash64("u1", "account"),
        Pseudonymizer(None).hash64("u1", "account"),
    }
    assert len(hashes) == 5


def test_a_hash_stays_what_it_is_in_redis() -> None:
    assert Pseudonymizer(ONE).digest("u1", "account").hex() == "23c3d887178a7a4b1ea6d3d029b72cd0"


def test_zero_is_kept_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Pseudonymizer(ONE)
    monkeypatch.setattr(Pseudonymizer, "digest", lambda *_: bytes(16))
    assert names.hash64("u1", "account") == 1


def test_a_key_of_any_length_will_do_but_an_empty_one() -> None:
    assert Pseudonymizer(b"k").digest("u", "a") != Pseudonymizer(b"k" * 1000).digest("u", "a")
    with pytest.raises(UsageError, match="DETECTOR_PSEUDONYM_KEY"):
        Pseudonymizer(b"")


@pytest.mark.parametrize("kind", ["", "k" * 17])
def test_a_kind_must_fit(kind: str) -> None:
    with pytest.raises(ValueError, match="1 to 16 letters"):
        Pseudonymizer(ONE).digest("u", kind)


def test_the_published_key_is_known_as_such() -> None:
    assert Pseudonymizer.of_setting(None).is_default
    assert Pseudonymizer(DEFAULT_KEY).is_default
    assert not Pseudonymizer.of_setting("secret").is_default


@given(st.binary(), st.binary())
def test_what_is_sealed_opens(plain: bytes, associated: bytes) -> None:
    sealed = Sealer(ONE).seal(plain, associated=associated)
    assert Sealer(ONE).seal(plain, associated=associated) == sealed
    assert Sealer(ONE).open(sealed, associated=associated) == plain


def test_what_lies_in_redis_stays_readable() -> None:
    sealed = bytes.fromhex("0225da5e1744a6b14942bc6bcd60d9823800d6256fe870be01cc")
    assert Sealer(ONE).open(sealed, associated=b"row") == b"text"


def test_a_row_of_zeros_takes_little() -> None:
    assert len(Sealer(ONE).seal(bytes(8_000))) < 100


def test_sealed_bytes_show_nothing() -> None:
    assert b"203.0.113.7" not in Sealer(ONE).seal(b"203.0.113.7 203.0.113.7")


@given(st.integers(8, 8 * 37 - 1))
def test_a_flipped_bit_is_damage(bit: int) -> None:
    sealed = bytearray(Sealer(ONE).seal(b"twenty bytes of text"))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(StateError, match="cannot be opened: it is damaged"):
        Sealer(ONE).open(bytes(sealed))


def test_another_key_or_row_does_not_open_a_seal() -> None:
    sealed = Sealer(ONE).seal(b"text", associated=b"row 1")
    with pytest.raises(StateError, match="another DETECTOR_PSEUDONYM_KEY"):
        Sealer(OTHER).open(sealed, associated=b"row 1")
    with pytest.raises(StateError, match="belongs to another row"):
        Sealer(ONE).open(sealed, associated=b"row 2")


@pytest.mark.parametrize("sealed", [b"", b"\x01" + bytes(20), b"\x0d" + bytes(20)])
def test_an_unknown_version_is_named(sealed: bytes) -> None:
    with pytest.raises(StateError, match="another version wrote it"):
        Sealer(ONE).open(sealed)


@pytest.mark.parametrize("length", [1, 10, 17])
def test_a_cut_off_seal_is_damage(length: int) -> None:
    with pytest.raises(StateError, match="cannot be opened"):
        Sealer(ONE).open(Sealer(ONE).seal(b"text")[:length])

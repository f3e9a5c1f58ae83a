"""What keeps identifiers out of Redis: keyed hashes for names, and a seal for what lies under them.

Both keys are derived from one secret (`DETECTOR_PSEUDONYM_KEY`) by HKDF-SHA256, so that neither gives the
other away. Nothing here is random: the same input under the same secret gives the same bytes. What an alert
shows never passes through here.
"""

from hashlib import blake2b
from typing import Final, Self

import cramjam
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from detector.errors import StateError, UsageError

DEFAULT_KEY: Final = b"detector: the published default key"
"""Used where no secret is set. Everybody knows it: it tells accounts apart, it hides nothing."""
_DIGEST_BYTES = 16
_LONGEST_KIND = blake2b.PERSON_SIZE
_SEAL_VERSION = b"\x02"


def row_hashes() -> "Pseudonymizer":
    """Return what identifiers within a row are hashed with: nobody's secret, for a row is sealed as a whole.

    So nothing that is counted, compared or chosen by a hash depends on a key, and a row outlives its key.
    """
    return Pseudonymizer(None)


def fingerprint_of(key: bytes | None) -> str:
    """Return 8 hex digits that tell a key from another one, and do not give it away."""
    return _derived(_secret(key), b"fingerprint", 4).hex()


def _derived(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"detector/" + purpose).derive(secret)


def _secret(key: bytes | None) -> bytes:
    if key is None:
        return DEFAULT_KEY
    if not key:
        raise UsageError(
            "the pseudonym key is empty: set DETECTOR_PSEUDONYM_KEY to a secret, or leave it unset"
        )
    return key


class Pseudonymizer:
    """Keyed BLAKE2b (RFC 7693) of identifiers.

    `kind` (up to 16 ASCII letters, e.g. `account`) separates domains: the same text as an account and as a
    device has two unrelated hashes. Kinds are few and fixed; texts are not remembered here.
    """

    def __init__(self, key: bytes | None) -> None:
        secret = _secret(key)
        self._key = _derived(secret, b"pseudonyms", blake2b.MAX_KEY_SIZE)
        self._begun: dict[str, blake2b] = {}
        self.is_default = secret == DEFAULT_KEY

    @classmethod
    def of_setting(cls, text: str | None) -> Self:
        """Make one from the setting as it was read; None is the default key."""
        return cls(None if text is None else text.encode())

    def digest(self, text: str, kind: str) -> bytes:
        """Return 16 bytes, for names in Redis."""
        hasher = (self._begun.get(kind) or self._begin(kind)).copy()
        hasher.update(text.encode(errors="surrogatepass"))
        return hasher.digest()

    def hash64(self, text: str, kind: str) -> int:
        """Return an unsigned 64-bit number, never 0: a row's fields keep 0 for "none"."""
        return int.from_bytes(self.digest(text, kind)[:8], "little") or 1

    def _begin(self, kind: str) -> blake2b:
        # A hasher that has taken the key already is copied for each text: a quarter faster than a new one.
        person = kind.encode("ascii")
        if not 0 < len(person) <= _LONGEST_KIND:
            raise ValueError(f"kind {kind!r} must have 1 to {_LONGEST_KIND} letters")
        return self._begun.setdefault(kind, blake2b(key=self._key, digest_size=_DIGEST_BYTES, person=person))


class Sealer:
    """Authenticated encryption of what Redis keeps: AES-SIV with a 512-bit key (RFC 5297).

    SIV needs no nonce. The same bytes with the same `associated` give the same sealed bytes, and a repeated
    write tells a reader of Redis no more than that it was repeated; GCM with a repeated nonce would tell all.
    What is sealed is packed first (LZ4): a row is mostly zeros, and there is less to encrypt, send and keep.
    Sealed bytes are a version byte, 16 bytes of tag, and the packed ones.
    """

    def __init__(self, key: bytes | None) -> None:
        self._cipher = AESSIV(_derived(_secret(key), b"ledger", 64))

    def seal(self, plain: bytes, *, associated: bytes = b"") -> bytes:
        """Encrypt `plain`; `associated` (e.g. the row's name) must be given again to open it."""
        packed = bytes(cramjam.lz4.compress_block(plain))
        # SIV's own form for nothing is empty; a byte in front keeps "" and "absent" apart.
        return _SEAL_VERSION + self._cipher.encrypt(packed, [_SEAL_VERSION + associated])

    def open(self, sealed: bytes, *, associated: bytes = b"") -> bytes:
        """Decrypt what `seal` returned; raises `StateError` for anything else."""
        if sealed[:1] != _SEAL_VERSION:
            raise StateError(
                f"what is sealed in Redis begins with {sealed[:1].hex() or 'nothing'}, this version reads "
                f"{_SEAL_VERSION.hex()}: another version wrote it; run that one, or clear Redis to rebuild"
            )
        try:
            packed = self._cipher.decrypt(sealed[1:], [_SEAL_VERSION + associated])
        except InvalidTag as error:
            raise StateError(
                f"what is sealed, {len(sealed)} bytes, cannot be opened: it is damaged, belongs to another "
                "row, or was sealed under another DETECTOR_PSEUDONYM_KEY; restore the key, or clear Redis"
            ) from error
        return bytes(cramjam.lz4.decompress_block(packed))

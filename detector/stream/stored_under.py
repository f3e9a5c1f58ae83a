"""Under which keys rows of a shard may lie: its checkpoint says it, lest they are taken for "nothing seen".

A worker that lacks one of the keys would find no row where there is one, and begin it anew. It ends with an
error instead, as long as anything that was written under that key may be left.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from detector.errors import StateError
from detector.keyring import Keyring
from detector.moments import moment_text
from detector.privacy import DEFAULT_KEY, fingerprint_of

_PUBLISHED: Final = fingerprint_of(DEFAULT_KEY)


class Stored(msgspec.Struct, frozen=True):
    """What is stored as a checkpoint: the stage's own, and when each key was last written under.

    `keys`: moments of the wall clock, Unix ms, by fingerprint. `kept_ms`: how long a row is kept since then.
    """

    keys: dict[str, int]
    kept_ms: int
    checkpoint: msgspec.Raw


def encode_stored(checkpoint: bytes, keys: Mapping[str, int], kept_ms: int) -> bytes:
    """Return a stage's checkpoint, which is JSON, as it is stored."""
    return msgspec.json.encode(Stored(dict(keys), kept_ms, msgspec.Raw(checkpoint)))


def decode_stored(payload: bytes) -> Stored:
    """Read it back; raises `StateError` for anything else."""
    try:
        return msgspec.json.decode(payload, type=Stored)
    except msgspec.MsgspecError as error:
        raise StateError(
            f"a checkpoint cannot be read ({error}): run the release that wrote it, or clear Redis to rebuild"
        ) from error


def opened(payload: bytes, shard: str, keyring: Keyring, *, now_ms: int) -> Stored:
    """Read it back, with the keys under which anything may be left.

    Raises `StateError` where `keyring` lacks one of those.
    """
    stored = decode_stored(payload)
    left = {key: last_ms for key, last_ms in stored.keys.items() if last_ms + stored.kept_ms > now_ms}
    given = keyring.fingerprints
    for key, last_ms in left.items():
        if key not in given:
            until = moment_text(last_ms + stored.kept_ms)
            raise StateError(
                f"rows of {shard} may lie under the pseudonym key {_shown(key)} until {until}, and only "
                f"{' and '.join(map(_shown, given))} is given: set it as DETECTOR_PSEUDONYM_KEY_OTHER, or "
                "where workers write under it, as DETECTOR_PSEUDONYM_KEY (docs/privacy.md, Rotating keys)"
            )
    return Stored(left, stored.kept_ms, stored.checkpoint)


def _shown(fingerprint: str) -> str:
    return f"{fingerprint} (the published one)" if fingerprint == _PUBLISHED else fingerprint

"""The keys under which a store's contents lie: one to write with, another to read with while keys change.

A row, its ledger and a tally lie under a keyed hash of whose they are, and are sealed under the same key.
What is found under the other key is written under the first one from then on, and taken away where it lay.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Self, TypeVar

from detector.privacy import Pseudonymizer, Sealer, fingerprint_of

ACCOUNT: Final = "account"
"""The kind of name that rows of accounts and of visitors have."""
ROW: Final = b"row"
LEDGER: Final = b"ledger"
TALLY: Final = b"tally"
"""What is sealed; one is never taken for another, even of the same account."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """One key; `fingerprint` tells it from another and may be shown."""

    fingerprint: str
    is_default: bool
    _names: Pseudonymizer
    _sealer: Sealer

    @classmethod
    def of_setting(cls, text: str | None) -> Self:
        """Make one of the setting as it was read; None is the published key. Raises `UsageError`."""
        secret = None if text is None else text.encode()
        names = Pseudonymizer(secret)
        return cls(fingerprint_of(secret), names.is_default, names, Sealer(secret))

    def name(self, text: str, kind: str) -> bytes:
        """Return the 16 bytes under which a store keeps what is of `text`, of a kind (e.g. `account`)."""
        return self._names.digest(text, kind)

    def seal(self, what: bytes, name: bytes, plain: bytes) -> bytes:
        """Seal a ROW, a LEDGER or a TALLY that is to lie under `name`."""
        return self._sealer.seal(plain, associated=what + name)

    def open(self, what: bytes, name: bytes, sealed: bytes) -> bytes:
        """Return what was sealed so; raises `StateError` for anything else."""
        return self._sealer.open(sealed, associated=what + name)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a store had under a name, and the key that opens it."""

    key: Key
    name: bytes
    value: T


class Keyring:
    """The first key and, where there are two, the other; see docs/privacy.md for how they are changed."""

    def __init__(self, key: str | None, other: str | None = None) -> None:
        self.first = Key.of_setting(key)
        second = None if other is None else Key.of_setting(other)
        self.other = None if second is None or second.fingerprint == self.first.fingerprint else second
        self._keys = (self.first,) if self.other is None else (self.first, self.other)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The keys' fingerprints, the first key's first."""
        return tuple(key.fingerprint for key in self._keys)

    def names(self, text: str, kind: str) -> list[bytes]:
        """Return the names under which a store may have what is of `text`, the first key's first."""
        return [key.name(text, kind) for key in self._keys]

    async def look_up(
        self,
        texts: Sequence[str],
        kind: str,
        ask: Callable[[Sequence[bytes]], Awaitable[Sequence[T | None]]],
    ) -> list[Found[T] | None]:
        """Return what a store has of each text, by one call of `ask`, which takes names.

        What lies under both keys is taken from under the first. Raises what `ask` does.
        """
        places = [(key, key.name(text, kind)) for text in texts for key in self._keys]
        values = await ask([name for _, name in places])
        found = [
            None if value is None else Found(*place, value)
            for place, value in zip(places, values, strict=True)
        ]
        if self.other is None:
            return found
        return [mine or elsewhere for mine, elsewhere in zip(found[::2], found[1::2], strict=True)]

"""The rows of one shard that are in memory, and which of them changed since the last checkpoint."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.errors import StateError
from detector.stages.ledger import decode_ledger, encode_ledger, new_ledger
from detector.windows.layout import ROW, VERSION

_FIRST_SIZE = 64
L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class RowKind(Generic[L]):
    """A layout of rows, whose first two bytes are its version, and the ledger that lies beside each."""

    dtype: np.dtype[np.void]
    version: int
    new_ledger: Callable[[], L]
    encode_ledger: Callable[[L], bytes]
    decode_ledger: Callable[[bytes], L]


ACCOUNT: Final = RowKind(ROW, VERSION, new_ledger, encode_ledger, decode_ledger)
"""The rows of accounts and of anonymous visitors."""


class RowTable(Generic[L]):
    """Rows by key: a table that grows, a place for each key, and a ledger beside each row."""

    def __init__(self, kind: RowKind[L]) -> None:
        self._kind = kind
        self.rows = np.zeros(_FIRST_SIZE, kind.dtype)
        self._places: dict[str, int] = {}
        self._keys: list[str | None] = [None] * _FIRST_SIZE
        self._ledgers: list[L | None] = [None] * _FIRST_SIZE
        self._free = list(range(_FIRST_SIZE - 1, -1, -1))
        self._changed = np.zeros(_FIRST_SIZE, np.bool_)
        self._used = np.zeros(_FIRST_SIZE, np.int64)
        self._clock = 0
        self._written: set[int] = set()

    def __len__(self) -> int:
        """How many rows are in memory."""
        return len(self._places)

    def missing(self, keys: Collection[str]) -> list[str]:
        """Return the keys whose rows are not in memory, each once, in order of first appearance."""
        new = set(keys).difference(self._places)
        return [key for key in dict.fromkeys(keys) if key in new] if new else []

    def put(self, key: str, row: bytes | None, ledger: bytes | None) -> None:
        """Take a row as it was stored, or begin one; raises `StateError` for bytes of another version."""
        place = self._place()
        if row is None:
            self.rows[place] = np.zeros((), self._kind.dtype)
        else:
            self.rows[place] = _decoded(row, self._kind)
        self._places[key] = place
        self._keys[place] = key
        self._ledgers[place] = None if ledger is None else self._kind.decode_ledger(ledger)

    def touch(self, keys: Sequence[str]) -> NDArray[np.int32]:
        """Return the places of rows in memory, shape (n,), which the caller is about to change."""
        places = np.fromiter([self._places[key] for key in keys], np.int32, len(keys))
        self._clock += 1
        self._used[places] = self._clock
        self._changed[places] = True
        return places

    def store_again(self, key: str) -> None:
        """Have a row in memory and its ledger stored again, though nothing in them changes."""
        (place,) = self.touch([key]).tolist()
        if self._ledgers[place] is not None:
            self._written.add(place)

    def row(self, key: str) -> np.void:
        """Return a row in memory, for reading."""
        found: np.void = self.rows[self._places[key]]
        return found

    def place(self, key: str) -> int:
        """Return the place of a row in memory."""
        return self._places[key]

    def begin_anew(self, key: str) -> None:
        """Forget all that a row in memory and its ledger hold."""
        place = self._places[key]
        self.rows[place] = np.zeros((), self._kind.dtype)
        self._ledgers[place] = self._kind.new_ledger()
        self._written.add(place)

    def ledger(self, place: int) -> L:
        """Return the ledger of a row, for reading."""
        found = self._ledgers[place]
        if found is None:
            found = self._ledgers[place] = self._kind.new_ledger()
        return found

    def write_ledger(self, place: int) -> L:
        """Return the ledger of a row, for writing."""
        self._written.add(place)
        return self.ledger(place)

    @property
    def changed(self) -> int:
        """How many rows changed since `settle`."""
        return int(np.count_nonzero(self._changed))

    def changes(self) -> Iterator[tuple[str, bytes, bytes | None]]:
        """Yield key, row and, where it changed, ledger of what changed since `settle`."""
        for place in np.flatnonzero(self._changed).tolist():
            key, ledger = self._keys[place], self._ledgers[place]
            if key is not None:
                written = ledger is not None and place in self._written
                sealed = self._kind.encode_ledger(ledger) if written and ledger is not None else None
                yield key, self.rows[place].tobytes(), sealed

    def settle(self) -> None:
        """Note that everything that changed is stored."""
        self._changed[:] = False
        self._written.clear()

    def evict(self, most: int) -> None:
        """Let go of the rows used longest ago until at most `most` remain; never of one that changed."""
        surplus = len(self._places) - most
        if surplus <= 0:
            return
        idle = [place for place in self._places.values() if not self._changed[place]]
        idle.sort(key=lambda place: int(self._used[place]))
        for place in idle[:surplus]:
            key = self._keys[place]
            if key is not None:
                del self._places[key]
            self._keys[place] = self._ledgers[place] = None
            self._free.append(place)

    def _place(self) -> int:
        if not self._free:
            size = len(self.rows)
            # Copied into zeros: concatenated, the bytes between the fields would be whatever memory held.
            rows = np.zeros(2 * size, self._kind.dtype)
            rows[:size] = self.rows
            self.rows = rows
            self._changed = np.concatenate((self._changed, np.zeros(size, np.bool_)))
            self._used = np.concatenate((self._used, np.zeros(size, np.int64)))
            self._keys += [None] * size
            self._ledgers += [None] * size
            self._free = list(range(2 * size - 1, size - 1, -1))
        return self._free.pop()


def _decoded(row: bytes, kind: RowKind[L]) -> NDArray[np.void]:
    version = int.from_bytes(row[:2], "little")
    if version != kind.version or len(row) != kind.dtype.itemsize:
        raise StateError(
            f"a row of version {version} and {len(row)} bytes was found, this is version {kind.version} with "
            f"{kind.dtype.itemsize}: run the release that wrote it, or clear Redis to rebuild the windows "
            "from Kafka"
        )
    decoded: NDArray[np.void] = np.frombuffer(row, kind.dtype)[0]
    return decoded

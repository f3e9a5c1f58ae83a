"""A bounded cache from a key to a row of a table.

Full means: begin again. A flush happens only at the start of a batch, so the slots of one batch stay valid
together even where the batch alone is larger than the capacity. It costs one cold look-up per key that
comes back, and needs no book-keeping on a hit.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)
_FIRST_ROWS = 1_024


class RowCache(Generic[Key]):
    """Rows worked out once per key by `make` (a tuple in the order of the dtype's fields).

    Holds at most `capacity` keys beyond those of the batch that reached it. A key is kept as `shorten` gives
    it, so that hostile keys cannot fill the memory; keys that shorten alike share a row. `rows` is valid
    for the slots of the last call of `slots`; row 0 is all zeros and belongs to no key.
    """

    def __init__(
        self,
        dtype: np.dtype[np.void],
        make: Callable[[Key], tuple[int | float, ...]],
        capacity: int,
        shorten: Callable[[Key], Key] = lambda key: key,
    ) -> None:
        self.rows: NDArray[np.void] = np.zeros(_FIRST_ROWS, dtype)
        self.hits = 0
        self.misses = 0
        self._new: list[tuple[int | float, ...]] = []
        self._filled = 1
        self._make = make
        self._capacity = capacity
        self._slots: _Slots[Key] = _Slots(self._add, shorten)

    def __len__(self) -> int:
        """Return how many keys are kept."""
        return len(self._slots)

    def slots(self, keys: Iterable[Key], count: int) -> NDArray[np.int32]:
        """Return the row number of each of `count` keys, shape `(count,)`."""
        if len(self._slots) >= self._capacity:
            self._slots.clear()
            self.rows = np.zeros(_FIRST_ROWS, self.rows.dtype)
            self._filled = 1
        misses = self.misses
        try:
            slots = np.fromiter(map(self._slots.__getitem__, keys), np.int32, count)
        finally:
            self._write()
        self.hits += count - (self.misses - misses)
        return slots

    def rows_of(self, keys: Sequence[Key]) -> NDArray[np.void]:
        """Return a copy of the row of each of the keys, shape `(len(keys),)`."""
        slots = self.slots(keys, len(keys))
        found: NDArray[np.void] = self.rows[slots]
        return found

    def forget(self, key: Key) -> None:
        """Work a key out anew when it is next asked for."""
        self._slots.pop(key, None)

    def _add(self, key: Key) -> int:
        self.misses += 1
        self._new.append(self._make(key))
        return self._filled + len(self._new) - 1

    def _write(self) -> None:
        """Write the new rows, all at once: numpy takes them one by one ten times as slowly."""
        if not self._new:
            return
        end = self._filled + len(self._new)
        while end > len(self.rows):
            self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
        self.rows[self._filled : end] = self._new
        self._filled = end
        self._new = []


class _Slots(dict[Key, int]):
    """A dict that asks `add` for the slot of a key it lacks; a hit never leaves C."""

    def __init__(self, add: Callable[[Key], int], shorten: Callable[[Key], Key]) -> None:
        super().__init__()
        self._add = add
        self._shorten = shorten

    def __missing__(self, key: Key) -> int:
        short = self._shorten(key)
        if short != key:
            return self[short]
        slot = self._add(key)
        self[key] = slot
        return slot

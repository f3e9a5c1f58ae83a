"""What a client says of itself: by its name and by its user agent, which must agree.

Source: CONTRACT's names (`web`, `ios`, `android`, `api`, `plugin:foo`); systems as ua-parser names them. Only
what cannot be is a contradiction: an iPad calls itself a Macintosh, and a phone's browser that asks for the
desktop's pages a Linux.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detector.enrich import ClientKind
from detector.enrich.clients import describe_client

FOREIGN, CONTRARY = 1, 2
"""Bits: a plug-in or a client that the platform's list has not; a name and an agent that cannot both be."""

_PLUGIN: Final = "plugin:"
_DESKTOPS: Final = frozenset({"Windows", "Linux", "Ubuntu", "Fedora", "Chrome OS"})
_APPLE: Final = frozenset({"iOS", "Mac OS X"})
_CANNOT_BE: Final = {
    "web": frozenset[str](),
    "ios": _DESKTOPS | {"Android"},
    "ipados": _DESKTOPS | {"Android"},
    "android": _APPLE | {"Windows"},
    "harmony": _APPLE | {"Windows"},
    "harmonyos": _APPLE | {"Windows"},
}
"""The systems on which a client of each name does not run; none of them is a script either."""


class ClientWords:
    """Reads names and agents; remembers, within bounds, what it found.

    `own`: names of the platform's clients, one that ends with `*` stands for all that begin so; None: nobody
    said which they are.
    """

    def __init__(self, own: Sequence[str] | None, capacity: int = 100_000) -> None:
        names = None if own is None else [name.strip().lower() for name in own]
        self._own = None if names is None else frozenset(names)
        self._own_beginnings = tuple(name[:-1] for name in names or () if name.endswith("*"))
        self._capacity = capacity
        self._known: dict[tuple[str | None, str | None], int] = {}

    def of_each(
        self, slots: NDArray[np.int32], clients: Sequence[str | None], user_agents: Sequence[str | None]
    ) -> NDArray[np.uint8]:
        """Return the bits of each client, shape (n,); those that share one of the n `slots` are alike."""
        _, firsts, which = np.unique(slots, return_index=True, return_inverse=True)
        bits = [self.of(clients[place], user_agents[place]) for place in firsts.tolist()]
        return np.array(bits, np.uint8)[which]

    def of(self, client: str | None, user_agent: str | None) -> int:
        """Return the bits of one client; one without a name says nothing."""
        key = (client, user_agent)
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= self._capacity:
                self._known.clear()
            return self._known.setdefault(key, self._read(client, user_agent) if client else 0)

    def _read(self, client: str, user_agent: str | None) -> int:
        name = client.lower()
        bits = FOREIGN if self._foreign(name) else 0
        impossible = _CANNOT_BE.get(name)
        if impossible is not None:
            said = describe_client(user_agent, name)
            if said.system in impossible or said.kind == ClientKind.TOOL:
                bits |= CONTRARY
        return bits

    def _foreign(self, name: str) -> bool:
        if self._own is not None and (name in self._own or name.startswith(self._own_beginnings)):
            return False
        return self._own is not None or name.startswith(_PLUGIN)

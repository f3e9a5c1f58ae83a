"""The regrouper of one shard: asks every family which events concern it, and makes the cells."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from detector.cells import Cell, CrowdKey
from detector.clipping import clipped
from detector.policy import Entitlements
from detector.stages.families import FAMILIES
from detector.stages.order import Ordered
from detector.stages.regroup.base import Regrouped, Seen
from detector.stages.regroup.crawls import Crawls
from detector.stages.regroup.greetings import Greetings
from detector.stages.regroup.logins import Logins
from detector.stages.regroup.seats import Seats
from detector.stages.regroup.signups import Signups

OF_AN_ADDRESS = frozenset(("address", "prefix"))
"""Keys, and facts, that say nothing where nobody knows if an event's address is its sender's."""

REGROUPED: dict[str, Regrouped] = {
    "signups": Signups(),
    "logins": Logins(),
    "crawls": Crawls(),
    "organisations": Seats(),
    "greetings": Greetings(),
}


class Texts:
    """Hashes of texts, kept in a bounded memory; see `detector.stages.regroup.base.Hashes`."""

    def __init__(self, hash64: Callable[[str], int], capacity: int = 200_000) -> None:
        self._hash64 = hash64
        self._capacity = capacity
        self._known: dict[str | None, int] = {None: 0}

    def of(self, text: str | None) -> int:
        """Return the hash of a text, 0 for None."""
        try:
            return self._known[text]
        except KeyError:
            if len(self._known) > self._capacity:
                self._known.clear()
                self._known[None] = 0
            return self._known.setdefault(text, self._hash64(text or ""))


class Regrouper:
    """Makes cells of the events of one partition of the topic."""

    def __init__(self, texts: Texts, partition: int, entitlements: Entitlements) -> None:
        self._texts = texts
        self._entitlements = entitlements
        self._partition = partition

    def cells(
        self,
        ordered: Ordered,
        events: NDArray[np.void],
        features: NDArray[np.void],
        is_entered: Callable[[int], bool],
    ) -> Iterator[Cell]:
        """Yield the cells of closed events.

        `events`: EVENT, `features`: FEATURES, both of their shape; `is_entered` says of an event by its place
        whether somebody may have entered its account.
        """
        proxies, excuses = features["proxied"], features["excused"]
        for family in FAMILIES:
            regrouped = REGROUPED[family.name]
            for place in np.flatnonzero(regrouped.chosen(events, features)).tolist():
                event, time = ordered.events[place], int(ordered.times[place])
                seen = Seen(event, events[place], features[place])
                proxied, excused = bool(proxies[place]), int(excuses[place])
                entered = is_entered(place)
                device, session, org = map(clipped, (event.device_id, event.session_id, event.org_id))
                offset = int(ordered.offsets[place])
                plan = self._entitlements.plan_at(event.account_id, event.org_id, time)
                facts = regrouped.facts(seen, self._texts)
                numbers = tuple(
                    0 if proxied and name in OF_AN_ADDRESS else facts.get(name, 0) for name in family.facts
                )
                for key in regrouped.keys(seen):
                    if proxied and key.kind in OF_AN_ADDRESS:
                        continue
                    yield Cell(
                        key=CrowdKey(key.family, key.kind, clipped(key.id)),
                        time=time,
                        event_id=event.event_id,
                        type=event.type,
                        ip=event.ip,
                        account_id=event.account_id,
                        device_id=device,
                        session_id=session,
                        org_id=org,
                        excused=excused,
                        facts=numbers,
                        partition=self._partition,
                        offset=offset,
                        product=clipped(event.product),
                        plan=plan,
                        entered=entered,
                    )

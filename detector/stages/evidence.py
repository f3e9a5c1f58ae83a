"""Evidence: how an event that an alert rests on is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from msgspec import UNSET

from detector.alerts import Evidence, Origin
from detector.enrich import Enricher
from detector.policy.document import Addresses
from detector.stages.masks import Mask


class Remembered(Protocol):
    """What a ledger keeps of an event; see `detector.stages.ledger.Witness`."""

    @property
    def event_id(self) -> str: ...  # noqa: D102  # the event's own field, as all of these
    @property
    def time(self) -> int: ...  # noqa: D102
    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def ip(self) -> str: ...  # noqa: D102
    @property
    def device_id(self) -> str | None: ...  # noqa: D102
    @property
    def session_id(self) -> str | None: ...  # noqa: D102
    @property
    def offset(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows remembered events, with what is known of their addresses."""

    enricher: Enricher
    topic: str
    mask: Mask

    def show(self, known: Remembered, partition: int, how: Addresses) -> Evidence:
        """Return an event as evidence, its address shown so; `partition` is where in the topic it lies."""
        place = self.enricher.place(known.ip)
        return Evidence(
            event_id=known.event_id,
            time=known.time,
            type=known.type,
            ip=self.mask.show(known.ip, how),
            asn=place.asn,
            network=place.network.name.lower(),
            device_id=known.device_id or UNSET,
            session_id=known.session_id or UNSET,
            city=place.city or UNSET,
            region=place.region or UNSET,
            country=place.country or UNSET,
            origin=UNSET if known.offset < 0 else Origin(self.topic, partition, known.offset),
        )


def unshown(chosen: Iterable[Remembered], how: Addresses) -> tuple[str, ...]:
    """Return the addresses of events where they are not shown in clear: a case has to know them."""
    return () if how == "clear" else tuple(known.ip for known in chosen)

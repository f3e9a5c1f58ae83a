"""Evidence: how an event that an alert rests on is shown."""

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Protocol

from msgspec import UNSET

from detector.alerts import Evidence, Origin
from detector.enrich import Enricher


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
    """Shows remembered events, with what is known of their addresses; `truncate`: those by network only."""

    enricher: Enricher
    topic: str
    truncate: bool

    def show(self, known: Remembered, partition: int) -> Evidence:
        """Return an event as evidence; `partition` is where in the topic it lies."""
        place = self.enricher.place(known.ip)
        return Evidence(
            event_id=known.event_id,
            time=known.time,
            type=known.type,
            ip=truncated(known.ip) if self.truncate else known.ip,
            asn=place.asn,
            network=place.network.name.lower(),
            device_id=known.device_id or UNSET,
            session_id=known.session_id or UNSET,
            city=place.city or UNSET,
            region=place.region or UNSET,
            country=place.country or UNSET,
            origin=UNSET if known.offset < 0 else Origin(self.topic, partition, known.offset),
        )


def truncated(ip: str) -> str:
    """Return the /24 (IPv4) or /48 (IPv6) of an address."""
    return str(ip_network(f"{ip}/{48 if ':' in ip else 24}", strict=False))

"""An event with what was found out about its address, for those who read along."""

from typing import Any

import msgspec

from detector.enrich import Enricher
from detector.events import SessionEvent

_ENCODER = msgspec.json.Encoder()


def enriched(event: SessionEvent, enricher: Enricher) -> bytes:
    """Return the event as JSON plus `geo` and `network`; what is not known is left out."""
    place = enricher.place(event.ip)
    geo: dict[str, Any] = {
        "city": place.city or None,
        "region": place.region or None,
        "country": place.country or None,
        "precision": place.precision.name.lower(),
    }
    if place.city or place.region:
        geo |= {"latitude": place.latitude, "longitude": place.longitude, "radius_km": place.radius_km}
    network = {
        "asn": place.asn or None,
        "organisation": place.as_name or None,
        "class": place.network.name.lower(),
    }
    told = msgspec.to_builtins(event)
    del told[""]  # the peer: no field of the contract
    whole = {**told, "geo": _known(geo), "network": _known(network)}
    return _ENCODER.encode(_known(whole))


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}

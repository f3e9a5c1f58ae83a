"""An event with what was found out about its address."""

from typing import Any

import msgspec
import pytest

from detector.enrich import Enricher
from detector.events import Addresses, decode
from detector.stages.enriched import enriched
from tests.support.events import BEIJING, CLOUD, START_MS, event, message


def written(enricher: Enricher, **fields: Any) -> dict[str, Any]:
    return msgspec.json.decode(enriched(event(**fields), enricher), type=dict[str, Any])


def test_place_and_network_are_added_to_the_event(enricher: Enricher) -> None:
    found = written(enricher, ip=BEIJING)
    place = enricher.place(BEIJING)
    assert (place.city, "Beijing", "CN", "city") == tuple(
        found["geo"][name] for name in ("city", "region", "country", "precision")
    )
    assert (39.9, 116.4) == pytest.approx((found["geo"]["latitude"], found["geo"]["longitude"]), abs=0.3)
    assert 0 < found["geo"]["radius_km"] <= 300
    assert "residential" == found["network"]["class"]
    assert {"asn", "organisation"} <= found["network"].keys()
    assert (37963, "datacenter") == tuple(
        written(enricher, ip=CLOUD)["network"][name] for name in ("asn", "class")
    )


def test_what_is_not_known_is_left_out(enricher: Enricher) -> None:
    found = written(enricher, ip="10.0.0.1", account_id="ann")
    assert ({"precision": "none"}, {"class": "unknown"}) == (found["geo"], found["network"])
    assert None not in found.values()
    assert {"session_id", "status", "registration"}.isdisjoint(found)


def test_the_rest_is_the_event_as_it_came(enricher: Enricher) -> None:
    (came,) = decode([message("e", type="request", bytes=5, path="/a").value], Addresses()).events
    found = msgspec.json.decode(enriched(came, enricher), type=dict[str, Any])
    del found["geo"], found["network"]
    said = {"event_id": "e", "time": START_MS, "type": "request", "path": "/a", "bytes": 5, "ip": BEIJING}
    assert said.items() <= found.items()
    assert "" not in found
    (again,) = decode([msgspec.json.encode(found)], Addresses()).events
    assert came == again

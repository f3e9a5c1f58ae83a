"""Uses of allow entries on a real Kafka and Redis, over many partitions."""

import json
from typing import Any

from detector.cli.entries_read import read_granted, said_of
from detector.settings import Settings
from detector.stream.kafka import KafkaClients
from detector.stream.topic_specs import TopicSpec
from detector.stream.topics import ensure_topics
from tests.integration.live import PARTITIONS, Live, Message, last_ms
from tests.support.events import BEIJING, START_MS

ACCOUNTS, EACH = 20, 40
ORG: dict[str, Any] = {"allow": [{"kind": "client", "value": "plugin:foo", "author": "kim"}], "plan": "gold"}
OWN: dict[str, Any] = {"allow": [{"kind": "device", "value": "d0"}, {"kind": "asn", "value": 4134}]}


def used() -> list[Message]:
    """Requests of an organisation's accounts by one plug-in, each second one of every account."""
    told = []
    for number in range(ACCOUNTS * EACH):
        account = f"a{number % ACCOUNTS}"
        event = {
            "event_id": f"e{number:04}",
            "type": "request",
            "time": START_MS + number * 50,
            "account_id": account,
            "org_id": "acme",
            "device_id": account.replace("a", "d"),
            "client": "plugin:foo",
            "ip": BEIJING,
            "method": "GET",
            "path": f"/{number}",
            "status": 200,
        }
        told.append((account.encode(), json.dumps(event).encode()))
    return told


async def create_compacted(live: Live, topic: str) -> None:
    admin = KafkaClients(live.kafka).admin()
    await admin.start()
    try:
        (await ensure_topics(admin, [TopicSpec(name=topic, partitions=PARTITIONS, compacted=True)])).check()
    finally:
        await admin.close()


async def test_uses_of_entries_add_up_over_partitions_and_are_found_by_the_command(live: Live) -> None:
    entitlements, told = f"{live.names}-entitlements", used()
    await live.create(live.events)
    await create_compacted(live, entitlements)
    await live.send(
        [(b"org:acme", json.dumps(ORG).encode()), (b"a0", json.dumps(OWN).encode())], entitlements
    )
    await live.send(told)
    with live.worker() as worker:
        await live.decided(worker, last_ms(told))
        assert 1.0 == sum(worker.metric("detector_controls_unknown_plan_total").values())
        assert 0 == worker.stop()
    settings = Settings(
        brokers=live.kafka,
        redis_url=live.redis_url,
        group=live.names,
        topic_session_events=live.events,
    )
    granted = await read_granted(settings, None)
    found = {(one.key, one.kind): one for one in (said_of(each, granted.moment) for each in granted.entries)}
    assert {("org:acme", "client"): 800, ("a0", "device"): 40, ("a0", "asn"): 0} == {
        name: one.hits for name, one in found.items()
    }
    org = found["org:acme", "client"]
    assert (START_MS, last_ms(told), 1, "kim") == (org.first_used, org.last_used, org.networks, org.author)
    history = [(each.key, each.counts_from) for each in granted.entitlements.stamped()]
    assert [("a0", 0), ("org:acme", 0)] == history
    assert [("a0", "device"), ("a0", "asn")] == [
        (one.owner, one.allow.kind) for one in (await read_granted(settings, "a0")).entries
    ]

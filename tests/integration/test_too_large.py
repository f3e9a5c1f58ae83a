"""What is too large for a topic or an alert stops nothing, on a Kafka that means it."""

import json
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from tests.integration.live import Live, Message, Worker, comparable, last_ms, replayed

START_MS = 1_780_243_200_000
SHARDS = 10
LONG = 60_000
PLAIN = b"x" * 1_048_400
PACKED = b'{"a":"' + b"x" * 5_000_000 + b'"}'


def endless_identifiers() -> list[Message]:
    """A pair in two cities, and sign-ups with one device: every identifier fills its event."""
    told: list[Message] = []

    def tell(minute: int, account: str, **fields: Any) -> None:
        time = START_MS + minute * 60_000
        event = {"event_id": f"e{len(told):05}", "time": time, "account_id": account, **fields}
        told.append((account.encode(), json.dumps(event).encode()))

    for minute in range(120):
        name, ip = [("here", "123.125.81.6"), ("there", "116.228.111.118")][minute % 2]
        device, session = name + "d" * (LONG // 2), f"{minute}" + "s" * (LONG // 2)
        tell(minute, "shared", type="login_success", ip=ip, device_id=device, session_id=session)
    for number in range(20):
        tell(
            number + 30,
            f"farm{number}",
            type="registration",
            ip="183.60.83.19",
            device_id="f" * (LONG // 2),
            registration={"invite_code": "i" * (LONG // 2), "username": f"lucky{number}"},
        )
    return sorted(told, key=lambda sent: json.loads(sent[1])["time"])


async def send_large(live: Live) -> None:
    """Send what a topic takes and no dead letter with its headers would be, by a broker's defaults."""
    for value, packed in ((PLAIN, None), (PACKED, "gzip")):
        producer = AIOKafkaProducer(
            bootstrap_servers=live.kafka, compression_type=packed, max_request_size=2 * len(PACKED)
        )
        await producer.start()
        await producer.send_and_wait(live.events, value, key=b"shared", partition=0)
        await producer.stop()


def untroubled(worker: Worker) -> bool:
    """Whether the worker took each partition over once and dropped none."""
    return SHARDS == sum(worker.metric("detector_takeovers_total").values())


@pytest.mark.parametrize("dead_letters", ["roomy", "narrow"])
async def test_a_message_that_fits_in_no_dead_letter_is_cut_and_stops_nothing(
    live: Live, dead_letters: str
) -> None:
    roomy = dead_letters == "roomy"
    dead = f"{live.names}-dlq"
    await live.create(live.events, *([] if roomy else [dead]))
    history = endless_identifiers()
    await live.send(history[:60])
    await send_large(live)
    await live.send(history[60:])
    with live.worker() as worker:
        alerts = await live.decided(worker, last_ms(history))
        assert 2 == sum(worker.metric("detector_events_rejected_total").values())
        assert untroubled(worker)
    assert comparable(replayed(history)) == comparable(alerts)
    assert {"account", "device"} <= {alert["subject"]["type"] for alert in alerts}
    plain, packed = await live.read(dead)
    for letter, whole in ((plain, PLAIN), (packed, PACKED)):
        headers = dict(letter.headers)
        cut = len(letter.value) < len(whole)
        assert whole.startswith(letter.value)
        assert {"error", "reason", "topic", "partition", "offset"} == headers.keys() - {"truncated"}
        assert cut == (headers.get("truncated") == str(len(whole)).encode())
        assert len(letter.value) > 1_000_000
    assert roomy == (plain.value == PLAIN)
    assert roomy == (len(packed.value) > 4_000_000)

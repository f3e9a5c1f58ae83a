"""A visitor's row lies where Kafka's key says, so that any number of partitions gives the same findings."""

import json

import pytest

from detector.enrich import Enricher
from detector.findings import Finding
from detector.privacy import Pseudonymizer
from detector.stages.assemble import Workshop
from detector.stream.kafka import partition_of
from tests.support.events import START_MS, Message, message
from tests.support.restarts import Runner

PEERS = [f"10.0.0.{number}" for number in range(1, 17)]
CLIENTS = ["116.228.111.118", "2001:da8:8000::1"]


@pytest.fixture(scope="module")
def workshop(enricher: Enricher, pseudonyms: Pseudonymizer) -> Workshop:
    return Workshop(enricher, pseudonyms, 0, 300_000, trusted_proxies=["10.0.0.0/8"])


def crawls(ip: str, forwarded_for: list[str] | None, name: str) -> list[Message]:
    """Return a visitor's requests, three a second for five minutes."""
    return [
        message(
            f"{name}-{number}",
            START_MS + number * 333,
            type="request",
            account_id=None,
            ip=ip,
            forwarded_for=forwarded_for,
            path=f"/item/{number}",
        )
        for number in range(900)
    ]


def found(workshop: Workshop, told: list[Message], partitions: int) -> list[Finding]:
    """Return what is found where the platform spreads these messages by their keys."""
    logs: list[list[Message]] = [[] for _ in range(partitions)]
    for each in sorted(told, key=lambda one: one.timestamp):
        written = json.loads(each.value or b"")["ip"]
        log = logs[partition_of(f"anon:{written}".encode(), partitions)]
        log.append(Message(each.value, len(log), each.timestamp))
    findings: list[Finding] = []
    for log in logs:
        runner = Runner(lambda: workshop.accounts("session-events", 0))
        runner.read(log)
        runner.shard.raise_frontier(runner.shard.newest + 1)
        runner.advance()
        findings += runner.findings
    return sorted(findings, key=lambda one: one.order)


def bare(findings: list[Finding]) -> list[tuple[object, ...]]:
    return [(*each.order, each.value, [seen.event_id for seen in each.evidence]) for each in findings]


def test_visitors_behind_many_proxies_are_judged_alike_in_any_number_of_partitions(
    workshop: Workshop,
) -> None:
    told = [
        each for peer in PEERS for client in CLIENTS for each in crawls(peer, [client], f"{peer}-{client}")
    ]
    whole = found(workshop, told, 1)
    assert {"116.228.111.118", "2001:da8:8000::/64"} == {each.subject.id for each in whole}
    assert bare(whole) == bare(found(workshop, told, 4))


@pytest.mark.parametrize("ip", ["2001:DA8:8000::1", "::ffff:116.228.111.118"])
def test_a_visitor_written_in_an_unusual_form_is_judged_under_the_usual_one(
    workshop: Workshop, ip: str
) -> None:
    told = [*crawls(ip, None, "a"), *crawls("116.228.111.118", None, "b")]
    whole = found(workshop, told, 1)
    assert {each.subject.id for each in whole} <= {"116.228.111.118", "2001:da8:8000::/64"}
    assert bare(whole) == bare(found(workshop, told, 16))

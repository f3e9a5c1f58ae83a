"""`detector evidence`: `verify`, whether alerts are those that were decided, all of them and no others.

The other command, `bundle`, is in bundle.py.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from detector.cli.bundle import bundle
from detector.cli.clients import hushed_clients
from detector.cli.evidence_report import conclusion
from detector.cli.options import settings_options
from detector.cli.progress import progress
from detector.cli.topic_url import TopicUrl
from detector.errors import UsageError
from detector.evidence import MOST_BYTES, Chains, Fault, Head, Heads, read_claim, read_heads
from detector.formats import open_lines, read_batches
from detector.settings import Settings
from detector.stream.alert_log import Mode, heads_of, opened
from detector.stream.kafka import KafkaClients

_BATCH: Final = 100
"""Lines that are read at once: few, for each may be as long as an alert may be."""


@click.group(epilog="Example: detector evidence verify alerts.jsonl --heads heads.jsonl")
def evidence() -> None:
    """Check that alerts are those that were decided, and write what proves one of them."""


evidence.add_command(bundle)


@evidence.command(
    epilog="Examples: detector evidence verify alerts.jsonl.gz --heads heads.jsonl; "
    "detector evidence verify june.jsonl --partial; "
    "detector evidence verify kafka://kafka:9092/enforcement --group detector"
)
@click.argument("alerts", metavar="FILE|kafka://HOST:PORT/TOPIC")
@click.option(
    "--heads",
    "heads_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The last link of each chain, as detector replay --heads wrote it: shows a tail that is cut off, "
    "and cases that are gone or were added. For Kafka, without it, they are read from the topic of cases.",
)
@click.option(
    "--partial",
    is_flag=True,
    help="The alerts are of a time range: chains may begin later than number 1, and cases may have ended "
    "before; how many did is said.",
)
@settings_options("group", "topic_detector_cases", "topic_enforcement_shadow")
@click.pass_context
def verify(
    ctx: click.Context, /, *, alerts: str, heads_path: Path | None, partial: bool, settings: Settings
) -> None:
    """Check the chains of alerts in a file (JSON lines, plain, gzip or zstd; `-`: standard input) or a topic.

    Says what is wrong with which alert, a line each, and ends with 1 where anything is.

    Proved is what the hash covers: all of an alert but `detected_at` and the `origin` of its evidence, in
    which a replay may differ. Kafka's keys, headers and times are not covered. Without heads, the last alerts
    of a case may be gone, or all of them. Who can write alerts and heads can forge both: keep heads apart.

    A topic is read up to where it ends now; where its first messages are no longer kept, chains may begin
    later. Heads of closed cases are not kept in Kafka: if their last alerts were gone, that would not show.
    """
    if alerts == "-" == str(heads_path):
        raise UsageError("- is given twice, but standard input can be read only once")
    heads = None if heads_path is None else read_heads(open_lines(heads_path), str(heads_path))
    url = TopicUrl.parse(alerts)
    if url is None:
        chains = Chains(heads)
        _check_file(alerts, chains, partial=partial)
    else:
        with hushed_clients():
            chains = asyncio.run(_check_topic(url, heads, settings, partial=partial))
    click.echo(conclusion(chains.tally, heads=chains.knows_heads))
    ctx.exit(1 if chains.tally.faults else 0)


def _check_file(path: str, chains: Chains, *, partial: bool) -> None:
    size = Path(path).stat().st_size if Path(path).is_file() else None
    read = 0
    with progress("bytes checked", size) as advance:
        for batch in read_batches(path, _BATCH, MOST_BYTES + 1):
            for number, line in zip(batch.numbers, batch.lines, strict=True):
                _tell(chains.take(f"line {number}", read_claim(line), may_begin_late=partial))
            advance(batch.position - read)
            read = batch.position
    _tell(chains.end(lambda head: _before(head, chains, partial=partial)))


async def _check_topic(url: TopicUrl, heads: Heads | None, settings: Settings, *, partial: bool) -> Chains:
    clients = KafkaClients(url.brokers, settings.kafka_security(), check_crcs=settings.check_crcs)
    if heads is None:
        mode: Mode = "shadow" if url.topic == settings.topics.shadow else "live"
        heads = await heads_of(clients, settings.topics.cases, mode)
    chains = Chains(heads, settled=False, ordered=False)
    async with opened(clients, url.topic) as log:
        with progress("offsets checked", log.length) as advance:
            async for records in log.batches():
                for record in records:
                    place = f"{url.topic}, partition {record.partition}, offset {record.offset}"
                    late = partial or log.cut(record.partition)
                    _tell(chains.take(place, read_claim(record.value or b""), may_begin_late=late))
                advance(len(records))
        _tell(chains.end(lambda head: log.cut_for(head.subject.id) or _before(head, chains, partial=partial)))
        if chains.tally.faults and await log.was_cut_meanwhile():
            click.echo(
                f"{url.topic} let go of alerts while they were read (retention): check again to be sure"
            )
    return chains


def _before(head: Head, chains: Chains, *, partial: bool) -> bool:
    """Tell whether all alerts of a case may lie before the time range that is here."""
    first_ms = chains.earliest_ms
    return partial and (first_ms is None or head.decided_time < first_ms)


def _tell(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))

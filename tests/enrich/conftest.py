"""Enrichers over the shipped data and over small databases made on the spot."""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import mmdb_writer
import pytest
from netaddr import IPSet  # type: ignore[import-untyped]  # ships no types

from detector.enrich import Enricher, files

Write = Callable[[str, str, Mapping[str, Mapping[str, object]]], Path]


def hash64(text: str) -> int:
    return zlib.crc32(text.encode()) << 32 | 1


@pytest.fixture(scope="session")
def shipped() -> Enricher:
    return Enricher(files("city", None), files("asn", None), hash64=hash64)


@pytest.fixture
def write_mmdb(tmp_path: Path) -> Write:
    """Write name.mmdb of a database type with `{network: record}`, IPv4 and IPv6 alike."""

    def write(name: str, database_type: str, records: Mapping[str, Mapping[str, object]]) -> Path:
        six = any(":" in network for network in records)
        writer = mmdb_writer.MMDBWriter(
            ip_version=6 if six else 4, ipv4_compatible=six, database_type=database_type, float_type="f32"
        )
        for network, record in records.items():
            writer.insert_network(IPSet([network]), dict(record))
        path = tmp_path / f"{name}.mmdb"
        writer.to_db_file(str(path))
        return path

    return write

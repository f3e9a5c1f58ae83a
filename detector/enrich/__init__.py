"""Places, networks and clients: what an address and a user agent say, looked up once and kept.

`Enricher` is the door. Below it, from the files up: databases (opening .mmdb files), places, default_places,
asns, networks (which class), crawlers, user_agents (which kind), clients, cache (bounded rows), rows (their
layout). `data/` holds what the package ships, made by build.py, which nothing else here imports.
"""

from detector.enrich.client_kind import ClientKind
from detector.enrich.crawlers import CRAWLER_OPERATORS
from detector.enrich.databases import Database, files, open_database, open_databases
from detector.enrich.enricher import Enricher, Place, Stats, prefix_of
from detector.enrich.network_class import NetworkClass
from detector.enrich.places import Precision
from detector.enrich.rows import ADDRESS, CLIENT

__all__ = [
    "ADDRESS",
    "CLIENT",
    "CRAWLER_OPERATORS",
    "ClientKind",
    "Database",
    "Enricher",
    "NetworkClass",
    "Place",
    "Precision",
    "Stats",
    "files",
    "open_database",
    "open_databases",
    "prefix_of",
]

"""What kind of network an address belongs to.

Sources, the first that knows it wins:
1. ASNs of relays, satellite and Tor (known_asns.csv), whose addresses strangers share by design; before the
   ranges, because X4BNet counts relays among the VPNs and hosters.
2. networks.mmdb (see build.py): VPN networks, secure web gateways, cloud providers' published ranges, the
   Chinese carriers' gateways for phones, X4BNet's hosting networks. Ranges come before the remaining ASNs:
   106.75.0.0/16 (UCloud) is announced by China Unicom.
3. ASNs of hosting: cn_cloud_asns.csv (the popular lists hold none of Aliyun's AS37963), then X4BNet's.
4. ASNs of access networks, universities and leased lines: the rest of known_asns.csv.
5. The AS's name (asn_names.py). Nothing fits: unknown.

Misses: phones of the Chinese carriers outside the known gateways, which count as homes; a cloud inside a
carrier's ASN that no list names; a home that lends out its line (residential proxies). Tor exits in hosting
networks count as datacenter, for want of a list that may be shipped; code that runs on Cloudflare and Fastly
counts as relay.
"""

import csv
import zlib
from pathlib import Path
from typing import Final

from detector.enrich.asn_names import class_of_name
from detector.enrich.crawlers import CRAWLER_OPERATORS
from detector.enrich.databases import DATA, files, open_databases
from detector.enrich.network_class import NetworkClass

_BEFORE_RANGES: Final = frozenset({NetworkClass.RELAY, NetworkClass.SATELLITE, NetworkClass.TOR})
DEFAULT_PLACES: Final = "default_places.csv"
_TABLES: Final = ("known_asns.csv", "x4bnet_asns.csv", "cn_cloud_asns.csv")
"""By ASN, the last one that holds it wins."""


class Networks:
    """The network lists that the package ships, opened; `build` names their state."""

    def __init__(self) -> None:
        (self.database,) = open_databases("networks", files("networks", None))
        tables = {name: _read_classes(DATA / name) for name in _TABLES}
        self._before: dict[int, NetworkClass] = {
            asn: network for asn, network in tables["known_asns.csv"].items() if network in _BEFORE_RANGES
        }
        self._after = {asn: network for name in _TABLES for asn, network in tables[name].items()}
        checksum = zlib.crc32(b"".join((DATA / name).read_bytes() for name in (*_TABLES, DEFAULT_PLACES)))
        self.build = f"{self.database.build} {checksum:08x}"

    def classify(self, ip: str, asn: int, as_name: str) -> tuple[NetworkClass, int]:
        """Return an address's class and whose published crawler ranges hold it (0: nobody's)."""
        record = self.database.find(ip) or {}
        crawler = CRAWLER_OPERATORS.index(record.get("crawler", ""))
        network = self._before.get(asn)
        if network is None and "network" in record:
            network = NetworkClass[record["network"].upper()]
        if network is None:
            network = self._after.get(asn)
        return class_of_name(as_name) if network is None else network, crawler


def _read_classes(path: Path) -> dict[int, NetworkClass]:
    """Read a table by ASN; without a column `network` all of it is hosting."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            int(row["asn"]): NetworkClass[row.get("network", "datacenter").upper()]
            for row in csv.DictReader(file)
        }

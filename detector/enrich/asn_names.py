"""A guess at a network's class from the name of its AS, where no list knows the ASN.

Conservative: whole words that operators use of themselves. Hosting is tried before access, because a
carrier's hall is named after the carrier ("CHINANET Guangxi IDC network"); mobile before broadband, but for
China Mobile, whose networks on the mainland hold homes and phones alike. A word that means both (cloud,
server, network, telecom) decides nothing, nor does satellite, which is in the names of broadcasters and of
"Starlink Ltd" alike.
"""

import re
from typing import Final

from detector.enrich.network_class import NetworkClass

_WORDS: Final = (
    (
        NetworkClass.EDUCATION,
        (
            r"universi\w+",
            "college",
            "school district",
            "cernet2?",
            "research network",
            "academic",
            "education network",
            "institute of technology",
        ),
    ),
    (
        NetworkClass.DATACENTER,
        (
            "hosting",
            r"idc\d?",
            "data ?cent(er|re)s?",
            "cloud (computing|services?|base)",
            "vps",
            "colocation",
        ),
    ),
    (NetworkClass.MOBILE, (r"(?<!china )mobiles?", "china mobile (hong kong|hk)", "cellular", "gsm")),
    (
        NetworkClass.RESIDENTIAL,
        (
            "chinanet",
            "china (telecom|unicom|tietong|mobile)",
            "broadband",
            "cable ?vision",
            "cable (tv|television)",
        ),
    ),
)
_PATTERNS: Final = tuple(
    (network, re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)) for network, words in _WORDS
)
_NOT_ACCESS: Final = re.compile(
    r"\b(mobile alliance|mobile (solutions?|business solution)"
    r"|china (mobile|telecom|unicom) (international|global))\b",
    re.IGNORECASE,
)
"""Names that hold such a word by chance: Azure's partner in China, makers of apps, a carrier's net abroad."""


def class_of_name(name: str) -> NetworkClass:
    """Return the class that an AS's name gives away, `UNKNOWN` where it gives none."""
    if _NOT_ACCESS.search(name):
        return NetworkClass.UNKNOWN
    return next((network for network, words in _PATTERNS if words.search(name)), NetworkClass.UNKNOWN)

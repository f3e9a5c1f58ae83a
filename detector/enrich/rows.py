"""What the fold kernel reads of an address and of a client: one fixed record each.

Row 0 of a table of either kind is all zeros: nothing is known.
"""

from typing import Final

import numpy as np

ADDRESS: Final = np.dtype(
    [
        ("prefix", "u8"),  # hash of the /24 or /64 as text, e.g. 203.0.113.0/24
        ("region", "u4"),  # crc32 of "country/region"; 0 where the region is not known
        ("lat", "f4"),  # degrees; lat, lon and radius mean nothing below precision `region`
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("asn", "u4"),  # 0: not announced, or not known
        ("network", "u1"),  # NetworkClass
        ("precision", "u1"),  # Precision
        ("version", "u1"),  # 4 or 6
        ("crawler", "u1"),  # whose published ranges hold it: index into CRAWLER_OPERATORS, 0 nobody's
    ]
)
"""One address. Size 32 bytes."""

CLIENT: Final = np.dtype(
    [
        ("fingerprint", "u8"),  # hash of kind, browser family, OS family and client application
        ("family", "u4"),  # crc32 of the browser family; 0 where it is not known
        ("major", "u2"),  # the browser's major version, 0 where it is not known
        ("kind", "u1"),  # ClientKind
        ("crawler", "u1"),  # the operator that the user agent claims: index into CRAWLER_OPERATORS, 0 none
    ]
)
"""One client: a user agent and the application's own name. Size 16 bytes."""

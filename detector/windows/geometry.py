"""Distances on the earth between places that are known only roughly."""

from math import asin, cos, radians, sin, sqrt
from typing import Final

import numpy as np

from detector.windows.compiled import compiled

EARTH_KM: Final = 6371.0088
"""Mean radius of the earth (IUGG)."""


@compiled
def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance (haversine) between two positions in degrees.

    Compiled code would go on in 32 bits where it is given 32 bits; plain Python would not.
    """
    north = sin(radians(np.float64(lat2) - np.float64(lat1)) / 2.0)
    east = sin(radians(np.float64(lon2) - np.float64(lon1)) / 2.0)
    chord = north * north + cos(radians(np.float64(lat1))) * cos(radians(np.float64(lat2))) * east * east
    return float(2.0 * EARTH_KM * asin(sqrt(min(1.0, chord))))


@compiled
def gap_km(lat1: float, lon1: float, radius1: float, lat2: float, lon2: float, radius2: float) -> float:
    """Return the least distance that two places with their accuracy radii can have."""
    return max(0.0, distance_km(lat1, lon1, lat2, lon2) - np.float64(radius1) - np.float64(radius2))

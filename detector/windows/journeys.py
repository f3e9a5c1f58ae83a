"""Journeys: how soon somebody can be elsewhere."""

from detector.windows.compiled import compiled

JUMP_KM = 300.0
"""Under it, the databases' errors look like journeys: 29 % of Chinese addresses are over 100 km off."""
FLIGHT_KMH, FLIGHT_HOURS = 850.0, 0.5
"""An airliner cruises at 800-900 km/h; half an hour goes by, at the very least, between the doors' closing
and take-off, and between landing and the way out."""
TRAIN_KMH, TRAIN_HOURS = 320.0, 0.1
"""No train in regular service is faster from start to stop (Beijing-Nanjing, 1,023 km, takes 3 h 13 min)."""
FLIGHT_WAY_HOURS, TRAIN_WAY_HOURS = 1.5, 0.65
"""What passengers need beside the least of a plane and a train: the ways to and from airport and station, the
time to be there before."""


@compiled
def least_hours(away_km: float) -> float:
    """Return the time that the fastest plane or train is under way for."""
    return min(FLIGHT_HOURS + away_km / FLIGHT_KMH, TRAIN_HOURS + away_km / TRAIN_KMH)


@compiled
def travellers_hours(away_km: float) -> float:
    """Return the least time from door to door."""
    flight = FLIGHT_HOURS + FLIGHT_WAY_HOURS + away_km / FLIGHT_KMH
    return min(flight, TRAIN_HOURS + TRAIN_WAY_HOURS + away_km / TRAIN_KMH)

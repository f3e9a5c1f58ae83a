"""Distances on the earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.windows.geometry import distance_km, gap_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
HALF_ROUND_KM = 20_015.1


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ((39.9042, 116.407), (31.2304, 121.474), 1067.3),
        ((51.4700, -0.4543), (40.6413, -73.7781), 5540.0),  # London Heathrow to New York JFK
        ((0.0, 179.5), (0.0, -179.5), 111.2),
        ((90.0, 0.0), (-90.0, 0.0), HALF_ROUND_KM),
        ((0.0, 0.0), (0.0, 180.0), HALF_ROUND_KM),
        ((12.0, 34.0), (12.0, 34.0), 0.0),
    ],
)
def test_known_distances(here: tuple[float, float], there: tuple[float, float], expected: float) -> None:
    assert expected == pytest.approx(distance_km(*here, *there), rel=1e-3, abs=0.1)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_both_ways_and_never_round_the_far_side(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = distance_km(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(distance_km(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0.0 <= there <= HALF_ROUND_KM + 0.1


@given(LATITUDES, LONGITUDES, st.floats(0, 500), LATITUDES, LONGITUDES, st.floats(0, 500))
def test_radii_are_taken_off_and_leave_no_less_than_nothing(
    lat1: float, lon1: float, radius1: float, lat2: float, lon2: float, radius2: float
) -> None:
    expected = max(0.0, distance_km(lat1, lon1, lat2, lon2) - radius1 - radius2)
    assert expected == pytest.approx(gap_km(lat1, lon1, radius1, lat2, lon2, radius2), abs=1e-6)

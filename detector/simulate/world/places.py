"""Where people live: a few Chinese cities, how far apart they are, how long a journey takes."""

import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0
FLIGHT_FROM_KM = 1100.0


@dataclass(frozen=True, slots=True)
class City:
    """A city's centre in degrees and its weight: roughly how many of the platform's users live there."""

    name: str
    region: str
    latitude: float
    longitude: float
    weight: int


CITIES = (
    City("Beijing", "Beijing", 39.90, 116.41, 14),
    City("Shanghai", "Shanghai", 31.23, 121.47, 14),
    City("Guangzhou", "Guangdong", 23.13, 113.26, 12),
    City("Shenzhen", "Guangdong", 22.54, 114.06, 10),
    City("Hangzhou", "Zhejiang", 30.27, 120.16, 8),
    City("Chengdu", "Sichuan", 30.57, 104.07, 6),
    City("Nanjing", "Jiangsu", 32.06, 118.80, 5),
    City("Wuhan", "Hubei", 30.59, 114.31, 5),
    City("Suzhou", "Jiangsu", 31.30, 120.58, 4),
    City("Chongqing", "Chongqing", 29.56, 106.55, 4),
    City("Tianjin", "Tianjin", 39.09, 117.20, 3),
    City("Changsha", "Hunan", 28.23, 112.94, 3),
    City("Zhengzhou", "Henan", 34.75, 113.63, 3),
    City("Xi'an", "Shaanxi", 34.27, 108.95, 3),
    City("Jinan", "Shandong", 36.65, 117.12, 2),
    City("Qingdao", "Shandong", 36.07, 120.38, 2),
    City("Shenyang", "Liaoning", 41.80, 123.43, 2),
    City("Hefei", "Anhui", 31.82, 117.23, 2),
    City("Xiamen", "Fujian", 24.48, 118.09, 2),
    City("Fuzhou", "Fujian", 26.07, 119.30, 2),
    City("Ningbo", "Zhejiang", 29.87, 121.54, 2),
    City("Kunming", "Yunnan", 24.88, 102.83, 2),
    City("Foshan", "Guangdong", 23.02, 113.12, 2),
    City("Dongguan", "Guangdong", 23.02, 113.75, 2),
    City("Kunshan", "Jiangsu", 31.38, 120.95, 1),
    City("Langfang", "Hebei", 39.52, 116.70, 1),
)
CITY = {city.name: city for city in CITIES}

# Home and workplace of people who cross a city's border every working day.
COMMUTES = (
    ("Foshan", "Guangzhou"),
    ("Suzhou", "Shanghai"),
    ("Kunshan", "Shanghai"),
    ("Langfang", "Beijing"),
    ("Dongguan", "Shenzhen"),
)


def distance_km(latitude: float, longitude: float, city: City) -> float:
    """Return the great-circle distance from a position in degrees to a city's centre (haversine formula)."""
    phi, phi_city = math.radians(latitude), math.radians(city.latitude)
    half_dphi = (phi_city - phi) / 2
    half_dlambda = math.radians(city.longitude - longitude) / 2
    h = math.sin(half_dphi) ** 2 + math.cos(phi) * math.cos(phi_city) * math.sin(half_dlambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def journey_h(start: City, end: City) -> float:
    """Return hours from door to door: train at 220 km/h or, far away, flight at 700 km/h, ways included."""
    km = distance_km(start.latitude, start.longitude, end)
    return 3.5 + km / 700 if km > FLIGHT_FROM_KM else 1.3 + km / 220

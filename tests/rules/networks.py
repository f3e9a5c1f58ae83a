"""Addresses of real networks; test_networks.py holds them to what the shipped databases say."""

from typing import NamedTuple


class Network(NamedTuple):
    """An address and what the databases know of it; "" where they know no city."""

    ip: str
    city: str
    asn: int
    kind: str


BEIJING = Network("1.86.208.7", "Beijing", 4134, "residential")
BEIJING_UNICOM = Network("43.227.252.7", "Beijing", 4808, "residential")
SHANGHAI = Network("45.115.144.7", "Shanghai", 4812, "residential")
GUANGZHOU = Network("14.16.0.7", "Guangzhou", 4134, "residential")
GUANGZHOU_OTHER_ADDRESS = Network("14.16.9.7", "Guangzhou", 4134, "residential")
CHENGDU = Network("61.139.0.7", "Chengdu", 4134, "residential")
JINAN = Network("39.81.52.26", "Jinan", 4837, "residential")
WUHAN = Network("202.103.3.7", "Wuhan", 4134, "residential")
LANGFANG = Network("222.222.96.7", "Langfang", 4134, "residential")
SUZHOU = Network("117.62.12.7", "Suzhou", 4134, "residential")
PHONE_QINGDAO = Network("39.144.0.7", "Qingdao", 24444, "mobile")
PHONE_SHANGHAI = Network("223.104.213.7", "Shanghai", 24400, "mobile")
PHONE_IPV6 = Network("2409:8900:12b0:bf00::1", "Jinrongjie (Xicheng District)", 56048, "mobile")
ALIYUN_BEIJING = Network("47.95.0.7", "Beijing", 37963, "datacenter")
RELAY_SYDNEY = Network("1.1.1.1", "Sydney", 13335, "relay")
VPN = Network("45.83.91.10", "", 9009, "vpn")
GOOGLEBOT = Network("66.249.66.1", "", 15169, "datacenter")

NETWORKS = (
    BEIJING,
    BEIJING_UNICOM,
    SHANGHAI,
    GUANGZHOU,
    GUANGZHOU_OTHER_ADDRESS,
    CHENGDU,
    JINAN,
    WUHAN,
    LANGFANG,
    SUZHOU,
    PHONE_QINGDAO,
    PHONE_SHANGHAI,
    PHONE_IPV6,
    ALIYUN_BEIJING,
    RELAY_SYDNEY,
    VPN,
    GOOGLEBOT,
)

import ipaddress

from detector.simulate import Pools
from detector.simulate.people import cloud_users
from tests.simulate.lives import abuse, some, visits


def test_a_share_of_the_use_comes_out_of_clouds_by_difficulty(pools: Pools) -> None:
    clouds = [(b.first, b.first + (1 << (32 - b.bits))) for blocks in pools.clouds.values() for b in blocks]
    shares = {}
    for difficulty in ("blatant", "clear", "subtle"):
        web = [
            v
            for who in some(cloud_users.datacenter_user, pools, difficulty)
            for v in visits(who, 28)
            if v.device.client == "web"
        ]
        for visit in abuse(web):
            address = int(ipaddress.ip_address(visit.ip))
            assert any(first <= address < end for first, end in clouds)
        shares[difficulty] = len(abuse(web)) / len(web)
    assert 1.0 == shares["blatant"]
    assert 0.35 < shares["clear"] < 0.85
    assert 0.04 < shares["subtle"] < 0.2

from collections import defaultdict

import pytest

from detector.simulate import Pools
from detector.simulate.people import browsers, everyday
from detector.simulate.world.visits import Visit
from tests.simulate.lives import Build, day_of, events, some, visits


def web(planned: list[Visit]) -> list[Visit]:
    return [visit for visit in planned if visit.device.client == "web"]


def test_cleared_cookies_change_the_id_and_neither_agent_nor_line(pools: Pools) -> None:
    for who in some(browsers.cookie_clearer, pools):
        ids = defaultdict(set)
        for visit in web(visits(who, 21)):
            ids[visit.device.tls_fingerprint].add(visit.device.device_id)
        assert 3 <= max(map(len, ids.values()))
        assert 2 > len({v.device.device_id for v in visits(who, 21) if v.device.client != "web"})
        assert len(ids) <= 2


def test_a_new_device_replaces_one_for_good_and_logs_in(pools: Pools) -> None:
    gone = []
    for who in some(browsers.new_phone, pools):
        whole = {v.device.device_id for v in visits(who, 60)}
        after = {v.device.device_id for v in visits(who, 45, first=15)}
        assert len(after) <= 3
        gone.append(len(whole - after))
    assert {0, 1} >= set(gone)
    assert sum(gone) >= 5
    logins = [
        event["time"]
        for who in some(browsers.new_phone, pools)
        for event in events(who, 20)
        if event["type"] == "login_success" and event["client"] != "web"
    ]
    assert logins


def test_an_update_is_one_step_forward_in_the_midst_of_a_day(pools: Pools) -> None:
    for who in some(browsers.updated_browser, pools, count=4):
        agents = defaultdict(list)
        for visit in visits(who, 28):
            agents[visit.device.device_id].append(visit.device.user_agent)
        for seen in agents.values():
            assert len(set(seen)) <= 2
            assert seen == [seen[0]] * seen.count(seen[0]) + [seen[-1]] * (len(seen) - seen.count(seen[0]))


def test_some_ids_are_missing_and_the_agent_stays(pools: Pools) -> None:
    for who in some(browsers.missing_ids, pools):
        planned = web(visits(who, 28))
        missing = [v for v in planned if v.device.device_id is None]
        assert 0.2 * len(planned) < len(missing)
        assert {v.device.tls_fingerprint for v in missing} <= {
            v.device.tls_fingerprint for v in web(visits(who, 28))
        }


@pytest.mark.parametrize(("build", "least"), [(browsers.power_user, 200), (browsers.assisted, 100)])
def test_busy_people_ask_for_many_pages_on_their_busiest_day(pools: Pools, build: Build, least: int) -> None:
    busiest = []
    for who in some(build, pools, count=5):
        pages: defaultdict[int, int] = defaultdict(int)
        for visit in visits(who, 10):
            pages[day_of(visit)] += sum(event["type"] == "request" for _, _, event in visit.events())
        busiest.append(max(pages.values()))
    assert least < sorted(busiest)[2]


def test_ordinary_people_ask_for_fewer(pools: Pools) -> None:
    for who in some(everyday.one_device, pools, count=5):
        pages: defaultdict[int, int] = defaultdict(int)
        for visit in visits(who, 10):
            pages[day_of(visit)] += sum(event["type"] == "request" for _, _, event in visit.events())
        assert max(pages.values()) < 500

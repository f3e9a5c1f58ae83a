from collections import Counter
from itertools import pairwise

from detector.simulate import Pools
from detector.simulate.programs import helpers
from detector.simulate.programs.polling import OldPassword, Poll, Watch
from detector.simulate.world.visits import HOUR_MS
from tests.simulate.lives import born, day_of, events, some, visits


def test_a_page_app_polls_two_or_three_paths_for_hours(pools: Pools) -> None:
    for who in some(helpers.polling_app, pools, count=3):
        polls = [visit for visit in visits(who, 10) if isinstance(visit.script, Poll)]
        assert polls
        happened = sorted(dated for visit in polls for dated in visit.events())
        assert 2 <= len({event["path"] for _, _, event in happened}) <= 3
        gaps = [after - before for (before, *_), (after, *_) in pairwise(happened)]
        assert 3_000 < sorted(gaps)[len(gaps) // 2] < 16_000
        assert max(Counter(map(day_of, polls)).values()) >= 2


def test_a_stale_client_fails_from_home_for_days_and_its_owner_does_not(pools: Pools) -> None:
    for who in some(helpers.stale_client, pools, count=3):
        planned = visits(who, 10)
        stale = [visit for visit in planned if isinstance(visit.script, OldPassword)]
        assert 2 <= len({day_of(visit) for visit in stale}) <= 6
        assert 1 == len({visit.device for visit in stale})
        assert {visit.device for visit in stale}.isdisjoint(v.device for v in planned if v not in stale)


def test_a_television_plays_for_hours_at_home(pools: Pools) -> None:
    for who in some(helpers.smart_tv, pools, count=3):
        played = [visit for visit in visits(who, 10) if isinstance(visit.script, Watch)]
        assert {"tv"} == {visit.device.client for visit in played}
        assert HOUR_MS < max(visit.end_ms - visit.start_ms for visit in played)


def test_a_sequential_reader_is_faster_than_others_and_loads_pages_whole(pools: Pools) -> None:
    happened = events(born(helpers.sequential_reader, pools), 5)
    pages = [int(str(e["time"])) for e in happened if str(e.get("path")).startswith("/materials/")]
    gaps = sorted(after - before for before, after in pairwise(pages))
    assert 2_000 < gaps[len(gaps) // 2] < 16_000
    assert any(str(event.get("path")).startswith("/media/") for event in happened)


def test_an_app_by_the_apis_name_loads_no_assets(pools: Pools) -> None:
    happened = events(born(helpers.api_app, pools), 10)
    assert {"api"} == {event["client"] for event in happened}
    assert not any("/static/" in str(event.get("path")) for event in happened)


def test_a_licensed_download_has_an_entry_for_its_client(pools: Pools) -> None:
    who = born(helpers.licensed_downloader, pools)
    (grant,) = who.grants
    allowed = grant.value["allow"]
    assert isinstance(allowed, list)
    assert [{event["client"] for event in events(who, 3)}] == [{entry["value"]} for entry in allowed]
    assert 300 < len(events(who, 2))


def test_a_firms_proxy_says_one_desk_for_each_colleague(pools: Pools) -> None:
    who = born(helpers.proxied_office, pools)
    desks: dict[object, set[str]] = {}
    for event in events(who, 5):
        if "forwarded_for" in event:
            desks.setdefault(event["account_id"], set()).add(str(event["forwarded_for"]))
            assert who.quiet[0].id == event["ip"]
    assert len(desks) == len(who.accounts)
    assert {1} == {len(told) for told in desks.values()}

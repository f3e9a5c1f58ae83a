from detector.simulate import Pools
from detector.simulate.people import cloud_users, everyday
from detector.simulate.world.asides import AccountPages, Exports
from detector.simulate.world.inhabitants import Inhabitant
from detector.simulate.world.ordinary import Ordinary
from detector.simulate.world.tools import Refresh
from tests.simulate.lives import some, visits


def errands(people: list[Inhabitant]) -> float:
    scripts = [visit.script for who in people for visit in visits(who, 28)]
    return sum(isinstance(script, Exports | AccountPages) for script in scripts) / len(scripts)


def test_innocent_and_abuser_alike_take_files_along_now_and_then(pools: Pools) -> None:
    assert 0.05 < errands(some(Ordinary(everyday.one_device), pools)) < 0.13
    assert 0.05 < errands(some(Ordinary(cloud_users.datacenter_user), pools, "blatant")) < 0.13


def test_a_page_left_open_takes_no_files_along(pools: Pools) -> None:
    scripts = [v.script for who in some(Ordinary(everyday.open_dashboard), pools) for v in visits(who)]
    assert any(isinstance(script, Refresh) for script in scripts)
    assert not any(isinstance(script, Exports) and isinstance(script.script, Refresh) for script in scripts)


def test_some_contracts_name_limits(pools: Pools) -> None:
    people = some(Ordinary(everyday.one_device), pools, count=100)
    limited = sum("max_devices" in grant.value for who in people for grant in who.grants)
    assert 5 < limited < 30

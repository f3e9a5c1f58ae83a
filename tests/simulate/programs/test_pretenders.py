import pytest

from detector.simulate import Pools
from detector.simulate.programs import pretenders, programs
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Inhabitant
from tests.simulate.lives import Build, abuse, some, visits

BUILDS = (pretenders.plugin_client, pretenders.false_app, pretenders.false_browser)
STRENGTHS = ("blatant", "clear", "subtle")


def false_client(who: Inhabitant) -> Device:
    (client,) = {visit.device for visit in abuse(visits(who, 8))}
    return client


@pytest.mark.parametrize("build", BUILDS)
def test_people_use_the_false_client_beside_the_real(pools: Pools, build: Build) -> None:
    for who in some(build, pools, "clear", 3):
        planned = visits(who, 8)
        assert {false_client(who)} < {visit.device for visit in planned}
        assert 1 == len({visit.account for visit in planned})


def test_a_plug_in_has_a_name_of_its_own(pools: Pools) -> None:
    names = {false_client(who).client for who in some(pretenders.plugin_client, pools, "subtle", 4)}
    assert 4 == len(names)
    assert all(str(name).startswith("plugin:") for name in names)


@pytest.mark.parametrize("difficulty", STRENGTHS)
def test_a_false_app_has_the_apps_name_and_a_librarys_tls(pools: Pools, difficulty: str) -> None:
    for who in some(pretenders.false_app, pools, difficulty, 5):
        client = false_client(who)
        assert client.client in {"ios", "android"}
        assert programs.contradicts(client)


def test_a_false_browser_has_a_browsers_agent_and_a_librarys_tls(pools: Pools) -> None:
    for who in some(pretenders.false_browser, pools, "clear", 5):
        client = false_client(who)
        assert client.user_agent.startswith("Mozilla/5.0")
        assert programs.contradicts(client)

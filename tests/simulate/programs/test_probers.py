import pytest

from detector.simulate import Pools
from detector.simulate.programs import probers
from tests.simulate.lives import abuse, some, visits


@pytest.mark.parametrize(
    ("difficulty", "least", "most"), [("blatant", 250, 1_500), ("clear", 60, 200), ("subtle", 10, 40)]
)
def test_a_prober_asks_for_what_is_not_there(pools: Pools, difficulty: str, least: int, most: int) -> None:
    for who in some(probers.prober, pools, difficulty, 4):
        for visit in abuse(visits(who, 6)):
            happened = [event for _, _, event in visit.events()]
            assert least <= len(happened) <= most
            assert 0.4 < sum(event["status"] in (403, 404) for event in happened) / len(happened)


def test_paths_are_those_of_scanners(pools: Pools) -> None:
    paths = {
        str(event["path"])
        for who in some(probers.prober, pools, "blatant", 3)
        for visit in visits(who, 6)
        for _, _, event in visit.events()
    }
    assert {"/.env", "/.git/config", "/wp-login.php"} <= paths
    assert any("UNION%20SELECT" in path for path in paths)


def test_one_in_some_logs_in_first_and_is_the_subject(pools: Pools) -> None:
    who = some(probers.prober, pools, "clear", 20)
    assert {"account", "network"} == {one.charges[0].subject.type for one in who}

import pytest

from detector.simulate import Pools
from detector.simulate.programs import replays
from tests.simulate.lives import abuse, some, visits


@pytest.mark.parametrize(("difficulty", "most"), [("blatant", 100), ("clear", 3), ("subtle", 1)])
def test_a_stolen_session_moves_to_other_addresses_and_another_client(
    pools: Pools, difficulty: str, most: int
) -> None:
    for who in some(replays.session_replay, pools, difficulty, 2):
        planned = visits(who, 8)
        opened = {visit.session_id: visit for visit in reversed(planned) if visit.affair is None}
        for stolen in abuse(planned):
            owner = opened[stolen.session_id]
            assert owner.account == stolen.account
            assert owner.start_ms < stolen.start_ms
            assert owner.device != stolen.device
            addresses = {str(event["ip"]) for _, _, event in stolen.events()}
            assert owner.ip not in addresses
            assert len(addresses) <= most


def test_nobody_logs_in_with_a_stolen_session(pools: Pools) -> None:
    for who in some(replays.session_replay, pools, "blatant", 2):
        kinds = {event["type"] for visit in abuse(visits(who, 8)) for _, _, event in visit.events()}
        assert {"request"} == kinds

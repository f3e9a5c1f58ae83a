"""What stage cases commits fits, however many senders there are and however far apart they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.errors import StateError, UsageError
from detector.events import EARLIEST_MS, LATEST_MS
from detector.settings import TABLE
from detector.stages.gathering import Standing
from detector.stream.standings import MOST_SENDERS, CasesProgress
from detector.stream.transactions import METADATA_BYTES

MOMENTS = st.integers(1, LATEST_MS + 1)
STANDINGS = st.builds(Standing, MOMENTS, st.dictionaries(st.integers(0, 40), MOMENTS))


@given(STANDINGS, st.integers(0, 2**62))
def test_it_survives_a_round_trip(standing: Standing, position: int) -> None:
    read = CasesProgress.decode(CasesProgress.of(standing, position).encode())
    assert (standing, position) == (read.standing, read.position)


def test_who_was_heard_without_a_frontier_is_as_one_who_was_not_heard() -> None:
    assert {1: 5} == CasesProgress.of(Standing(3, {0: 0, 1: 5}), 7).standing.senders


def test_the_most_senders_at_the_worst_fit_into_what_a_broker_takes() -> None:
    frontiers = {sender: EARLIEST_MS + sender for sender in range(MOST_SENDERS - 1)}
    standing = Standing(LATEST_MS, frontiers | {MOST_SENDERS - 1: LATEST_MS})
    assert len(CasesProgress.of(standing, 2**63 - 1).encode()) < METADATA_BYTES


def test_the_settings_allow_no_more_senders() -> None:
    bounds = {"session_events_partitions": 448, "crowds_partitions": 64}
    assert MOST_SENDERS == sum(bounds.values())
    for setting in TABLE:
        most = bounds.get(setting.name)
        if most is not None:
            assert most == setting.parse(str(most), "")
            with pytest.raises(UsageError):
                setting.parse(str(most + 1), "")


def test_where_nothing_was_committed_nothing_was_decided() -> None:
    assert (Standing(), 0) == (CasesProgress.decode("").standing, CasesProgress.decode("").position)


@pytest.mark.parametrize(
    "text", ["x", "[]", '{"f": "1"}', '{"w": 2, "s": "\\u00e9"}', '{"w":1,"s":"\\"\\""}']
)
def test_anothers_metadata_is_an_error_that_says_what_to_do(text: str) -> None:
    with pytest.raises(StateError, match=r"another consumer use the same group\? .*\(DETECTOR_GROUP\)"):
        CasesProgress.decode(text)

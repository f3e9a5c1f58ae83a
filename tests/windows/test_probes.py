"""Probes and misses: which count, once each, and when they are forgotten."""

import pytest

from detector.enrich.scanners import Probe
from detector.windows.probes import IN_VAIN, QUIET_MS
from tests.support.spots import Account

MINUTE_MS = 60_000


def looks_for(
    account: Account, after_ms: int, shape: int, probe: int = Probe.SECRETS, status: int = 404
) -> int:
    seen = account.sees_at(after_ms, kind="request", path=shape, shape=shape, probe=probe, status=status)
    return int(seen["probe_paths"])


def test_the_same_probe_again_is_no_other() -> None:
    account = Account()
    assert [1, 2, 2] == [looks_for(account, number, shape) for number, shape in enumerate((5, 6, 5))]


def test_only_a_new_probe_is_told() -> None:
    account = Account()
    told = [
        account.sees_at(number, kind="request", shape=shape, probe=1)["probed"]
        for number, shape in enumerate((5, 5, 6))
    ]
    assert [1, 0, 1] == told


@pytest.mark.parametrize(
    ("probe", "status", "counts"),
    [
        (Probe.BLOGS, 200, 0),
        (Probe.BLOGS, 302, 0),
        (Probe.BLOGS, 404, 1),
        (Probe.SECRETS, 200, 1),
        (Probe.INJECTION, 200, 1),
    ],
)
def test_what_the_platform_serves_is_no_probe(probe: Probe, status: int, counts: int) -> None:
    assert counts == looks_for(Account(), 0, 5, probe, status)


def test_probes_are_forgotten_after_a_day_without_any() -> None:
    account = Account()
    looks_for(account, 0, 5)
    assert 2 == looks_for(account, QUIET_MS, 6)
    assert 1 == looks_for(account, 2 * QUIET_MS + 1, 7)


def test_kinds_are_counted_apart() -> None:
    account = Account()
    looks_for(account, 0, 5, Probe.SECRETS)
    looks_for(account, 1, 6, Probe.SECRETS)
    looks_for(account, 2, 7, Probe.TRAVERSAL)
    assert 2 == account.asks(1)["probe_kinds"]


@pytest.mark.parametrize(("status", "missed"), [(200, 0), (401, 0), (500, 0), *((one, 1) for one in IN_VAIN)])
def test_what_is_not_there_or_not_for_him_is_missed(status: int, missed: int) -> None:
    assert missed == Account().asks(0, 5, shape=5, status=status)["missed_paths"]


def test_misses_are_counted_without_their_digits_and_forgotten_in_a_day() -> None:
    account = Account()
    for number, shape in enumerate((5, 5, 70)):
        seen = account.asks(number, number, shape=shape, status=404)
    assert 2 == seen["missed_paths"]
    assert 0 == account.sees_at(2 * MINUTE_MS + QUIET_MS + 1, kind="request", path=9)["missed_paths"]

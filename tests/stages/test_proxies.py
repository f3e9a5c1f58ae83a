"""Whose address counts behind proxies."""

import pytest

from detector.events import Addresses
from detector.stages.proxies import Proxies
from tests.support.events import event

EDGE = "10.0.0.1"
"""One of the platform's own, all in 10.0.0.0/8 and 2001:db8::/32."""
INNER = "10.9.9.9"
CLIENT = "203.0.113.7"
STRANGER = "198.51.100.8"
TRUSTED = ["10.0.0.0/8", "2001:db8::/32"]


def believed(ip: str, chain: list[str] | None, trusted: list[str] | None = TRUSTED) -> str:
    seen = event(ip=ip, forwarded_for=chain)
    Proxies(trusted, Addresses()).resolve([seen])
    return seen.ip


@pytest.mark.parametrize("trusted", [None, []])
def test_no_chain_is_believed_where_no_proxy_is_known(trusted: list[str] | None) -> None:
    assert EDGE == believed(EDGE, [CLIENT], trusted)


def test_a_stranger_is_not_believed() -> None:
    assert STRANGER == believed(STRANGER, [CLIENT])


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        pytest.param(None, EDGE, id="no chain"),
        pytest.param([], EDGE, id="an empty chain"),
        pytest.param([CLIENT], CLIENT, id="one address"),
        pytest.param([CLIENT, INNER], CLIENT, id="another trusted proxy"),
        pytest.param([STRANGER, CLIENT], CLIENT, id="what a client claims for itself"),
        pytest.param([STRANGER, CLIENT, INNER, "2001:db8::5"], CLIENT, id="walked from the end"),
        pytest.param([INNER, STRANGER, INNER], STRANGER, id="a trusted one before a stranger"),
        pytest.param([INNER, "10.1.1.1"], INNER, id="trusted ones only: the first of them"),
        pytest.param([f" {CLIENT} "], CLIENT, id="blanks"),
        pytest.param(["::ffff:203.0.113.7"], CLIENT, id="IPv4-mapped"),
        pytest.param(["2001:DB9:0::1"], "2001:db9::1", id="not canonical"),
        pytest.param(["rubbish"], EDGE, id="rubbish"),
        pytest.param([CLIENT, "rubbish"], EDGE, id="rubbish at the end"),
        pytest.param([CLIENT, "unknown", INNER], INNER, id="rubbish in the chain: as far as it is known"),
        pytest.param([""], EDGE, id="an empty text"),
        pytest.param(["fe80::1%eth0"], EDGE, id="a zone id"),
    ],
)
def test_a_trusted_proxys_chain_gives_the_client(chain: list[str] | None, expected: str) -> None:
    assert expected == believed(EDGE, chain)


def test_a_visitors_row_is_the_clients_at_the_home_that_the_proxy_gives() -> None:
    seen = event(type="request", account_id=None, ip=EDGE, forwarded_for=[CLIENT])
    Proxies(TRUSTED, Addresses()).resolve([seen])
    assert (f"anon:{EDGE}", f"anon:{EDGE},{CLIENT}") == (seen.home, seen.key)


def test_the_home_is_the_proxys_address_as_it_was_written() -> None:
    seen = event(type="request", account_id=None, ip=EDGE, peer=f"::ffff:{EDGE}", forwarded_for=[CLIENT])
    Proxies(TRUSTED, Addresses()).resolve([seen])
    assert (f"anon:::ffff:{EDGE}", CLIENT) == (seen.home, seen.ip)


def test_a_network_may_be_given_by_any_of_its_addresses() -> None:
    assert CLIENT == believed(EDGE, [CLIENT], ["10.0.0.5/8"])


@pytest.mark.parametrize(
    ("trusted", "chain", "hides"),
    [(None, [CLIENT], {True}), (None, [], {False}), (None, None, {False}), ([], [CLIENT], {False})],
)
def test_a_chain_hides_its_sender_where_no_list_of_proxies_was_given(
    trusted: list[str] | None, chain: list[str] | None, hides: set[bool]
) -> None:
    seen = event(ip=EDGE, forwarded_for=chain)
    assert hides == {Proxies(trusted, Addresses()).hide_sender_of(seen)}

"""What chains of forwarders claim."""

import pytest

from detector.events import Addresses, SessionEvent
from detector.stages.claims import IMPOSSIBLE, NOTHING, OWN, PLAIN, Claim, Claims
from detector.stages.proxies import Proxies
from tests.support.events import event

PEER, PROXY = "1.86.208.7", "198.19.0.4"


def claims(*trusted: str) -> Claims:
    addresses = Addresses()
    return Claims(Proxies(trusted or None, addresses), addresses, {"8.8.8.8": 15169}.get, capacity=4)  # type: ignore[arg-type]  # None is none


def of(*chain: str, ip: str = PEER, trusted: tuple[str, ...] = ()) -> Claim:
    said: SessionEvent = event(ip=ip, forwarded_for=list(chain))
    return claims(*trusted).of(said)


def test_an_event_without_a_chain_claims_nothing() -> None:
    assert NOTHING == claims().of(event())
    assert NOTHING == of()


def test_an_announced_address_lies_in_its_providers_network() -> None:
    assert Claim(PLAIN, "8.8.8.8", 15169) == of("8.8.8.8")


def test_private_addresses_lie_in_their_blocks() -> None:
    one, other, elsewhere = of("10.1.2.3"), of("10.1.9.9"), of("10.2.2.3")
    assert one.network == other.network != elsewhere.network
    assert PLAIN == one.kind
    assert of("fd00::1").network == of("fd00:0:1::1").network


NOWHERE = ("0.1.2.3", "240.1.1.1", "255.255.255.255", "224.0.0.1", "203.0.113.9", "2001:db8::1")
NO_ADDRESS = ("999.1.1.1", "1.2.3", "' or 1=1--", "<script>", "a b")


@pytest.mark.parametrize("text", [*NOWHERE, *NO_ADDRESS])
def test_what_no_host_has_is_impossible(text: str) -> None:
    assert IMPOSSIBLE == of(text).kind


@pytest.mark.parametrize("text", ["unknown", "_secret", "proxy-3.local", "localhost"])
def test_names_that_stand_for_a_node_claim_nothing(text: str) -> None:
    assert NOTHING == of(text)


@pytest.mark.parametrize("text", ["8.8.8.8:443", "[::ffff:8.8.8.8]:443", "[::ffff:8.8.8.8]", " 8.8.8.8 "])
def test_a_port_is_no_part_of_an_address(text: str) -> None:
    assert Claim(PLAIN, "8.8.8.8", 15169) == of(text)


def test_what_trusted_proxies_added_is_no_claim() -> None:
    assert NOTHING == of(PEER, PROXY, trusted=(PROXY,))
    assert "8.8.8.8" == of("8.8.8.8", PEER, PROXY, trusted=(PROXY,)).text


def test_the_worst_of_a_chain_counts_and_else_its_first() -> None:
    assert Claim(IMPOSSIBLE, "240.1.1.1") == of("8.8.8.8", "240.1.1.1")
    assert "8.8.8.8" == of("8.8.8.8", "10.0.0.1").text


def test_a_client_that_claims_to_be_our_proxy_is_told() -> None:
    assert Claim(OWN, PROXY) == of(PROXY, trusted=("198.19.0.0/24",))
    assert PLAIN == of(PROXY).kind


def test_a_claim_is_remembered_within_bounds() -> None:
    some = claims()
    for number in range(9):
        assert f"10.0.0.{number}" == some.of(event(forwarded_for=[f"10.0.0.{number}"])).text

"""Addresses as alerts show them."""

import pytest

from detector.policy.document import Addresses
from detector.stages.masks import HIDDEN, Mask, doubt
from tests.policy.making import SHIPPED, addresses_shown, book

V4, V6 = "47.95.0.7", "2408:4000:1:2::7"


@pytest.mark.parametrize(
    ("how", "ip", "shown"),
    [
        ("clear", V4, V4),
        ("clear", V6, V6),
        ("truncated", V4, "47.95.0.0/24"),
        ("truncated", V6, "2408:4000:1::/48"),
        ("hashed", V4, "hash:"),
    ],
)
def test_each_way_of_showing_an_address(how: Addresses, ip: str, shown: str) -> None:
    assert Mask("secret").show(ip, how).startswith(shown)


def test_a_hash_tells_addresses_and_keys_apart_and_nothing_else() -> None:
    shown = [Mask(key).show(ip, "hashed") for key in ("one", "other") for ip in (V4, V6)]
    assert 4 == len({*shown})
    assert {len("hash:") + 32} == {*map(len, shown)}
    assert shown[0] == Mask("one").show(V4, "hashed")


def test_without_a_key_no_hash_is_shown_that_anybody_could_undo() -> None:
    assert [HIDDEN, HIDDEN] == [Mask(None).show(ip, "hashed") for ip in (V4, V6)]
    assert V4 == Mask(None).show(V4, "clear")


def test_hashes_without_a_key_are_told() -> None:
    wanted = book(addresses_shown("hashed"))
    assert "DETECTOR_ALERT_KEY is not set" in (doubt(wanted, None) or "")
    assert [None, None] == [doubt(wanted, "key"), doubt(book(SHIPPED), None)]

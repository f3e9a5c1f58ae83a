"""The streams stand on real networks: what the shipped databases say of them."""

import pytest

from tests.rules.judging import enricher
from tests.rules.networks import NETWORKS, Network


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.ip)
def test_the_databases_know_the_network_as_the_streams_use_it(network: Network) -> None:
    known = enricher().place(network.ip)
    assert network == Network(network.ip, known.city, known.asn, known.network.name.lower())

"""The shipped databases, opened once."""

import pytest

from detector.enrich import Enricher, files
from detector.privacy import Pseudonymizer


@pytest.fixture(scope="session")
def pseudonyms() -> Pseudonymizer:
    return Pseudonymizer(b"a key for tests")


@pytest.fixture(scope="session")
def enricher(pseudonyms: Pseudonymizer) -> Enricher:
    return Enricher(
        files("city", None), files("asn", None), hash64=lambda text: pseudonyms.hash64(text, "network")
    )

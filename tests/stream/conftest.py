"""The shipped databases, opened once."""

import pytest

from detector.enrich import Enricher, files
from detector.privacy import Pseudonymizer
from detector.stages.assemble import Workshop


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    pseudonyms = Pseudonymizer(b"a key for tests")
    enricher = Enricher(
        files("city", None), files("asn", None), hash64=lambda text: pseudonyms.hash64(text, "network")
    )
    return Workshop(enricher, pseudonyms, 5_000, 300_000)

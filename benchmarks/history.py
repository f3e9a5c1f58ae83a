"""The simulated history that the benchmarks share."""

from detector.enrich import files
from detector.simulate import History, messages, read_pools

START_MS = 1_780_243_200_000


def made(accounts: int, days: int) -> list[tuple[bytes, bytes]]:
    """Return keys and events, in the order of event time; the same at every run."""
    (city,), (asn,) = files("city", None), files("asn", None)
    history = History(accounts=accounts, days=days, seed=1, start_ms=START_MS, pools=read_pools(city, asn))
    return [(key, event) for key, event, _ in messages(history)]

"""The simulated history that the benchmarks share."""

from detector.simulate import History, messages, shipped_pools

START_MS = 1_780_243_200_000


def made(accounts: int, days: int) -> list[tuple[bytes, bytes]]:
    """Return keys and events, in the order of event time; the same at every run."""
    history = History(accounts=accounts, days=days, seed=1, start_ms=START_MS, pools=shipped_pools())
    return [(key, event) for key, event, _ in messages(history)]

"""A crowd's own past: since when it is known, and numbers by day and by hour, forgotten bucket by bucket."""

from detector.windows.compiled import Array, Record, compiled

MOST = 65_535


@compiled
def begin(row: Record, version: int, time_ms: int) -> bool:
    """Bring the head of a row to a cell's moment; return whether it is the row's first."""
    first = row["first_ms"] == 0
    row["version"] = version
    if first:
        row["first_ms"] = time_ms
    row["last_ms"] = time_ms
    return bool(first)


@compiled
def advance(numbers: Array, known: int, now: int) -> None:
    """Empty the buckets between two days or hours since 1970, the newer one's included; shape (buckets,)."""
    size = len(numbers)
    for step in range(1, min(now - known, size) + 1):
        numbers[(known + step) % size] = 0


@compiled
def count(numbers: Array, now: int) -> None:
    """Count one in today's, or this hour's, bucket."""
    place = now % len(numbers)
    numbers[place] = min(int(numbers[place]) + 1, MOST)


@compiled
def newest(numbers: Array, now: int, buckets: int) -> int:
    """Return the sum of the newest buckets."""
    total = 0
    for step in range(buckets):
        total += int(numbers[(now - step) % len(numbers)])
    return total

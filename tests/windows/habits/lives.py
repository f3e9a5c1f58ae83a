"""An account's days, told in China's days and hours."""

from typing import Any

from tests.support.spots import DAY_MS, HOUR_MS, MINUTE_MS, SHANGHAI, Account, Spot

MONDAY, TUESDAY, WEDNESDAY, SATURDAY = 0, 1, 2, 5
"""Days after the start, which is a Monday at midnight in China."""


class Life(Account):
    """A row whose events come on a day, at an hour; each device has a client of its own."""

    def on(
        self, day: int, hour: float, device: int = 1, spot: Spot = SHANGHAI, minute: float = 0, **more: Any
    ) -> Any:
        """A login, and what rules see after it."""
        after_ms = day * DAY_MS + round(hour * HOUR_MS + minute * MINUTE_MS)
        return self.sees_at(after_ms, spot, device, **{"fingerprint": 1000 + device, **more})

    @property
    def devices(self) -> list[int]:
        """The ids of the devices that are remembered."""
        found = self.rows["devices"][0]
        return sorted(found["device"][found["last"] > 0].tolist())

    @property
    def hands(self) -> int:
        """How many there are."""
        return int((self.rows["hands"][0]["last"] > 0).sum())

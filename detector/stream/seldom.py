"""Saying something again only after a while."""

import time
from dataclasses import dataclass
from typing import Final

MINUTE_S: Final = 60.0


@dataclass(slots=True)
class Seldom:
    """Lets one through in `every_s` seconds."""

    every_s: float = MINUTE_S
    last: float = float("-inf")

    def now(self) -> bool:
        """Return whether it is time to say it, which it then is not for a while."""
        now = time.monotonic()
        if now - self.last < self.every_s:
            return False
        self.last = now
        return True

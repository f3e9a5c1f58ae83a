"""The pace of a program: how long it waits between two requests."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Pace:
    """A gap of `gap_ms` in the median: log-normal with sigma `spread`, or, with `jitter`, evenly around it.

    Jitter is what Scrapy does: it waits 0.5 to 1.5 times the delay that it was given.
    Source: https://docs.scrapy.org/en/latest/topics/settings.html#randomize-download-delay
    """

    gap_ms: float
    spread: float = 0.1
    jitter: bool = False

    def gap(self, rng: Random) -> float:
        """Draw the time to the next request in ms, at least one."""
        factor = rng.uniform(0.5, 1.5) if self.jitter else rng.lognormvariate(0.0, self.spread)
        return max(1.0, self.gap_ms * factor)

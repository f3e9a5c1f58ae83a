"""What each rule about crowds must see and must not: short streams of many accounts' events.

`CROSSINGS` of a rule are its thresholds: each builds a stream that just reaches it (step 0) or just does not
(step -1); larger steps are louder. `LOOK_ALIKES` are innocents who resemble what a rule looks for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.rules.crowds import crawls, logins, organisations, signups
from tests.rules.events import Event

Crossing = Callable[[int], Iterator[Event]]


@dataclass(frozen=True)
class LookAlike:
    """A stream that a rule says nothing of, and no rule more than a note."""

    rule: str
    build: Callable[[], Iterator[Event]]


CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    **signups.CROSSINGS,
    **logins.CROSSINGS,
    **crawls.CROSSINGS,
    **organisations.CROSSINGS,
}
LOOK_ALIKES: tuple[LookAlike, ...] = tuple(
    LookAlike(rule, build)
    for rule, builds in (
        signups.INNOCENT | logins.INNOCENT | crawls.INNOCENT | organisations.INNOCENT
    ).items()
    for build in builds
)

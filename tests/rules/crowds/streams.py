"""What each rule about crowds must see and must not: short streams of many accounts' events.

`CROSSINGS` of a rule are its thresholds: each builds a stream that just reaches it (step 0) or just does not
(step -1); larger steps are louder. `LOOK_ALIKES` are innocents who resemble what a rule looks for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.rules.crowds import crawls, greetings, logins, organisations, signups
from tests.rules.events import Event

Crossing = Callable[[int], Iterator[Event]]


@dataclass(frozen=True)
class LookAlike:
    """A stream that a rule says nothing of, and no rule more than a note."""

    rule: str
    build: Callable[[], Iterator[Event]]


_FAMILIES = (signups, logins, crawls, organisations, greetings)

CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    rule: builds for family in _FAMILIES for rule, builds in family.CROSSINGS.items()
}
LOOK_ALIKES: tuple[LookAlike, ...] = tuple(
    LookAlike(rule, build)
    for family in _FAMILIES
    for rule, builds in family.INNOCENT.items()
    for build in builds
)

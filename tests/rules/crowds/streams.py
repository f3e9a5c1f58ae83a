"""What each rule about crowds must see and must not: short streams of many accounts' events.

`CROSSINGS` of a rule are its thresholds: each builds a stream that just reaches it (step 0) or just does not
(step -1); larger steps are louder. `LOOK_ALIKES` are innocents who resemble what a rule looks for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detector.rules.crowds.signups_alike import SignupsAlike
from tests.rules.events import CHROME, HOUR_MS, MINUTE_MS, Event, Hand, every
from tests.rules.networks import BEIJING

Crossing = Callable[[int], Iterator[Event]]


@dataclass(frozen=True)
class LookAlike:
    """A stream that a rule says nothing of, and no rule more than a note."""

    rule: str
    build: Callable[[], Iterator[Event]]


def newcomer(number: int, device: str | None) -> Hand:
    return Hand(BEIJING, device, CHROME, f"new-{number}")


# --- sign-ups alike ----------------------------------------------------------------------------------------


def one_device_signs_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(HOUR_MS, SignupsAlike().alike + step)):
        yield newcomer(number, "farm").registration(time_ms)


def names_of_one_stem_sign_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(HOUR_MS, SignupsAlike().alike + step)):
        yield newcomer(number, f"d-{number}").registration(time_ms, username=f"lucky{number}")


def a_dormitory_signs_up() -> Iterator[Event]:
    """One address, everybody with a phone and a name of their own."""
    names = (
        "anqi",
        "bowen",
        "chenxi",
        "dongmei",
        "enlai",
        "fangfang",
        "guoqiang",
        "haoran",
        "jiayi",
        "kexin",
    )
    for number, name in enumerate(names * 3):
        hand = newcomer(number, f"phone-{number}")
        yield hand.registration(
            every(7 * MINUTE_MS, 30)[number], username=f"{name[:: 1 + number // 10]}{number}"
        )


CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    "signups_alike": (one_device_signs_up, names_of_one_stem_sign_up),
}
LOOK_ALIKES: tuple[LookAlike, ...] = (LookAlike("signups_alike", a_dormitory_signs_up),)

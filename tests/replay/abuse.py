"""Days full of abuse of nearly every category, in few events.

Simulated abusers over three days; and for what takes weeks, or thousands of events, the streams of rules.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from detector.simulate import History, entitlements, messages, shipped_pools
from detector.simulate.profiles import FULL
from detector.simulate.world.population import Population
from tests.replay.days import MIDNIGHT_MS, Day
from tests.rules.crowds.streams import CROSSINGS as CROWD_CROSSINGS
from tests.rules.events import Event
from tests.rules.streams import CROSSINGS

ABUSERS: Final = {
    "pair_two_cities": "blatant",
    "group": "clear",
    "datacenter_user": "blatant",
    "city_hopper": "blatant",
    "impossible_traveller": "blatant",
    "fast_crawler": "clear",
    "declared_bot": "clear",
    "registration_burst": "clear",
    "registration_drip": "clear",
    "registration_network": "clear",
    "brute_force": "clear",
    "session_replay": "clear",
    "prober": "clear",
    "ip_spoofer": "clear",
    "plugin_client": "clear",
    "false_app": "clear",
}
"""Profiles and strengths that show within days, and in few events."""
STREAMS: Final = (
    "rented_by_shifts",
    "handed_over",
    "passed_on",
    "flood_rate",
    "misuse_reported",
    "tried_by_one_client",
    "entered_by_attacker",
)
"""Rules whose streams come beside them."""
LOUDER: Final = 4
"""Steps past a rule's threshold."""
OWN: Final = ("event_id", "account_id", "device_id", "session_id")
DAYS: Final = 3
SEED: Final = 1


@lru_cache(maxsize=1)
def abusive_days() -> Day:
    chosen = [each for each in FULL.profiles if ABUSERS.get(each.name) == each.difficulty]
    people = Population(tuple(each._replace(share=1) for each in chosen))
    history = History(0, DAYS, SEED, MIDNIGHT_MS, shipped_pools(), entitled=True, population=people, decks=1)
    simulated = [msgspec.json.decode(value) for _, value, _ in messages(history)]
    events = sorted([*simulated, *_streams()], key=lambda event: (event["time"], event["event_id"]))
    return Day(tuple(map(msgspec.json.encode, events)), tuple(entitlements(history)))


def _streams() -> Iterator[Event]:
    """Every stream under names of its own."""
    for rule in STREAMS:
        for number, build in enumerate((CROSSINGS | CROWD_CROSSINGS)[rule]):
            for event in build(LOUDER):
                own = {field: f"{rule}-{number}-{event[field]}" for field in OWN if field in event}
                yield event | own

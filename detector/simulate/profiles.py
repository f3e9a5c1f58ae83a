"""Everybody there is: profiles with their number in a deck of a hundred inhabitants."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from detector.simulate import abusers, attackers, innocents
from detector.simulate.inhabitants import Birth, Inhabitant
from detector.simulate.pools import Pools


class Profile(NamedTuple):
    """A kind of inhabitant: `share` of a hundred, made by `build`."""

    name: str
    share: int
    build: Callable[[Birth], Inhabitant]


PROFILES = (
    Profile("one_device", 23, innocents.one_device),
    Profile("several_devices", 21, innocents.several_devices),
    Profile("commuter", 8, innocents.commuter),
    Profile("traveller", 5, innocents.traveller),
    Profile("carrier_phone", 11, innocents.carrier_phone),
    Profile("office", 10, innocents.office),
    Profile("forgetter", 4, innocents.forgetter),
    Profile("newcomer", 4, innocents.newcomer),
    Profile("open_dashboard", 3, innocents.open_dashboard),
    Profile("allowed_cloud_desktop", 2, innocents.allowed_cloud_desktop),
    Profile("attacked", 1, attackers.attacked),
    Profile("pair_one_city", 1, abusers.pair_one_city),
    Profile("pair_two_cities", 1, abusers.pair_two_cities),
    Profile("group", 1, abusers.group),
    Profile("datacenter_user", 1, abusers.datacenter_user),
    Profile("city_hopper", 1, abusers.city_hopper),
    Profile("fast_crawler", 1, attackers.fast_crawler),
    Profile("slow_crawler", 1, attackers.slow_crawler),
    Profile("anonymous_crawler", 1, attackers.anonymous_crawler),
)
# Whoever needs an entitlement to be innocent lives otherwise where none are handed out.
WITHOUT_ENTITLEMENT = {"allowed_cloud_desktop": "one_device"}

_BY_NAME = {profile.name: profile for profile in PROFILES}
DECK = tuple(profile.name for profile in PROFILES for _ in range(profile.share))


def inhabitant(seed: int, number: int, pools: Pools, *, entitled: bool) -> tuple[str, Inhabitant]:
    """Return the profile's name and the inhabitant of this number, the same whoever else there is."""
    deck, place = divmod(number, len(DECK))
    names = list(DECK)
    Random(f"{seed}/deck/{deck}").shuffle(names)
    name = names[place] if entitled else WITHOUT_ENTITLEMENT.get(names[place], names[place])
    birth = Birth(
        number=number,
        rng=Random(f"{seed}/birth/{number}"),
        pools=pools,
        deck=deck,
        deck_rng=Random(f"{seed}/offices/{deck}"),
    )
    return name, _BY_NAME[name].build(birth)

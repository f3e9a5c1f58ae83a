"""Everybody there is: populations of profiles, each with its number in a deck of inhabitants."""

from detector.simulate.people import abusers, humans, innocents
from detector.simulate.programs import attackers, machines
from detector.simulate.world.ordinary import Ordinary
from detector.simulate.world.population import Population, Profile

FIRST = Population(
    profiles=(
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
    ),
    without_entitlement={"allowed_cloud_desktop": "one_device"},
    plain_ids=True,
)

FULL = Population(
    profiles=tuple(
        profile._replace(build=Ordinary(profile.build)) for profile in (*humans.PROFILES, *machines.PROFILES)
    ),
    without_entitlement={**humans.WITHOUT_ENTITLEMENT, **machines.WITHOUT_ENTITLEMENT},
)
POPULATIONS = {"first": FIRST, "full": FULL}

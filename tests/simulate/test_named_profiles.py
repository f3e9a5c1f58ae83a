"""Who has to be simulated at least: the innocent that abuse is mistaken for, and every shape of abuse."""

from typing import Final

import pytest

from detector.categories import CATEGORIES
from detector.simulate import Pools
from detector.simulate.profiles import FULL
from detector.simulate.world.population import DIFFICULTIES
from tests.simulate.lives import born

INNOCENT: Final = {
    "several devices of one person": "several_devices",
    "commuters between neighbouring cities": "commuter",
    "trains and flights": "traveller",
    "holiday travellers": "holiday_traveller",
    "a phone whose carrier is in another city": "carrier_phone",
    "VPN": "vpn_always",
    "VPN at times": "vpn_at_times",
    "corporate egress": "corporate_egress",
    "cookie clearing": "cookie_clearer",
    "a new phone": "new_phone",
    "a house move": "house_move",
    "a shared family line": "family_line",
    "dynamic addresses": "redialled_line",
    "IPv6 privacy addresses": "dual_stack",
    "errors of the databases, and region flips in one prefix": "misplaced_home",
    "shift workers": "shift_worker",
    "password forgetters": "forgetter",
    "a password reset by the owner": "password_reset",
    "a change by a password manager": "password_change",
    "people assisted by automation": "assisted",
    "power users": "power_user",
    "a tab left open": "open_dashboard",
    "page apps that poll": "polling_app",
    "health checks": "health_check",
    "verified search bots": "search_bot",
    "a broken client retrying one password": "stale_client",
    "a seat handed over once": "seat_handed_over",
    "admins": "organisation_admin",
    "one stray request from a cloud": "stray_cloud",
    "a cloud desktop with an entry": "allowed_cloud_desktop",
    "API customers with an entry": "api_customer",
    "a dormitory": "dormitory",
    "an office onboarding": "onboarding",
    "a campaign": "campaign",
    "an office's Monday morning": "monday_office",
    "a carrier's gateway": "carrier_gateway",
}
ABUSIVE: Final = {
    "account_sharing": {"pair_two_cities", "pair_one_city", "group", "turn_takers"},
    "seat_sharing": {"shared_seat", "over_seats", "seat_hoppers"},
    "account_transfer": {"sold_account", "rented_by_shifts", "resold_account"},
    "datacenter_access": {"datacenter_user"},
    "city_switching": {"city_hopper", "impossible_traveller"},
    "crawler": {
        "fast_crawler",
        "slow_crawler",
        "sleepless_crawler",
        "headless_browser",
        "distributed_crawl",
        "anonymous_crawl",
        "declared_bot",
        "forged_search_bot",
    },
    "batch_registration": {
        "registration_burst",
        "registration_drip",
        "registration_pattern",
        "registration_network",
    },
    "credential_attack": {"brute_force", "stuffing", "distributed_stuffing", "spraying"},
    "account_takeover": {"phished_account", "hijacked_session", "session_replay"},
    "probing": {"prober"},
    "flooding": {"flooder", "shared_script_flood"},
    "ip_spoofing": {"ip_spoofer"},
    "unauthorized_client": {"plugin_client", "false_app", "false_browser"},
    "compromise_report": {"reported_misuse"},
}


@pytest.mark.parametrize("what", INNOCENT)
def test_the_innocent_that_abuse_is_mistaken_for_live_there(what: str) -> None:
    assert [""] == [profile.difficulty for profile in FULL.profiles if profile.name == INNOCENT[what]]


@pytest.mark.parametrize(
    ("category", "profile"),
    [(name, profile) for name, profiles in ABUSIVE.items() for profile in sorted(profiles)],
)
def test_every_shape_of_abuse_comes_at_every_strength_and_is_charged_with_it(
    category: str, profile: str, pools: Pools
) -> None:
    found = {each.difficulty: each for each in FULL.profiles if each.name == profile}
    assert set(DIFFICULTIES) == set(found)
    for difficulty, each in found.items():
        charges = born(each.build, pools, difficulty).charges
        assert category in {charge.category for charge in charges}
        assert {difficulty} == {charge.difficulty for charge in charges}


def test_every_category_has_abusers() -> None:
    assert {category.name for category in CATEGORIES} == set(ABUSIVE)

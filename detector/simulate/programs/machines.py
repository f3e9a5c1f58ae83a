"""The profiles of programs: abusive ones at three strengths, and the innocent that look like them."""

from detector.simulate.programs import (
    attacks,
    behind_one_address,
    bots,
    bystanders,
    crawl_rings,
    crawlers,
    farms,
    flooders,
    forgers,
    helpers,
    pretenders,
    probers,
    replays,
    signed_up_together,
)
from detector.simulate.world.population import Profile, graded

ABUSIVE = (
    *graded("fast_crawler", crawlers.fast_crawler, 1),
    *graded("slow_crawler", crawlers.slow_crawler, 1),
    *graded("sleepless_crawler", crawlers.sleepless_crawler, 1),
    *graded("headless_browser", crawlers.headless_browser, 1),
    *graded("distributed_crawl", crawl_rings.distributed_crawl, 0.35),
    *graded("anonymous_crawl", crawl_rings.anonymous_crawl, 1),
    *graded("forged_search_bot", bots.forged_search_bot, 1),
    *graded("declared_bot", bots.declared_bot, 1),
    *graded("registration_burst", farms.registration_burst, 0.35),
    *graded("registration_drip", farms.registration_drip, 0.35),
    *graded("registration_pattern", farms.registration_pattern, 0.35),
    *graded("registration_network", farms.registration_network, 0.35),
    *graded("brute_force", attacks.brute_force, 1),
    *graded("stuffing", attacks.stuffing, 0.7),
    *graded("distributed_stuffing", attacks.distributed_stuffing, 0.7),
    *graded("spraying", attacks.spraying, 0.7),
    *graded("session_replay", replays.session_replay, 0.35),
    *graded("prober", probers.prober, 1),
    *graded("flooder", flooders.flooder, 0.6),
    *graded("shared_script_flood", flooders.shared_script_flood, 0.4),
    *graded("ip_spoofer", forgers.ip_spoofer, 1),
    *graded("plugin_client", pretenders.plugin_client, 1),
    *graded("false_app", pretenders.false_app, 1),
    *graded("false_browser", pretenders.false_browser, 1),
)

INNOCENT = (
    Profile("polling_app", 8, helpers.polling_app),
    Profile("stale_client", 6, helpers.stale_client),
    Profile("smart_tv", 8, helpers.smart_tv),
    Profile("sequential_reader", 5, helpers.sequential_reader),
    Profile("api_app", 8, helpers.api_app),
    Profile("licensed_downloader", 4, helpers.licensed_downloader),
    Profile("proxied_office", 3, helpers.proxied_office),
    Profile("uptime_monitor", 3, bystanders.uptime_monitor),
    Profile("health_check", 2, bystanders.health_check),
    Profile("feed_reader", 4, bystanders.feed_reader),
    Profile("search_bot", 3, bystanders.search_bot),
    Profile("dormitory", 3, signed_up_together.dormitory),
    Profile("onboarding", 4, signed_up_together.onboarding),
    Profile("school_class", 2, signed_up_together.school_class),
    Profile("campaign", 1, signed_up_together.campaign),
    Profile("monday_office", 3, behind_one_address.monday_office),
    Profile("carrier_gateway", 3, behind_one_address.carrier_gateway),
)

PROFILES = ABUSIVE + INNOCENT
WITHOUT_ENTITLEMENT = {"licensed_downloader": "one_device"}
"""How those live who are innocent by their entitlement only, where none is handed out."""

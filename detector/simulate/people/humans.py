"""The profiles of human beings: innocents and abusers, with their shares of a thousand inhabitants."""

from typing import Final

from detector.simulate.people import (
    browsers,
    cloud_users,
    customers,
    detours,
    everyday,
    homes,
    hoppers,
    intruders,
    organisations,
    passwords,
    seats,
    sellers,
    sharers,
)
from detector.simulate.world.population import Profile, graded

INNOCENT: Final = (
    Profile("one_device", 200, everyday.one_device),
    Profile("several_devices", 200, everyday.several_devices),
    Profile("commuter", 45, everyday.commuter),
    Profile("traveller", 40, everyday.traveller),
    Profile("holiday_traveller", 20, everyday.holiday_traveller),
    Profile("carrier_phone", 60, everyday.carrier_phone),
    Profile("forgetter", 25, everyday.forgetter),
    Profile("newcomer", 20, everyday.newcomer),
    Profile("open_dashboard", 25, everyday.open_dashboard),
    Profile("shift_worker", 25, everyday.shift_worker),
    Profile("family_line", 18, homes.family_line),
    Profile("house_move", 18, homes.house_move),
    Profile("redialled_line", 25, homes.redialled_line),
    Profile("dual_stack", 25, homes.dual_stack),
    Profile("misplaced_home", 20, homes.misplaced_home),
    Profile("vpn_always", 12, detours.vpn_always),
    Profile("vpn_at_times", 20, detours.vpn_at_times),
    Profile("corporate_egress", 4, detours.corporate_egress),
    Profile("hot_desk", 4, detours.hot_desk),
    Profile("stray_cloud", 15, detours.stray_cloud),
    Profile("office", 15, organisations.office),
    Profile("organisation_admin", 5, organisations.organisation_admin),
    Profile("seat_handed_over", 6, organisations.seat_handed_over),
    Profile("cookie_clearer", 20, browsers.cookie_clearer),
    Profile("new_phone", 22, browsers.new_phone),
    Profile("updated_browser", 20, browsers.updated_browser),
    Profile("missing_ids", 15, browsers.missing_ids),
    Profile("power_user", 25, browsers.power_user),
    Profile("assisted", 10, browsers.assisted),
    Profile("password_reset", 18, passwords.password_reset),
    Profile("password_change", 18, passwords.password_change),
    Profile("allowed_cloud_desktop", 8, customers.allowed_cloud_desktop),
    Profile("allowed_agency", 5, customers.allowed_agency),
    Profile("api_customer", 3, customers.api_customer),
    Profile("new_laptop_away", 8, passwords.new_laptop_away),
)
ABUSIVE: Final = (
    *graded("pair_one_city", sharers.pair_one_city, 1.5),
    *graded("pair_two_cities", sharers.pair_two_cities, 1.5),
    *graded("group", sharers.group, 1.0),
    *graded("turn_takers", sharers.turn_takers, 1.0),
    *graded("shared_seat", seats.shared_seat, 1.0),
    *graded("over_seats", seats.over_seats, 0.4),
    *graded("seat_hoppers", seats.seat_hoppers, 0.6),
    *graded("sold_account", sellers.sold_account, 1.5),
    *graded("rented_by_shifts", sellers.rented_by_shifts, 1.0),
    *graded("resold_account", sellers.resold_account, 1.0),
    *graded("datacenter_user", cloud_users.datacenter_user, 1.5),
    *graded("city_hopper", hoppers.city_hopper, 1.5),
    *graded("impossible_traveller", hoppers.impossible_traveller, 1.0),
    *graded("phished_account", intruders.phished_account, 1.0),
    *graded("hijacked_session", intruders.hijacked_session, 1.0),
    *graded("reported_misuse", intruders.reported_misuse, 1.0),
    Profile("unfounded_report", 0.6, intruders.unfounded_report, "clear"),
)
PROFILES: Final = (*INNOCENT, *ABUSIVE)
WITHOUT_ENTITLEMENT: Final = {
    "allowed_cloud_desktop": "one_device",
    "allowed_agency": "several_devices",
    "api_customer": "one_device",
}
"""Who is innocent by an entitlement only, and how such people live where none are handed out."""

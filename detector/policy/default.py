"""The policy in force where no other is given: the agreement of 2024-08-08, mildly."""

from typing import Final

from detector.categories import AGREEMENT
from detector.policy.model import Policy, Step

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS

DEFAULT_POLICY: Final = Policy(
    version="1",
    agreement=AGREEMENT,
    weights={
        "overlapping_use": 1.0,
        "overlapping_lines": 0.9,
        "city_alternation": 1.0,
        "city_rounds": 1.0,
        "impossible_travel": 1.0,
        "datacenter_use": 1.0,
        "crawl_rate": 1.0,
        "crawl_regularity": 0.9,
        "crawl_restless": 0.9,
        "declared_bot": 1.0,
        "brute_force": 1.0,
        "forged_source": 1.0,
        "crawl_in_order": 0.9,
        "probing_paths": 1.0,
        "probing_misses": 0.9,
        "flood_rate": 1.0,
        "flood_refused": 0.9,
        "several_people": 1.0,
        "taking_turns": 0.9,
        "many_hands": 0.9,
        "rented_by_shifts": 0.9,
        "handed_over": 0.9,
        "passed_on": 0.9,
        "foreign_client": 1.0,
        "seat_at_once": 0.9,
        "signups_alike": 1.0,
        "guessed_password": 0.9,
        "session_moved": 0.9,
        "misuse_reported": 1.0,
        "password_taken": 1.0,
        "holder_shut_out": 1.0,
        "taken_in_bulk": 0.9,
        "signups_one_device": 1.0,
        "signups_by_timer": 0.7,  # whoever enters a list of colleagues is even, too
        "signups_source": 1.0,
        "accounts_tried": 1.0,
        "tried_by_one_client": 1.0,
        "tried_from_everywhere": 0.9,
        "entered_by_attacker": 1.0,
        "crawl_one_client": 1.0,
        "crawl_one_address": 1.0,
        "crawl_split": 1.0,
        "crawl_of_visitors": 1.0,
        "over_seats": 1.0,
        "seat_on_many_computers": 0.9,
        "seats_passed_around": 1.0,
        "seats_by_turns": 0.7,  # a counter with one computer looks alike
        "flood_together": 0.9,
        "false_greeting": 0.8,  # a firewall greets for others, too
    },
    enforce=(
        Step(0.2, "observe", "low", None),
        Step(0.45, "warn", "medium", None),
        Step(0.9, "restrict", "high", _DAY_MS),
    ),
    protect=(
        Step(0.2, "observe", "low", None),
        Step(0.45, "warn", "high", None),
    ),
    asked={"compromise_report": (Step(0.2, "suspend", "critical", None),)},
    half_life_ms=3 * _DAY_MS,
    cooldown_ms=_DAY_MS,
    quiet_ms=30 * _DAY_MS,
    facts={
        "overlapping_use": "at_once",
        "overlapping_lines": "at_once",
        "several_people": "at_once",
        "seat_at_once": "at_once",
        "seat_on_many_computers": "at_once",
        "handed_over": "succession",
        "passed_on": "succession",
    },
)

"""The catalogue of rules about crowds, by family, in the order of the slots that rows keep for them.

A new rule goes to the end; the place of one that is gone stays empty for its rows' sake.
"""

from typing import Final

from detector.rules.crowds.accounts_tried import AccountsTried
from detector.rules.crowds.base import CrowdRule
from detector.rules.crowds.crawl_of_visitors import CrawlOfVisitors
from detector.rules.crowds.crawl_one_address import CrawlOneAddress
from detector.rules.crowds.crawl_one_client import CrawlOneClient
from detector.rules.crowds.crawl_split import CrawlSplit
from detector.rules.crowds.entered_by_attacker import EnteredByAttacker
from detector.rules.crowds.false_greeting import FalseGreeting
from detector.rules.crowds.flood_together import FloodTogether
from detector.rules.crowds.over_seats import OverSeats
from detector.rules.crowds.seat_on_many_computers import SeatOnManyComputers
from detector.rules.crowds.seats_by_turns import SeatsByTurns
from detector.rules.crowds.seats_passed_around import SeatsPassedAround
from detector.rules.crowds.signups_alike import SignupsAlike
from detector.rules.crowds.signups_by_timer import SignupsByTimer
from detector.rules.crowds.signups_one_device import SignupsOneDevice
from detector.rules.crowds.signups_source import SignupsSource
from detector.rules.crowds.tried_by_one_client import TriedByOneClient
from detector.rules.crowds.tried_from_everywhere import TriedFromEverywhere

SIGNUP_RULES: Final[tuple[CrowdRule, ...]] = (
    SignupsAlike(),
    SignupsOneDevice(),
    SignupsByTimer(),
    SignupsSource(),
)
LOGIN_RULES: Final[tuple[CrowdRule, ...]] = (
    AccountsTried(),
    TriedByOneClient(),
    TriedFromEverywhere(),
    EnteredByAttacker(),
)
CRAWL_RULES: Final[tuple[CrowdRule, ...]] = (
    CrawlOneClient(),
    CrawlOneAddress(),
    CrawlSplit(),
    CrawlOfVisitors(),
)
GREETING_RULES: Final[tuple[CrowdRule, ...]] = (FalseGreeting(), FloodTogether())

ORGANISATION_RULES: Final[tuple[CrowdRule, ...]] = (
    OverSeats(),
    SeatsPassedAround(),
    SeatsByTurns(),
    SeatOnManyComputers(),
)

RULES_OF_FAMILIES: Final = (SIGNUP_RULES, LOGIN_RULES, CRAWL_RULES, ORGANISATION_RULES, GREETING_RULES)
CROWD_RULES: Final = tuple(rule for rules in RULES_OF_FAMILIES for rule in rules)
"""All of them."""

"""The catalogue: every rule, in the order of the slots that rows keep for them.

A new rule goes to the end; the place of one that is gone stays empty for its rows' sake.
"""

from typing import Final

from detector.rules.base import Rule
from detector.rules.brute_force import BruteForce
from detector.rules.city_alternation import CityAlternation
from detector.rules.city_rounds import CityRounds
from detector.rules.crawl_in_order import CrawlInOrder
from detector.rules.crawl_rate import CrawlRate
from detector.rules.crawl_regularity import CrawlRegularity
from detector.rules.crawl_restless import CrawlRestless
from detector.rules.datacenter_use import DatacenterUse
from detector.rules.declared_bot import DeclaredBot
from detector.rules.flood_rate import FloodRate
from detector.rules.flood_refused import FloodRefused
from detector.rules.foreign_client import ForeignClient
from detector.rules.forged_source import ForgedSource
from detector.rules.guessed_password import GuessedPassword
from detector.rules.handed_over import HandedOver
from detector.rules.holder_shut_out import HolderShutOut
from detector.rules.impossible_travel import ImpossibleTravel
from detector.rules.many_hands import ManyHands
from detector.rules.misuse_reported import MisuseReported
from detector.rules.overlapping_lines import OverlappingLines
from detector.rules.overlapping_use import OverlappingUse
from detector.rules.passed_on import PassedOn
from detector.rules.password_taken import PasswordTaken
from detector.rules.probing_misses import ProbingMisses
from detector.rules.probing_paths import ProbingPaths
from detector.rules.rented_by_shifts import RentedByShifts
from detector.rules.seat_at_once import SeatAtOnce
from detector.rules.session_moved import SessionMoved
from detector.rules.several_people import SeveralPeople
from detector.rules.taken_in_bulk import TakenInBulk
from detector.rules.taking_turns import TakingTurns

RULES: Final[tuple[Rule, ...]] = (
    OverlappingUse(),
    OverlappingLines(),
    CityAlternation(),
    ImpossibleTravel(),
    DatacenterUse(),
    CrawlRate(),
    CrawlRegularity(),
    CrawlRestless(),
    DeclaredBot(),
    BruteForce(),
    GuessedPassword(),
    SessionMoved(),
    MisuseReported(),
    CityRounds(),
    ForgedSource(),
    CrawlInOrder(),
    ProbingPaths(),
    ProbingMisses(),
    FloodRate(),
    FloodRefused(),
    SeveralPeople(),
    TakingTurns(),
    ManyHands(),
    RentedByShifts(),
    HandedOver(),
    PassedOn(),
    ForeignClient(),
    SeatAtOnce(),
    PasswordTaken(),
    HolderShutOut(),
    TakenInBulk(),
)

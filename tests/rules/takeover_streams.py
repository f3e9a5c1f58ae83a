"""Strangers who know the password at once: thieves, and holders with a new computer away from home."""

from collections.abc import Iterator

from detector.rules.holder_shut_out import HolderShutOut
from detector.rules.password_taken import PasswordTaken
from detector.rules.taken_in_bulk import TakenInBulk
from tests.rules.events import HOUR_MS, LAPTOP, MINUTE_MS, NOON_MS, PHONE, SECOND_MS, Event, Hand, every
from tests.rules.networks import BEIJING, CHENGDU, GUANGZHOU, GUANGZHOU_OTHER_ADDRESS, SHANGHAI, VPN

KNOWN_MS = NOON_MS - 50 * HOUR_MS
THIEF = Hand(SHANGHAI, "thief's")
HIDDEN = Hand(VPN, "thief's")
NEW_LAPTOP = Hand(SHANGHAI, "new laptop")


def files(hand: Hand, count: int, start_ms: int) -> Iterator[Event]:
    """Take files away, one a minute."""
    for number, time_ms in enumerate(every(MINUTE_MS, count, start_ms)):
        yield hand.request(time_ms, f"/api/reports/{number}/export")


# --- crossings ---------------------------------------------------------------------------------------------


def stranger_with_odds_against_him(step: int) -> Iterator[Event]:
    """Hidden, then with as many files as speak against him."""
    rule = PasswordTaken()
    odds = rule.odds + step
    yield LAPTOP.login(KNOWN_MS)
    yield HIDDEN.login(NOON_MS)
    yield HIDDEN.new_password(NOON_MS + 5 * MINUTE_MS)
    taken = (0, rule.files - 1, rule.files, rule.many)[min(odds, 3)]
    yield from files(HIDDEN, taken, NOON_MS + 10 * MINUTE_MS)


def stranger_while_the_holder_works_far_away(step: int) -> Iterator[Event]:
    """At once, or half a day after the holder's last sign."""
    yield LAPTOP.login(KNOWN_MS)
    yield LAPTOP.request(NOON_MS - (10 * MINUTE_MS if step >= 0 else 12 * HOUR_MS), "/")
    yield THIEF.login(NOON_MS)
    yield THIEF.new_password(NOON_MS + 5 * MINUTE_MS)


def holder_sets_another_password(step: int) -> Iterator[Event]:
    yield LAPTOP.login(KNOWN_MS)
    yield THIEF.login(NOON_MS)
    yield THIEF.new_password(NOON_MS + 5 * MINUTE_MS)
    evening_ms = NOON_MS + 8 * HOUR_MS
    yield from map(LAPTOP.failure, every(20 * SECOND_MS, HolderShutOut().failures + step, evening_ms))
    yield LAPTOP.new_password(evening_ms + HOUR_MS)


def holder_throws_out_a_near_stranger(step: int) -> Iterator[Event]:
    home, near = LAPTOP.behind(GUANGZHOU), THIEF.behind(GUANGZHOU_OTHER_ADDRESS)
    yield home.login(KNOWN_MS)
    yield near.login(NOON_MS)
    yield near.new_password(NOON_MS + 5 * MINUTE_MS)
    evening_ms = NOON_MS + 8 * HOUR_MS
    yield from map(home.failure, every(20 * SECOND_MS, HolderShutOut().failures + 1 + step, evening_ms))
    yield home.new_password(evening_ms + HOUR_MS)


def holder_reports_a_stranger(step: int) -> Iterator[Event]:
    """On the same day, or when nobody was there for a day."""
    yield LAPTOP.login(KNOWN_MS)
    yield THIEF.login(NOON_MS)
    yield LAPTOP.report(NOON_MS + (8 if step >= 0 else 30) * HOUR_MS)


def stranger_takes_files(step: int) -> Iterator[Event]:
    yield LAPTOP.login(KNOWN_MS)
    yield THIEF.login(NOON_MS)
    yield from files(THIEF, TakenInBulk().files + step, NOON_MS + MINUTE_MS)


def hidden_stranger_takes_a_few_files(step: int) -> Iterator[Event]:
    yield LAPTOP.login(KNOWN_MS)
    yield HIDDEN.login(NOON_MS)
    yield from files(HIDDEN, TakenInBulk().few + step, NOON_MS + MINUTE_MS)


# --- innocents ---------------------------------------------------------------------------------------------


def new_laptop_on_a_journey() -> Iterator[Event]:
    """Its owner renews the password in the hotel, and at home once tries the old one."""
    yield LAPTOP.login(KNOWN_MS)
    yield NEW_LAPTOP.login(NOON_MS)
    yield NEW_LAPTOP.new_password(NOON_MS + 5 * MINUTE_MS)
    yield from NEW_LAPTOP.pages(every(MINUTE_MS, 30, NOON_MS + 6 * MINUTE_MS))
    yield NEW_LAPTOP.behind(CHENGDU).login(NOON_MS + 20 * HOUR_MS)
    yield LAPTOP.failure(NOON_MS + 48 * HOUR_MS)
    yield LAPTOP.login(NOON_MS + 48 * HOUR_MS + MINUTE_MS)


def password_renewed_by_a_manager_on_a_journey() -> Iterator[Event]:
    """At night, through a VPN, on the laptop that is used at home by day, and shows no device id."""
    laptop = Hand(device=None)
    for day in range(8):
        yield from (laptop.login(NOON_MS + (24 * day + hours) * HOUR_MS) for hours in (-3, 0, 4, 8))
    away, night_ms = laptop.behind(VPN), NOON_MS + (24 * 8 - 9) * HOUR_MS
    yield away.login(night_ms)
    yield away.new_password(night_ms + 5 * MINUTE_MS)
    yield from away.pages(every(MINUTE_MS, 30, night_ms + 6 * MINUTE_MS))


def password_forgotten_on_a_journey() -> Iterator[Event]:
    """A few tries, then a new one by mail."""
    yield LAPTOP.login(KNOWN_MS)
    yield from map(NEW_LAPTOP.failure, every(20 * SECOND_MS, 3, NOON_MS))
    yield NEW_LAPTOP.new_password(NOON_MS + 5 * MINUTE_MS)
    yield NEW_LAPTOP.login(NOON_MS + 6 * MINUTE_MS)


def password_changed_at_home() -> Iterator[Event]:
    """The phone tries the old one for a while; the laptop's owner changes his mind and sets another."""
    yield LAPTOP.login(KNOWN_MS)
    yield PHONE.login(KNOWN_MS + HOUR_MS)
    yield LAPTOP.new_password(NOON_MS)
    yield from map(PHONE.failure, every(30 * MINUTE_MS, 6, NOON_MS + MINUTE_MS))
    yield LAPTOP.new_password(NOON_MS + 5 * HOUR_MS)


def new_computer_gets_everything() -> Iterator[Event]:
    """At home, where the account is known."""
    yield LAPTOP.login(KNOWN_MS)
    new = NEW_LAPTOP.behind(BEIJING)
    yield new.login(NOON_MS)
    yield from files(new, 60, NOON_MS + MINUTE_MS)


def exports_as_on_every_day() -> Iterator[Event]:
    """Whoever takes ten files a day does so on a journey, too, with a new laptop."""
    for day in range(2):
        yield LAPTOP.login(KNOWN_MS + 24 * day * HOUR_MS)
        yield from files(LAPTOP, 10, KNOWN_MS + 24 * day * HOUR_MS + MINUTE_MS)
    yield NEW_LAPTOP.login(NOON_MS)
    yield from files(NEW_LAPTOP, 25, NOON_MS + MINUTE_MS)

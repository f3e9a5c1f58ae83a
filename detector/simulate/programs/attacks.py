"""Attacks on passwords: many tries on one account, one try on many, from one source and from many."""

from collections.abc import Iterable, Sequence
from random import Random

from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.assault import assault, luck
from detector.simulate.programs.guessing import BruteForce, Spraying, Stuffing
from detector.simulate.programs.hideouts import Spot
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import hourly, stretch
from detector.simulate.programs.victims import colleagues, strangers
from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Script

WEAK_SHARE = 0.5
HIT_RATE = 0.002
"""Of the tries of a stuffing one or two in a thousand open an account.
Source: https://www.azion.com/en/learning/bots/what-is-credential-stuffing"""


def brute_force(birth: Birth) -> Inhabitant:
    """Make somebody whose password a program guesses at, from one to a few addresses.

    Hundreds of tries in minutes when blatant; when subtle a dozen or two a day, for some days.
    """
    rng = birth.rng
    victims, tool = strangers(birth, 1), programs.tool(birth)
    tries = counted(birth, blatant=(300, 2_000), clear=(60, 200), subtle=(12, 26))
    pace = Pace(
        drawn(birth, blatant=(200, 1_200), clear=(3_000, 12_000), subtle=(900_000, 2_400_000)), spread=0.4
    )
    spots = _one_or(birth, few=chosen(birth, blatant=2, clear=3, subtle=4))
    first, days = rng.randrange(1, 4), chosen(birth, blatant=1, clear=2, subtle=4)
    sources, hour, minutes = _ips(spots), rng.uniform(0.5, 12.0), tries * pace.gap_ms * 1.2 / 60_000
    opened = luck(birth, victims.accounts, spots, first + days - 1, minutes / 60, 1)
    opened = opened if rng.random() < WEAK_SHARE else []

    def attack(day: Day, _rng: Random) -> Iterable[tuple[tuple[int, int], Script]]:
        if first <= day.index < first + days:
            yield stretch(day, hour, minutes), BruteForce(victims.ids[0], tries, pace, sources)

    return assault(birth, victims, tool, spots, attack, opened)


def stuffing(birth: Birth) -> Inhabitant:
    """Make a list of leaked names and passwords that one address tries out.

    Several a second for minutes when blatant; when subtle one in half a minute, for hours.
    """
    gap_ms = drawn(birth, blatant=(100, 400), clear=(700, 2_000), subtle=(15_000, 50_000))
    minutes = drawn(birth, blatant=(4, 15), clear=(10, 30), subtle=(120, 300))
    return _stuffing(birth, gap_ms, minutes, (hideouts.den(birth),))


def distributed_stuffing(birth: Birth) -> Inhabitant:
    """Make a list that one program tries out through 20 to 300 proxies, each of which tries a little.

    A few a second in all when blatant; when subtle one in ten to forty seconds, for half a day.
    """
    count = counted(birth, blatant=(120, 300), clear=(50, 150), subtle=(20, 60))
    gap_ms = drawn(birth, blatant=(250, 600), clear=(1_500, 4_000), subtle=(12_000, 40_000))
    minutes = drawn(birth, blatant=(15, 40), clear=(40, 120), subtle=(300, 600))
    return _stuffing(birth, gap_ms, minutes, hideouts.proxies(birth.pools, birth.rng, count))


def spraying(birth: Birth) -> Inhabitant:
    """Make a program that tries one common password on everybody it knows, an organisation's seats at times.

    A round an hour from one address when blatant; when subtle a try an account and day, from many addresses.
    """
    rng = birth.rng
    size = counted(birth, blatant=(60, 120), clear=(30, 60), subtle=(15, 30))
    victims, tool = rng.choice((colleagues, strangers))(birth, size), programs.tool(birth)
    count = chosen(birth, blatant=1, clear=rng.randrange(2, 6), subtle=rng.randrange(6, 16))
    spots = hideouts.proxies(birth.pools, rng, count, cloud_share=0.4)
    rounds = chosen(birth, blatant=6, clear=2, subtle=1)
    hours = chosen(birth, blatant=0.3, clear=2.0, subtle=10.0)
    first, days, hour = (
        rng.randrange(1, 4),
        chosen(birth, blatant=2, clear=3, subtle=5),
        rng.uniform(1.0, 8.0),
    )
    opened = luck(birth, victims.accounts, spots, first + days - 1, hours, 2)
    sources = _ips(spots)

    def attack(day: Day, rng: Random) -> Iterable[tuple[tuple[int, int], Script]]:
        if not first <= day.index < first + days:
            return
        for number in range(rounds):
            order = rng.sample(victims.ids, len(victims.ids))
            yield stretch(day, hour + number * (hours + 0.7), hours * 60), Spraying(tuple(order), sources)

    return assault(birth, victims, tool, spots, attack, opened)


def _stuffing(birth: Birth, gap_ms: float, minutes: float, spots: Sequence[Spot]) -> Inhabitant:
    rng = birth.rng
    tries = minutes * 60_000 / gap_ms
    victims = strangers(birth, counted(birth, blatant=(40, 110), clear=(25, 60), subtle=(12, 30)))
    known_share = min(0.5, 1.3 * len(victims.lives) / tries)
    first, hour, pace = rng.randrange(1, 5), rng.uniform(0.5, 13.0), Pace(gap_ms, spread=0.5)
    opened = luck(birth, victims.accounts, spots, first, minutes / 60, max(1, round(tries * HIT_RATE)))

    def attack(day: Day, rng: Random) -> Iterable[tuple[tuple[int, int], Script]]:
        if day.index != first:
            return
        left, spans = list(victims.ids), list(hourly(stretch(day, hour, minutes)))
        rng.shuffle(left)
        share = -(-len(left) // len(spans))
        for number, span in enumerate(spans):
            known = tuple(left[number * share : (number + 1) * share])
            yield span, Stuffing(known, known_share, pace, _ips(spots))

    return assault(birth, victims, programs.tool(birth), spots, attack, opened)


def _one_or(birth: Birth, few: int) -> Sequence[Spot]:
    """Draw one address, or in one case of three a few."""
    if birth.rng.random() < 2 / 3:
        return (hideouts.den(birth),)
    return hideouts.proxies(birth.pools, birth.rng, few)


def _ips(spots: Sequence[Spot]) -> tuple[str, ...]:
    return tuple(spot.ip for spot in spots)

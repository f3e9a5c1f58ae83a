"""An attack on accounts: its tries, the few that succeed, and how both are labelled."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from detector.simulate.programs import programs
from detector.simulate.programs.guessing import BreakIn
from detector.simulate.programs.hideouts import Spot, networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run
from detector.simulate.programs.victims import Victims
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen
from detector.simulate.world.visits import HOUR_MS, Account, Day, Script, Visit

Tries: TypeAlias = Callable[[Day, Random], Iterable[tuple[tuple[int, int], Script]]]
"""What is tried on a day: stretches [start, end) in Unix ms, and what is done in them."""
ATTACK = 0


@dataclass(frozen=True, slots=True)
class BreakInPlan:
    """An account that opens: on which day, how long after the day's tries began, from where."""

    account: Account
    on_day: int
    after_h: float
    spot: Spot
    new_password: bool


def assault(
    birth: Birth,
    victims: Victims,
    tool: Device,
    spots: Sequence[Spot],
    tries: Tries,
    opened: Sequence[BreakInPlan],
) -> Inhabitant:
    """Make the attackers with all whom they attack; who is opened becomes one affair with the attack.

    The attack is the network's doing, never the accounts': they stand among the other right subjects, because
    an alert may protect them.
    """
    use = Pace(chosen(birth, blatant=1_500.0, clear=6_000.0, subtle=25_000.0), spread=0.7)
    pages = chosen(birth, blatant=(40, 120), clear=(20, 60), subtle=(6, 20))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        yield from victims.plan(day, rng)
        began_ms = None
        for span, script in tries(day, rng):
            began_ms = span[0] if began_ms is None else began_ms
            yield run(tool, spots[0], span, script, rng, affair=ATTACK)
        for number, one in enumerate(opened, ATTACK + 1):
            if one.on_day == day.index and began_ms is not None:
                start_ms = began_ms + int(one.after_h * HOUR_MS)
                script = BreakIn(rng.randrange(*pages), rng.randrange(1, 6), use, one.new_password)
                span = (start_ms, start_ms + int(pages[1] * use.gap_ms) + 120_000)
                yield run(tool, one.spot, span, script, rng, account=one.account, affair=number)

    incident = birth.name("attack-")
    attack = _attack(birth, victims, tool, spots, incident)
    taken = (_taken(birth, one, tool, incident, number) for number, one in enumerate(opened, ATTACK + 1))
    return Inhabitant(accounts=victims.accounts, plan=plan, charges=(attack, *taken))


def luck(
    birth: Birth, accounts: Sequence[Account], spots: Sequence[Spot], day: int, within_h: float, most: int
) -> list[BreakInPlan]:
    """Draw which accounts open: at times none, at most `most`; used at once or when the tries are over."""
    rng = birth.rng
    count = 0 if rng.random() < 0.2 else rng.randrange(1, most + 1)  # noqa: PLR2004 - lists that open nothing
    return [
        BreakInPlan(
            account=account,
            on_day=day,
            after_h=within_h * rng.uniform(0.3, 1.0) + rng.choice((0.0, rng.uniform(0.0, 2.0))),
            spot=rng.choice(spots),
            new_password=rng.random() < chosen(birth, blatant=0.5, clear=0.3, subtle=0.1),
        )
        for account in rng.sample(accounts, min(count, len(accounts)))
    ]


def _attack(birth: Birth, victims: Victims, tool: Device, spots: Sequence[Spot], incident: str) -> Charge:
    network, *others = networks(*spots)
    suffered = map(account_subject, victims.accounts)
    return Charge(
        network,
        "credential_attack",
        birth.difficulty,
        alternatives=(*others, *suffered, *programs.of_device(tool)),
        incident=incident,
        affairs=(ATTACK,),
    )


def _taken(birth: Birth, one: BreakInPlan, tool: Device, incident: str, affair: int) -> Charge:
    return Charge(
        account_subject(one.account),
        "account_takeover",
        birth.difficulty,
        also=("credential_attack",),
        alternatives=(*networks(one.spot), *programs.of_device(tool)),
        incident=incident,
        affairs=(affair,),
    )

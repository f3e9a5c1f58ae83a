"""Stolen sessions: a botnet goes on with what others have opened."""

from collections.abc import Iterable
from random import Random

from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.guessing import Replay
from detector.simulate.programs.hideouts import networks
from detector.simulate.programs.pace import Pace
from detector.simulate.programs.runs import run
from detector.simulate.programs.victims import strangers
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.strength import chosen, counted
from detector.simulate.world.visits import Day, Visit


def session_replay(birth: Birth) -> Inhabitant:
    """Make people whose session ids a botnet has got hold of, and uses while they work or soon after.

    Dozens of people, each request from another address when blatant; when subtle a few people, a few requests
    from one address each.
    """
    rng, tool = birth.rng, programs.tool(birth)
    victims = strangers(birth, counted(birth, blatant=(15, 40), clear=(7, 18), subtle=(3, 8)))
    spots = hideouts.proxies(
        birth.pools, rng, counted(birth, blatant=(40, 100), clear=(25, 60), subtle=(10, 30))
    )
    width = chosen(birth, blatant=len(spots), clear=3, subtle=1)
    requests = chosen(birth, blatant=(15, 45), clear=(6, 14), subtle=(3, 6))
    pace = Pace(chosen(birth, blatant=2_000.0, clear=8_000.0, subtle=30_000.0), spread=0.7)
    days = {number: rng.randrange(1, 5) for number in range(len(victims.lives))}
    own_spots = [rng.sample(spots, width) for _ in victims.lives]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for number, (account, visits) in enumerate(victims.live(day, rng)):
            yield from visits
            # Stolen session ids are worth something for a few days; who opens no session loses none.
            if visits and days[number] <= day.index < days[number] + 3:
                used = visits[0]
                start_ms = used.start_ms + rng.randrange(120_000, 2_400_000)
                count = rng.randrange(*requests)
                script = Replay(count, pace, tuple(spot.ip for spot in own_spots[number]))
                span = (start_ms, start_ms + int(count * pace.gap_ms * 1.5))
                session = used.session_id
                yield run(
                    tool,
                    own_spots[number][0],
                    span,
                    script,
                    rng,
                    account=account,
                    session_id=session,
                    affair=number,
                )

    incident = birth.name("replay-")
    charges = (
        Charge(
            account_subject(account),
            "account_takeover",
            birth.difficulty,
            also=("credential_attack",),
            alternatives=(*networks(*own_spots[number]), *programs.of_device(tool)),
            incident=incident,
            affairs=(number,),
        )
        for number, account in enumerate(victims.accounts)
    )
    return Inhabitant(accounts=victims.accounts, plan=plan, charges=tuple(charges))

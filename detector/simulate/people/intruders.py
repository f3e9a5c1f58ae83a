"""Someone else gets in: by a phished password, or with a session id that was stolen; and the holder's report.

The victims are labelled with what was done to them. A thief looks around, takes data away and mostly changes
the password; the holder fails to log in, resets it, and sometimes reports.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from detector.simulate.world import devices, households, lines, settling
from detector.simulate.world.asides import AccountPages, Aside, Exports
from detector.simulate.world.devices import Device
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.lines import Line
from detector.simulate.world.people import Habits, visits
from detector.simulate.world.residents import Resident, surely
from detector.simulate.world.sessions import Browse
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Account, Day, Visit

EARLIEST_DAY, LATEST_DAY = 3, 13


@dataclass(frozen=True, slots=True)
class Theft:
    """What a thief does with an account: when and for how many days, from where, with what, taking how much.

    `renews`: changes the password in the first visit. `over_day` is the day after the last.
    """

    day: int
    days: int
    line: Line
    device: Device
    files: int
    renews: bool
    hour: float

    @property
    def over_day(self) -> int:
        """The first day without the thief."""
        return self.day + self.days

    def visits(self, account: Account, day: Day, rng: Random) -> Iterable[Visit]:
        """Plan the thief's visits of a day."""
        if not self.day <= day.index < self.over_day:
            return
        for number in range(rng.randrange(1, 4)):
            start_ms = day.at_ms(min(23.0, self.hour + 1.2 * number) + rng.uniform(0.0, 0.6))
            looks = AccountPages(Browse(login=True), rng.randrange(2, 6))
            script = Exports(looks, self.files)
            first = number == 0 and day.index == self.day
            yield Visit(
                account=account,
                device=self.device,
                city=self.line.city,
                ip=self.line.address(day.index, rng),
                session_id=f"{rng.getrandbits(64):016x}",
                start_ms=start_ms,
                end_ms=start_ms + int(60_000 * rng.uniform(6.0, 30.0)),
                script=Aside(script, "password_change", 0.3) if first and self.renews else script,
                seed=rng.getrandbits(64),
                affair=0,
            )


def planned_theft(birth: Birth, victim: Resident) -> Theft:
    """Draw a theft.

    Blatant: from a rented machine or another province at night, the password at once, dozens of files.
    Clear: another province. Subtle: over a home line in the victim's city, by day, a few files, over a few
    days.
    """
    rng, pools, home = birth.rng, birth.pools, victim.home.city
    far = households.far_city(rng, home)
    abroad = lines.cloud_line(pools, rng) if rng.random() < 0.5 else lines.proxy_line(pools, far, rng)  # noqa: PLR2004 - as often the one as the other
    near = lines.proxy_line(pools, home, rng)
    return Theft(
        day=rng.randrange(EARLIEST_DAY, LATEST_DAY + 1),
        days=chosen(
            birth, blatant=rng.randrange(1, 3), clear=rng.randrange(1, 3), subtle=rng.randrange(2, 5)
        ),
        line=chosen(birth, blatant=abroad, clear=lines.home_line(pools, far, rng), subtle=near),
        device=devices.browser(rng),
        files=counted(birth, blatant=(20, 80), clear=(6, 15), subtle=(2, 5)),
        renews=rng.random() < chosen(birth, blatant=1.0, clear=0.8, subtle=0.5),
        hour=chosen(
            birth, blatant=rng.uniform(0.5, 5.0), clear=rng.uniform(7.0, 21.0), subtle=rng.uniform(9.0, 18.0)
        ),
    )


def phished_account(birth: Birth) -> Inhabitant:
    """Make somebody whose password is phished; locked out by the thief's new one, they reset it."""
    account = birth.account()
    victim = _regular(birth)
    theft = planned_theft(birth, victim)
    charge = Charge(account_subject(account), "account_takeover", birth.difficulty)
    return Inhabitant(
        accounts=(account,),
        plan=lambda day, rng: _robbed(account, victim, theft, day, rng),
        charges=(charge,),
    )


def _robbed(account: Account, victim: Resident, theft: Theft, day: Day, rng: Random) -> Iterable[Visit]:
    """Plan a day of victim and thief: shut out while the thief's password holds, back with a new one."""
    own = Random(rng.getrandbits(64))
    stolen = list(theft.visits(account, day, rng))
    yield from stolen
    back = theft.renews and day.index == theft.over_day
    if back:
        yield from surely(account, victim, day, own, Habits(failures=own.randrange(2, 6), new_password=True))
        return
    kept_ms = stolen[0].start_ms if stolen and theft.renews else day.at_ms(48.0)
    for visit in visits(account, victim.stays(day, own), day, own, Habits(), victim.busy):
        if visit.start_ms < kept_ms and not (stolen and theft.renews and day.index > theft.day):
            yield visit


def _regular(birth: Birth) -> Resident:
    person = settling.somewhere(birth.pools, birth.rng)
    return replace(person, presence=max(person.presence, 0.8), weekend=0.5)


def hijacked_session(birth: Birth) -> Inhabitant:
    """Make somebody whose session id moves to a stranger's network and client, without any login there.

    Blatant: a script on a rented machine, while the holder is at work. Clear: a browser in another province.
    Subtle: a copy of the holder's browser, device id included, over a home line of the same province.
    """
    rng, account = birth.rng, birth.account()
    victim = _regular(birth)
    theft = planned_theft(birth, victim)
    copied = replace(victim.at_work, tls_fingerprint=theft.device.tls_fingerprint)
    tool = chosen(birth, blatant=devices.script(rng), clear=theft.device, subtle=copied)
    line = lines.cloud_line(birth.pools, rng) if birth.difficulty == "blatant" else theft.line
    files = counted(birth, blatant=(20, 80), clear=(6, 15), subtle=(3, 6))
    after_h = drawn(birth, blatant=(0.05, 0.3), clear=(0.2, 2.0), subtle=(0.3, 2.0))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if not theft.day <= day.index < theft.over_day:
            yield from visits(account, victim.stays(day, rng), day, rng, Habits(), victim.busy)
            return
        own = surely(account, victim, day, rng)
        yield from own
        web = [v for v in own if v.device.client == "web"]
        stolen = rng.choice(web)
        start_ms = stolen.start_ms + int(after_h * 3_600_000)
        yield replace(
            stolen,
            device=tool,
            city=line.city,
            ip=line.address(day.index, rng),
            start_ms=start_ms,
            end_ms=start_ms + int(60_000 * rng.uniform(5.0, 40.0)),
            script=Exports(AccountPages(Browse(login=False), 3), files),
            seed=rng.getrandbits(64),
            affair=0,
        )

    charge = Charge(account_subject(account), "account_takeover", birth.difficulty)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def reported_misuse(birth: Birth) -> Inhabitant:
    """Make somebody who finds strange things in the account within a day or two, and reports them."""
    account = birth.account()
    victim = _regular(birth)
    theft = replace(planned_theft(birth, victim), days=1, renews=False)
    told = theft.over_day + birth.rng.randrange(2)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index == told:
            return _reporting(surely(account, victim, day, rng), new_password=True)
        return _robbed(account, victim, theft, day, rng)

    own, incident = account_subject(account), birth.name("case")
    charges = (
        Charge(own, "account_takeover", birth.difficulty, incident=incident),
        Charge(own, "compromise_report", birth.difficulty, incident=incident, affairs=(1,)),
    )
    return Inhabitant(accounts=(account,), plan=plan, charges=charges)


def unfounded_report(birth: Birth) -> Inhabitant:
    """Make somebody who reports misuse that nobody can see: a warning in the news, a forgotten login."""
    account, told = birth.account(), birth.rng.randrange(1, LATEST_DAY)
    holder = _regular(birth)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index == told:
            return _reporting(surely(account, holder, day, rng), new_password=False)
        return visits(account, holder.stays(day, rng), day, rng, Habits(), holder.busy)

    charge = Charge(account_subject(account), "compromise_report", birth.difficulty, affairs=(1,))
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _reporting(day_visits: list[Visit], *, new_password: bool) -> list[Visit]:
    """Report misuse in one of the holder's visits, and set a new password soon after."""
    first, *others = day_visits
    script = Aside(first.script, "compromise_report", 0.4)
    told = Aside(script, "password_change", 0.7) if new_password else script
    return [replace(first, script=told, affair=1), *others]

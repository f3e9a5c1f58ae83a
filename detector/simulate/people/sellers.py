"""Accounts that change hands: sold once, rented out by shifts, resold to many."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from detector.simulate.world import access, devices, households, settling
from detector.simulate.world.asides import AccountPages, Aside
from detector.simulate.world.inhabitants import Birth, Charge, Inhabitant, account_subject
from detector.simulate.world.people import Habits, Stay, visits
from detector.simulate.world.places import City
from detector.simulate.world.residents import Resident
from detector.simulate.world.strength import chosen, counted, drawn
from detector.simulate.world.visits import Day, Visit

FIRST_SALE_DAY, LAST_SALE_DAY = 4, 14


def sold_account(birth: Birth) -> Inhabitant:
    """Make somebody who sells the account; from one day on it is used by the buyer only.

    Blatant: another province, other kinds of device, other hours, a new password at once. Clear: another
    province and other devices. Subtle: the same city, and some quiet days between the two.
    """
    rng, account = birth.rng, birth.account()
    seller = replace(settling.somewhere(birth.pools, rng), presence=rng.uniform(0.7, 0.97))
    city = seller.home.city
    buyer = settling.anybody(
        birth.pools,
        chosen(birth, blatant=households.far_city, clear=households.far_city, subtle=_same)(rng, city),
        rng,
    )
    shift_h = chosen(birth, blatant=rng.choice((-3.0, 3.5)), clear=buyer.shift_h, subtle=buyer.shift_h)
    buyer = replace(
        _unlike(buyer, seller, rng) if birth.difficulty == "blatant" else buyer,
        shift_h=shift_h,
        presence=rng.uniform(0.7, 0.97),
        busy=drawn(birth, blatant=(1.2, 2.5), clear=(0.8, 1.6), subtle=(0.6, 1.2)),
    )
    day_of = rng.randrange(FIRST_SALE_DAY, LAST_SALE_DAY + 1)
    quiet = chosen(birth, blatant=0, clear=rng.randrange(2), subtle=rng.randrange(1, 4))
    renews = rng.random() < chosen(birth, blatant=1.0, clear=0.6, subtle=0.3)

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        if day.index < day_of:
            return visits(account, seller.stays(day, rng), day, rng, Habits(), seller.busy)
        if day.index < day_of + quiet:
            return ()
        stays = buyer.stays(day, rng)
        if day.index == day_of + quiet:
            stays = stays or [Stay(19.5, 21.5, buyer.home, buyer.at_home, 3.0, buyer.home.city)]
        bought = list(visits(account, stays, day, rng, Habits(affair=0), buyer.busy))
        return _taken_over(bought) if renews and day.index == day_of + quiet else bought

    # A new password from a new place is what a takeover looks like as well; only the holder knows.
    also = ("account_takeover",) if renews else ()
    charge = Charge(account_subject(account), "account_transfer", birth.difficulty, also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def _same(_rng: Random, city: City) -> City:
    return city


def _unlike(buyer: Resident, seller: Resident, rng: Random) -> Resident:
    """Return the buyer with devices of another kind than the seller's."""
    if seller.phone is None:
        return replace(buyer, phone=devices.phone(rng))
    laptop = devices.browser(rng)
    while laptop.tls_fingerprint == seller.at_home.tls_fingerprint:
        laptop = devices.browser(rng)
    return replace(buyer, phone=None, at_home=laptop, at_work=laptop)


def _taken_over(bought: list[Visit]) -> list[Visit]:
    """Change the password in the buyer's first visit."""
    if not bought:
        return bought
    first = min(range(len(bought)), key=lambda n: bought[n].start_ms)
    script = Aside(AccountPages(bought[first].script, 2), "password_change", 0.6)
    bought[first] = replace(bought[first], script=script)
    return bought


def rented_by_shifts(birth: Birth) -> Inhabitant:
    """Make an account rented out by the hour: each tenant has the same hours every day, wherever they live.

    Blatant ones are three or four tenants round the clock in as many provinces, subtle ones two in one city.
    """
    rng, account = birth.rng, birth.account()
    number = chosen(birth, blatant=rng.choice((3, 4)), clear=rng.choice((2, 3)), subtle=2)
    first = households.some_city(rng)
    far = [first, *(households.far_city(rng, first) for _ in range(number - 1))]
    cities = chosen(birth, blatant=far, clear=far, subtle=[first] * number)
    tenants = [settling.with_laptop(birth.pools, city, rng) for city in cities]
    lasting_h = (24.0 if birth.difficulty == "blatant" else 15.0) / number
    keenness = drawn(birth, blatant=(0.9, 0.99), clear=(0.75, 0.95), subtle=(0.5, 0.8))

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for n, tenant in enumerate(tenants):
            own = Random(f"{rng.getrandbits(64)}/{n}")
            if own.random() >= keenness:
                continue
            start_h = 8.0 + n * lasting_h + own.uniform(0.0, 0.4)
            end_h = 8.0 + (n + 1) * lasting_h - own.uniform(0.1, 0.5)
            stays = [Stay(start_h, end_h, tenant.home, tenant.at_home, 3.0, tenant.home.city)]
            yield from visits(account, stays, day, own, Habits(15.0, affair=0 if n else None), tenant.busy)

    also = ("account_sharing", *(("city_switching",) if len({c.region for c in cities}) > 1 else ()))
    charge = Charge(account_subject(account), "account_transfer", birth.difficulty, also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))


def resold_account(birth: Birth) -> Inhabitant:
    """Make an account whose login a dealer sells to many customers all over the country.

    Each comes when there is need, from home or by phone; blatant are two or three dozen, subtle five.
    """
    rng, account = birth.rng, birth.account()
    number = counted(birth, blatant=(16, 36), clear=(8, 14), subtle=(4, 6))
    share = drawn(birth, blatant=(0.4, 0.8), clear=(0.35, 0.6), subtle=(0.25, 0.5))
    customers = [settling.somewhere(birth.pools, rng) for _ in range(number)]
    lines_of = [rng.choice((c.home, c.home, access.mobile(birth.pools, c.home.city, rng))) for c in customers]

    def plan(day: Day, rng: Random) -> Iterable[Visit]:
        for n, customer in enumerate(customers):
            own = Random(f"{rng.getrandbits(64)}/{n}")
            if own.random() >= share:
                continue
            start_h = min(23.0, max(7.5, own.gauss(15.5, 3.8)))
            stay = Stay(start_h, start_h + 1.8, lines_of[n], customer.at_home, 1.5, customer.home.city)
            yield from visits(account, [stay], day, own, Habits(13.0, affair=0))

    also = ("account_sharing", "city_switching")
    charge = Charge(account_subject(account), "account_transfer", birth.difficulty, also)
    return Inhabitant(accounts=(account,), plan=plan, charges=(charge,))

"""Registration farms: what their accounts have in common, and how fast they are opened."""

from detector.simulate.programs import hideouts, programs
from detector.simulate.programs.farm import farm
from detector.simulate.programs.forms_of_farms import Forms, counting, human, lettered
from detector.simulate.world.devices import Device, phone
from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.strength import chosen, drawn


def registration_burst(birth: Birth) -> Inhabitant:
    """Make a farm that opens all its accounts in one go from one address.

    In minutes when blatant; when subtle six to sixteen accounts in some hours, in the names of a leaked list.
    """
    hours = drawn(birth, blatant=(0.1, 0.5), clear=(0.5, 2.0), subtle=(2.0, 5.0))
    spot, tool = hideouts.den(birth), _tool(birth)
    names = chosen(birth, blatant=counting, clear=lettered, subtle=human)
    forms = Forms(
        birth.rng, names=names(birth.rng), own_domain=birth.difficulty == "blatant", one_prefix=False
    )
    return farm(birth, forms, hours / 24, lambda: spot, lambda: tool)


def registration_drip(birth: Birth) -> Inhabitant:
    """Make a farm of one device that opens an account now and then, behind a carrier's gateways.

    Dozens in two days when blatant; when subtle six to sixteen in most of a week.
    """
    rng = birth.rng
    days = chosen(birth, blatant=rng.uniform(1, 2), clear=rng.uniform(2, 4), subtle=rng.uniform(4, 6))
    names = chosen(birth, blatant=lettered, clear=human, subtle=human)
    forms = Forms(rng, names=names(rng), own_domain=False, one_prefix=birth.difficulty != "subtle")
    device = phone(rng)
    return farm(birth, forms, days, lambda: hideouts.on_a_gateway(birth.pools, rng), lambda: device)


def registration_pattern(birth: Birth) -> Inhabitant:
    """Make a farm whose accounts have nothing in common but what is in the forms, each from another home.

    Names that count up, one mail domain, one kind of phone number when blatant; when subtle only the shape of
    the names.
    """
    rng = birth.rng
    days = chosen(birth, blatant=rng.uniform(0.2, 1), clear=rng.uniform(1, 3), subtle=rng.uniform(2, 5))
    forms = Forms(
        rng,
        names=chosen(birth, blatant=counting, clear=counting, subtle=lettered)(rng),
        own_domain=birth.difficulty == "blatant" or rng.random() < 0.4,  # noqa: PLR2004 - bought mail is easier
        one_prefix=birth.difficulty != "subtle",
    )
    return farm(
        birth, forms, days, lambda: hideouts.at_home(birth.pools, rng), lambda: programs.impersonator(rng)
    )


def registration_network(birth: Birth) -> Inhabitant:
    """Make a farm behind many addresses with one program: a /24, or a network of proxies.

    A /24 in hours when blatant, in days when clear; when subtle proxies, in the names of a leaked list.
    """
    rng, tool = birth.rng, _tool(birth)
    days = chosen(
        birth, blatant=rng.uniform(0.05, 0.3), clear=rng.uniform(0.7, 2.5), subtle=rng.uniform(2, 5)
    )
    forms = Forms(
        rng,
        names=chosen(birth, blatant=lettered, clear=lettered, subtle=human)(rng),
        own_domain=False,
        one_prefix=birth.difficulty == "blatant",
    )
    count = rng.randrange(15, 60)
    if birth.difficulty == "subtle":
        spots = hideouts.proxies(birth.pools, rng, count)
    else:
        spots = hideouts.neighbours(hideouts.den(birth), count, rng)
    return farm(birth, forms, days, lambda: rng.choice(spots), lambda: tool)


def _tool(birth: Birth) -> Device:
    """Draw what opens the accounts: a program, or a browser that one drives."""
    driven = birth.rng.random() < chosen(birth, blatant=0.2, clear=0.45, subtle=0.7)
    return programs.driven_browser(birth.rng, hidden=True) if driven else programs.tool(birth)

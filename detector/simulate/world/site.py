"""The platform as a web site: what pages, assets and API calls there are, and how large their answers."""

from random import Random

PAGES = (
    "/workspace",
    "/boards/{}",
    "/materials/{}",
    "/materials/{}/trend",
    "/reports/{}",
    "/search",
    "/favorites",
    "/rankings",
    "/settings/profile",
)
PAGE_WEIGHTS = (14, 18, 26, 8, 10, 14, 5, 4, 1)
FIRST_ASSETS = (
    "/static/app.3f9c1e.css",
    "/static/app.71b2d0.js",
    "/static/vendor.a04e55.js",
    "/static/logo.png",
)
OWN_THINGS = 24  # boards, materials and reports that one account comes back to
THINGS = 400_000

_CUMULATIVE = tuple(sum(PAGE_WEIGHTS[: n + 1]) for n in range(len(PAGE_WEIGHTS)))


def page(rng: Random, account_number: int, client: str | None) -> str:
    """Draw what a person asks for: mostly things of the account's own, now and then a new one."""
    form = rng.choices(PAGES, cum_weights=_CUMULATIVE)[0]
    if "{}" in form:
        new = rng.random() < 0.2  # noqa: PLR2004 - share of things opened for the first time
        thing = rng.randrange(THINGS) if new else (account_number * 7919 + rng.randrange(OWN_THINGS)) % THINGS
        form = form.format(thing)
    return form if client == "web" else f"/api/v2{form}"


def thumbnail(rng: Random) -> str:
    """Draw a picture on a page."""
    return f"/media/thumb/{rng.randrange(THINGS)}.png"


def status(rng: Random) -> int:
    """Draw how a page is answered."""
    roll = rng.random()
    if roll < 0.965:  # noqa: PLR2004 - shares of answers
        return 200
    return 304 if roll < 0.985 else 404 if roll < 0.996 else 500  # noqa: PLR2004 - the same


def size(rng: Random) -> int:
    """Draw the bytes of an answer: log-normal around 9 kB."""
    return int(rng.lognormvariate(9.1, 0.8))


CATEGORIES = 180
PICTURES_A_PAGE = (4, 14)
EXPORTS = ("/api/v2/exports", "/api/v2/boards/{}/export", "/api/v2/reports/{}/download")


def listing(number: int) -> str:
    """Return one page of the catalogue's lists, which programs walk one after the other."""
    return f"/categories/{number % CATEGORIES}/pages/{number // CATEGORIES + 1}"


def pictures(rng: Random) -> list[str]:
    """Draw the pictures of a page, as a browser without a cache fetches them."""
    return [thumbnail(rng) for _ in range(rng.randrange(*PICTURES_A_PAGE))]


def export(rng: Random) -> str:
    """Draw a way to take data out in bulk."""
    return rng.choice(EXPORTS).format(rng.randrange(THINGS))

"""How a farm fills in its forms: by counting up, by lists of words, by random letters."""

from collections.abc import Callable
from random import Random
from typing import TypeAlias

from detector.scoring.labels import Subject
from detector.simulate.world.registrations import (
    LETTERS,
    VIRTUAL_PHONES,
    Form,
    cheap_domain,
    free_mail,
    personal,
)

Names: TypeAlias = Callable[[Random, int], str]


def counting(rng: Random) -> tuple[str, Names]:
    """Return a word, and names that are the word and a number that counts up."""
    word, first = "".join(rng.choices(LETTERS, k=rng.randrange(4, 8))), rng.randrange(5_000)
    return word, lambda _rng, number: f"{word}{first + number:05d}"


def lettered(rng: Random) -> tuple[str, Names]:
    """Return names of random letters with a number of fixed length: one shape, and not a word in common."""
    letters, digits = rng.randrange(6, 10), rng.randrange(2, 5)

    def name(own: Random, _number: int) -> str:
        return "".join(own.choices(LETTERS, k=letters)) + f"{own.randrange(10**digits):0{digits}d}"

    return "", name


def human(_rng: Random) -> tuple[str, Names]:
    """Return names as people have them, out of a leaked list."""
    return "", lambda own, _number: personal(own).username


class Forms:
    """A farm's forms: `names`, a domain of its own or bought mail, one phone prefix or many.

    `groups` are what the forms have in common, as groups.
    """

    def __init__(self, rng: Random, *, names: tuple[str, Names], own_domain: bool, one_prefix: bool) -> None:
        word, self._names = names
        self._domain = cheap_domain(rng) if own_domain else None
        self._prefix = rng.choice(VIRTUAL_PHONES) if one_prefix else None
        common = {"email_domain": self._domain, "phone_prefix": self._prefix, "username": word}
        self.groups = tuple(
            Subject(type="group", id=f"{name}:{value}") for name, value in common.items() if value
        )

    def form(self, rng: Random, number: int) -> Form:
        """Fill in the form number `number`."""
        return Form(
            email_domain=self._domain or free_mail(rng),
            phone_prefix=self._prefix or personal(rng).phone_prefix,
            username=self._names(rng, number),
        )

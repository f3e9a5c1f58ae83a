"""A population: profiles, and the deck from which inhabitants are dealt."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from random import Random
from typing import Final, NamedTuple

from detector.simulate.world.inhabitants import Birth, Inhabitant
from detector.simulate.world.pools import Pools

DIFFICULTIES: Final = ("blatant", "clear", "subtle")


class Profile(NamedTuple):
    """A kind of inhabitant: `share` of a deck, made by `build`; an abuser's `difficulty`.

    A share with a fraction, such as 0.25, is dealt in one deck of so many, here in every fourth.
    """

    name: str
    share: float
    build: Callable[[Birth], Inhabitant]
    difficulty: str = ""


def graded(name: str, build: Callable[[Birth], Inhabitant], share: float) -> tuple[Profile, ...]:
    """Return a profile at each strength, with the same share each."""
    return tuple(Profile(name, share, build, difficulty) for difficulty in DIFFICULTIES)


@dataclass(frozen=True)
class Population:
    """The profiles that are dealt, deck by deck.

    Where a profile's fraction is not due in a deck, the first profile takes its place: all decks are of one
    size. `without_entitlement` says how those live who need one to be innocent, where none are handed out.
    `plain_ids`: see `Birth`.
    """

    profiles: tuple[Profile, ...]
    without_entitlement: Mapping[str, str] = field(default_factory=dict)
    plain_ids: bool = False

    @cached_property
    def deck(self) -> tuple[Profile, ...]:
        """Every profile as often as its share says, fractions rounded up."""
        return tuple(profile for profile in self.profiles for _ in range(math.ceil(profile.share)))

    @cached_property
    def by_name(self) -> dict[str, Profile]:
        """The profiles by name; of those with several strengths, one."""
        return {profile.name: profile for profile in self.profiles}

    def inhabitant(self, seed: int, number: int, pools: Pools, *, entitled: bool) -> tuple[str, Inhabitant]:
        """Return the profile's name and the inhabitant of this number, the same whoever else there is."""
        deck, place = divmod(number, len(self.deck))
        drawn = _order(seed, deck, len(self.deck))[place]
        profile = self.deck[drawn]
        if drawn + 1 == len(self.deck) or self.deck[drawn + 1] is not profile:  # the last of its kind
            profile = profile if _due(profile, seed, deck) else self.profiles[0]
        if not entitled and profile.name in self.without_entitlement:
            profile = self.by_name[self.without_entitlement[profile.name]]
        birth = Birth(
            number=number,
            rng=Random(f"{seed}/birth/{number}"),
            pools=pools,
            deck=deck,
            deck_rng=Random(f"{seed}/offices/{deck}"),
            difficulty=profile.difficulty,
            plain_ids=self.plain_ids,
        )
        return profile.name, profile.build(birth)


def _due(profile: Profile, seed: int, deck: int) -> bool:
    """Return whether what a share has beyond whole ones is dealt in this deck."""
    fraction = profile.share % 1.0
    if not fraction:
        return True
    phase = Random(f"{seed}/due/{profile.name}/{profile.difficulty}").random()
    return math.floor(fraction * (deck + 1) + phase) > math.floor(fraction * deck + phase)


@lru_cache(maxsize=8)
def _order(seed: int, deck: int, size: int) -> tuple[int, ...]:
    order = list(range(size))
    Random(f"{seed}/deck/{deck}").shuffle(order)
    return tuple(order)

"""A population: profiles, and the deck from which inhabitants are dealt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from random import Random
from typing import NamedTuple

from detector.simulate.inhabitants import Birth, Inhabitant
from detector.simulate.pools import Pools


class Profile(NamedTuple):
    """A kind of inhabitant: `share` of the deck, made by `build`; an abuser's `difficulty`."""

    name: str
    share: int
    build: Callable[[Birth], Inhabitant]
    difficulty: str = ""


@dataclass(frozen=True)
class Population:
    """The profiles that are dealt, deck by deck.

    `without_entitlement` says how those live who need one to be innocent, where none are handed out.
    `plain_ids`: see `Birth`.
    """

    profiles: tuple[Profile, ...]
    without_entitlement: dict[str, str] = field(default_factory=dict)
    plain_ids: bool = False

    @cached_property
    def deck(self) -> tuple[Profile, ...]:
        """Every profile as often as its share says."""
        return tuple(profile for profile in self.profiles for _ in range(profile.share))

    @cached_property
    def by_name(self) -> dict[str, Profile]:
        """The profiles by name; of those with several strengths, one."""
        return {profile.name: profile for profile in self.profiles}

    def inhabitant(self, seed: int, number: int, pools: Pools, *, entitled: bool) -> tuple[str, Inhabitant]:
        """Return the profile's name and the inhabitant of this number, the same whoever else there is."""
        deck, place = divmod(number, len(self.deck))
        profile = self.deck[_order(seed, deck, len(self.deck))[place]]
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


@lru_cache(maxsize=8)
def _order(seed: int, deck: int, size: int) -> tuple[int, ...]:
    order = list(range(size))
    Random(f"{seed}/deck/{deck}").shuffle(order)
    return tuple(order)

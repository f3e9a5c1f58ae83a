"""Labelled synthetic history.

Two populations can live (`profiles`): a first, small one, and a full one of `people` and of `programs`, the
abusive among them at three strengths. All of them live in one `world`: cities, access lines whose addresses
come from the real databases, devices, days and visits that unroll into session events. `history` puts the
days together in event-time order and says what is true of whom.

Everything is drawn from generators seeded by name: the same seed gives the same bytes, and one account more
changes none of the others.
"""

from detector.simulate.entitlements import entitlements
from detector.simulate.history import History, messages, simulate
from detector.simulate.world.pools import Pools
from detector.simulate.world.shipped import shipped_pools

__all__ = ["History", "Pools", "entitlements", "messages", "shipped_pools", "simulate"]

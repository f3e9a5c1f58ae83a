"""Labelled synthetic history, and how well alerts match its labels.

Inhabitants (`innocents`, `abusers`, `attackers`, listed in `profiles`) live in cities (`places`) and use
devices (`devices`) over access lines (`lines`) whose addresses come from the real databases (`pools`). Each
day they plan visits (`people`), and a visit (`visits`) unrolls into session events (`sessions`, `tools`).
`history` puts the days together in event-time order, `labels` says what is true of whom, and `score` compares
alerts with that. Everything is drawn from generators seeded by name: the same seed gives the same bytes, and
one account more changes none of the others.
"""

from detector.simulate.accusations import Accusation, read_alerts
from detector.simulate.entitlements import entitlements
from detector.simulate.history import History, messages, simulate
from detector.simulate.labels import Label, read_labels
from detector.simulate.pools import Pools, read_pools
from detector.simulate.score import Judged, Score, pooled, score

__all__ = [
    "Accusation",
    "History",
    "Judged",
    "Label",
    "Pools",
    "Score",
    "entitlements",
    "messages",
    "pooled",
    "read_alerts",
    "read_labels",
    "read_pools",
    "score",
    "simulate",
]

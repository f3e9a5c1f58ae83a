"""Labelled synthetic history, and how well alerts match its labels.

Two populations can live (`profiles`): a first, small one (`innocents`, `abusers`, `attackers`), and a full
one of human beings (`humans`, at three strengths where they abuse) and of programs (`machines`). An
inhabitant lives in a city (`places`) and uses devices (`devices`) over access lines (`lines`, `access`)
whose addresses come from the real databases (`pools`). Each day it plans visits (`people`, `residents`),
and a visit (`visits`) unrolls into session events (`sessions`, `asides`, `tools`). `history` puts the days
together in event-time order, `labels` says what is true of whom, and `score` compares alerts with that.
Everything is drawn from generators seeded by name: the same seed gives the same bytes, and one account more
changes none of the others.
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

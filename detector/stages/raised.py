"""Holding back: a rule that goes on firing for a row is heard once an hour, or when it grows louder.

What it said in shadow is noted as well, its moment below zero, and holds back nothing that is live. What it
says by the parameters of a policy in shadow is noted so in a slot that no rule has (`detector.policy.trial`).
"""

import numpy as np
from numpy.typing import NDArray

from detector.windows.compiled import Array, compiled

AGAIN_MS = 3_600_000
LOUDER = 1.25
SURE = 0.9
"""A strength that the default ladder restricts for: who reaches it is heard, however loud he was before."""
ROUNDING = 1e-6
"""What a strength may lose in the row's 32 bits."""


@compiled
def hold_back(
    places: Array,
    strengths: Array,
    rows: Array,
    times: Array,
    raised_ms: Array,
    raised: Array,
    rule: int,
    shadow: Array,
) -> Array:
    """Return which firings are heard, as a bool array of the shape of `places`; note them in the rows.

    `places`: where a rule fired, in the order of events; `strengths`, `rows`, `times`: of all events;
    `raised_ms`, `raised`: (rows, RULE_SLOTS), of the rows; `shadow`: whether a firing is heard in shadow
    only, bool, of the shape of `places`.
    """
    heard = places >= 0
    for index in range(len(places)):
        place = places[index]
        row = rows[place]
        strength = strengths[place]
        said_ms = raised_ms[row, rule]
        if said_ms < 0 and shadow[index]:
            said_ms = -said_ms
        quiet = said_ms <= 0 or times[place] - said_ms >= AGAIN_MS
        # Its place is taken while what is live was heard within the hour.
        taken = shadow[index] and raised_ms[row, rule] > 0 and not quiet
        # Plain Python would multiply in the row's 32 bits, compiled code does in 64.
        before = np.float64(raised[row, rule])
        louder = strength >= LOUDER * before or (strength >= SURE and before < SURE - ROUNDING)
        if (quiet or louder) and not taken:
            raised_ms[row, rule] = -times[place] if shadow[index] else times[place]
            raised[row, rule] = strength
        else:
            heard[index] = False
    return heard


def heard(
    places: NDArray[np.intp],
    strengths: NDArray[np.float64],
    features: NDArray[np.void],
    rows: NDArray[np.void],
    rule: int,
    shadow: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which firings of a rule are heard, and note them in `rows`; see `hold_back`.

    `features` are of the events, and name their rows.
    """
    found: NDArray[np.bool_] = hold_back(
        places,
        strengths,
        features["row"],
        features["time_ms"],
        rows["raised_ms"],
        rows["raised"],
        rule,
        shadow,
    )
    return found


def heard_apart(
    places: NDArray[np.intp],
    strengths: NDArray[np.float64],
    features: NDArray[np.void],
    rows: NDArray[np.void],
    slot: int,
    since_ms: int,
) -> NDArray[np.intp]:
    """Return at which of `places` a rule is heard by a policy in shadow, whose spare slot in rows is `slot`.

    It is held back as a live one is. What was noted in the slot before `since_ms` was another policy's.
    """
    own = np.unique(features["row"][places])
    stale = own[is_stale(rows["raised_ms"][own, slot], since_ms)]
    rows["raised_ms"][stale, slot] = 0
    return places[heard(places, strengths, features, rows, slot, np.ones(len(places), np.bool_))]


def is_stale(raised_ms: NDArray[np.int64], since_ms: int) -> NDArray[np.bool_]:
    """Return of each moment in a spare slot whether it was noted before a policy was in shadow."""
    stale: NDArray[np.bool_] = -raised_ms < since_ms
    return stale

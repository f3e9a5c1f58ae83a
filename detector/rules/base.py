"""What a rule is, and the small vocabulary that rules are written in."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Features: TypeAlias = Any
"""`Moments` of FEATURES (detector/windows/layout.py), shape (n,), or one record of it as `np.record`."""
Strengths: TypeAlias = NDArray[np.float64]
"""0 where a rule is silent, 0.5 at its threshold, up to 1; shape (n,)."""

ALWAYS_OBSERVE = 0.25
"""A strength that is worth a note and never a step."""


OF_ONE_PERSON = ("account_sharing", "account_transfer")
"""Categories of accounts that more than one person uses."""
SEVERAL = 3
"""Kinds of client that one person has at most at one address."""
ONE_GREETING = 2.0
"""What a row is given more where several kinds of client have one TLS fingerprint."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What was measured against what: a signal's name, its value and its threshold, in the signal's unit."""

    signal: str
    value: float
    threshold: float


class Rule(Protocol):
    """One way to see one kind of abuse in the features of an account or a visitor.

    A rule's module says which clause it serves, on what source it rests, what it misses and where it errs.
    Its parameters are its fields. It is pure: what it says depends on the features alone.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    category: ClassVar[str]
    purpose: ClassVar[Literal["enforce", "protect"]]
    slots: ClassVar[str]
    """The feature with a bit per sighting it rests on; `failures`: failed logins, "": the current one."""
    places: ClassVar[bool]
    """Whether the rule rests on geography, so that what could not be placed must be said."""

    def check(self, seen: Features) -> Strengths:
        """Return how strongly each of n moments speaks of the abuse."""
        ...

    def reason(self, seen: Features) -> Reason:
        """Return the measured value and threshold of one moment."""
        ...


def category_of(rule: Rule, *, seat: bool) -> str:
    """Return the category of what a rule says: of a seat, sharing it and passing it round are one thing."""
    return "seat_sharing" if seat and rule.category in OF_ONE_PERSON else rule.category


def at_work(seen: Features) -> NDArray[np.bool_]:
    """Return which of n moments show an account's person at work.

    Sharing and hopping are told of people, so only such a moment may tell of them: no page that was left
    open, and no failed login, which may be somebody else's.
    """
    shown: NDArray[np.bool_] = (seen.account > 0) & (seen.present > 0)
    return shown


def at_turns(seen: Features) -> NDArray[np.bool_]:
    """Return which of n moments show another hand of an account at work than before.

    Windows of weeks remember people who share for long after they have stopped: what is said of them is said
    when one of them comes after another, and no more when only one is left.
    """
    shown: NDArray[np.bool_] = at_work(seen) & (seen.turned > 0)
    return shown


def crowding(seen: Features) -> NDArray[np.float64]:
    """Return by how much each of n moments is to be given more, because many people share the address.

    1 for accounts and for visitors with up to SEVERAL kinds of client in the hour: a person has a phone, a
    computer, an application or two. Beyond, the number of kinds. Kinds that all greet in one way (TLS) are a
    program that writes ever other agents, or an office whose firewall greets for all: ONE_GREETING.
    """
    clients = np.asarray(seen.clients_1h, np.float64)
    many = np.where(seen.greetings_1h == 1, ONE_GREETING, clients)
    return np.where((seen.account == 0) & (clients > SEVERAL), many, 1.0)


def saturate(value: NDArray[Any], threshold: float | NDArray[Any]) -> Strengths:
    """Return 0 below the threshold, 0.5 at it, rising evenly to 1 at three times the threshold."""
    ratio = np.asarray(value, np.float64) / threshold
    return np.where(ratio >= 1.0, np.minimum(1.0, 0.5 + 0.25 * (ratio - 1.0)), 0.0)

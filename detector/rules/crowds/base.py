"""What a rule about a crowd is."""

from typing import ClassVar, Literal, Protocol, TypeAlias

from detector.rules.base import Features, Reason, Strengths

Accused: TypeAlias = Literal["crowd", "accounts", "addresses"]


class CrowdRule(Protocol):
    """One way to see one kind of abuse in what many accounts share.

    A rule's module says which clause it serves, on what source it rests, what it misses and where it errs.
    Its parameters are its fields. It is pure: what it says depends on the features of its family alone.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    category: ClassVar[str]
    purpose: ClassVar[Literal["enforce", "protect"]]
    kinds: ClassVar[tuple[str, ...]]
    """The kinds of crowds it judges, of `detector.windows.crowds.layout.KINDS`."""
    accuses: ClassVar[Accused]
    """Whom its findings are about: the crowd's key, or each account or address that it rests on."""

    def check(self, seen: Features) -> Strengths:
        """Return how strongly each of n moments speaks of the abuse."""
        ...

    def reason(self, seen: Features) -> Reason:
        """Return the measured value and threshold of one moment."""
        ...

    def rests_on(self, seen: Features) -> int:
        """Return the places of the row's ring that one moment rests on, a bit each."""
        ...

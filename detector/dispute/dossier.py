"""A dossier: all that a bundle about one alert is made of, and whether everything in it holds."""

from dataclasses import dataclass, field
from typing import Any

from detector.alerts import Alert
from detector.dispute.again import Again
from detector.dispute.exhibits import Exhibit
from detector.dispute.in_force import InForce, PolicyFile
from detector.policy.applied import PolicyRecord


@dataclass(frozen=True, slots=True)
class Filed:
    """An alert of the case: its bytes as they were found, and what they say."""

    text: bytes
    alert: Alert


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was gathered about the alert `filed`.

    `case` has all alerts of its case, `faults` what is wrong with their chain; `begun_late`: the first of
    them are no longer kept. `exhibits` are the alert's own evidence, `earlier` that of the case's other
    alerts, for the picture. `sources` says of what was read which bytes it were. `cut`: events are shown with
    their addresses cut.
    """

    filed: Filed
    case: tuple[Filed, ...]
    exhibits: tuple[Exhibit, ...]
    policies: tuple[PolicyFile, ...]
    policy: InForce | None
    again: Again
    faults: tuple[str, ...] = ()
    begun_late: bool = False
    earlier: tuple[Exhibit, ...] = ()
    attributions: tuple[str, ...] = ()
    builds: dict[str, str] = field(default_factory=dict)
    """Of the databases that the re-computation used."""
    sources: tuple[dict[str, Any], ...] = ()
    cut: bool = False
    applied: tuple[PolicyRecord, ...] = ()
    """What was done to policies while the live service ran, in that order."""
    left: tuple[Filed, ...] = ()
    """Of a group's alert: the releases that took accounts out of it; of the holder's alone, if any."""
    holder: str | None = None
    """Of a group's alert: the account whose holder gets it, if it is for one."""

    @property
    def left_by_holder(self) -> tuple[Filed, ...]:
        """The same for who may read it: a holder is told of no other account."""
        return self.left if self.holder is not None else ()

    @property
    def alert(self) -> Alert:
        """What the alert says."""
        return self.filed.alert

    @property
    def shown(self) -> list[Exhibit]:
        """What may be shown to the holder: not what others did, nor what may have been theirs."""
        return [each for each in self.exhibits if each.whose == "subject"]

    @property
    def enclosed(self) -> list[Exhibit]:
        """Those whose events are enclosed."""
        return [each for each in self.shown if each.found is not None]

    def in_state(self, state: str) -> list[Exhibit]:
        """Return the exhibits in a state."""
        return [each for each in self.exhibits if each.state == state]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong, missing or different."""
        good = all(each.state == "as_said" for each in self.exhibits)
        return good and not self.faults and self.policy is not None and self.again.outcome == "same"

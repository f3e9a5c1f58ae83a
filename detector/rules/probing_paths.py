"""Probing: requests for what only who looks for weaknesses asks for.

Clause: 9.1(2)(f), no scanning or testing of the service for weaknesses.
Source: MITRE ATT&CK T1595.002 and T1595.003 (active scanning); the paths by detector/enrich/scanners.py,
which names its lists.
Misses: weaknesses of the platform's own; what the body of a request holds; one try a day.
Errs: a browser extension that looks for open repositories wherever its user goes.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class ProbingPaths:
    """Strength grows from `probes`: different paths, and one more for each kind of weakness after the first.

    They are forgotten after a day without any. `few` are noted. A published crawler whose address and agent
    agree is only noted: it follows the links that somebody else wrote.
    """

    name: ClassVar[str] = "probing_paths"
    version: ClassVar[int] = 2
    category: ClassVar[str] = "probing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    probes: int = 3
    few: int = 2

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        probes = self._probes(seen)
        noted = np.where(probes >= self.few, ALWAYS_OBSERVE, 0.0)
        strength: Strengths = np.where(seen.probed > 0, np.maximum(noted, saturate(probes, self.probes)), 0.0)
        return np.where(seen.verified, np.minimum(strength, ALWAYS_OBSERVE), strength)

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        return Reason("probes", float(self._probes(seen)), self.probes)

    @staticmethod
    def _probes(seen: Features) -> Strengths:
        kinds = np.asarray(seen.probe_kinds, np.int64)
        return np.asarray(seen.probe_paths + np.maximum(kinds - 1, 0), np.float64)

"""Forged source: a chain of forwarders that names ever other clients, or addresses that no host has.

Clause: 9.1(2)(h), no forging of addresses or headers; 9.1(2)(i), no such disturbance of the service.
Source: RFC 7239, 8.1 (a chain is no proof of what untrusted peers added to it); RFC 6890 (addresses that no
  host has); MITRE ATT&CK T1090 (proxies). Of all networks that a person's devices are behind in a day few use
  four: home, office, carrier, a cafe's.
Misses: a forged chain that stays the same, which cannot be told from a proxy's; visitors who change their
  agent with the address, as people behind a forwarding proxy do, and, while nobody said which proxies are the
  platform's, visitors from where one of them might stand.
Errs: a proxy that adds addresses at random. A proxy's stable private or public address is no forgery.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from detector.rules.base import ALWAYS_OBSERVE, Features, Reason, Strengths, saturate


@dataclass(frozen=True, slots=True)
class ForgedSource:
    """Strength grows from `forged` different impossible claims in a day, or from `networks` claimed by turns.

    For the latter the claim must have changed `changes` times, or have named networks `everywhere`. A
    visitor's agent may have changed in one of `steady` of those at most. A second impossible claim is worth a
    note.
    """

    name: ClassVar[str] = "forged_source"
    version: ClassVar[int] = 1
    category: ClassVar[str] = "ip_spoofing"
    purpose: ClassVar[Literal["enforce", "protect"]] = "enforce"
    slots: ClassVar[str] = ""
    places: ClassVar[bool] = False

    forged: int = 3
    networks: int = 5
    changes: int = 12
    everywhere: int = 8
    steady: int = 10

    def check(self, seen: Features) -> Strengths:
        """See `Rule.check`."""
        often = (seen.changed_claims_24h >= self.changes) | (seen.claim_networks_24h >= self.everywhere)
        rotating = often & (
            (seen.account > 0) | (seen.claim_agents_24h * self.steady <= seen.changed_claims_24h)
        )
        forged = saturate(seen.forged_24h, self.forged)
        by_turns = np.where(rotating, saturate(seen.claim_networks_24h, self.networks), 0.0)
        noted = np.where(seen.forged_24h > 1, ALWAYS_OBSERVE, 0.0)
        strongest: Strengths = np.maximum.reduce([forged, by_turns, noted])
        return strongest

    def reason(self, seen: Features) -> Reason:
        """See `Rule.reason`."""
        if seen.forged_24h / self.forged >= seen.claim_networks_24h / self.networks:
            return Reason("forged_addresses_24h", float(seen.forged_24h), self.forged)
        return Reason("claimed_networks_24h", float(seen.claim_networks_24h), self.networks)

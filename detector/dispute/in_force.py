"""The policy by which an alert was decided: found among those that are given by the hash it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from detector.policy.layers import resolved
from detector.policy.model import Policy
from detector.policy.reading import Sheet
from detector.policy.toml_text import toml_text
from detector.policy.version import Party, Version


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was read, and the text of its file."""

    sheet: Sheet
    text: bytes


@dataclass(frozen=True, slots=True)
class InForce:
    """The policy of a hash, the product and plan for which it holds, and the file that it comes from."""

    policy: Policy
    party: Party
    file: PolicyFile

    @property
    def joined(self) -> bytes:
        """What holds for the product and plan, the layers joined, as TOML."""
        return toml_text(resolved(self.file.sheet.tables, *self.party)).encode()


def in_force(files: Sequence[PolicyFile], policy_hash: str) -> InForce | None:
    """Return the policy with a hash: that of the most general party that has it; None where none has."""
    for file in files:
        for party, policy in Version.of(file.sheet.tables).policies.items():
            if policy.hash == policy_hash:
                return InForce(policy, party, file)
    return None

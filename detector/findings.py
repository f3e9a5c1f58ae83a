"""What the rules found, and the blocks in which it travels to the stage that decides."""

from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from detector.alerts import Evidence, NotEvaluated, Subject

WAITS_MS: Final = 30 * 60_000
"""For so long an account of a large ring waits to be named with others, before it has an alert of its own."""
WAITS: Final = "waits"
RING: Final = "ring:"
"""How ids of groups begin that are told of once, as accounts of a large ring."""


class Finding(msgspec.Struct, frozen=True):
    """One rule's word on one subject at one moment, with the events it rests on."""

    time: int
    event_id: str
    rule: str
    rule_version: int
    category: str
    purpose: Literal["enforce", "protect"]
    subject: Subject
    account_id: str | None
    org_id: str | None
    signal: str
    value: float
    threshold: float
    strength: float
    evidence: tuple[Evidence, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    enrichment: dict[str, str]
    related: tuple[Subject, ...] = ()
    """Accounts that the finding names beside its subject, a bounded number of `related_total`."""
    related_total: int = 0
    addresses: tuple[str, ...] = ()
    """Of the events of the evidence, where it does not show them in clear."""
    product: str | None = None
    plan: str | None = None
    """Whose policy decides what follows: the product that was used, and the account's plan then."""
    trial: str | UnsetType = UNSET
    """The policy in shadow by whose parameters it was found, which alone hears it; unset: those in force."""
    ring: str | UnsetType = UNSET
    """Of an account of a large ring: WAITS, for WAITS_MS, or the id of the group that it is named in now."""

    @property
    def group(self) -> str | None:
        """The group in which the account is named just now, if any."""
        return self.ring if self.ring is not UNSET and self.ring.startswith(RING) else None

    @property
    def order(self) -> tuple[int, bool, str, str, str, Subject, float, str, str]:
        """Findings are decided in this order, whichever partition they came from.

        Of one moment those that protect come first: what a thief does is not held against who is robbed.
        """
        enforces, trial = self.purpose == "enforce", self.trial or ""
        said = (self.rule, self.category, self.subject, self.strength, trial)
        return (self.time, enforces, self.event_id, *said, self.ring or "")


class Block(msgspec.Struct, frozen=True):
    """What one partition of a stage sends on at a commit.

    `frontier`: everything of `sender` before it has been sent; `senders`: how many partitions there are.
    """

    sender: int
    senders: int
    frontier: int
    findings: tuple[Finding, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Block)


def encode_block(block: Block) -> bytes:
    """Return a block as MessagePack."""
    return _ENCODER.encode(block)


def decode_block(data: bytes) -> Block:
    """Return a block; raises `msgspec.MsgspecError` for bytes that are none."""
    return _DECODER.decode(data)

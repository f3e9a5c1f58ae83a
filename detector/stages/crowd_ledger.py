"""A crowd's ledger: the clear identifiers of the cells its row remembers, beside the row, never in it."""

from typing import Final

import msgspec

from detector.cells import Cell
from detector.errors import StateError
from detector.windows.crowds.layout import ENTRIES, RULE_SLOTS

IN_SHADOW: Final = 2 * RULE_SLOTS
"""How much further on, in `Member.accused`, stands what was said in shadow only."""


class Member(msgspec.Struct, array_like=True):
    """What is kept of one cell; `offset` is -1 for an event that came from no log.

    `accused` has a bit for each rule of the family that named the account already, and another, RULE_SLOTS
    further on, for each that was sure of it; as many again, IN_SHADOW further on, for what was said in shadow
    only.
    """

    event_id: str
    time: int
    type: str
    ip: str
    account_id: str | None
    device_id: str | None
    session_id: str | None
    partition: int
    offset: int
    accused: int = 0
    product: str | None = None
    plan: str | None = None
    waits: dict[int, int] = {}
    """By a rule's slot, since when the account waits to be told of with others that it found."""
    entered: int = 0
    """When it was seen last that somebody may have entered the account, event time, Unix ms."""
    org_id: str | None = None

    def is_accused(self, bits: int, *, in_shadow: bool = False) -> bool:
        """Return whether it was named so, `in_shadow`: whether live or in shadow only."""
        both = (self.accused, self.accused >> IN_SHADOW) if in_shadow else (self.accused,)
        return any(bits == bits & accused for accused in both)


CrowdLedger = list[Member | None]


def member(cell: Cell, before: Member | None = None) -> Member:
    """Return what is kept of a cell in the place where `before` was; the same one stays accused."""
    if before is None or before.account_id != cell.account_id:
        same = False
    else:
        same = before.account_id is not None or before.ip == cell.ip
    known = before if same else None
    return Member(
        cell.event_id,
        cell.time,
        cell.type,
        cell.ip,
        cell.account_id,
        cell.device_id,
        cell.session_id,
        cell.partition,
        cell.offset,
        0 if known is None else known.accused,
        cell.product,
        cell.plan,
        {} if known is None else known.waits,
        cell.time if cell.entered else 0 if known is None else known.entered,
        cell.org_id,
    )


def accused_bits(slot: int, *, sure: bool) -> int:
    """Return the bits of `Member.accused` of a rule with a slot; `sure`: with that of its being sure."""
    return 1 << slot | (1 << slot + RULE_SLOTS if sure else 0)


def forget_accused(ledger: CrowdLedger, slot: int) -> None:
    """Forget whom the rule of a slot accused in shadow."""
    others = ~(accused_bits(slot, sure=True) << IN_SHADOW)
    for known in filter(None, ledger):
        known.accused &= others


def new_crowd_ledger() -> CrowdLedger:
    """Return a ledger without members."""
    return [None] * ENTRIES


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(CrowdLedger)


def encode_crowd_ledger(ledger: CrowdLedger) -> bytes:
    """Return a ledger as MessagePack."""
    return _ENCODER.encode(ledger)


def decode_crowd_ledger(data: bytes) -> CrowdLedger:
    """Return a ledger; raises `StateError` for bytes that are none."""
    try:
        ledger = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise StateError(f"a ledger cannot be read ({error}): clear Redis to rebuild the windows") from error
    if len(ledger) != ENTRIES:
        raise StateError("a ledger of another version was found: clear Redis to rebuild the windows")
    return ledger

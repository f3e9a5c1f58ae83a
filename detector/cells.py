"""Cells: what single events mean to the crowds that accounts share, and the blocks in which they travel.

An event matters to a crowd where it may show what many accounts do together: a sign-up, a login that failed,
an account's first sign of the day at an address. Each such event becomes one cell for each crowd concerned;
all others stay where they are.
"""

import msgspec


class CrowdKey(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """Which crowd: the family of what is counted there, the kind of thing that is shared, and which one.

    `kind` is `address`, `prefix`, `device`, `client`, `organisation` or what a registration tells; `id` is
    clear text.
    """

    family: str
    kind: str
    id: str

    @property
    def text(self) -> str:
        """The key as one text: Kafka's key, and what a row's digest is made of."""
        return f"{self.family}:{self.kind}:{self.id}"


class Cell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one event means to one crowd; `facts` are numbers whose meaning the family defines.

    `excused` has the bits of categories that the account's entitlements explain at that moment, `plan` is its
    plan then; `offset` is -1 for an event that came from no log; `entered`: somebody may have entered the
    account.
    """

    key: CrowdKey
    time: int
    event_id: str
    type: str
    ip: str
    account_id: str | None
    device_id: str | None
    session_id: str | None
    org_id: str | None
    excused: int
    facts: tuple[int, ...]
    partition: int
    offset: int
    product: str | None = None
    plan: str | None = None
    entered: bool = False

    @property
    def order(self) -> tuple[int, str, CrowdKey]:
        """Cells are folded in this order, whichever partition they came from."""
        return (self.time, self.event_id, self.key)


class CellBlock(msgspec.Struct, frozen=True):
    """What one partition of stage accounts sends to one partition of stage crowds at a commit.

    `frontier`: everything of `sender` before it has been sent; `senders`: how many partitions there are.
    """

    sender: int
    senders: int
    frontier: int
    cells: tuple[Cell, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(CellBlock)


def encode_cells(block: CellBlock) -> bytes:
    """Return a block of cells as MessagePack."""
    return _ENCODER.encode(block)


def decode_cells(data: bytes) -> CellBlock:
    """Return a block of cells; raises `msgspec.MsgspecError` for bytes that are none."""
    return _DECODER.decode(data)

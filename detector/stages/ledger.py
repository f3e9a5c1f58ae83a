"""An account's ledger: the clear identifiers that an alert's evidence needs, beside the row, never in it.

A witness is a failed login, or what shows most of a sighting: the event that opened it, or the first one in
it that shows more, a person at work or use of a cloud. The ledger is written only when one changes; what is
stored is sealed by the store's side.
"""

from collections.abc import Iterable

import msgspec

from detector.clipping import clipped
from detector.errors import StateError
from detector.events import SessionEvent
from detector.windows.layout import SIGHTINGS, WITNESSES


class Witness(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of one event; `offset` is -1 for an event that came from no log."""

    event_id: str
    time: int
    type: str
    ip: str
    device_id: str | None
    session_id: str | None
    offset: int


class Ledger(msgspec.Struct, array_like=True):
    """The witnesses of one row, by sighting and by place of failed logins."""

    sightings: list[Witness | None]
    failures: list[Witness | None]
    entered: list[int] = []
    """When somebody may have entered the account lately, event time, Unix ms."""

    def chosen(self, slots: int) -> Iterable[Witness]:
        """Return the witnesses of the sightings whose bit is set."""
        return (w for place, w in enumerate(self.sightings) if w is not None and slots >> place & 1)


def new_ledger() -> Ledger:
    """Return a ledger without witnesses."""
    return Ledger([None] * SIGHTINGS, [None] * WITNESSES)


def witness(event: SessionEvent, time_ms: int, offset: int) -> Witness:
    """Return what is kept of an event."""
    device, session = clipped(event.device_id), clipped(event.session_id)
    return Witness(event.event_id, time_ms, event.type, event.ip, device, session, offset)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Ledger)


def encode_ledger(ledger: Ledger) -> bytes:
    """Return a ledger as MessagePack."""
    return _ENCODER.encode(ledger)


def decode_ledger(data: bytes) -> Ledger:
    """Return a ledger; raises `StateError` for bytes that are none."""
    try:
        ledger = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise StateError(f"a ledger cannot be read ({error}): clear Redis to rebuild the windows") from error
    if (len(ledger.sightings), len(ledger.failures)) != (SIGHTINGS, WITNESSES):
        raise StateError("a ledger of another version was found: clear Redis to rebuild the windows")
    return ledger

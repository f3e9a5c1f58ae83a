"""Stamping: from which moment of event time on an entitlement counts."""

from typing import Final

import msgspec

from detector.events import Rejected
from detector.moments import instant_ms
from detector.policy import Entitlement, Stamped

AHEAD_MS: Final = 60_000
"""A control that names no later moment counts from the highest frontier known plus this: every stage reads it
before it gets there."""
MAX_KEY_BYTES: Final = 1_024
MAX_VALUE_BYTES: Final = 262_144
"""A stamped entitlement is at most four times as long as it came (what was left out is written as null), and
must fit in a message of 1 MB: one that cannot be written would hold up all that follow."""


def stamp(key: bytes | None, value: bytes | None, source: str, frontier: int) -> Stamped | Rejected:
    """Return an entitlement with its moment, or why the message is none; a null value removes.

    `source` is `topic/partition/offset` of the message; `frontier` the highest known, Unix ms, 0 for none.
    A plan that is not known is kept as it is: it says nothing to a rule, and the platform may have new ones.
    Of a field that is there twice, the last one counts; an empty value is no JSON and removes nothing.
    """
    if not key:
        return Rejected("missing_key", "an entitlement's key is the account_id, or org:<org_id>")
    if len(key) > MAX_KEY_BYTES or len(value or b"") > MAX_VALUE_BYTES:
        return Rejected("too_long", f"the key may have {MAX_KEY_BYTES} bytes, the value {MAX_VALUE_BYTES}")
    try:
        name = key.decode()
    except UnicodeDecodeError:
        return Rejected("not_utf8", "the key is no UTF-8 text")
    entitlement = None
    if value is not None:
        try:
            entitlement = msgspec.json.decode(value, type=Entitlement)
        except msgspec.ValidationError as error:
            return Rejected("wrong_type", str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Rejected("not_json", str(error))
    return Stamped(name, _moment(entitlement, frontier), entitlement, source)


def _moment(entitlement: Entitlement | None, frontier: int) -> int:
    declared = entitlement.valid_from if entitlement is not None else None
    since = 0 if declared is None else instant_ms(declared)
    if frontier == 0 or since > frontier:
        return since
    return frontier + AHEAD_MS

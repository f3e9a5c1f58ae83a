"""Stamping: from which moment of event time on an entitlement counts."""

from typing import Final

import msgspec

from detector.events import Rejected
from detector.policy import Entitlement, Stamped
from detector.policy.entitlements import instant_ms

AHEAD_MS: Final = 60_000
"""A control that names no later moment counts from the highest frontier known plus this: every stage reads it
before it gets there."""


def stamp(key: bytes | None, value: bytes | None, source: str, frontier: int) -> Stamped | Rejected:
    """Return an entitlement with its moment, or why the message is none; a null value removes.

    `source` is `topic/partition/offset` of the message; `frontier` the highest known, Unix ms, 0 for none.
    A plan that is not known is kept as it is: it says nothing to a rule, and the platform may have new ones.
    """
    if not key:
        return Rejected("missing_key", "an entitlement's key is the account_id, or org:<org_id>")
    try:
        name = key.decode()
    except UnicodeDecodeError:
        return Rejected("not_utf8", "the key is no UTF-8 text")
    entitlement = None
    if value:
        try:
            entitlement = msgspec.json.decode(value, type=Entitlement)
        except msgspec.ValidationError as error:
            return Rejected("wrong_type", str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Rejected("not_json", str(error))
    return Stamped(name, _moment(entitlement, frontier), entitlement, source)


def _moment(entitlement: Entitlement | None, frontier: int) -> int:
    declared = entitlement.valid_from if entitlement is not None else None
    since = None if declared is None else instant_ms(declared)
    if frontier == 0:
        return since or 0
    if since is not None and since > frontier:
        return since
    return frontier + AHEAD_MS

"""Stamping: from which moment of event time on an entitlement, a verdict or a policy counts."""

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

import msgspec

from detector.events import Rejected
from detector.feedback import NO_TIME, Feedback, StampedFeedback
from detector.moments import instant_ms
from detector.policy import Entitlement, Stamped
from detector.policy.applied import PolicyRecord
from detector.policy.entitlements import NO_ACCOUNT, is_visitor
from detector.topics import Topics

T = TypeVar("T")
ByMessage: TypeAlias = Stamped | StampedFeedback
Control: TypeAlias = ByMessage | PolicyRecord
Stamp: TypeAlias = Callable[[bytes | None, bytes | None, str, int], ByMessage | Rejected]
"""Gives a message its moment, or says why it is none: takes key, value, its `topic/partition/offset`, and the
highest frontier known, Unix ms, 0 for none."""

AHEAD_MS: Final = 60_000
"""A control that names no later moment counts from the highest frontier known plus this: every stage reads it
before it gets there."""
MAX_KEY_BYTES: Final = 1_024
MAX_VALUE_BYTES: Final = 262_144
"""A stamped entitlement is at most four times as long as it came (what was left out is written as null), and
must fit in a message of 1 MB: one that cannot be written would hold up all that follow."""
MAX_FEEDBACK_BYTES: Final = 32_768
MAX_POLICY_BYTES: Final = 262_144
"""Of a policy's file, which travels as it is, and twice as long at most."""
_SECOND_MS: Final = 1_000


def stamps(topics: Topics) -> dict[str, Stamp]:
    """Return the topics whose messages are stamped, and what stamps those of each."""
    return {topics.entitlements: stamp_entitlement, topics.feedback: stamp_feedback}


def stamp_entitlement(
    key: bytes | None, value: bytes | None, source: str, frontier: int
) -> Stamped | Rejected:
    """Return an entitlement with its moment, or why the message is none; a null value removes.

    A plan that is not known is kept as it is: a policy that knows it may be in force when it counts.
    Of a field that is there twice, the last one counts; an empty value is no JSON and removes nothing.
    """
    name = _name(key, value, MAX_VALUE_BYTES)
    if isinstance(name, Rejected):
        return name
    if is_visitor(name):
        return Rejected("not_an_account", NO_ACCOUNT)
    entitlement = None if value is None else _read(value, Entitlement)
    if isinstance(entitlement, Rejected):
        return entitlement
    declared = entitlement.valid_from if entitlement is not None else None
    since = 0 if declared is None else instant_ms(declared)
    return Stamped(name, _moment(since, frontier), entitlement, source)


def stamp_feedback(
    key: bytes | None, value: bytes | None, source: str, frontier: int
) -> StampedFeedback | Rejected:
    """Return feedback with its moment, or why the message is none; fields that are not known are left out."""
    name = _name(key, value, MAX_FEEDBACK_BYTES)
    if isinstance(name, Rejected):
        return name
    if value is None:
        return Rejected("null_value", "feedback cannot be taken back: another verdict may follow it")
    feedback = _read(value, Feedback)
    if isinstance(feedback, Rejected):
        return feedback
    return StampedFeedback(name, _moment(feedback.time_ms, frontier), feedback, source)


def _name(key: bytes | None, value: bytes | None, most: int) -> str | Rejected:
    """Return whose a message is, if it has a key that is text and is not too long."""
    if not key:
        return Rejected("missing_key", "the key says whose it is, and is missing")
    if len(key) > MAX_KEY_BYTES or len(value or b"") > most:
        return Rejected("too_long", f"the key may have {MAX_KEY_BYTES} bytes, the value {most}")
    try:
        return key.decode()
    except UnicodeDecodeError:
        return Rejected("not_utf8", "the key is no UTF-8 text")


def _read(value: bytes, kind: type[T]) -> T | Rejected:
    try:
        return msgspec.json.decode(value, type=kind)
    except msgspec.ValidationError as error:
        return _complaint(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Rejected("not_json", str(error))


def _complaint(text: str) -> Rejected:
    """Return what is wrong, without a word of the message itself: it may name people."""
    said, _, where = text.rpartition(" - at ")
    said = said or text
    if "missing required field" in said:
        return Rejected("missing_field", text)
    if "of length <=" in said:
        return Rejected("too_long", text)
    if NO_TIME in said:
        return Rejected("bad_time", NO_TIME)
    known = said.startswith(("Expected ", "Object "))
    return Rejected("wrong_type", text if known else f"{where or 'the value'} is not what belongs there")


def policy_moment(declared: int | None, frontier: int) -> int:
    """Return from when on a policy counts, Unix ms: its own moment, but none that may be judged already.

    `frontier`: the highest one known, 0 for none. To the whole second, so that it can be written down.
    """
    earliest = 0 if frontier == 0 else -(-(frontier + AHEAD_MS) // _SECOND_MS) * _SECOND_MS
    return earliest if declared is None else max(declared, earliest)


def _moment(since: int, frontier: int) -> int:
    return since if frontier == 0 or since > frontier else frontier + AHEAD_MS

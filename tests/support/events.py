"""Session events and messages of a log, in few words."""

import json
from dataclasses import dataclass
from typing import Any

from detector.events import SessionEvent
from detector.stages.accounts import NO_STAMP

START_MS = 1_780_243_200_000
"""A full hour in 2026."""
BEIJING = "123.125.81.6"
SHANGHAI = "116.228.111.118"
GUANGZHOU = "183.60.83.19"
CLOUD = "47.92.1.1"
"""Aliyun's."""
CARRIER = "39.156.66.10"
DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"
REQUEST = {"method": "GET", "path": "/", "status": 200}


def event(event_id: str = "e", time: int = START_MS, **fields: Any) -> SessionEvent:
    """Return an event as `decode` gives it: a login from Beijing, unless `fields` say otherwise."""
    said = {"type": "login_success", "ip": BEIJING, "account_id": "ann", "user_agent": DESKTOP} | fields
    if said["type"] == "request":
        said = REQUEST | said
    return SessionEvent(event_id=event_id, time=time, **said)


@dataclass(frozen=True)
class Message:
    """A message of a log; see `detector.stages.accounts.Record`."""

    value: bytes | None
    offset: int = 0
    timestamp: int = NO_STAMP


def message(
    event_id: str = "e", time: int = START_MS, *, offset: int = 0, stamp: int | None = None, **fields: Any
) -> Message:
    """Return the message of an event (see `event`), stamped with the event's own time if not otherwise."""
    said = {"type": "login_success", "ip": BEIJING, "account_id": "ann", "user_agent": DESKTOP} | fields
    if said["type"] == "request":
        said = REQUEST | said
    text = json.dumps({"event_id": event_id, "time": time} | said)
    return Message(text.encode(), offset, time if stamp is None else stamp)

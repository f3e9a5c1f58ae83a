"""What is kept of an account, as one document for whoever asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import msgspec

from detector.cli.account_windows import open_windows
from detector.keyring import ACCOUNT, Found, Keyring
from detector.ladder import Case
from detector.stores import StoredRow
from detector.stream.audit import Controls

ELSEWHERE: Final = (
    "topics of events, dead letters, late events, enriched events and alerts: as each topic's retention says",
    "topics of crowds and findings: what stages told each other, for 14 days where a worker made them",
    (
        "rows of crowds (an address, a device, an organisation) in Redis: the newest 64 events of each,"
        " encrypted, under the crowd's keyed hash, so that nobody finds them from an account;"
        " after the crowd's last event for as long as the policy says (`[retention] windows`)"
    ),
)
"""What of an account is not among what is exported, and how long it stays."""


def export_of(
    account: str,
    rows: Mapping[str, Found[StoredRow]],
    keyring: Keyring,
    cases: Sequence[Case],
    controls: Controls,
) -> dict[str, Any]:
    """Return the document, times in Unix ms; `rows` by shard, found with `keyring`.

    Raises `StateError` for a row of another version.
    """
    windows = [asdict(open_windows(account, shard, found)) for shard, found in rows.items()]
    return {
        "account_id": account,
        "hash": keyring.first.name(account, ACCOUNT).hex(),
        "windows": windows,
        "cases": [{"held": controls.holds.get(case.case_id), **msgspec.to_builtins(case)} for case in cases],
        "entitlements": msgspec.to_builtins(controls.entitlements),
        "feedback": msgspec.to_builtins(controls.feedback),
        "requests": msgspec.to_builtins(controls.lines),
        "elsewhere": ELSEWHERE,
    }

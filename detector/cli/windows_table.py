"""The live windows of an account, as tables."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich import box
from rich.console import Console
from rich.table import Table

from detector.cli.account_windows import Identifiers, Sighting, Windows

SHOWN = 8
"""Letters of a device or of a hash: --json has all of them."""
MINUTE_MS = 60_000
WITHIN_YEAR = slice(len("2026-"), len("2026-06-01 00:00"))
HOSTING_MARK = "*"
# Short, so that a table fits 80 columns.
SIGHTING_HEADINGS = ("min", "events", "metro", "position", "ASN", "address", "device")


def show_windows(windows: Windows, console: Console) -> None:
    """Print windows: tables on a terminal, the same as plain columns elsewhere."""
    console.print(
        f"{windows.key} in {windows.shard}, known since {_time(windows.first_ms)}, "
        f"last seen {_time(windows.last_ms)}",
        highlight=False,
        soft_wrap=True,
    )
    if windows.sealed:
        console.print("the clear identifiers cannot be opened: their ledger is damaged")
    for title, headings, rows in (
        ("sightings", SIGHTING_HEADINGS, [_sighting_cells(seen) for seen in windows.sightings]),
        ("24 h up to then", ("count",), [(name, str(n)) for name, n in windows.counters_24h.items() if n]),
        ("rules raised last", ("when", "strength"), [_rule_cells(*each) for each in windows.raised]),
        ("failed logins", ("when", "address"), [_failure_cells(each) for each in windows.failed_logins]),
    ):
        if rows:
            console.print()
            console.print(_table(title, headings, rows, terminal=console.is_terminal))
    if any(seen.hosting for seen in windows.sightings):
        console.print(f"\n{HOSTING_MARK} a cloud provider's or hosting network", highlight=False)


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], *, terminal: bool) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, padding=(0, 1 if terminal else 2, 0, 0)
    )
    for heading in (title, *headings):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _sighting_cells(seen: Sighting) -> tuple[str, ...]:
    event = seen.event or {}
    return (
        _time(seen.first_ms)[WITHIN_YEAR],
        f"{(seen.last_ms - seen.first_ms) / MINUTE_MS:.0f}",
        str(seen.count),
        str(seen.metropolis or "-"),
        f"{seen.lat:.1f}, {seen.lon:.1f}" if seen.metropolis else "-",
        f"{seen.asn}{HOSTING_MARK if seen.hosting else ''}",
        event.get("ip") or f"#{seen.network[:SHOWN]}",
        (event.get("device_id") or f"#{seen.device}")[:SHOWN],
    )


def _rule_cells(rule: str, raised_ms: int, strength: float) -> tuple[str, ...]:
    return rule, _time(raised_ms), f"{strength:.2f}"


def _failure_cells(event: Identifiers) -> tuple[str, ...]:
    return event["event_id"], _time(event["time"]), event["ip"]


def _time(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")

"""Entitlements and allow entries, as tables."""

from collections.abc import Sequence

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from detector.cli.entries_read import Said
from detector.cli.words import counted
from detector.moments import moment_text
from detector.policy.entitlements import Entitlement
from detector.policy.uses import MOST_NETWORKS

HEADINGS = (
    "whose",
    "kind",
    "value",
    "reason",
    "author",
    "expires",
    "for",
    "hits",
    "last used",
    "networks",
    "",
)


def show_entries(entries: Sequence[Said], moment: int, console: Console) -> None:
    """Print entries, one a row: a table on a terminal, the same as plain columns elsewhere."""
    console.print(
        f"{counted(len(entries), 'allow entry', 'allow entries')} at {moment_text(moment)}", highlight=False
    )
    if entries:
        console.print(_table(HEADINGS, [_cells(entry) for entry in entries], terminal=console.is_terminal))


def show_history(
    key: str, history: Sequence[tuple[int, Entitlement | None]], moment: int, console: Console
) -> None:
    """Print what was said of a key, the newest last; an arrow stands at what holds now."""
    console.print(key, highlight=False)
    holds = max((place for place, (since, _) in enumerate(history) if since <= moment), default=-1)
    rows = [
        (">" if place == holds else "", "ever" if since <= 0 else moment_text(since), _words(entitlement))
        for place, (since, entitlement) in enumerate(history)
    ]
    console.print(_table(("", "since", "what"), rows, terminal=console.is_terminal))
    console.print()


def _words(entitlement: Entitlement | None) -> str:
    if entitlement is None:
        return "removed"
    said = msgspec.structs.asdict(entitlement) | {"valid_from": None}
    said["allow"] = len(entitlement.allow) or None
    return ", ".join(f"{name} {value}" for name, value in said.items() if value is not None) or "nothing"


def _cells(entry: Said) -> tuple[str, ...]:
    doubts = [
        f"{doubt} ({', '.join(f'AS{asn}' for asn in entry.new_providers)})" if "new" in doubt else doubt
        for doubt in entry.doubts
    ]
    return (
        entry.key,
        entry.kind,
        str(entry.value),
        entry.reason or "-",
        entry.author or "-",
        "never" if entry.expires is None else moment_text(entry.expires),
        ", ".join(entry.categories),
        str(entry.hits),
        "-" if entry.last_used is None else moment_text(entry.last_used),
        f"{entry.networks}{'+' if entry.networks >= MOST_NETWORKS else ''}",
        "; ".join(doubts),
    )


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, terminal: bool) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD if terminal else None, pad_edge=False, padding=(0, 1 if terminal else 2, 0, 0)
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table

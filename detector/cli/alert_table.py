"""Alerts by category and action, as a table."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table

ACTIONS = ("observe", "warn", "restrict", "suspend", "remove_content", "lock", "release")


def show_alerts(alerts: Mapping[tuple[str, str], int], console: Console) -> None:
    """Print how many alerts there are of each category and action; nothing where there is none."""
    if not alerts:
        return
    used = [action for action in ACTIONS if any(key[1] == action for key in alerts)]
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    table.add_column("category", no_wrap=True)
    for action in used:
        table.add_column(action, justify="right")
    for category in sorted({key[0] for key in alerts}):
        table.add_row(category, *(str(alerts.get((category, action), 0)) for action in used))
    console.print(table)

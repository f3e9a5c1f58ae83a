"""What a replay says at its end: what was read, what was not and why, and what came out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console

from detector.cli.alert_table import show_alerts
from detector.cli.replay_files import DASH
from detector.cli.words import counted
from detector.errors import InputError
from detector.events import Addresses, decode
from detector.formats import FORMATS, Format, open_lines
from detector.replay import Summary
from detector.replay.records import Unread

SHOWN = 10
"""Lines that could not be read, of which the first ones are shown."""


@dataclass(slots=True)
class Complaints:
    """Lines that are no events: how many for each reason, and the first ones; `names`: files as given."""

    names: Mapping[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    first: list[Unread] = field(default_factory=list)

    def note(self, unread: Sequence[Unread]) -> None:
        """Take some more."""
        self.counts.update(line.why.reason for line in unread)
        self.first += unread[: SHOWN - len(self.first)]

    def show(self) -> None:
        """Say how many there are of each reason, and show the first ones."""
        for reason, count in sorted(self.counts.items()):
            click.echo(f"{counted(count, 'line')} not read: {reason}", err=True)
        for line in self.first:
            click.echo(f"  {self._where(line)}: {line.why.detail}", err=True)

    def check(self, lines: int, form: Format) -> None:
        """Raise `InputError` where none of the `lines` is an event: that is another kind of file."""
        if not self.first or self.counts.total() < lines:
            return
        line = self.first[0]
        nothing = f"none of {counted(lines, 'line')} is an event"
        other = _format_of(line, form)
        hint = f"is it --format {other.name}, {other.summary}?" if other else "see --format"
        raise InputError(f"{self._where(line)}: {line.why.reason}: {line.why.detail}; {nothing}: {hint}")

    def _where(self, line: Unread) -> str:
        return f"{self.names[line.file]}, line {line.number}"


def _format_of(unread: Unread, tried: Format) -> Format | None:
    """Return the format in which a line is an event after all."""
    text = next(line for number, line in open_lines(unread.file) if number == unread.number)
    for form in FORMATS.values():
        if form is not tried:
            converted = form.convert("", unread.number, text)
            if isinstance(converted, bytes) and decode([converted], Addresses()).events:
                return form
    return None


def report(summary: Summary, unread: Complaints, alerts: Path, shadow: Path | None) -> None:
    """Say how many events were judged and how many alerts came of it; `alerts`, `shadow`: where they went."""
    repeats = counted(summary.duplicates, "repeat")
    click.echo(f"{counted(summary.events.total(), 'event')} judged, {repeats} dropped", err=True)
    if summary.hidden:
        click.echo(
            f"{counted(summary.hidden, 'event')} came through proxies (forwarded_for), nobody said which are "
            "yours: what rests on their addresses was not judged; --trusted-proxies names them, or none",
            err=True,
        )
    if summary.verdicts or summary.unknown:
        click.echo(
            f"{counted(summary.verdicts.total(), 'verdict')} took effect, {summary.unknown} more on alerts "
            "that no open case knew",
            err=True,
        )
    unread.show()
    where = "standard output" if alerts == DASH else alerts
    click.echo(f"{counted(summary.alerts.total(), 'alert')} written to {where}", err=True)
    if summary.shadow or shadow is not None:
        went = "not written, which --shadow FILE does" if shadow is None else f"written to {shadow}"
        click.echo(f"{counted(summary.shadow, 'alert')} in shadow mode {went}", err=True)
    show_alerts(summary.alerts, Console(stderr=alerts == DASH))

"""`detector policy`: checks policy files, shows what they say, and puts them in force."""

from collections.abc import Sequence

import click

from detector.cli.moment import Moment
from detector.cli.policy_applied import applied
from detector.cli.policy_apply import apply
from detector.cli.policy_end import end
from detector.cli.words import counted
from detector.clock import now_ms
from detector.moments import moment_text
from detector.policy.book import Book
from detector.policy.doubts import doubts
from detector.policy.files import default_text, read_sheets
from detector.policy.layers import resolved
from detector.policy.toml_text import toml_text
from detector.policy.version import EVER, Party, Version


@click.group(epilog="Example: detector policy check policy.toml")
def policy() -> None:
    """Check policy files, show what they say, and put them in force."""


policy.add_command(apply)
policy.add_command(applied)
policy.add_command(end)


@policy.command(epilog="Example: detector policy default > policy.toml")
def default() -> None:
    """Write the policy in force where no other is given, to begin one's own from."""
    click.echo(default_text(), nl=False)


@policy.command(epilog="Example: detector policy check policy.toml --product inspiration --plan trial")
@click.argument("files", nargs=-1, required=True)
@click.option("--product", help="Show the policy in force for this product.")
@click.option("--plan", help="Show the policy in force for this plan.")
@click.option(
    "--at", type=Moment(), help="Show the policy in force then  [default: that of the last version]."
)
def check(files: tuple[str, ...], product: str | None, plan: str | None, at: int | None) -> None:
    """Say what is wrong in policy FILES, versions of one policy, and what in them can hardly be meant.

    With --product, --plan or --at: write what is in force for them, the layers joined.
    """
    sheets = read_sheets(files)
    book = Book.of(sheets)
    for doubt in doubts(sheets, now_ms()):
        click.echo(f"warning: {doubt}", err=True)
    if (product, plan, at) == (None, None, None):
        _list(book.versions)
        _list(book.shadows, ", in shadow")
        return
    last = book.versions[-1].since_ms
    version = book.versions[book.version_at(last if at is None else at)]
    _show(version, (product, plan), last if at is None else at)


def _list(versions: Sequence[Version], how: str = "") -> None:
    for version in versions:
        general = version.policies[None, None]
        since = "" if version.since_ms == EVER else f" from {moment_text(version.since_ms)} on"
        layers = (counted(len(version.tables.get(f"{kind}s", ())), kind) for kind in ("product", "plan"))
        rules = counted(len(general.live), "live rule")
        tried = f", {len(general.shadow)} in shadow" if general.shadow else ""
        click.echo(f"version {version.name}{how}{since}: {rules}{tried}, layers for {' and '.join(layers)}")


def _show(version: Version, party: Party, time_ms: int) -> None:
    known = version.known(*party)
    joined = version.at(*party)
    for what, asked, found in zip(("product", "plan"), party, known, strict=True):
        if asked is not None:
            click.echo(f"# {what} {asked}{'' if found else ', of which the policy says nothing'}")
    click.echo(f"# agreement {joined.agreement_at(time_ms)}")
    click.echo(f"# policy_hash {joined.hash}\n")
    click.echo(toml_text(resolved(version.tables, *known)), nl=False)

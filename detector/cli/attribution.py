"""The sentences that the databases' licences want shown with results."""

from collections.abc import Iterable

import click

from detector.enrich import Database, files, open_databases
from detector.settings import Settings


def in_use(settings: Settings) -> tuple[Database, ...]:
    """Open the databases of cities and ASNs that the settings name, in the order they are asked."""
    return (
        *open_databases("city", files("city", settings.geoip_city)),
        *open_databases("asn", files("asn", settings.geoip_asn)),
    )


def show_attributions(databases: Iterable[Database], *, err: bool = True) -> None:
    """Say in one quiet line, on stderr or stdout, whose data the results rest on."""
    sentences = dict.fromkeys(each.attribution for each in databases if each.attribution)
    if sentences:
        click.secho(f"Places and networks: {'; '.join(sentences)}", dim=True, err=err)

"""The sentences that the databases' licences want shown with results."""

from collections.abc import Iterable

import click

from detector.enrich import Database


def show_attributions(databases: Iterable[Database]) -> None:
    """Say on stderr, in one quiet line, whose data the results rest on."""
    sentences = dict.fromkeys(each.attribution for each in databases if each.attribution)
    if sentences:
        click.secho(f"Places and networks: {'; '.join(sentences)}", dim=True, err=True)

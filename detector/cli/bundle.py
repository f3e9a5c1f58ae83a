"""`detector evidence bundle`: a zip for a dispute about one alert."""

import re
import tempfile
from pathlib import Path
from typing import Final

import click

from detector.cli.options import settings_options
from detector.errors import UsageError
from detector.settings import Settings

_NAME: Final = re.compile(r"[\w-]{1,128}", re.ASCII)
_FORMATS: Final = ("combined", "jsonl")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog="Example: detector evidence bundle 3f9c0d1a5b77e2041c6f8a9b0d3e5f71 --alerts alerts.jsonl "
    "--events events.jsonl.gz --entitlements entitlements.jsonl"
)
@click.argument("alert_id")
@click.option(
    "--alerts",
    required=True,
    metavar="FILE|kafka://HOST:PORT/TOPIC",
    help="Where the alert is, with all the others of its case.",
)
@click.option(
    "--events",
    required=True,
    multiple=True,
    metavar="FILE|kafka://HOST:PORT/TOPIC",
    help="The history: the topic, or an archive; files may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="jsonl",
    show_default=True,
    help="What a line of the files of events is.",
)
@click.option("--entitlements", "entitled", type=_FILE, help="Plans, limits and allow entries, JSON lines.")
@click.option("--feedback", "spoken", type=_FILE, help="Verdicts on alerts, JSON lines.")
@click.option(
    "--applied",
    metavar="FILE|kafka://HOST:PORT/TOPIC",
    help="Policies that were applied: what detector policy applied --to wrote, or the control topic.",
)
@click.option(
    "--late",
    metavar="FILE|kafka://HOST:PORT/TOPIC",
    help="Events to leave out of the re-computation: what the live service counted as late.",
)
@click.option(
    "--truncate",
    is_flag=True,
    help="Show addresses of the enclosed events by their /24 or /48, and no chains of forwarders.",
)
@click.option(
    "--for",
    "holder",
    metavar="ACCOUNT_ID",
    help="Whose holder gets it, of the accounts that an alert about a group names: with this one's events.",
)
@click.option("--to", type=_FILE, help="The zip  [default: the alert's id, with .zip, in this folder].")
@settings_options("geoip_city", "geoip_asn", "trusted_proxies", "own_clients", "policy")
@click.pass_context
def bundle(
    ctx: click.Context,
    /,
    *,
    alert_id: str,
    alerts: str,
    events: tuple[str, ...],
    form: str,
    entitled: Path | None,
    spoken: Path | None,
    applied: str | None,
    late: str | None,
    truncate: bool,
    holder: str | None,
    to: Path | None,
    settings: Settings,
) -> None:
    """Write a zip about an alert: its events, its policy, a statement in Chinese and English, and proof.

    The alert is computed again from the history, and must come out the same. Ends with 1 where anything is
    missing or does not hold; the zip is written all the same, and says what. It has no event of another
    account. A zip that is there already is not overwritten.

    In it, the folder holder/ may be given to the account's holder; record/ has thresholds and the policy.
    """
    from detector.cli.bundle_work import Asked, gathered  # noqa: PLC0415  # the engine: a second; verify needs none
    from detector.cli.replay_files import replacing  # noqa: PLC0415  # the same
    from detector.dispute import bundled, results, words, zipped  # noqa: PLC0415  # the same

    if not _NAME.fullmatch(alert_id):
        raise UsageError(f"{alert_id!r} is no alert's id: letters, digits, - and _")
    path = to or Path(f"{alert_id}.zip")
    if path.exists():
        raise UsageError(f"{path} is there already: name another with --to, or take it away")
    if "-" in {alerts, applied, *events}:
        raise UsageError("- (standard input) can be read only once, and a bundle reads twice: give a file")
    with tempfile.TemporaryDirectory(prefix="detector-") as name:
        asked = Asked(
            alert_id, alerts, events, form, entitled, spoken, applied, late, truncate, holder, settings
        )
        dossier = gathered(asked, Path(name))
    with replacing(path) as out:
        out.write(zipped(bundled(dossier)))
    for line in results(words("en"), dossier):
        click.echo(line)
    click.echo(f"{path}: {'everything holds' if dossier.holds else 'not everything holds: see above'}")
    if dossier.attributions:
        click.secho(f"Places and networks: {'; '.join(dossier.attributions)}", dim=True, err=True)
    ctx.exit(0 if dossier.holds else 1)

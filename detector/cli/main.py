"""The command `detector`: its commands, loaded when they are asked for, and how it ends.

Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted. What went wrong is said in a line or two.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import click

from detector import __version__
from detector.cli.logs import configure
from detector.cli.options import option
from detector.errors import DetectorError
from detector.settings import one

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Command:
    """A command's place, `module:attribute`, and its line in the list of commands."""

    target: str
    help: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, attribute = self.target.partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))


COMMANDS: Mapping[str, Command] = {
    "demo": Command("detector.cli.demo:demo", "Run the whole live pipeline on this machine, once."),
    "worker": Command("detector.cli.worker:worker", "Run the live service."),
    "replay": Command("detector.cli.replay:replay", "Judge history from files, with no server."),
    "policy": Command("detector.cli.policy:policy", "Check policy files, and put them in force."),
    "simulate": Command("detector.cli.simulate:simulate", "Write labelled synthetic history."),
    "score": Command("detector.cli.score:score", "Compare alerts with labels: precision, recall, delay."),
    "inspect": Command("detector.cli.inspect:inspect", "Show the live windows kept for an account."),
    "entitlements": Command(
        "detector.cli.entitlements:entitlements",
        "Show what is granted, and what allow entries were used for.",
    ),
    "feedback": Command("detector.cli.feedback:feedback", "Write what was said of alerts, as it counted."),
    "evidence": Command(
        "detector.cli.evidence:evidence", "Check that no alert was changed, lost or added; prove one."
    ),
    "privacy": Command("detector.cli.privacy:privacy", "Give out or forget what is kept of an account."),
    "geo": Command("detector.cli.geo:geo", "Say which databases of places and networks are in use."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it runs, not when it is listed: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        """Import the command of that name; None where there is none."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else entry.load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        """List the commands by the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog="Example: detector demo")
@click.version_option(__version__, prog_name="detector")
@option("log_format")
@option("log_level")
@click.pass_context
def cli(ctx: click.Context, /, **given: Any) -> None:  # noqa: ANN401 (the options' own types)
    """Detect account abuse in session events, from Kafka or from files."""
    chosen = {field: one(os.environ, field, value) for field, value in given.items()}
    configure(chosen["log_format"], chosen["log_level"])
    ctx.obj = chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; whatever it raises ends in a line or two on stderr."""
    show_traceback = False
    try:
        show_traceback = one(os.environ, "traceback")
        ended = cli.main(args=arguments, prog_name="detector", standalone_mode=False)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001 (the last stop: a person gets a line, not a traceback)
        if show_traceback:
            traceback.print_exc()
        message, exit_code = _explained(error)
        click.echo(message, err=True)
        return exit_code
    return ended if isinstance(ended, int) else 0


def _explained(error: Exception) -> tuple[str, int]:
    """Return what to tell a person about an error, and the exit code."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message(), error.exit_code
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"see {error.ctx.command_path} --help"
        return f"error: {error.format_message()}\n{hint}", error.exit_code
    if isinstance(error, click.ClickException):
        return f"error: {error.format_message()}", error.exit_code
    if isinstance(error, DetectorError):
        return f"error: {error}", error.exit_code
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"error: unexpected {what}\nplease report it with what DETECTOR_TRACEBACK=1 shows", 1


def _reader_left() -> int:
    """End quietly when whoever read stdout (`| head`) has gone: the interpreter's own flush must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1

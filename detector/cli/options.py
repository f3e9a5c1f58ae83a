"""Command-line options made from the table of settings, and the page that documents both."""

import functools
import os
from collections.abc import Callable
from typing import Any

import click

from detector.errors import UsageError
from detector.logs import get_logger
from detector.settings import TABLE, Setting, Settings, unknown_variables

_OF_THE_GROUP = ("log_format", "log_level")
_log = get_logger(__name__)

AnyCommand = Callable[..., Any]


class SettingType(click.ParamType):
    """What click asks to make a value of an option's text: the setting's own kind."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.name = setting.kind.name

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's signature)
        param: click.Parameter | None,  # noqa: ARG002 (the setting says what the parameter would)
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 (as above)
        """Parse text; a wrong value is a wrong use of the command."""
        if not isinstance(value, str):
            return value
        try:
            return self.setting.parse(value, str(self.setting.option))
        except UsageError as error:
            raise click.UsageError(str(error), ctx) from error


def option(field: str) -> Callable[[AnyCommand], AnyCommand]:
    """Return the click option of one setting."""
    setting = next(setting for setting in TABLE if setting.field == field)
    if setting.option is None:
        raise ValueError(f"{setting.variable} has no option")
    default = f"; default {setting.default}" if setting.default else ""
    return click.option(
        setting.option,
        setting.field,
        type=SettingType(setting),
        default=None,
        metavar=setting.kind.name.upper(),
        help=f"{setting.help.capitalize()} [{setting.variable}{default}].",
    )


def settings_options(*fields: str) -> Callable[[AnyCommand], AnyCommand]:
    """Give a command the options of the settings named (all, where none is) and pass it `settings`.

    The options of the group itself, `--log-format` and `--log-level`, count for every command.
    """
    chosen = fields or tuple(
        setting.field
        for setting in TABLE
        if setting.option is not None and setting.field not in _OF_THE_GROUP
    )

    def decorate(command: AnyCommand) -> AnyCommand:
        @functools.wraps(command)
        def with_settings(**arguments: Any) -> Any:  # noqa: ANN401 (a command's own arguments)
            given = dict(click.get_current_context().find_object(dict) or {})
            given |= {field: arguments.pop(field) for field in chosen}
            for warning in unknown_variables(os.environ):
                _log.warning(warning)
            return command(settings=Settings.from_environment(os.environ, **given), **arguments)

        decorated: AnyCommand = with_settings
        for field in reversed(chosen):
            decorated = option(field)(decorated)
        return decorated

    return decorate


def settings_page() -> str:
    """Return docs/settings.md."""
    rows = (
        f"| `{setting.variable}` | {f'`{setting.option}`' if setting.option else ''} "
        f"| {f'`{setting.default}`' if setting.default else ''} | {setting.kind.expected} "
        f"| {setting.help} |"
        for setting in TABLE
    )
    return "\n".join((_HEAD, *rows, ""))


_HEAD = """# Settings

An option counts before its variable, a variable before the default; an empty variable counts as unset.
A bare number in a duration is seconds. Topic names left unset begin with the group's name.

| variable | option | default | expected | meaning |
| --- | --- | --- | --- | --- |"""

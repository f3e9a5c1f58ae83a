"""The command line: quick help, errors in a line or two, the right exit code, quiet ends."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from detector.cli import main
from detector.cli.main import COMMANDS, Command, cli
from detector.cli.options import option, settings_options
from detector.errors import InputError
from detector.settings import Settings

REPORT = "please report it with what DETECTOR_TRACEBACK=1 shows"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    unwanted = ("DETECTOR_", "PYTHONUNBUFFERED")  # output must wait in a buffer, as it does for users
    environ = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return subprocess.run(  # noqa: S603 (the interpreter that runs the tests)
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environ | variables,
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> click.Group:
    """A command `try` whose body a test puts in by name; returns the group."""

    @click.command("try")
    @click.argument("what")
    @settings_options("group", "metrics_port")
    def body(settings: Settings, what: str) -> int | None:
        raising = {
            "input": InputError("history.jsonl: broken; mend it"),
            "interrupt": KeyboardInterrupt(),
            "bug": RuntimeError("two\nlines"),
        }
        if what in raising:
            raise raising[what]
        if what == "code":
            return 1
        click.echo(f"{settings.group} {settings.metrics_port} {settings.log_format}")
        return None

    monkeypatch.setattr(Command, "load", lambda _: body)
    return cli


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("what", "exit_code", "says"),
    [
        ("show", 0, ""),
        ("code", 1, ""),
        ("input", 1, "error: history.jsonl: broken; mend it\n"),
        ("interrupt", 130, ""),
        (
            "bug",
            1,
            f"error: unexpected RuntimeError: two lines\n{REPORT}\n",
        ),
    ],
)
def test_an_end_has_its_code_and_its_words(
    capsys: pytest.CaptureFixture[str], what: str, exit_code: int, says: str
) -> None:
    assert main(["demo", what]) == exit_code
    assert capsys.readouterr().err.removeprefix("\n") == says


@pytest.mark.usefixtures("command")
def test_a_traceback_is_shown_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETECTOR_TRACEBACK", "1")
    assert main(["demo", "bug"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "error: No such command 'nonsense'.\nsee detector --help\n"),
        (["--nonsense"], "error: No such option"),
        (["demo"], "error: Missing argument 'WHAT'.\nsee detector demo --help\n"),
        (["--log-format", "xml", "demo", "show"], "error: --log-format: 'xml' is not one of text, json\n"),
        (
            ["demo", "show", "--metrics-port", "0"],
            "error: --metrics-port: '0' is not a whole number from 1 to",
        ),
    ],
)
def test_wrong_use_is_two_lines_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(says)
    assert error.count("\n") <= 2


@pytest.mark.usefixtures("command")
def test_a_wrong_variable_is_wrong_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETECTOR_IDLE_TIMEOUT", "soon")
    assert main(["demo", "show"]) == 2
    assert capsys.readouterr().err.startswith("error: DETECTOR_IDLE_TIMEOUT: 'soon' is not a duration")


@pytest.mark.usefixtures("command")
def test_a_traceback_variable_that_is_none_is_wrong_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETECTOR_TRACEBACK", "perhaps")
    assert main(["demo", "show"]) == 2
    assert "DETECTOR_TRACEBACK" in capsys.readouterr().err


def test_an_option_comes_before_its_variable(command: click.Group) -> None:
    arguments = ["--log-format", "json", "demo", "show", "--group", "opt"]
    variables = {"DETECTOR_GROUP": "env", "DETECTOR_METRICS_PORT": "9", "DETECTOR_LOG_FORMAT": "text"}
    assert CliRunner().invoke(command, arguments, env=variables).output == "opt 9 json\n"


def test_an_unknown_variable_is_logged(command: click.Group) -> None:
    result = CliRunner().invoke(command, ["demo", "show"], env={"DETECTOR_GROUPS": "x"})
    assert "WARNING DETECTOR_GROUPS is no setting" in result.stderr
    assert result.exit_code == 0


def test_a_secret_has_no_option() -> None:
    with pytest.raises(ValueError, match="DETECTOR_PSEUDONYM_KEY has no option"):
        option("pseudonym_key")


def test_settings_options_without_names_are_all() -> None:
    @click.command
    @settings_options()
    def every(settings: Settings) -> None:
        click.echo(settings.brokers)

    names = {parameter.name for parameter in every.params}
    assert {"brokers", "redis_url", "ssl_cafile"} <= names
    assert not {"log_format", "pseudonym_key", "traceback"} & names
    assert CliRunner().invoke(every, ["--brokers", "a:1"]).output == "a:1\n"


def test_help_lists_the_commands_and_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'numba', 'aiokafka', 'faust', 'redis', 'geoip2', 'rich', 'cryptography'}"
    code = f"import sys; from detector.cli import main; main(['--help']); print({heavy} & set(sys.modules))"
    result = run("-c", code)
    assert all(f"  {name} " in result.stdout for name in COMMANDS)
    assert result.stdout.endswith("set()\n"), result.stdout
    assert result.stderr == ""


def test_python_m_detector_is_the_command() -> None:
    result = run("-m", "detector", "--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("detector, version ")


def test_no_command_shows_the_help() -> None:
    result = run("-m", "detector")
    assert result.returncode == 2
    assert "Commands:" in result.stderr


@pytest.mark.parametrize("write", ["click.echo", "print"])
def test_a_reader_that_leaves_is_no_error(write: str) -> None:
    code = f"""
import click, os, sys
from detector.cli.main import Command, main
reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, sys.stdout.fileno())
Command.load = lambda self: click.command()(lambda: {write}("x"))
sys.exit(main(["demo"]))
"""
    result = run("-c", code)
    assert (result.returncode, result.stderr) == (1, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.exception
    assert "Example" in result.output

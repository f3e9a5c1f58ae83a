"""Progress is for people: on a terminal a bar, in a pipe nothing."""

import io

from rich.console import Console

from detector.cli.progress import progress


def shown(*, terminal: bool) -> str:
    stream = io.StringIO()
    with progress("reading", 10, Console(file=stream, force_terminal=terminal, width=80)) as advance:
        advance(4)
        advance(6)
    return stream.getvalue()


def test_a_pipe_stays_quiet() -> None:
    assert shown(terminal=False) == ""


def test_a_terminal_sees_how_far_it_is() -> None:
    assert "reading" in shown(terminal=True)
    assert "10/10" in shown(terminal=True)

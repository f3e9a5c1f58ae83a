"""A history judged in one go, for who wants its alerts and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from detector.alerts import Alert
from detector.replay.engine import Engine
from detector.replay.inputs import History
from detector.replay.select import Selection
from detector.replay.survey import surveyed
from detector.stages.assemble import Workshop


def judged(history: History, selection: Selection, workshop: Workshop, folder: Path) -> Iterator[Alert]:
    """Yield the alerts of what is selected of a history, in the order of their file, as they are decided.

    Where memory would not do, the order of event time is restored in `folder`. What is no event is passed
    over, as by the live service. Raises `InputError` for a file that cannot be read.
    """
    survey = surveyed(history, selection, _nothing)
    workshop.lateness_ms = survey.lateness_ms
    ordered = survey.ordered(history, selection, folder, _nothing)
    for outcome in Engine(workshop).run(ordered, selection.of):
        yield from outcome.alerts


def _nothing(_bytes: int) -> None:
    return

"""History through the engine of the live service, with rows in memory: no Kafka and no Redis."""

from detector.replay.divided import DividedEngine, looked_at_by
from detector.replay.engine import Engine, Summary
from detector.replay.inputs import History, read_applied, read_entitlements, read_feedback
from detector.replay.processes import Processes
from detector.replay.survey import Survey, looked_at, surveyed

__all__ = [
    "DividedEngine",
    "Engine",
    "History",
    "Processes",
    "Summary",
    "Survey",
    "looked_at",
    "looked_at_by",
    "read_applied",
    "read_entitlements",
    "read_feedback",
    "surveyed",
]

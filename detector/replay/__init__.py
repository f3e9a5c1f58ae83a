"""History through the engine of the live service, with rows in memory: no Kafka and no Redis."""

from detector.replay.engine import Engine, Summary
from detector.replay.inputs import History, read_applied, read_entitlements, read_feedback
from detector.replay.processes import DividedEngine, Processes
from detector.replay.survey import Survey, surveyed

__all__ = [
    "DividedEngine",
    "Engine",
    "History",
    "Processes",
    "Summary",
    "Survey",
    "read_applied",
    "read_entitlements",
    "read_feedback",
    "surveyed",
]

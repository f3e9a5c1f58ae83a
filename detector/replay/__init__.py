"""History through the engine of the live service, with rows in memory: no Kafka and no Redis."""

from detector.replay.engine import Engine, Summary
from detector.replay.inputs import History, read_entitlements
from detector.replay.survey import Survey

__all__ = ["Engine", "History", "Summary", "Survey", "read_entitlements"]

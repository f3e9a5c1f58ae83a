"""From findings to a decision: the score of a case, its step, and the alert that says so."""

from detector.ladder.case import Case
from detector.ladder.decide import Decision, decide

__all__ = ["Case", "Decision", "decide"]

"""Regrouping: from accounts' events to the cells of the crowds that they concern.

Only what can matter is sent; each family has its own file that says what that is.
"""

from detector.stages.regroup.regrouper import Regrouper

__all__ = ["Regrouper"]

"""Published thresholds of other systems as tiny detectors, to hold the detector against.

`catalog` lists them with their sources; `travel` and `counting` are how they work; `run` gives a history's
events to all of them in one pass and returns whom each accuses.
"""

from benchmarks.baselines.catalog import BASELINES, Baseline
from benchmarks.baselines.run import accusations

__all__ = ["BASELINES", "Baseline", "accusations"]

"""An entity's row, and the kernel that folds events into it.

layout.py says what a row holds, fold.py what an event does to it, read.py what rules see of it.
"""

from detector.windows.fold import fold
from detector.windows.layout import EVENT, FEATURES, ROW

__all__ = ["EVENT", "FEATURES", "ROW", "fold"]

"""Noticing controls that came too late to be judged by as a replay will."""

from collections.abc import Callable

from detector.logs import get_logger
from detector.metrics import Metrics
from detector.stream.seldom import Seldom
from detector.stream.stamp import Control

log = get_logger(__name__)


class LateControls:
    """Compares a control's moment with how far this worker has judged; `judged_to` gives that, Unix ms.

    A stamp lies a minute past the highest frontier. A partition that catches up by more than that between the
    stamp and its being read has judged the moment already, without it.
    """

    def __init__(self, judged_to: Callable[[], int], metrics: Metrics) -> None:
        self._judged_to = judged_to
        self._metrics = metrics
        self._warn = Seldom()

    def heard(self, stamped: Control) -> None:
        """Count a control whose moment has passed, and say so now and then."""
        judged_to = self._judged_to()
        if stamped.counts_from >= judged_to:
            return
        self._metrics.controls_late.inc()
        if self._warn.now():
            # Not whose it is: the log is no place for names.
            log.warning(
                "a control came after its moment was judged: live counts it later than a replay will; "
                "let the worker catch up before sending more, or give it a later moment",
                kind=stamped.kind,
                source=stamped.source,
                counts_from=stamped.counts_from,
                judged_to=judged_to,
            )

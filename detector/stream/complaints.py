"""Saying what goes wrong in many places at once, such as while Redis is away, once in a while for all."""

from collections import defaultdict
from dataclasses import dataclass, field

from detector.logs import get_logger
from detector.stream.seldom import Seldom

log = get_logger(__name__)


@dataclass(slots=True)
class _Said:
    seldom: Seldom = field(default_factory=Seldom)
    unsaid: int = 0


class Complaints:
    """Warnings by their words: the first of a kind is logged at once, the others only counted."""

    def __init__(self) -> None:
        self._said: defaultdict[str, _Said] = defaultdict(_Said)

    def warn(self, message: str, **fields: object) -> None:
        """Log a warning, unless one with the same words was logged within the last minute."""
        said = self._said[message]
        if not said.seldom.now():
            said.unsaid += 1
            log.debug(message, **fields)
            return
        if said.unsaid:
            fields["times_since"] = said.unsaid
        said.unsaid = 0
        log.warning(message, **fields)

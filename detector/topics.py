"""The names of all topics the detector reads and writes, in one place."""

import dataclasses
from dataclasses import dataclass

from detector.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """One field a topic; what each carries is said in docs/settings.md."""

    session_events: str
    dead_letters: str
    late: str
    enriched: str
    crowds: str
    findings: str
    control: str
    cases: str
    entitlements: str
    feedback: str
    enforcement: str
    shadow: str

    def check(self) -> None:
        """Raise `UsageError` where two share a name: one would be read as the other."""
        first: dict[str, str] = {}
        for role, name in dataclasses.asdict(self).items():
            if name in first:
                raise UsageError(
                    f"topic {name!r} is set for both {first[name]} and {role}: "
                    "give each its own name (DETECTOR_TOPIC_...)"
                )
            first[name] = role

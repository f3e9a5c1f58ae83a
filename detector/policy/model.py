"""The policy: how findings weigh, what follows from a score, and how often."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Literal

import rfc8785

from detector.errors import UsageError

Action = Literal["observe", "warn", "restrict", "suspend", "remove_content", "lock", "release"]


@dataclass(frozen=True, slots=True)
class Step:
    """From `score` on, `action`; it is recommended for `lasts_ms`, None: without an end."""

    score: float
    action: Action
    severity: Literal["low", "medium", "high", "critical"]
    lasts_ms: int | None


@dataclass(frozen=True, slots=True)
class Policy:
    """Weights by rule; ladders, mildest step first, for what a subject did and for what it suffered.

    `asked` has ladders of their own for categories in which the holder asks for a step. A finding's part
    in the score halves every `half_life_ms`; after an alert the next one on the same step waits for
    `cooldown_ms`; a case is closed `quiet_ms` after its last finding. All in event time.
    """

    version: str
    agreement: str
    weights: dict[str, float]
    enforce: tuple[Step, ...]
    protect: tuple[Step, ...]
    asked: dict[str, tuple[Step, ...]]
    half_life_ms: int
    cooldown_ms: int
    quiet_ms: int
    facts: dict[str, str]
    """By rule, the fact that it is one way to see: of the rules of one fact the weightiest counts. A
    rule that is not named sees a fact of its own."""
    hash: str = field(init=False, default="")
    """Hex SHA-256 of the policy's canonical JSON (RFC 8785)."""

    def __post_init__(self) -> None:
        """Work out the hash, once: every alert bears it."""
        content = asdict(self)
        del content["hash"]
        object.__setattr__(self, "hash", sha256(rfc8785.dumps(content)).hexdigest())

    def check(self, rules: Iterable[str]) -> None:
        """Raise `UsageError` where a rule has no weight."""
        missing = [name for name in rules if name not in self.weights]
        if missing:
            raise UsageError(
                f"policy {self.version} has no weight for {', '.join(missing)}: "
                "every rule needs one in `weights`"
            )

    def ladder(self, category: str, purpose: Literal["enforce", "protect"]) -> tuple[Step, ...]:
        """Return the ladder for a category's findings of a purpose."""
        return self.asked.get(category, self.protect if purpose == "protect" else self.enforce)

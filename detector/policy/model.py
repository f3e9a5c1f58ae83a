"""The policy as it is applied: how findings weigh, what follows from a score, and how often."""

from bisect import bisect_right
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Final, Literal, NamedTuple, get_args

import rfc8785

from detector.alerts import SubjectType
from detector.policy.document import Action, Addresses, Approval, Mode, Severity

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
"""Mildest first."""
WINDOW_MS: Final = 7 * 24 * 3_600_000
"""No window but of habits looks back further; internal topics are kept for twice as long."""
HABITS_MS: Final = 64 * 24 * 3_600_000
"""So long an account's habits are known."""
Said = dict[str, str]
"""One sentence by language, `zh` and `en`."""


@dataclass(frozen=True, slots=True)
class Step:
    """From `score` on, `action`; it is recommended for `lasts_ms`, None: without an end.

    `until_quiet_ms`: it is released when nothing was found for so long. `after`: only for whom a step so
    grave or graver was carried out on before, and who went on.
    """

    score: float
    action: Action
    severity: Severity
    lasts_ms: int | None
    approval: Approval = "automatic"
    after: Action | None = None
    until_quiet_ms: int | None = None

    @property
    def gravity(self) -> int:
        """How grave its action is: a place in `ACTIONS`."""
        return ACTIONS.index(self.action)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long what is kept of people is kept.

    Windows in Redis and uses of allow entries: after the last that came to them, by the wall clock. A step
    without an end keeps its case for `steps_ms`, in event time.
    """

    windows_ms: int
    uses_ms: int
    steps_ms: int


class Ends(NamedTuple):
    """When a case is closed: `quiet_ms` after its last finding, but a step without an end keeps it open."""

    quiet_ms: int
    steps_ms: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for one product and plan: one version of a policy, its layers joined.

    `organisation` is the ladder of what an organisation does as a whole, empty where that is `enforce`; `own`
    has the ladders of categories that have one of their own. A finding's part in the score halves every
    `half_life_ms`; after an alert the next one on the same step waits for `cooldown_ms`; a case is closed
    `quiet_ms` after its last finding. Where the platform never says what became of a step, it counts as
    carried out `grace_ms` after its alert. All in event time.
    """

    version: str
    agreements: tuple[tuple[int, str], ...]
    """From which moment on, Unix ms, which version of the user agreement counts; in order."""
    weights: dict[str, float]
    """By rule, of every rule."""
    modes: dict[str, Mode]
    """By rule, of those that are not live."""
    facts: dict[str, str]
    """By rule, the fact that it is one way to see: of the rules of one fact the weightiest counts. A
    rule that is not named sees a fact of its own."""
    caps: dict[str, Action]
    """By rule, of those whose evidence is weak, the gravest action to which they lead."""
    parameters: dict[str, dict[str, int | float]]
    """By rule, the fields of the rule that have other values than those it comes with."""
    enforce: tuple[Step, ...]
    protect: tuple[Step, ...]
    organisation: tuple[Step, ...]
    own: dict[str, tuple[Step, ...]]
    half_life_ms: int
    cooldown_ms: int
    quiet_ms: int
    grace_ms: int
    addresses: Addresses
    """How its alerts show the addresses of their evidence."""
    retention: Retention
    notices: dict[str, Said]
    """By category, what the holder is told."""
    notices_otherwise: dict[str, dict[str, Said]]
    """What is said otherwise than to an account's holder: by `organisation` or `source`, and by category."""
    consequences: dict[str, dict[str, Said]]
    """By purpose and action, what is said of the step."""
    live: frozenset[str] = field(init=False, default=frozenset())
    """The rules that have an effect on cases."""
    shadow: frozenset[str] = field(init=False, default=frozenset())
    """The rules that are tried out beside them."""
    hash: str = field(init=False, default="")
    """Hex SHA-256 of the policy's canonical JSON (RFC 8785)."""

    def __post_init__(self) -> None:
        """Work out what every finding asks for, once."""
        object.__setattr__(self, "live", frozenset(self.weights) - frozenset(self.modes))
        tried = frozenset(rule for rule, mode in self.modes.items() if mode == "shadow")
        object.__setattr__(self, "shadow", tried)
        object.__setattr__(self, "hash", sha256(self.canonical()).hexdigest())

    def canonical(self) -> bytes:
        """Return the canonical JSON, of which `hash` is the SHA-256."""
        content = asdict(self)
        del content["hash"], content["live"], content["shadow"]
        return rfc8785.dumps(content)

    @property
    def ends(self) -> Ends:
        """When its cases are closed."""
        return Ends(self.quiet_ms, self.retention.steps_ms)

    def gravest(self, rule: str) -> int:
        """Return how grave a step may be to which a rule leads: a place in `ACTIONS`."""
        return ACTIONS.index(self.caps[rule]) if rule in self.caps else len(ACTIONS) - 1

    def mode(self, rule: str) -> Mode:
        """Return whether a rule is live, in shadow or off."""
        return self.modes.get(rule, "live")

    def tried_out(self) -> "Policy":
        """Return what would hold were the rules in shadow live, under the hash of what is written."""
        off: dict[str, Mode] = {rule: mode for rule, mode in self.modes.items() if mode == "off"}
        tried = replace(self, modes=off)
        object.__setattr__(tried, "hash", self.hash)
        return tried

    def agreement_at(self, time_ms: int) -> str:
        """Return the version of the agreement in force; before the first one's date that one is meant."""
        place = bisect_right(self.agreements, time_ms, key=lambda one: one[0])
        return self.agreements[max(0, place - 1)][1]

    def ladder(
        self, category: str, purpose: Literal["enforce", "protect"], subject: SubjectType = "account"
    ) -> tuple[Step, ...]:
        """Return the ladder for a category's findings of a purpose, about a type of subject."""
        if subject == "org" and purpose == "enforce" and self.organisation:
            return self.organisation
        return self.own.get(category, self.protect if purpose == "protect" else self.enforce)

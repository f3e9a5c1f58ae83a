"""What a policy file may hold: the tables of the TOML, as types.

The reader checks a file against them, and `detector/schemas/policy-1.json` is made of them.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

Duration: TypeAlias = Annotated[
    str,
    Meta(
        pattern="^0*[1-9][0-9]{0,8}(ms|s|m|h|d)$",
        description="a duration such as 200ms, 5s, 10m, 2h or 7d, in quotes",
    ),
]
Pause: TypeAlias = Annotated[
    str,
    Meta(pattern="^[0-9]{1,9}(ms|s|m|h|d)$", description="a duration such as 0s, 10m, 2h or 7d, in quotes"),
]
Moment: TypeAlias = Annotated[
    datetime, Meta(tz=True, description="a moment with an offset, such as 2024-08-08T00:00:00+08:00")
]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128, description="a short text in quotes")]
Text: TypeAlias = Annotated[str, Meta(min_length=1, description="a text in quotes")]
Weight: TypeAlias = Annotated[float, Meta(ge=0, le=1, description="a number from 0 to 1")]
Score: TypeAlias = Annotated[float, Meta(ge=0, le=100, description="a number, 0 or more")]
Parameter: TypeAlias = Annotated[
    int | float | str, Meta(description="a number, or a duration such as 10m in quotes")
]
Mode: TypeAlias = Literal["live", "shadow", "off"]
Action: TypeAlias = Literal["observe", "warn", "restrict", "suspend", "remove_content", "lock"]
"""Steps against a subject, mildest first, in the order of the agreement (9.3)."""
Severity: TypeAlias = Literal["low", "medium", "high", "critical"]
Approval: TypeAlias = Literal["automatic", "required"]
OF_RELEASES: Final = "release"
"""Under this name among the notices stands what is said when a step is released."""
Addresses: TypeAlias = Literal["clear", "truncated", "hashed"]
"""How alerts show addresses."""
LADDERS: Final = ("enforce", "protect", "organisation")
"""The ladders of a policy, but for those of single categories."""
BY_A_PERSON: Final[tuple[Action, ...]] = ("remove_content", "lock")
"""Actions that nobody takes without a person's word."""


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """From `score` on, `action`, recommended for as long as `lasts`, until it was quiet, or without end.

    With `after` it is for whom a step so grave, or graver, was carried out on before, and who went on.
    """

    score: Score
    action: Action
    severity: Severity
    after: Action | UnsetType = UNSET
    lasts: Duration | UnsetType = UNSET
    until_quiet: Duration | UnsetType = UNSET
    approval: Approval = "automatic"


Ladder: TypeAlias = Annotated[list[Step], Meta(min_length=1)]


class Ladders(Struct, frozen=True, forbid_unknown_fields=True):
    """Steps for what a subject did, for what it suffered, and for what an organisation did as a whole.

    `own` has those of categories that have some of their own.
    """

    enforce: Ladder
    protect: Ladder
    organisation: Ladder | UnsetType = UNSET
    own: dict[str, Ladder] = {}


class LaddersLayer(Struct, frozen=True, forbid_unknown_fields=True):
    """Ladders that take the place of the general ones, each as a whole."""

    enforce: Ladder | UnsetType = UNSET
    protect: Ladder | UnsetType = UNSET
    organisation: Ladder | UnsetType = UNSET
    own: dict[str, Ladder] = {}


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """How one rule counts; `parameters` take the place of those the rule comes with."""

    weight: Weight
    mode: Mode = "live"
    fact: Name | UnsetType = UNSET
    evidence: Name | UnsetType = UNSET
    parameters: dict[str, Parameter] = {}


class RuleLayer(Struct, frozen=True, forbid_unknown_fields=True):
    """What counts otherwise of one rule."""

    weight: Weight | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    fact: Name | UnsetType = UNSET
    evidence: Name | UnsetType = UNSET
    parameters: dict[str, Parameter] = {}


class Sentences(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing said in Chinese and in English."""

    zh: Text
    en: Text


class Notice(Sentences, frozen=True, forbid_unknown_fields=True):
    """What the holder is told, and what is said otherwise where the subject is no account.

    `organisation`: where it is an organisation; `source`: a network, a device or a group.
    """

    organisation: Sentences | UnsetType = UNSET
    source: Sentences | UnsetType = UNSET


class Consequences(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a step, behind the notice of its category: by action, for each purpose."""

    enforce: dict[str, Sentences]
    protect: dict[str, Sentences]


class ConsequencesLayer(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said otherwise of a step."""

    enforce: dict[str, Sentences] = {}
    protect: dict[str, Sentences] = {}


class Agreement(Struct, frozen=True, forbid_unknown_fields=True):
    """A version of the user agreement, and from when on it counts."""

    version: Name
    effective: Moment


class Privacy(Struct, frozen=True, forbid_unknown_fields=True):
    """What alerts show of the events they rest on."""

    addresses: Addresses = "clear"


class PrivacyLayer(Struct, frozen=True, forbid_unknown_fields=True):
    """What alerts show otherwise."""

    addresses: Addresses | UnsetType = UNSET


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long what is kept of people is kept; said once, for every product and plan."""

    windows: Duration = "71d"
    uses: Duration = "366d"
    steps: Duration = "365d"


class Layer(Struct, frozen=True, forbid_unknown_fields=True):
    """What a product or a plan has otherwise."""

    half_life: Duration | UnsetType = UNSET
    cooldown: Pause | UnsetType = UNSET
    quiet: Duration | UnsetType = UNSET
    grace: Pause | UnsetType = UNSET
    caps: dict[str, Action] = {}
    ladders: LaddersLayer = LaddersLayer()
    rules: dict[str, RuleLayer] = {}
    notices: dict[str, Notice] = {}
    consequences: ConsequencesLayer = ConsequencesLayer()
    privacy: PrivacyLayer = PrivacyLayer()


class General(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds where no layer says otherwise."""

    version: Name
    agreements: Annotated[list[Agreement], Meta(min_length=1)]
    half_life: Duration
    cooldown: Pause
    quiet: Duration
    grace: Pause
    caps: dict[str, Action]
    ladders: Ladders
    rules: dict[str, Rule]
    notices: dict[str, Notice]
    consequences: Consequences
    effective: Moment | UnsetType = UNSET
    mode: Literal["live", "shadow"] = "live"
    """`shadow`: decided beside what is live, for `enforcement.shadow` alone."""
    privacy: Privacy = Privacy()
    retention: Retention = Retention()


class Document(General, frozen=True, forbid_unknown_fields=True):
    """A whole file: the general part and the layers over it, of which a plan is nearer than a product."""

    products: dict[str, Layer] = {}
    plans: dict[str, Layer] = {}


Tables: TypeAlias = dict[str, Any]
"""A file as tomllib gives it."""


def general(tables: Tables) -> General:
    """Return tables that were checked and have no layers as their type."""
    return msgspec.convert(tables, General)

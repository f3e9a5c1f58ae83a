"""The page that documents the rules, made of their files: `python -m detector.rules.page > docs/rules.md`."""

import inspect
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from detector.rules.base import Rule
from detector.rules.catalog import RULES
from detector.rules.crowds import CROWD_RULES, CrowdRule
from detector.rules.head import head_of, one_line

EVERY_RULE: Sequence[Rule | CrowdRule] = (*RULES, *CROWD_RULES)


def to_markdown(rules: Sequence[Rule | CrowdRule]) -> str:
    """Write the page: what each rule sees, its clause, source, blind spots, errors and parameters."""
    lines = [
        "# Rules",
        "",
        "Made by `python -m detector.rules.page > docs/rules.md` from the files in `detector/rules`.",
        "A strength of 0.5 is a rule's threshold, 1 is as sure as it gets. `enforce`: the subject did it;",
        "`protect`: it was done to the subject.",
        "",
        "While `DETECTOR_TRUSTED_PROXIES` is unset, nobody knows whose address it is that an event with a",
        "`forwarded_for` came from, its sender's or a proxy's that thousands share. So rules on places,",
        "networks and shared addresses leave such an event out, and all rules do where it is a visitor's,",
        "who is known by the address alone; only `brute_force`, which protects, goes on. What is found about",
        "such an event says `not_evaluated: unknown_proxy` for each rule that could not use its address.",
        "",
        "What `account_sharing` and `account_transfer` are for a personal account is `seat_sharing` for a",
        "seat of an organisation; an administrator's is never said to be shared.",
        "",
        "| rule | category | purpose |",
        "| --- | --- | --- |",
        *(f"| [`{rule.name}`](#{rule.name}) | `{rule.category}` | {rule.purpose} |" for rule in rules),
    ]
    for rule in rules:
        lines += ["", *_section(rule)]
    return "\n".join(lines) + "\n"


def _section(rule: Rule | CrowdRule) -> Iterator[str]:
    head = head_of(rule)
    yield f"## {rule.name}"
    yield ""
    yield head.title
    yield ""
    for heading, text in head.parts.items():
        yield f"- **{heading}**: {text}"
    yield f"- **Strength**: {one_line(inspect.getdoc(type(rule)) or '')}"
    values: Any = rule  # a rule is a dataclass, which its protocol cannot say
    parameters = (f"`{field.name}` {getattr(rule, field.name)}" for field in fields(values))
    yield f"- **Parameters** (version {rule.version}): {', '.join(parameters)}"


if __name__ == "__main__":
    sys.stdout.write(to_markdown(EVERY_RULE))

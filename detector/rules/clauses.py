"""The agreement clause by clause, and what looks for a breach.

`python -m detector.rules.clauses > docs/clauses.md` makes the page.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from detector.categories import AGREEMENT, CATEGORIES
from detector.rules.base import Rule
from detector.rules.catalog import RULES
from detector.rules.crowds import CROWD_RULES, CrowdRule
from detector.rules.head import head_of

WORDS: Final = {
    "2.7": "the holder reports misuse, and asks for suspension",
    "7.2": "somebody else got into an account, or uses it",
    "7.3": "somebody else's use of an account, and its holder's report of it",
    "7.4": "an account is for its holder alone: no lending, selling, giving away",
    "9.1(2)(a)": "no guessing of passwords",
    "9.1(2)(d)": "no breaking into accounts",
    "9.1(2)(e)": "no use of what was taken",
    "9.1(2)(f)": "no scanning or testing of the service for weaknesses",
    "9.1(2)(g)": "no disturbing of the service",
    "9.1(2)(h)": "no forging of addresses or headers",
    "9.1(2)(i)": "no attacks on the network or on the service's working",
    "9.1(2)(j)": "no frequent or mass registration",
    "9.1(2)(k)": "no bulk collection of data",
    "9.1(3)(a)": "an account is one person's, and so is a seat (preamble on 有米云 365)",
    "9.1(3)(b)": "no access from cloud providers' addresses",
    "9.1(3)(c)": "no use from several cities by turns within a period",
    "9.1(3)(d)": "no crawlers, no scripts",
    "9.1": "second (2): no plug-ins and no third-party clients without licence",
}
"""What each clause is about, in few words, in the agreement's order."""


def served() -> Iterator[tuple[str, str]]:
    """Yield each clause with each category that serves it, in the order of the agreement."""
    pairs = {(clause, category.name) for category in CATEGORIES for clause in category.clauses}
    places = {clause: place for place, clause in enumerate(WORDS)}
    names = [category.name for category in CATEGORIES]
    yield from sorted(pairs, key=lambda pair: (places[pair[0]], names.index(pair[1])))


def detectors(clause: str, category: str, rules: Sequence[Rule | CrowdRule]) -> list[str]:
    """Return the names of those rules of a category that name the clause in their head."""
    return [rule.name for rule in rules if rule.category == category and clause in head_of(rule).clauses]


def to_markdown() -> str:
    """Write the page: one row for each clause and each category that serves it."""
    lines = [
        "# Clauses",
        "",
        "Made by `python -m detector.rules.clauses > docs/clauses.md` from the heads of the files in",
        f"`detector/rules`: the user agreement of {AGREEMENT} clause by clause, the categories of alerts",
        "that serve a clause, and the rules that look for a breach in one account and in what many share.",
        "What each of them looks at, misses and mistakes is in [rules.md](rules.md).",
        "",
        "| clause | about | category | in one account | in crowds |",
        "| --- | --- | --- | --- | --- |",
        *(_row(clause, category) for clause, category in served()),
    ]
    return "\n".join(lines) + "\n"


def _row(clause: str, category: str) -> str:
    accounts, crowds = (_links(detectors(clause, category, rules)) for rules in (RULES, CROWD_RULES))
    return f"| {clause} | {WORDS[clause]} | `{category}` | {accounts} | {crowds} |"


def _links(names: Sequence[str]) -> str:
    return ", ".join(f"[`{name}`](rules.md#{name})" for name in names) or "-"


if __name__ == "__main__":
    sys.stdout.write(to_markdown())

"""Steps of ladders that are allowed and hardly meant: never taken, always taken, or taken by themselves."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from detector.categories import BITS, REQUESTS, SUFFERED_BITS
from detector.policy.document import LADDERS, Action, Tables
from detector.policy.model import ACTIONS, Policy
from detector.policy.reading import dotted
from detector.policy.structure import Wrong
from detector.policy.toml_lines import Path


def doubts_of_ladders(ladders: Tables, path: Path, joined: Policy) -> Iterator[Wrong]:
    """Yield the doubts about the ladders of one layer, `joined` with what lies below it."""
    capped = min((joined.gravest(rule) for rule in joined.live), default=len(ACTIONS) - 1)
    for name in LADDERS:
        yield from _steps(ladders.get(name, ()), (*path, name), capped)
        yield from _unasked(ladders.get(name, ()), name, (*path, name))
    for category, steps in ladders.get("own", {}).items():
        yield from _steps(steps, (*path, "own", category), capped)
        if category not in REQUESTS:
            ladder = "protect" if BITS[category] & SUFFERED_BITS else "enforce"
            yield from _unasked(steps, ladder, (*path, "own", category))


def _steps(steps: Sequence[Tables], path: Path, capped: int) -> Iterator[Wrong]:
    """Yield the doubts about a ladder's steps; `capped`: how grave the lowest cap is."""
    for place, step in enumerate(steps):
        score, here = step["score"], (*path, place, "score")
        if score > 1:
            yield Wrong(here, "no score is above 1: the step is never taken")
        if score == 0:
            yield Wrong(here, "every finding reaches 0: the step is always taken")
        shadows = [
            later for later, other in enumerate(steps) if later > place and _is_easier(other, step, capped)
        ]
        if shadows:
            yield Wrong(here, f"the step is never taken: {dotted((*path, shadows[0]))} has no higher score")
        if "after" in step and not any(_leads_to(other, step["after"]) for other in steps[:place]):
            yield Wrong((*path, place, "after"), f"no step before leads to `{step['after']}`")
    for place, (before, after) in enumerate(pairwise(steps), start=1):
        if after["score"] > before["score"] and _gravity(after) < _gravity(before):
            yield Wrong(
                (*path, place, "action"),
                f"`{after['action']}` is milder than `{before['action']}`, which takes a lower score",
            )


def _unasked(steps: Sequence[Tables], ladder: str, path: Path) -> Iterator[Wrong]:
    """Yield the steps that go further by themselves than a person would let them."""
    for place, step in enumerate(steps):
        if step.get("approval") == "required":
            continue
        gravity, here = _gravity(step), (*path, place, "action")
        if ladder == "protect" and gravity > ACTIONS.index("restrict"):
            yield Wrong(here, f"whoever attacks an account could have it come to `{step['action']}`")
        elif ladder == "organisation" and gravity >= ACTIONS.index("restrict"):
            yield Wrong(here, "is taken against a whole organisation, and no person is asked")
        elif step["action"] == "suspend" and not {"lasts", "until_quiet"} & step.keys():
            yield Wrong(here, "has neither an end (`lasts`, `until_quiet`) nor a person who is asked")


def _is_easier(other: Tables, step: Tables, capped: int) -> bool:
    """Return whether another step is always taken where this one is due.

    One that a person has to approve is asked for once; and some rules may not lead as far as to it.
    """
    waits = other.get("approval") == "required" and step.get("approval") != "required"
    if waits or (_gravity(other) > capped >= _gravity(step)):
        return False
    after = other.get("after")
    same_history = after is None or ("after" in step and ACTIONS.index(after) <= ACTIONS.index(step["after"]))
    return bool(other["score"] <= step["score"]) and same_history


def _leads_to(step: Tables, action: Action) -> bool:
    return _gravity(step) >= ACTIONS.index(action)


def _gravity(step: Tables) -> int:
    return ACTIONS.index(step["action"])

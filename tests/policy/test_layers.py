"""The nearer layer wins, and nothing else changes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from detector.policy.document import Tables
from detector.policy.layers import combinations, merged, resolved

keys = st.sampled_from("abc")
leaves = st.integers() | st.lists(st.integers(), max_size=2)
tables: st.SearchStrategy[Tables] = st.recursive(
    st.dictionaries(keys, leaves, max_size=3), lambda inner: st.dictionaries(keys, inner | leaves, max_size=3)
)


def said(value: Any, path: tuple[str, ...]) -> Any:
    """Return what tables say at a path, None where they say nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


@given(tables, tables, st.lists(keys, min_size=1, max_size=3).map(tuple))
def test_what_a_layer_says_counts_and_what_it_does_not_say_stays(
    below: Tables, above: Tables, path: tuple[str, ...]
) -> None:
    own = said(above, path)
    if own is not None and not isinstance(own, dict):
        assert own == said(merged(below, above), path)
    elif all(said(above, path[:length]) is None for length in range(1, len(path) + 1)):
        assert said(below, path) == said(merged(below, above), path)


@given(tables)
def test_a_layer_that_says_nothing_or_the_same_changes_nothing(below: Tables) -> None:
    assert below == merged(below, {}) == merged({}, below) == merged(below, below)


def test_a_plan_is_nearer_than_a_product() -> None:
    file = {"a": 0, "products": {"p": {"a": 1, "b": 1}}, "plans": {"q": {"a": 2}}}
    assert {"a": 2, "b": 1} == resolved(file, "p", "q")
    assert {"a": 1, "b": 1} == resolved(file, "p")
    assert {"a": 2} == resolved(file, "unknown", "q")
    assert {"a": 0} == resolved(file)


def test_every_product_meets_every_plan() -> None:
    file: Tables = {"products": {"p": {}}, "plans": {"q": {}}}
    assert [(None, None), (None, "q"), ("p", None), ("p", "q")] == combinations(file)

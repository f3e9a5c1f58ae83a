import tomllib
from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from detector.policy.layers import combinations, resolved
from detector.policy.toml_text import toml_text
from tests.policy.making import SHIPPED, book, edited

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=9)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
plain = (
    st.integers(-(2**60), 2**60)
    | st.booleans()
    | texts
    | st.floats(allow_nan=False)
    | st.datetimes(timezones=zones).map(lambda moment: moment.replace(microsecond=0))
)
values: st.SearchStrategy[Any] = st.recursive(
    plain | st.lists(plain, max_size=3),
    lambda inner: (
        st.dictionaries(texts, inner, max_size=3)
        | st.lists(st.dictionaries(texts, inner, max_size=2), min_size=1, max_size=2)
    ),
    max_leaves=9,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_written_tables_read_as_the_same(tables: dict[str, Any]) -> None:
    assert tables == tomllib.loads(toml_text(tables))


def test_a_policy_that_was_joined_and_written_is_the_same_policy() -> None:
    text = edited(more='[products.p]\ncooldown = "2h"\n[plans.q.rules.crawl_rate]\nmode = "off"\n')
    tables, layered = tomllib.loads(text), book(text)
    for party in combinations(tables):
        assert layered.at(0, *party).hash == book(toml_text(resolved(tables, *party))).at(0).hash


def test_what_is_written_is_as_long_as_a_person_would_write_it() -> None:
    written = toml_text(tomllib.loads(SHIPPED)).splitlines()
    kept = [line for line in SHIPPED.splitlines() if line and not line.startswith("#")]
    assert len(kept) == len([line for line in written if line])

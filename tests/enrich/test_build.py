"""How the shipped network lists are made."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import maxminddb
from hypothesis import given
from hypothesis import strategies as st

from detector.enrich.build import Label, Span, join_spans, published_ranges, relabel

Write = Callable[..., Path]
LABELS = (
    Label("network", 0, "vpn", "a"),
    Label("network", 1, "datacenter", "b"),
    Label("crawler", 0, "google", "google"),
)
SPANS = st.builds(
    lambda first, size, label: Span(first, first + size, label),
    st.integers(0, 60),
    st.integers(0, 20),
    st.sampled_from(LABELS),
)


@given(st.lists(SPANS, max_size=12))
def test_joined_ranges_are_disjoint_and_say_of_each_address_what_the_lists_say(spans: list[Span]) -> None:
    joined = list(join_spans(spans))

    assert all(before[1] < after[0] for before, after in itertools.pairwise(joined))
    for address in range(90):
        labels = {span.label for span in spans if span.first <= address <= span.last}
        expected = {label.field: label.value for label in reversed(LABELS) if label in labels}
        records = [record for first, last, record in joined if first <= address <= last]
        assert ([expected] if expected else []) == [
            {field: value for field, value in record.items() if field != "list"} for record in records
        ]


def test_fragments_and_private_ranges_are_no_published_ranges() -> None:
    lines = [
        "1/0",
        "2/3",
        "000/0",
        "2015/10",
        "3.455.766.537",
        "192.168.1.0/24",
        "2001:db8::/32",
        "0.0.0.0/0",
        "",
    ]

    assert [] == list(published_ranges(lines))
    assert [ip_network("66.249.64.0/27"), ip_network("52.22.66.203")] == list(
        published_ranges(["66.249.64.0/27 # comment", "52.22.66.203"])
    )


def test_a_copy_keeps_its_records_under_another_name_and_date(write_mmdb: Write, tmp_path: Path) -> None:
    source = write_mmdb("source", "Old", {"1.2.3.0/24": {"asn": 64500}})

    relabel(source, tmp_path / "copy.mmdb", built=datetime(2026, 6, 5, tzinfo=UTC), database_type="New")

    with maxminddb.open_database(tmp_path / "copy.mmdb") as copy:
        assert {"asn": 64500} == copy.get("1.2.3.4")
        assert ("New", 1780617600) == (copy.metadata().database_type, copy.metadata().build_epoch)

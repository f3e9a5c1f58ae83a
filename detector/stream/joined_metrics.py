"""The metrics of a worker's processes as one page: what each counted, together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from detector.metrics import Metrics

_Key = tuple[str, frozenset[tuple[str, str]]]

_DEFINITIONS: Final = Metrics(CollectorRegistry()).definitions
_GREATEST: Final = frozenset(each.name for each in _DEFINITIONS if each.joined == "most")
_QUOTIENTS: Final = {each.name: each.joined.split("/") for each in _DEFINITIONS if "/" in each.joined}
"""The two counters of what is worked out of counters."""


def joined(pages: Sequence[str]) -> bytes:
    """Return one page of metrics for those of several processes, in Prometheus' text format.

    Counters and histograms add up; of a gauge the greatest counts, but for those that say otherwise.
    """
    families: dict[str, Metric] = {}
    samples: dict[str, dict[_Key, Sample]] = {}
    for page in pages:
        for family in text_string_to_metric_families(page):
            families.setdefault(family.name, family)
            _add(samples.setdefault(family.name, {}), family)
    for name, family in families.items():
        family.samples = list(samples[name].values())
    for name, counters in _QUOTIENTS.items():
        if name in families:
            parts, whole = (_total(families, counter) for counter in counters)
            families[name].samples = [Sample(name, {}, parts / max(whole, 1.0))]
    return generate_latest(_Page(families.values()))


def _add(known: dict[_Key, Sample], family: Metric) -> None:
    for sample in family.samples:
        key = sample.name, frozenset(sample.labels.items())
        before = known.get(key)
        if before is None:
            value = sample.value
        elif sample.name.endswith("_created"):
            value = min(before.value, sample.value)
        elif family.name in _GREATEST:
            value = max(before.value, sample.value)
        else:
            value = before.value + sample.value
        known[key] = Sample(sample.name, sample.labels, value)


def _total(families: Mapping[str, Metric], counter: str) -> float:
    name = f"detector_{counter}"
    samples = families[name.removesuffix("_total")].samples
    return sum(sample.value for sample in samples if sample.name == name)


class _Page(Collector):
    """Families as `generate_latest` wants them."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return them."""
        return self._families

"""How much stage accounts sends on to the crowds."""

from collections import Counter

from detector.enrich import Enricher
from detector.privacy import Pseudonymizer
from detector.replay.records import FileRecord
from detector.simulate import History, messages, shipped_pools
from detector.simulate.profiles import FULL
from detector.stages.assemble import Workshop
from tests.support.events import START_MS

MOST_CELLS = 0.3
"""An event, on ordinary traffic: DESIGN's bound."""


def test_ordinary_traffic_sends_few_cells(enricher: Enricher, pseudonyms: Pseudonymizer) -> None:
    lives = History(accounts=400, days=1, seed=3, start_ms=START_MS, pools=shipped_pools(), population=FULL)
    shard = Workshop(enricher, pseudonyms, 86_400_000, 300_000).accounts("session-events", 0)
    shard.read([FileRecord(value) for _, value, _ in messages(lives)])
    shard.raise_frontier(shard.newest + 1)
    ordered = shard.close()
    for key in shard.missing(ordered):
        shard.table.put(key, None, None)
    shard.judge(ordered)
    innocent = {label.subject_id for label in lives.labels() if label.category == "benign"}
    cells = Counter(cell.key.family for cell in shard.take_cells() if cell.account_id in innocent)
    events = sum(event.account_id in innocent for event in ordered.events)
    assert events > 10_000
    assert cells.total() / events <= MOST_CELLS, cells

"""The edge to Kafka: what is read, committed, taken over, and by whom.

`app.py` hosts `worker.py`, the life of one pipeline; `loop.py` is a turn of its work. `ownership.py` knows
which partitions it has, each in the hands of an `accounts_shard.py` or a `cases_shard.py`. What those share,
and a further stage with them: rows and checkpoints (`shard_rows.py`), blocks from stage to stage
(`blocks.py`), commits (`transactions.py`), and what was committed before (`offsets.py`, `progress.py`,
`published.py`).
"""

"""Where rows live: the last checkpoint of every shard, and who may write it.

`base.py` says what a store promises, `memory.py` keeps rows in the process (replay, tests), `redis.py` keeps
them in Redis, with its Lua in `lua/`. Whoever claims a shard is its only writer from then on; everything an
earlier writer still sends is refused.
"""

from detector.stores.base import REMOVED, Claim, Kept, RowStore, StoredRow, shard_name
from detector.stores.memory import MemoryStore
from detector.stores.redis import RedisStore

__all__ = ["REMOVED", "Claim", "Kept", "MemoryStore", "RedisStore", "RowStore", "StoredRow", "shard_name"]

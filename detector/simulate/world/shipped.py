"""The pools of the shipped databases, kept beside the code: to read those anew takes seconds, every time.

    python -m detector.simulate.world.shipped

makes them anew, after the shipped databases have changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.enrich import files
from detector.simulate.world.pools import Block, Pools, read_pools

FILE = Path(__file__).parent / "data" / "pools.npz"
LIST = "vpns"
"""The one field that is no mapping."""
NUMBERS = np.dtype([("high", "<u8"), ("low", "<u8"), ("bits", "u1"), ("is_v6", "?")])
LOW = (1 << 64) - 1


@cache
def shipped_pools() -> Pools:
    """Return what `read_pools` finds in the shipped databases.

    Always theirs: an operator's own would make other bytes of the same seed.
    """
    with np.load(FILE, allow_pickle=False) as kept:
        found: dict[str, Any] = {
            field.name: _mapping(kept[f"{field.name}.keys"], kept[f"{field.name}.sizes"], kept[field.name])
            for field in fields(Pools)
            if field.name != LIST
        }
        return Pools(**found, vpns=_blocks(kept[LIST]))


def write(pools: Pools, path: Path) -> None:
    """Keep pools in a file, as arrays of numbers (.npz)."""
    kept: dict[str, NDArray[Any]] = {LIST: _numbers(pools.vpns)}
    for name in (field.name for field in fields(Pools) if field.name != LIST):
        pool: Mapping[Any, Sequence[Block]] = getattr(pools, name)
        kept[f"{name}.keys"] = np.array(list(pool))
        kept[f"{name}.sizes"] = np.array([len(blocks) for blocks in pool.values()])
        kept[name] = _numbers([block for blocks in pool.values() for block in blocks])
    np.savez_compressed(path, allow_pickle=False, **kept)


def _mapping(keys: NDArray[Any], sizes: NDArray[Any], numbers: NDArray[Any]) -> dict[Any, list[Block]]:
    """Return blocks by key; keys of several words come as rows of an array and leave as tuples."""
    blocks, ends = _blocks(numbers), np.cumsum(sizes).tolist()
    named = [key if isinstance(key, str) else tuple(key) for key in keys.tolist()]
    return {key: blocks[end - size : end] for key, size, end in zip(named, sizes.tolist(), ends, strict=True)}


def _blocks(numbers: NDArray[Any]) -> list[Block]:
    return [Block(high << 64 | low, bits, is_v6) for high, low, bits, is_v6 in numbers.tolist()]


def _numbers(blocks: Sequence[Block]) -> NDArray[Any]:
    rows = [(first >> 64, first & LOW, bits, is_v6) for first, bits, is_v6 in blocks]
    return np.array(rows, NUMBERS)


if __name__ == "__main__":
    (city,), (asn,), (networks,) = files("city", None), files("asn", None), files("networks", None)
    FILE.parent.mkdir(exist_ok=True)
    write(read_pools(city, asn, networks), FILE)

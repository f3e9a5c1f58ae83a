"""Whether a Redis may throw rows away by itself: what is gone would look like a new account.

Every key has a time to live, so the `volatile-…` policies take rows as the `allkeys-…` ones do.
"""

from typing import TYPE_CHECKING, Final

from redis.asyncio import RedisCluster

if TYPE_CHECKING:
    from detector.stores.redis_client import RedisClient

SETTING: Final = "maxmemory-policy"
SAFE: Final = "noeviction"


async def evicting(client: "RedisClient") -> list[str]:
    """Return the policies, each once, by which servers of `client` may evict keys; none where all keep them.

    A cluster is asked node by node. Raises redis-py's errors: a hosted Redis may forbid the question.
    """
    if isinstance(client, RedisCluster):
        await client.initialize()
        answers = [await client.config_get(SETTING, target_nodes=node) for node in client.get_nodes()]
    else:
        answers = [await client.config_get(SETTING)]
    return sorted({policy for answer in answers if (policy := answer.get(SETTING)) is not None} - {SAFE})


def warning(where: str, policies: list[str]) -> str:
    """Say in a line what `policies` of the Redis at `where` put at risk, and what to do."""
    return (
        f"Redis {where} may evict keys ({SETTING} {', '.join(policies)}), and an evicted row looks like a new"
        f" account: run `CONFIG SET {SETTING} {SAFE}` on each of its servers, or set it where it is hosted"
    )

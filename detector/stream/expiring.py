"""Counting, now and then, the allow entries that are about to expire and were never used."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Final, get_args

from aiokafka.structs import TopicPartition

from detector.errors import UnavailableError
from detector.policy.entitlements import Kind
from detector.stream.accounts_shard import AccountsShard
from detector.stream.entries import expires_soon, with_uses
from detector.stream.kit import Kit

EVERY_S: Final = 300.0


class ExpiringEntries:
    """Shows their number where partition 0 of the events is this worker's: one worker counts for all."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._home = TopicPartition(kit.settings.topics.session_events, 0)
        self._due = 0.0

    async def look(self, shards: Mapping[TopicPartition, AccountsShard]) -> None:
        """Count anew where it is time; `shards` are this worker's."""
        shard, now = shards.get(self._home), time.monotonic()
        if shard is None:
            self._kit.metrics.allow_expiring_unused.clear()
            self._due = now
        elif now >= self._due and shard.judged_to > 0:
            self._due = now + EVERY_S
            await self._show(shard.judged_to)

    async def _show(self, moment: int) -> None:
        kit = self._kit
        entries = kit.workshop.entitlements.entries(moment)
        soon = [(owner, allow) for owner, allow in entries if expires_soon(allow, moment)]
        try:
            found = await with_uses(soon, kit.store, kit.keyring, kit.events)
        except UnavailableError as error:
            kit.complaints.warn("allow entries are not looked at", error=str(error))
            return
        unused = Counter(entry.allow.kind for entry in found if entry.expires_unused(moment))
        for kind in get_args(Kind):
            kit.metrics.allow_expiring_unused.labels(kind).set(unused[kind])

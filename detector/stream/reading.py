"""Reading on only where there is room for more."""

from collections.abc import Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from detector.errors import DetectorError
from detector.logs import get_logger
from detector.stream.accounts_shard import AccountsShard
from detector.stream.frontiers import Frontiers
from detector.stream.outstanding import slowest_frontier
from detector.stream.ownership import Ownership
from detector.stream.seldom import Seldom

log = get_logger(__name__)

MOST_HELD: Final = 1_000_000
"""Events of one worker that wait for their moment to close; each takes about 0.8 KB."""


class Reading:
    """Pauses what must wait, and resumes it."""

    def __init__(self, consumer: AIOKafkaConsumer, ownership: Ownership, frontiers: Frontiers) -> None:
        self._consumer = consumer
        self._ownership = ownership
        self._frontiers = frontiers
        self._warn = Seldom()

    async def hold_back(self) -> None:
        """Pause the partitions of shards that are full, and let the others be read.

        Raises `DetectorError` where too many events wait for their moment.
        """
        accounts = self._ownership.accounts()
        self._check_held(accounts)
        if any(shard.outstanding.many for shard in accounts.values()):
            await self._ask_the_others(accounts)
        paused = self._consumer.paused()
        for partition, shard in self._ownership.shards.items():
            if shard.full and partition not in paused:
                self._consumer.pause(partition)
            elif not shard.full and partition in paused:
                self._consumer.resume(partition)

    async def _ask_the_others(self, accounts: Mapping[TopicPartition, AccountsShard]) -> None:
        standings = await self._frontiers.sample()
        if standings is None:
            return
        slowest = slowest_frontier(standings.values())
        for shard in accounts.values():
            shard.outstanding.passed(slowest)

    def _check_held(self, accounts: Mapping[TopicPartition, AccountsShard]) -> None:
        """Say what fills the memory before it is full.

        Reading less would not help: only later events close a moment. Closing earlier than the lateness says
        would judge otherwise than a replay. So there is nothing to do but to say it, and in the end to stop.
        """
        held = sum(shard.held for shard in accounts.values())
        if held > MOST_HELD:
            raise DetectorError(
                f"{held} events wait for their moment to close, and a worker holds {MOST_HELD}: lower the "
                "lateness (--allowed-lateness, DETECTOR_ALLOWED_LATENESS), or run more workers"
            )
        if held > MOST_HELD // 2 and self._warn.now():
            log.warning("many events wait for their moment: is the lateness too long?", held=held)

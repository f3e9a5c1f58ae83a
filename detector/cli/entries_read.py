"""What `detector entitlements` and `detector feedback` show: read from Kafka and Redis, as plain values."""

from dataclasses import dataclass

from detector.cli.keys import keyring_for
from detector.feedback import Feedbacks
from detector.moments import instant_ms
from detector.policy import Entitlements, default_book
from detector.policy.entitlements import EXPLAINS
from detector.policy.uses import MOST_NETWORKS, provider_of
from detector.settings import Settings
from detector.stores import RedisStore, shard_name
from detector.stream.control import ControlLog
from detector.stream.entries import Entry, with_uses
from detector.stream.frontiers import Frontiers
from detector.stream.kafka import KafkaClients, reporting
from detector.stream.offsets import partitions_of

UNUSED = "expires unused"
SOMEWHERE_NEW = "used from somewhere new"


@dataclass(frozen=True, slots=True)
class Granted:
    """All entitlements, the newest moment that was judged, Unix ms, and the entries valid then."""

    entitlements: Entitlements
    moment: int
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Said:
    """An allow entry as it is shown; moments in Unix ms, None where there is none.

    `networks` is a number of /24 and IPv6 /64, at most `MOST_NETWORKS` of them counted; `new_providers` has
    the ASNs of places that are new.
    """

    key: str
    kind: str
    value: str | int
    reason: str | None
    author: str | None
    expires: int | None
    categories: tuple[str, ...]
    hits: int
    first_used: int | None
    last_used: int | None
    networks: int
    new_providers: tuple[int, ...]
    doubts: tuple[str, ...]


def said_of(entry: Entry, moment: int) -> Said:
    """Return an entry as it is shown, seen from a moment, Unix ms."""
    allow, use = entry.allow, entry.use
    new_places = entry.new_places(moment)
    doubts = [
        *([UNUSED] if entry.expires_unused(moment) else []),
        *([SOMEWHERE_NEW] if new_places else []),
        *allow.doubts,
    ]
    return Said(
        key=entry.owner,
        kind=allow.kind,
        value=allow.value,
        reason=allow.reason,
        author=allow.author,
        expires=None if allow.expires is None else instant_ms(allow.expires),
        categories=tuple(allow.for_ or EXPLAINS[allow.kind]),
        hits=0 if use is None else use.hits,
        first_used=None if use is None else use.first_ms,
        last_used=None if use is None else use.last_ms,
        networks=0 if use is None else min(len(use.networks), MOST_NETWORKS),
        new_providers=tuple(dict.fromkeys(map(provider_of, new_places))),
        doubts=tuple(doubts),
    )


async def read_granted(settings: Settings, key: str | None) -> Granted:
    """Read what is granted, to everybody or to `key`. Raises `UnavailableError` and `StateError`."""
    entitlements = await read_entitlements(settings)
    moment, partitions = await _progress(settings)
    entries = [each for each in entitlements.entries(moment) if key in {None, each[0]}]
    store = RedisStore.from_url(settings.redis_url, group=settings.group)
    try:
        keyring = await keyring_for(settings, store, (shard_name("accounts", n) for n in range(partitions)))
        return Granted(entitlements, moment, await with_uses(entries, store, keyring, partitions))
    finally:
        await store.close()


async def read_entitlements(settings: Settings) -> Entitlements:
    """Read all that the workers were told of entitlements. Raises `UnavailableError`."""
    return (await read_controls(settings))[0]


async def read_controls(settings: Settings) -> tuple[Entitlements, Feedbacks]:
    """Read all that the workers were told of entitlements and alerts. Raises `UnavailableError`."""
    granted, said = Entitlements(), Feedbacks()
    clients = KafkaClients(settings.brokers, settings.kafka_security())
    control = ControlLog(clients, settings.topics.control, granted, said, default_book())
    try:
        await control.catch_up()
    finally:
        await control.stop()
    return granted, said


async def _progress(settings: Settings) -> tuple[int, int]:
    """Return the highest frontier of the group, Unix ms, 0 for none, and the number of partitions."""
    admin = KafkaClients(settings.brokers, settings.kafka_security()).admin()
    try:
        with reporting(f"looking at the progress of group {settings.group}"):
            await admin.start()
        partitions = await partitions_of(admin, settings.topics.session_events)
        frontiers = Frontiers(admin, settings.group, partitions)
        await frontiers.ask()
        return frontiers.highest(), len(partitions)
    finally:
        await admin.close()

"""The keys with which a command finds what workers store, or says that it lacks one."""

from collections.abc import Iterable

from detector.clock import now_ms
from detector.keyring import Keyring
from detector.settings import Settings
from detector.stores import RowStore
from detector.stream.stored_under import opened


async def keyring_for(settings: Settings, store: RowStore, shards: Iterable[str]) -> Keyring:
    """Return the keys of the settings.

    Raises `UnavailableError`, and `StateError` where rows of these shards may lie under another one: they
    would not be found, which is not to say that there are none.
    """
    keyring = Keyring(settings.pseudonym_key, settings.pseudonym_key_other)
    for shard in shards:
        payload = await store.read_payload(shard)
        if payload is not None:
            opened(payload, shard, keyring, now_ms=now_ms())
    return keyring

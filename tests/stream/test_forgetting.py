"""What of an account may be forgotten, and a row that is removed while somebody else owns its shard."""

import msgspec
import pytest

from detector.alerts import Subject
from detector.errors import OwnershipLostError, StateError
from detector.ladder import Case
from detector.ladder.case import Given, Part, Word
from detector.stages.accounts import Checkpoint
from detector.stores import Claim, MemoryStore, StoredRow
from detector.stream.forgetting import ATTEMPTS, HOLDS, SPOKEN, cases_of, forget_row, kept_cases
from detector.stream.stored_under import encode_stored

NOW = 1_780_243_200_000
SHARD = "accounts-00"
ANN, BEN = b"a" * 16, b"b" * 16
TALLY = b"u" * 16
NAMES, TALLIES = [b"n" * 16, ANN], [TALLY, b"v" * 16]
"""Under either key."""
AT = encode_stored(msgspec.json.encode(Checkpoint(resume=3, position=7, frontier=NOW, newest=NOW + 5)), {}, 0)


def case(name: str = "c-1", account: str = "ann", **more: object) -> Case:
    return msgspec.structs.replace(
        Case(name, Subject("account", account), "crawler", NOW - 9, NOW - 9), **more
    )


def step(action: str, **more: object) -> list[Given]:
    return [
        msgspec.structs.replace(
            Given("a-1", action, NOW - 9, "crawl_rate", [Part("crawl_rate", 1.0)]), **more
        )
    ]


def test_only_the_accounts_own_cases_are_found() -> None:
    network = msgspec.structs.replace(case("c-3"), subject=Subject("network", "ann"))
    data = [msgspec.json.encode(one) for one in (case(), case("c-2", "ben"), network)]
    assert ["c-1"] == [one.case_id for one in cases_of(data, "ann")]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (case(), None),
        (case(alerts=step("warn")), None),
        (case(alerts=step("restrict", expires=NOW + 1)), HOLDS),
        (case(alerts=step("restrict", expires=NOW)), None),
        (case(alerts=step("suspend")), HOLDS),
        (case(alerts=step("suspend", released=True)), None),
        (case(alerts=step("suspend", became=Word("lifted", NOW - 5))), None),
        (case(alerts=step("suspend"), held_until=NOW + 1, shadow="trial"), None),
        (case(held_until=NOW + 1), SPOKEN),
        (case(held={"crawl_rate": NOW + 1}), SPOKEN),
        (case(held={"crawl_rate": NOW}), None),
    ],
)
def test_a_case_is_kept_while_a_step_holds_or_a_verdict_protects(known: Case, reason: str | None) -> None:
    assert ({} if reason is None else {"c-1": reason}) == kept_cases([known], {}, NOW)


def test_a_case_under_dispute_is_kept_and_the_others_are_not() -> None:
    assert {"c-2": "held: dispute 7"} == kept_cases([case(), case("c-2")], {"c-2": "dispute 7"}, NOW)


class Fenced:
    """Notes whether the owner is kept from sending."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    async def start(self) -> None:
        self.steps.append("start")

    async def stop(self) -> None:
        self.steps.append("stop")


class Contested(MemoryStore):
    """A store of which a worker takes every shard over again, so many times, as soon as it was claimed."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def claim(self, shard: str) -> tuple[Claim, bytes | None]:
        found = await super().claim(shard)
        if self.times:
            self.times -= 1
            await super().claim(shard)
        return found


async def stored(store: MemoryStore) -> Claim:
    claim, _ = await MemoryStore.claim(store, SHARD)
    rows: dict[bytes, StoredRow] = {ANN: (b"row", b"ledger"), BEN: (b"row", None)}
    await store.checkpoint(claim, AT, rows, {TALLY: b"tally"})
    return claim


@pytest.mark.parametrize("contested", [0, 1, ATTEMPTS - 1])
async def test_a_row_goes_and_nothing_else_of_its_shard(contested: int) -> None:
    store = Contested(contested)
    worker = await stored(store)
    fence = Fenced()
    assert await forget_row(store, fence, SHARD, NAMES, TALLIES) == NOW
    assert ["start", "stop"] * (contested + 1) == fence.steps
    assert [None, (b"row", None)] == await store.read(SHARD, [ANN, BEN])
    assert [None] == await store.read_tallies(SHARD, [TALLY])
    assert AT == (await store.claim(SHARD))[1]
    with pytest.raises(OwnershipLostError):  # it would write back what it has in memory
        await store.checkpoint(worker, AT, {ANN: (b"row", b"ledger")})


async def test_an_account_without_a_row_disturbs_nobody() -> None:
    store = MemoryStore()
    worker = await stored(store)
    fence = Fenced()
    assert await forget_row(store, fence, SHARD, [b"c" * 16], [b"t" * 16]) is None
    assert [] == fence.steps
    await store.checkpoint(worker, AT, {})


async def test_a_shard_that_is_never_let_go_of_is_told_and_keeps_its_row() -> None:
    store = Contested(ATTEMPTS)
    await stored(store)
    with pytest.raises(OwnershipLostError):
        await forget_row(store, Fenced(), SHARD, NAMES, TALLIES)
    assert [(b"row", b"ledger")] == await store.read(SHARD, [ANN])


async def test_rows_without_a_checkpoint_are_an_error_that_says_what_to_do() -> None:
    store = MemoryStore()
    await stored(store)
    store._shards[SHARD].payload = None
    with pytest.raises(StateError, match="start a worker"):
        await forget_row(store, Fenced(), SHARD, NAMES, TALLIES)

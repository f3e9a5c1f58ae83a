"""Crawls: what programs collect together, told by accounts' and visitors' own rows at growing distances.

An account concerns its client, device, address and catalogue where its row looks like a program's: it goes on
from page to page, and in order, evenly or by its client's own word. A visitor concerns the network that his
address is one of many in. Besides, an account that is seen at a new place or device concerns its client, as
one of those who use it.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detector.categories import BITS
from detector.cells import CrowdKey
from detector.enrich import ClientKind
from detector.stages.regroup.base import Facts, Hashes, Seen, client_id, places_of

LEAST_PAGES = 12
"""Fresh pages in a day from which on an account's row says anything."""
GOES_ON = 0.8
"""Share of what was chosen that a program has not asked for before."""
IN_ORDER = 0.5
LEAST_GAPS = 10
EVEN = 0.6
"""Deviation of a program's gaps in parts of their mean, at most; people's deviate by 1 and more."""
BARE = 0.05
LEAFED = 0.2
"""Shares of assets: of programs, and at most of visitors that crowds are told of, unless they go in order."""
SCRIPTS = (ClientKind.TOOL, ClientKind.BOT, ClientKind.HEADLESS)

_EXCUSED = BITS["crawler"]


class Crawls:
    """See `detector.stages.regroup.base.Regrouped`."""

    def chosen(self, events: NDArray[np.void], features: NDArray[np.void]) -> NDArray[np.bool_]:
        """Return where a row tells the crowds of its pages, or an account of its client."""
        known = events["account"] > 0
        told = (features["told"] > 0) & np.where(known, _account_tells(features), _visitor_tells(features))
        free = (features["excused"] & _EXCUSED == 0) & (features["verified"] == 0)
        where: NDArray[np.bool_] = free & (told | (known & (features["opened"] >= 0)))
        return where

    def keys(self, seen: Seen) -> Iterator[CrowdKey]:
        """Yield the crowds that the event concerns."""
        event, features = seen.event, seen.features
        if event.account_id is None:
            *_, network = places_of("crawls", event.ip)
            yield network
            return
        yield CrowdKey("crawls", "client", client_id(event))
        if not _tells_of_pages(seen):
            return
        yield from places_of("crawls", event.ip)
        if event.device_id is not None:
            yield CrowdKey("crawls", "device", event.device_id)
        if abs(int(features["stride"])) > 1:
            yield CrowdKey(
                "crawls", "catalogue", f"{int(seen.column['shape']):08x}/{abs(int(features['stride']))}"
            )

    def facts(self, seen: Seen, hashes: Hashes) -> Facts:
        """Return who it is, with what, and what the row says of the pages of a day."""
        event, features = seen.event, seen.features
        known = event.account_id is not None
        facts = {
            "who": hashes.of(event.account_id if known else event.ip),
            "account": int(known),
        }
        if not _tells_of_pages(seen):
            return {**facts, "user": 1}
        return {
            **facts,
            "address": hashes.of(event.ip),
            "client": hashes.of(client_id(event)),
            "path": int(seen.column["path"]),
            "catalogue": int(seen.column["shape"]),
            "number": int(seen.column["number"]),
            "stride": abs(int(features["stride"])),
            "pages": int(features["fresh_24h"]),
            "steps": int(features["steps_24h"]),
            "gaps": int(features["gaps"]),
            "variation": min(round(1000 * float(features["gap_cv"])), 1_000_000),
            "bare": int(features["assets_24h"] <= BARE * features["requests_24h"]),
            "script": int(features["kind"] in SCRIPTS),
        }


def _tells_of_pages(seen: Seen) -> bool:
    one = seen.features
    if not one["told"]:
        return False
    return bool(_account_tells(one) if one["account"] else _visitor_tells(one))


def _account_tells(features: NDArray[np.void]) -> NDArray[np.bool_]:
    """Return where an account's row looks like a program's."""
    pages = features["fresh_24h"]
    goes_on = (pages >= LEAST_PAGES) & (pages >= GOES_ON * features["chosen_24h"])
    even = (features["gaps"] >= LEAST_GAPS) & (features["gap_cv"] <= EVEN)
    program = even | _in_order(features) | np.isin(features["kind"], SCRIPTS)
    where: NDArray[np.bool_] = goes_on & program
    return where


def _visitor_tells(features: NDArray[np.void]) -> NDArray[np.bool_]:
    """Return where a visitor goes from page to page, without what a browser loads beside or in order."""
    goes_on = features["fresh_24h"] >= GOES_ON * features["chosen_24h"]
    plain = features["assets_24h"] <= LEAFED * features["requests_24h"]
    where: NDArray[np.bool_] = goes_on & (plain | _in_order(features))
    return where


def _in_order(features: NDArray[np.void]) -> NDArray[np.bool_]:
    where: NDArray[np.bool_] = (features["steps_24h"] > 0) & (
        features["steps_24h"] + 2 >= IN_ORDER * features["fresh_24h"]
    )
    return where

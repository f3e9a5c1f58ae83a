"""Queries: which of a query's words choose what is shown, so that another value is another page.

Most words of a query say nothing of the kind: moments against caches, counters, signatures, where a visitor
came from. A page left open sends ever other ones. So only names that choose are read: numbers of pages of a
list, places in it, and a thing's own id. And of lists only what lies deeper than people go: they leaf through
a few pages, or scroll through some dozens, and a program through all.

Source: the usual names for paging (`page`, `offset`); of searchers nearly nobody looks beyond the third page
of ten (Jansen and Spink 2006, Information Processing and Management 42).
Misses: lists paged by opaque cursors or in a request's body; words to search for, which people type letter
by letter.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

_PAGES: Final = frozenset(
    (
        "page",
        "p",
        "pn",
        "pg",
        "paged",
        "pageno",
        "pagenum",
        "pageindex",
        "currentpage",
        "curpage",
        "pagenumber",
    )
)
_OFFSETS: Final = frozenset(("offset", "start", "skip", "startindex"))
_THINGS: Final = frozenset(
    ("id", "itemid", "productid", "goodsid", "skuid", "spuid", "sku", "materialid", "articleid", "postid")
) | {"videoid", "noteid", "creativeid", "adid", "shopid", "storeid", "categoryid", "catid", "docid", "newsid"}
LEAFED: Final = 30
"""Pages of a list that people leaf or scroll through."""
PAGE_ROWS: Final = 20
"""Rows of such a page, where a list is asked for by the place in it."""
_NUMBER: Final = re.compile(r"[0-9]{1,8}")
_ID: Final = re.compile(r"[\w.-]{1,64}", re.ASCII)
_MOMENT: Final = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
"""Unix seconds or milliseconds, from 2001 to 2033."""


class Chosen(NamedTuple):
    """What a query chooses, as text ("" nothing), the names that do, and the last number among it."""

    text: str = ""
    names: str = ""
    number: int = 0


NOTHING: Final = Chosen()


def chosen_by(query: str) -> Chosen:
    """Return what a query, without its question mark, chooses; in whatever order its words stand."""
    kept: dict[str, str] = {}
    number = 0
    for word in query.split("&"):
        name, _, value = word.partition("=")
        plain = name.lower().replace("_", "").replace("-", "")
        deep = _deep(plain, value)
        if deep:
            number = deep
            kept[plain] = value
        elif plain in _THINGS and _is_id(unquote_plus(value)):
            kept[plain] = value
            number = number or (int(value) if _NUMBER.fullmatch(value) else 0)
    if not kept:
        return NOTHING
    names = sorted(kept)
    return Chosen("&".join(f"{name}={kept[name]}" for name in names), "&".join(names), number)


def _deep(name: str, value: str) -> int:
    """Return the number of a list's page, or a place in it, that lies deeper than people go; else 0."""
    least = LEAFED if name in _PAGES else LEAFED * PAGE_ROWS if name in _OFFSETS else 0
    if not least or not _NUMBER.fullmatch(value):
        return 0
    return int(value) if int(value) > least else 0


def _is_id(value: str) -> bool:
    return bool(_ID.fullmatch(value)) and not _MOMENT.fullmatch(value)

"""Elements of pages and pictures: whatever an identifier holds, it is text in them and nothing else."""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, tostring

from detector.evidence.faults import plain

_LONGEST: Final = 4_000
"""Characters of one text: longer than any sentence or identifier here."""
_LINK: Final = re.compile(r"(https://[\w./-]+)", re.ASCII)
_STYLE: Final = """
body { font: 15px/1.5 "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
       max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top;
         overflow-wrap: break-word }
th { background: #f3f3f3; white-space: nowrap }
code { overflow-wrap: anywhere }
td > span { white-space: nowrap }
svg { max-width: 100%; height: auto }
"""


def node(tag: str, *inside: str | Element, **attributes: str | float) -> Element:
    """Return an element with what is inside it; `text_anchor` is the attribute `text-anchor`."""
    made = Element(tag, {name.replace("_", "-"): _written(value) for name, value in attributes.items()})
    last: Element | None = None
    for each in inside:
        if isinstance(each, Element):
            made.append(each)
            last = each
        elif last is None:
            made.text = (made.text or "") + plain(each, _LONGEST)
        else:
            last.tail = (last.tail or "") + plain(each, _LONGEST)
    return made


def table(heads: list[str], rows: list[list[str | Element]]) -> Element:
    """Return a table with a row of heads."""
    head = node("tr", *(node("th", each) for each in heads))
    return node("table", head, *(node("tr", *(node("td", each) for each in row)) for row in rows))


def facts(rows: list[tuple[str, str]]) -> Element:
    """Return a table of names and what they are."""
    return node("table", *(node("tr", node("th", name), node("td", what)) for name, what in rows))


def bullets(lines: list[str]) -> Element:
    """Return a list; addresses of pages in it are links."""
    return node("ul", *(node("li", *_linked(line)) for line in lines))


def page(language: str, title: str, *inside: Element) -> bytes:
    """Return a page of HTML that needs no other file."""
    style = Element("style")
    style.text = _STYLE
    head = node("head", node("meta", charset="utf-8"), node("title", title), style)
    whole = node("html", head, node("body", node("h1", title), *inside), lang=language)
    return f"<!DOCTYPE html>\n{tostring(whole, encoding='unicode', method='html')}\n".encode()


def picture(svg: Element) -> bytes:
    """Return a picture as a file of its own."""
    return tostring(svg, encoding="unicode").encode() + b"\n"


def _linked(line: str) -> Iterator[str | Element]:
    for number, part in enumerate(_LINK.split(line)):
        yield node("a", part, href=part) if number % 2 else part


def _written(value: str | float) -> str:
    return plain(value, _LONGEST) if isinstance(value, str) else f"{value:g}"

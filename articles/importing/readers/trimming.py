"""What within the main text of a web page is not the essay's: links, comments, teasers, credits.

In the core nothing goes for its name but at the rim, where it is mostly links or small, or where
the name is beyond doubt and the block is a small part of the page.
"""

import re
from collections.abc import Iterator

from lxml import etree

from . import furniture
from .furniture import HEADINGS, WRITTEN_IN, words_of
from .weighing import (
    LITTLE,
    LONGEST_META,
    MOST_LINKED,
    MUCH,
    SKIPPED,
    SOME_LINKED,
    Found,
    Weight,
    prose_in,
)

_LISTS = HEADINGS | words_of("div section ul ol dl table p aside header footer figure li tr td")
_OF_ROWS = words_of("div li article section a")

_VERY_LITTLE = 0.04
"""Share of the prose up to which a block with links is left out for any name of furniture."""

_TOP, _BOTTOM, _END = 0.05, 0.8, 0.9
"""Shares of the prose that stand above the rims of an essay, and above what ends with it."""

_WHOLLY = 0.9
"""Share of link text of a paragraph that is nothing but one link."""

_PAGE = re.compile(r"(?:https?:)?//|/|[\w.-]+/|[\w-]+\.\w?html?", re.IGNORECASE)
"""How addresses of other pages begin; a mail address or a place on the page does not."""

_LEAST_TEASERS, _LONGEST_TEASER, _LEAST_NAME = 2, 450, 12
"""Blocks of a row of teasers, and characters of one and of the name of the page it leads to."""

_LONGEST_LEADING, _LEAST_LED = 40, 15
"""Characters of `Read on:`, and of the name of the page behind it; 作者 is no such name."""


def trim(found: Found) -> None:
    """Add to what is outside the furniture within the main element."""
    outside, named = found.outside, found.named
    before: dict[etree._Element, int] = {}  # prose of the essay above each element
    seen = 0
    for element, amount in _pieces(found):
        if element is not None:
            before[element] = seen
        seen += amount
    within = set(found.core.iter())
    start = before.get(found.core, 0)
    for element, above in before.items():
        if element is found.main or element in outside:
            continue
        weight, tag = found.weights[element], element.tag
        at_end = above >= seen
        links = weight.linked > 0 and weight.linked >= MOST_LINKED * weight.text
        if element in named:
            rim = at_end or (above == 0 and named[element] > 0)
            if links or rim or element not in within or _is_beyond_doubt(found, element, above):
                outside.add(element)
        elif _stands_below(found, element, above, seen) or (
            element not in within
            and above > start
            and tag not in WRITTEN_IN
            and weight.prose < MUCH * found.prose[found.main]
            and furniture.is_below_essays(element)
        ):
            outside.add(element)
        elif tag in _LISTS and not found.prose[element]:
            rim = at_end or above == 0
            listed = tag not in ("p", "li", "tr", "td") and tag not in HEADINGS
            some = at_end and tag != "p" and weight.linked > SOME_LINKED * weight.text
            if _is_sentence_of_links(element):
                continue
            if (links and (rim or listed)) or some or _is_one_link(element, weight):
                outside.add(element)
    _leave_teasers(found, before, seen)
    _leave_last_headings(found, within)


def _is_beyond_doubt(found: Found, element: etree._Element, above: int) -> bool:
    """Tell whether a block named as furniture is that in the midst of the text too."""
    weight, prose = found.weights[element], found.prose[found.main]
    if furniture.is_plainly_furniture(element) and (above or not weight.prose):
        comments = found.named[element] == furniture.COMMENTS
        return comments or not weight.prose or weight.prose < LITTLE * prose
    return (
        above > 0
        and found.named[element] > 0
        and element.tag not in ("aside", "footer")
        and weight.linked > 0
        and weight.prose < _VERY_LITTLE * prose
    )


def _stands_below(found: Found, element: etree._Element, above: int, seen: int) -> bool:
    """Tell whether it is a paragraph of the site's at the rims, or a teaser."""
    if furniture.is_line_of_site(element):
        return above < _TOP * seen or above > _BOTTOM * seen
    weight = found.weights[element]
    return (
        above > 0
        and element.tag not in WRITTEN_IN
        and weight.linked > 0
        and weight.text < _LONGEST_TEASER
        and weight.prose < LITTLE * found.prose[found.main]
        and furniture.is_teaser(element)
    )


def _leave_teasers(found: Found, before: dict[etree._Element, int], seen: int) -> None:
    """Leave out a row of teasers behind the text: like blocks, each of which leads to a page."""
    for element, above in before.items():
        if not above or len(element) < _LEAST_TEASERS or element in found.outside:
            continue
        if found.weights[element].linked < _LEAST_TEASERS * _LEAST_NAME:
            continue
        rows: dict[tuple[str, str], list[etree._Element]] = {}
        for child in element:
            if child in before and child.tag in _OF_ROWS:
                rows.setdefault((child.tag, child.get("class") or ""), []).append(child)
        named = furniture.is_below_essays(element)
        for row in rows.values():
            if len(row) < _LEAST_TEASERS or not all(
                _is_teaser(found.weights[e], e, named) for e in row
            ):
                continue
            prose = sum(found.prose[e] for e in row)
            if before[row[0]] > seen / 2 or (named and before[row[0]] + prose > _END * seen):
                found.outside.update(row)


def _is_teaser(weight: Weight, element: etree._Element, named: bool) -> bool:
    if not 0 < weight.text <= _LONGEST_TEASER or weight.linked < _LEAST_NAME:
        return False
    return named or next(element.iter("h2", "h3", "h4", "h5", "h6", "img"), None) is not None


def _is_one_link(element: etree._Element, weight: Weight) -> bool:
    """Tell whether a paragraph is a link to another page, `Read on: …`, and says nothing itself."""
    if element.tag != "p" or not weight.linked or weight.text > 1.5 * LONGEST_META:
        return False
    link = next(element.iter("a"), None)
    if link is None or not _PAGE.match(link.get("href") or ""):
        return False
    said = "".join(element.itertext()).strip()
    name = "".join(link.itertext()).strip()
    if weight.linked >= _WHOLLY * weight.text:
        return len(said) > _LEAST_NAME and said[-1] not in "。！？!?.…”：:"
    before, _, behind = said.partition(name or said)
    return (
        0 < len(before.strip()) < _LONGEST_LEADING
        and before.rstrip()[-1] in ":：?？!！>»→"
        and len(behind) < 2
        and len(name) >= _LEAST_LED
    )


def _is_sentence_of_links(element: etree._Element) -> bool:
    """Tell whether a paragraph is a Chinese sentence, with its full stop, of links: 参见甲和乙。"""
    if element.tag != "p":
        return False
    return bool(re.search(r"[\u3400-\u9fff》”）][。！？][”）]?\s*$", "".join(element.itertext())))


def _pieces(found: Found) -> Iterator[tuple[etree._Element | None, int]]:
    """Yield the elements of the main text in order, and between them how much prose there is."""
    linked = 0
    skip = None
    for event, element in etree.iterwalk(found.main, events=("start", "end")):
        linked += (1 if event == "start" else -1) * (element.tag == "a")
        if event == "start":
            if skip is not None:
                continue
            if element in found.outside or element.tag in SKIPPED:
                skip = element
                continue
            yield element, 0
            if element in found.named:
                skip = element
            elif not linked:
                yield None, prose_in(element.text)
        else:
            if skip is element:
                skip = None
            if skip is None and not linked and element is not found.main:
                yield None, prose_in(element.tail)


def _leave_last_headings(found: Found, within: set[etree._Element]) -> None:
    """Leave out the headings at the very end whose text was left out: 相关文章."""
    dropped = False
    for element in _backwards(found, found.main):
        if element is None:
            return
        if element.tag not in HEADINGS or element in found.outside:
            dropped = dropped or element in found.outside
        elif dropped or element not in within:
            found.outside.add(element)
            dropped = False


def _backwards(found: Found, element: etree._Element) -> Iterator[etree._Element | None]:
    """Yield from the end of the main text its headings and what was left out; None for text."""
    for child in reversed(element):
        if child.tail and child.tail.strip():
            yield None
        if child in found.outside or child.tag in HEADINGS:
            yield child
        elif child.tag == "img":
            yield None
        elif child.tag not in SKIPPED:
            yield from _backwards(found, child)
    if element.text and element.text.strip():
        yield None

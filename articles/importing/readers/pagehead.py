"""The head of an essay on a web page: its title, a lead, the lines of who wrote it when.

They stand above the main text as often as within it, and the lines now and then right behind it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from .furniture import HEADINGS
from .maintext import INLINE, LEAST_JOINED, READABLE_META
from .weighing import SKIPPED, SOME_LINKED, Found

_LABELLED = re.compile(
    r"(?:来源|來源|稿源|作者|撰文|文|时间|時間|日期|编辑|編輯|责编|供稿|记者|記者|出处|出處)\s*[:：/／|丨]"
    r"|[(（【]?(?:作者|笔者|筆者)(?:系|係|为|為|是|单位|單位)"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d|(?<!\d)\d{2}-\d{2}-\d{2}(?!\d)"
    r"|^(?:作者|时间|時間|日期|来源|來源)(?=\S)|(?:发表|發表|发布|發佈|發布|张贴|張貼)[于於]"
    r"|(?<!\d)(?:[01]?\d|[一二三四五六七八九十]{1,2})月 ?\d{1,2}, ?\d{4}"
    r"|(?i:\bby\s+[\u3400-\u9fff])"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? +\d{1,2}\b"
)
"""What makes a short block beside the essay one of its own lines."""

_NAMES = re.compile(r"[\u3400-\u9fff·• 　、（）()]{2,40}")
_LONGEST_LINE, _MOST_LINKED = 200, 0.6
_MOST_BEHIND = 3
"""Blocks behind the essay that may name its author, source or date."""

_STEPS_UP = 3
"""Levels up from an essay without a title to the line above it."""

_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d")

_DEEP = 60
"""Characters of prose above a heading that is not the essay's title."""


_LONGEST_LEAD, _LONGEST_TITLE, _LEAST_AGREEING = 1000, 120, 4


def words(element: etree._Element) -> str:
    """Return the text in an element, on one line."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def title_of(body: etree._Element, found: Found, stated: dict[str, str]) -> etree._Element | None:
    """Return the heading of the essay: what agrees with what the page states, else its h1.

    The only h1 of many pages is the site's name. What stands below prose is no title.
    """
    wanted = _letters(stated.get("title", ""))
    headings: list[etree._Element] = []
    agreeing: list[etree._Element] = []
    for element in _above_prose(body, found):
        letters = _letters(words(element)) if found.weights[element].text <= _LONGEST_TITLE else ""
        if not letters:
            continue
        linked = element.tag == "a" and element.getparent().tag not in HEADINGS
        if wanted and letters == wanted and not linked and element.tag != "li":
            agreeing.append(element)
        elif element.tag in HEADINGS and wanted and len(letters) >= _LEAST_AGREEING:
            agreeing += [element] * (wanted.startswith(letters) or letters.startswith(wanted))
        if element.tag == "h1" and not _is_logo(element, stated):
            headings.append(element)
    agreeing.sort(key=lambda element: (element.tag not in HEADINGS, element.tag))
    return next(iter(agreeing), headings[-1] if headings else None)


def _above_prose(body: etree._Element, found: Found) -> Iterable[etree._Element]:
    """Yield the shown elements of the page that stand above the prose of the essay."""
    passed = 0
    inside = False
    for element in body.iter(etree.Element):
        inside = inside or element is found.core
        if inside and passed > _DEEP:
            return
        weight = found.weights.get(element)
        if weight is None or not weight.text:
            continue
        if inside and element is not found.core:
            own = found.prose[element] - sum(found.prose.get(child, 0) for child in element)
            passed += 0 if element.tag in HEADINGS else max(own, 0)
        yield element


def _is_logo(heading: etree._Element, stated: dict[str, str]) -> bool:
    """Tell whether a heading is the name of the site: linked to its start, or not the title's."""
    links = list(heading.iter("a"))
    home = any(
        re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", a.get("href") or "#") for a in links
    )
    letters = _letters(words(heading))
    page, title = _letters(stated.get("page", "")), _letters(stated.get("title", ""))
    named = (
        bool(title)
        and letters != title
        and (
            letters == _letters(stated.get("site", ""))
            or (letters in page and letters not in title)
        )
    )
    return named or (home and letters != title)


def head_of(
    body: etree._Element, found: Found, title: etree._Element | None
) -> list[etree._Element]:
    """Return what above the main text is the essay's: the title, a lead, lines of who wrote it.

    Such lines within the main element are taken back into the essay.
    """
    if title is None:
        return _right_above(found)
    if title is found.main:
        return []
    within = set(found.main.iter())
    kept = [] if title in within else [title, *leads(found, body, title)]
    covered = {inner for element in kept for inner in element.iter()}
    for element in between(found, body, title):
        if element in within:
            if element in found.outside and _is_line(found, element):
                found.outside.discard(element)
        elif element not in covered and _is_line(found, element):
            kept.append(element)
            covered.update(element.iter())
    return kept


def _right_above(found: Found) -> list[etree._Element]:
    """Return the line that stands right above an essay without a title, if it tells of its day."""
    level = found.main
    for _ in range(_STEPS_UP):
        beside = [e for e in level.itersiblings(preceding=True) if e in found.weights]
        shown = [e for e in beside if found.weights[e].text and e not in found.unseen]
        if shown:
            above = shown[0]
            tells = above not in found.named and _is_line(found, above)
            return [above] if tells and _DAY.search(words(above)) else []
        if (level := level.getparent()) is None or level.tag == "body":
            break
    return []


def _is_line(found: Found, element: etree._Element) -> bool:
    """Tell whether a short block tells of the essay: a label, a date, or nothing but names."""
    weight = found.weights[element]
    if not 0 < weight.text <= _LONGEST_LINE or not isinstance(element.tag, str):
        return False
    text = words(element)
    if _LABELLED.search(text):
        return weight.linked <= _MOST_LINKED * weight.text or bool(READABLE_META.search(text))
    return (
        not weight.linked
        and bool(_NAMES.fullmatch(text))
        and element.tag in ("p", "div", "h2", "h3")
    )


def lines_behind(body: etree._Element, found: Found) -> list[etree._Element]:
    """Return the blocks right behind the main text that name its author, source or date.

    Those beside the core within the main element are taken back into the essay.
    """
    level = found.core
    while level is not found.main:
        for element in islice(level.itersiblings(), _MOST_BEHIND):
            if element in found.outside and element not in found.named and _tells(found, element):
                found.outside.discard(element)
        level = level.getparent()
    kept: list[etree._Element] = []
    while level is not body and not kept:
        beside = [e for e in level.itersiblings() if e in found.weights and found.weights[e].text]
        for element in beside[:_MOST_BEHIND]:
            known = element in found.outside or element in found.named
            if known or not _tells(found, element):
                break
            kept.append(element)
        if beside or level.tag in ("article", "main"):
            break
        level = level.getparent()
    return kept


def _tells(found: Found, element: etree._Element) -> bool:
    weight = found.weights.get(element)
    if weight is None or weight.linked or not 0 < weight.text <= _LONGEST_LINE / 2:
        return False
    return bool(_LABELLED.search(words(element)))


def leads(found: Found, body: etree._Element, title: etree._Element) -> list[etree._Element]:
    """Return the blocks of prose between the title and the main element: a lead, a summary."""
    kept: list[etree._Element] = []
    covered: set[etree._Element] = set()
    total = 0
    within = set(found.main.iter())
    for element in between(found, body, title):
        if element in within:
            continue
        weight, prose = found.weights[element], found.prose[element]
        own = prose - sum(found.prose.get(c, 0) for c in element if c.tag not in INLINE)
        fit = own >= LEAST_JOINED and weight.linked < SOME_LINKED * weight.text
        if fit and element not in covered:
            kept.append(element)
            covered.update(element.iter())
            total += prose
    return kept if total < _LONGEST_LEAD else []


def between(found: Found, body: etree._Element, title: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements below the title and above the core that are no furniture."""
    holding = set(found.core.iterancestors())
    below = False
    skip = None
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "end":
            skip = None if skip is element else skip
            below = below or element is title
        elif element is found.core:
            return
        elif skip is None and (
            element in found.unseen or element in found.named or element.tag in SKIPPED
        ):
            skip = element
        elif below and skip is None and element not in holding:
            yield element

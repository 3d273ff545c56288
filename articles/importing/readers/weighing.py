"""How much an element of a web page shows, how much of it in links, and how much in sentences."""

import re
from dataclasses import dataclass, field

from lxml import etree

from .furniture import words_of

SKIPPED = words_of("script style noscript template iframe object svg button select textarea head")
"""Tags whose text a browser does not show, or shows as a control."""

MOST_LINKED, SOME_LINKED, FEW_LINKED = 0.6, 0.3, 0.1
"""Shares of link text: a list of other pages, no prose, and prose without a doubt."""

MUCH, LITTLE = 0.4, 0.15
"""Share of the prose above which names are not believed, some site calls all `sidebar`; and below
which a name beyond doubt is believed wherever it stands."""

LONGEST_META = 120
"""Characters of a line of who wrote it when, or of one link to another page."""

_SENTENCE = re.compile(r"[，。；！？、,;!?]|\.(?:\s|$)")
_LEAST_PROSE = 10
"""Characters of a piece of text that counts as prose; menus are shorter and have no marks."""


@dataclass(slots=True)
class Weight:
    """Characters of an element: shown, shown in links, and in sentences outside of links."""

    text: int = 0
    linked: int = 0
    prose: int = 0


@dataclass(slots=True)
class Found:
    """The main element, its densest block, and what within the page is not of the essay."""

    main: etree._Element
    core: etree._Element
    weights: dict[etree._Element, Weight]
    prose: dict[etree._Element, int]  # without what is named as furniture
    named: dict[etree._Element, int]
    unseen: frozenset[etree._Element] = frozenset()
    outside: set[etree._Element] = field(default_factory=set)


def weigh(body: etree._Element) -> dict[etree._Element, Weight]:
    """Return the weights of an element and of all within it."""
    weights: dict[etree._Element, Weight] = {}
    linked = skipped = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        change = 1 if event == "start" else -1
        linked += change * (element.tag == "a")
        skipped += change * (element.tag in SKIPPED)
        if event == "start":
            own = weights[element] = Weight()
            text = element.text
        elif element is not body:
            above, below = weights[element.getparent()], weights[element]
            above.text += below.text
            above.linked += below.linked
            above.prose += below.prose
            own, text = above, element.tail
        else:
            break
        if text and not skipped and (length := len(text.strip())):
            own.text += length
            if linked:
                own.linked += length
            else:
                own.prose += prose_in(text)
    return weights


def prose_in(text: str | None) -> int:
    """Return the characters of a piece of text that reads like prose; none for a menu's."""
    length = len(text.strip()) if text else 0
    return length if length >= _LEAST_PROSE and _SENTENCE.search(text) else 0

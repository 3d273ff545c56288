"""The essay in a web page: which blocks belong to it, and which of those within it do not.

The densest block of prose is the core. From it the way leads up: beside it, a block of prose is
taken in (a lead, a closing part), a sidebar is not. Within the core nothing goes for its name but
at the rim, or where it is mostly links.
"""

import re

from lxml import etree

from . import furniture
from .furniture import HEADINGS, WRITTEN_IN, words_of
from .trimming import trim
from .weighing import (
    FEW_LINKED,
    LITTLE,
    LONGEST_META,
    MUCH,
    SKIPPED,
    SOME_LINKED,
    Found,
    Weight,
    weigh,
)

INLINE = words_of(
    "a abbr b big bdi bdo cite code del em font i ins kbd label mark q ruby s small span strike "
    "strong sub sup time tt u var"
)
_PARAGRAPHS = HEADINGS | words_of("p pre li dd dt center")
_WRITTEN = words_of("p ul ol table blockquote h2 h3 h4 pre dl")

_NEARLY_ALL = 0.85
_LEAST_BESIDE_COMMENTS = 60
"""Characters of prose outside of the comments: under a short essay they hold nearly all."""

_FADING, _REACH = 0.5, 5
"""A paragraph speaks for the block it stands in, half as much for the next above, and so on."""

_OWN_NAME = 3
"""How many times more a block weighs that is named as essays are."""

_NEAR = 3
"""Steps up from the core where a lead or a closing part stands."""

LEAST_JOINED, _LEAST_FAR = 20, 0.3
"""Prose of a block beside the core: characters near it, further up a share of the core's."""

_SENTENCE = re.compile(r"(?=.*[\u3400-\u9fff]{2}).*[。！？…][”’」』）)]?")
"""A whole sentence in Chinese says enough to be taken in, however short: 尾声：灯还亮着。"""

_LONGEST_CAPTION, _LONGEST_SIGNED = 250, 100

_FIRST_POST = re.compile(r"postmessage_\d+|js_content")

READABLE_META = re.compile(r"[\u3400-\u9fff]|\d{4}[-/.]\d|\b[A-Z][a-z]{2,8}\.? +\d{1,2}\b")
"""What a line has to hold for its date and names to be read."""


def find(body: etree._Element) -> Found:
    """Return the element with the essay in it, and what in the page is not of the essay."""
    weights = weigh(body)
    prose = {element: weight.prose for element, weight in weights.items()}
    unseen, named = _suspects(body, weights)
    for element in (*unseen, *named):
        if less := weights[element].prose:
            for above in element.iterancestors():
                prose[above] -= less
                if above is body:
                    break
        prose[element] = 0
    core = _core(body, prose)
    found = Found(core, core, weights, prose, named, frozenset(unseen), unseen)
    if not _is_first_post(core):
        _climb(found, body)
    trim(found)
    return found


def _suspects(
    body: etree._Element, weights: dict[etree._Element, Weight]
) -> tuple[set[etree._Element], dict[etree._Element, int]]:
    """Return what is no part of any text, and what names say is furniture with its kind."""
    total = weights[body].prose or 1
    unseen: set[etree._Element] = set()
    named: dict[etree._Element, int] = {}
    stack = list(body)
    while stack:
        element = stack.pop()
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            continue
        weight = weights[element]
        share = weight.prose / total
        if share < MUCH and _is_no_text(element, weight, share):
            unseen.add(element)
            continue
        kind = 0
        if tag not in WRITTEN_IN:
            aside = tag in ("aside", "footer") and (weight.linked or weight.text > _LONGEST_SIGNED)
            kind = furniture.furniture_kind(element) or int(bool(aside))
        if kind and (
            share < MUCH
            or (kind == furniture.COMMENTS and total - weight.prose > _LEAST_BESIDE_COMMENTS)
            or (kind == furniture.COOKIES and share < _NEARLY_ALL)
        ):
            named[element] = kind
        else:
            stack.extend(element)
    return unseen, named


def _is_no_text(element: etree._Element, weight: Weight, share: float) -> bool:
    tag = element.tag
    if tag in ("nav", "dialog", "label") or furniture.is_hidden(element):
        return True
    if tag == "form" and share < LITTLE:
        return True
    longest = _LONGEST_CAPTION * (1.2 if tag == "figcaption" else 1)
    if weight.text <= longest and furniture.is_caption(element):
        return True
    return (
        weight.text <= LONGEST_META
        and tag not in ("p", "li", "body")
        and weight.prose < LONGEST_META / 2
        and furniture.is_meta(element)
        and not READABLE_META.search("".join(element.itertext()))
    )


def _is_first_post(element: etree._Element) -> bool:
    return bool(_FIRST_POST.fullmatch(element.get("id") or ""))


def _core(body: etree._Element, prose: dict[etree._Element, int]) -> etree._Element:
    """Return the element with most prose in it and near below it.

    A forum's first post is the essay, however long the answers are.
    """
    post = next((e for e in prose if prose[e] and _is_first_post(e)), None)
    if post is not None:
        return post
    score: dict[etree._Element, float] = {}
    for element, amount in prose.items():
        if not amount or element.tag in INLINE:
            continue
        own = amount - sum(prose.get(child, 0) for child in element if child.tag not in INLINE)
        above = element.getparent() if element.tag in _PARAGRAPHS else element
        share = float(max(own, 0))
        for _ in range(_REACH if share else 0):
            if above is None or above not in prose:
                break
            score[above] = score.get(above, 0) + share
            share *= 1 if above.tag in INLINE else _FADING
            above = above.getparent()

    def worth(element: etree._Element) -> float:
        named = element.tag == "article" or furniture.is_own(element)
        return score[element] * (_OWN_NAME if named else 1)

    return max((e for e in score if e.tag not in INLINE), key=worth, default=body)


def _climb(found: Found, body: etree._Element) -> None:
    """Widen the main element by the blocks of prose beside it, level by level."""
    level = found.core
    above = [level, *level.iterancestors()]
    named = [e for e in above if e in found.prose and (e.tag == "article" or furniture.is_own(e))]
    beyond = set(named[-1].iterancestors()) if named else set(above)
    steps = 0.0
    while level is not body:
        parent = level.getparent()
        several = _is_one_of_several(level)
        joined = [
            other
            for other in parent
            if other is not level
            and other not in found.outside
            and other not in found.named
            and other in found.prose
            and not (several and _is_one_of_several(other))
            and _joins(found, other, level, steps, parent not in beyond)
        ]
        if joined:
            _widen(found, parent, joined)
        if level.tag in ("article", "main"):
            steps += _NEAR
        else:  # what only wraps the level counts half
            steps += 1 if found.weights[parent].text > found.weights[level].text else 0.5
        level = parent


def _is_one_of_several(element: etree._Element) -> bool:
    """Tell whether the element is a whole article: one beside it is another one."""
    return element.tag == "article" or "hentry" in (element.get("class") or "").split()


def _joins(
    found: Found, other: etree._Element, level: etree._Element, steps: float, within: bool
) -> bool:
    """Tell whether a block belongs to the essay beside it.

    `within`: both stand in a block that is named as essays are.
    """
    tag, weight, prose = other.tag, found.weights[other], found.prose[other]
    if tag in ("aside", "footer", "nav", "form") or tag in SKIPPED:
        return False
    if within and tag in _WRITTEN:
        return weight.linked <= 0.2 * weight.text
    if within:
        return prose >= LEAST_JOINED and weight.linked <= SOME_LINKED * weight.text
    if steps < _NEAR:
        enough = prose >= max(LEAST_JOINED, weight.text / 2) or _is_sentence(other, weight, prose)
        return enough and weight.linked <= 0.2 * weight.text
    return (
        prose >= max(_LEAST_FAR * found.prose[level], 0.6 * weight.text)
        and weight.linked <= FEW_LINKED * weight.text
    )


def _is_sentence(other: etree._Element, weight: Weight, prose: int) -> bool:
    return 0 < weight.text <= prose and bool(
        _SENTENCE.fullmatch("".join("".join(other.itertext()).split()))
    )


def _widen(found: Found, parent: etree._Element, joined: list[etree._Element]) -> None:
    """Take the parent for the main element; of its children those stay that belong to the essay."""
    inside = found.main
    while (above := inside.getparent()) is not parent:
        found.outside.update(other for other in above if other is not inside)
        inside = above
    kept = {inside, *joined}
    places = [number for number, child in enumerate(parent) if child in kept]
    for number, child in enumerate(parent):
        if child not in kept and not places[0] < number < places[-1]:
            found.outside.add(child)
    found.main = parent

"""Titles that a page states elsewhere than in a line of the text, and what is against the best:
the file's own, the last part of a breadcrumb, what a site says of a shared file, 原标题."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from ...text import script
from ..source import Hints
from .candidates import (
    Candidate,
    is_furniture,
    is_plausible,
    is_site,
    letters,
    recurrence,
    undecorated,
)
from .hints import title_of
from .lines import Line
from .stated import Metadata
from .weights import PROPOSE_TITLE, TAKE_TITLE, TITLE

ALIKE = 88
"""Per cent from which a line of the head is the title once more, differing by a word."""

_LAST_CRUMB = re.compile(r"[>»›＞:：]\s*([^>»›＞]{4,60})$")


def from_file(
    hints: Hints, stated: str, grams: frozenset[str], lines: Sequence[Candidate]
) -> list[Candidate]:
    """Return the title that the file states, where no line of the text says it."""
    text = undecorated(title_of(hints)) if not hints.own else title_of(hints)
    if not stated or any("stated" in candidate.reasons for candidate in lines):
        return []
    points = 12.0 if hints.own else float(TITLE["stated"])
    share = recurrence(text, grams)
    if not hints.own:
        points += TITLE["recurs"] * min(1.0, max(0.0, share - 0.3) / 0.5)
        points -= 6 if is_site(text) or is_furniture(text) else 0
    return [Candidate(-1, text, points, ("stated",), share)]


_SHARED = re.compile(
    r"\s*[《「](?P<title>[^《》「」]{4,60}?)(?:\.(?:docx?|pdf|pptx?|txt|wps|xlsx?))?[》」]\s*"
    r"由(?:会员|用户|网友).{0,8}(?:分享|上传|提供)"
)


def from_sharers(
    head: Sequence[Line], dropped: Sequence[str], grams: frozenset[str]
) -> list[Candidate]:
    """Return the title that a site names whose members share files: 《某题.docx》由会员分享."""
    for text in (*(line.text for line in head), *dropped):
        match = _SHARED.match(script.fold(text))
        title = undecorated(text[slice(*match.span("title"))]) if match else ""
        if title and recurrence(title, grams) > 0.3:
            return [Candidate(-1, title, float(TAKE_TITLE), ("agrees", "recurs"))]
    return []


def from_crumbs(head: Sequence[Line], grams: frozenset[str]) -> list[Candidate]:
    """Return the last part of a breadcrumb where it reads like a title of this text."""
    found = []
    for line in head:
        match = _LAST_CRUMB.search(line.text) if line.kind == "crumb" else None
        text = undecorated(match[1]) if match else ""
        if len(letters(text)) > 5 and not is_site(text) and recurrence(text, grams) > 0.5:
            found.append(Candidate(-2, text, PROPOSE_TITLE + 1, ("agrees", "recurs")))
    return found


def original(found: Metadata, lines: Sequence[Candidate]) -> list[Candidate]:
    """Return what 原标题 states: the title where no line is one, or a line has more before it."""
    if not found.original:
        return []
    best = max((candidate.points for candidate in lines), default=0.0)
    key = letters(found.original)
    longer = any(letters(c.text).endswith(key) and len(letters(c.text)) > len(key) for c in lines)
    points = best + 1 if longer else float(TAKE_TITLE)
    return [Candidate(-1, undecorated(found.original), points, ("label",))]


def is_scraped(head: Sequence[Line], dropped: Sequence[str]) -> bool:
    """Tell whether anything on top of the page is a site's: what its author typed has no menu."""
    return bool(dropped) or any(
        line.kind in ("crumb", "code")
        or is_furniture(line.text)
        or any(
            piece.kind in ("button", "category") or piece.kind.startswith("site")
            for piece in line.pieces
        )
        for line in head
    )


def rivalled(candidates: Sequence[Candidate]) -> bool:
    """Tell whether a line below the best one comes back in the text more than it: what stands on
    top of a scraped page may be the site's or the channel's name."""
    best = candidates[0]
    asks = best.text[-1] in "?？"
    if len(letters(best.text)) <= _FEW and not asks and not set(best.reasons) - _OF_PLACE:
        return True  # 返回列表: nothing but its place speaks for it
    if {"marked", "stated", "agrees", "label"} & set(best.reasons):
        return False
    return any(
        other.number > best.number
        and other.points > best.points - _LEAD
        and other.sure >= best.sure - _LEAD
        and (other.recurs > best.recurs or (len(best.text) <= 4 and other.recurs > 0.4))
        and fuzz.ratio(letters(other.text), letters(best.text)) < ALIKE
        and not _SERIES.match(script.fold(other.text))
        and not (len(letters(other.text)) > _FEW and letters(other.text) in letters(best.text))
        for other in candidates[1:]
    )


_SERIES = re.compile(r"(?:系列报[导道]|专题报[导道])\s*[:：]")
"""What stands before the name of a series, and before no essay's title."""


_OF_A_SITE = re.compile(
    r"(?:[\u3400-\u9fffA-Za-z]{2,12}?(?:(?<!互联)网站?|之家|之声|论坛|在线|社区|频道|平台|博客|公众号|主页))"
    r"\s*(?:[—–―－·|｜_-]+|\s)\s*\S.{1,29}"
)
"""A site's name with what it says of itself: 清河职工网——职工的家."""


def is_banner(candidate: Candidate, stated: str) -> bool:
    """Tell whether a heading is a site's name with its slogan, of which the text has little.

    `stated` are the letters of the title that the file states: it may be the site's name alone.
    """
    reasons = set(candidate.reasons)
    if candidate.number < 0 or candidate.recurs >= _LITTLE or reasons & {"agrees", "title-ending"}:
        return False
    if "stated" in reasons and reasons & {"next-to-byline", "label-row"}:
        return False
    banner = _OF_A_SITE.fullmatch(script.fold(candidate.text))
    parts = re.split(r"[—–―－:：·|｜,，_-]+|\s+", candidate.text, maxsplit=1)
    own = len(parts) > 1 and len(stated) > 2 and letters(parts[0]) == stated
    return bool(banner) or (own and "marked" in reasons)


def beside_banner(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with the best that is no part of the banner before it."""
    banner = letters(candidates[0].text)
    for other in candidates[1:]:
        if other.points >= PROPOSE_TITLE and letters(other.text) not in banner:
            return [other, *(one for one in candidates if one is not other)]
    return list(candidates)


_LITTLE = 0.35
"""Share of a banner's pairs of characters that an essay has by chance."""


def contradicted(best: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Tell whether the file states another title than its heading, and the text has more of it."""
    if "marked" not in best.reasons or {"stated", "agrees"} & set(best.reasons):
        return False
    return any(
        other.number == -1
        and other.reasons == ("stated",)
        and not is_site(other.text)
        and other.recurs > best.recurs + _MORE
        for other in candidates
    )


_MORE = 0.2
"""Share of its pairs of characters that the text has of a title, more than of the heading."""


def below_another(best: Candidate, head: Sequence[Line]) -> bool:
    """Tell whether a line right above the best one on top of a page could be the title as well,
    and it the subtitle."""
    at = next((n for n, line in enumerate(head) if line.number == best.number), 0)
    above = head[at - 1] if at == 1 else None
    sure = {"marked", "stated", "agrees", "title-ending", "next-to-byline", "label-row"}
    if not above or sure & set(best.reasons):
        return False
    return is_plausible(above) and len(letters(above.text)) > _MENU_WORD


def is_half(best: Candidate, head: Sequence[Line]) -> bool:
    """Tell whether the line right above the best one ends in a comma: the two are one sentence."""
    at = next((n for n, line in enumerate(head) if line.number == best.number), 0)
    return bool(at) and head[at - 1].kind == "prose" and head[at - 1].text[-1] in "，,"


def in_a_stack(best: Candidate, head: Sequence[Line]) -> bool:
    """Tell whether the best one is among three and more lines above a byline, any of which may be
    the title: a paper's headline over several lines."""
    if {"marked", "stated", "agrees", "label-row", "letterhead"} & set(best.reasons):
        return False
    stack: list[int] = []
    for line in head:
        if is_plausible(line) and len(letters(line.text)) > _MENU_WORD:
            stack.append(line.number)
        elif len(stack) >= _STACK:
            return best.number in stack and bool(line.names)
        else:
            stack = []
    return False


_STACK = 3
"""Lines above a byline that are more than a title and its subtitle."""

_MENU_WORD = 4
_OF_PLACE = {"first", "alone", "length", "text-below", "next-to-label", "label-row"}
_FEW = 7
"""Letters of a title on top of a scraped page for which more has to speak than where it stands."""

_LEAD = 3
"""Points by which a title on top of a scraped page has to be ahead of such a line."""

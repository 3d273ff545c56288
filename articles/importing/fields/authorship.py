"""The byline of the head: lines of names, weighed by what stands above and below them."""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from ...text import script
from ..draft import Evidence
from .bylines import reporters
from .candidates import is_furniture
from .lines import Line
from .people import (
    CERTAIN,
    LIKELY,
    RARE,
    agency_names,
    certainty,
    is_post,
    may_be_made_of_words,
    names_of,
)
from .stated import Metadata
from .weights import NAMES, PROPOSE_NAMES, TAKE_NAMES

_DISPATCH = re.compile(
    r"(?:.{0,10}[报刊网台站快]讯|.{0,16}\d+日(?:[电讯]|消息|报道))\s*[(（](?P<who>[^()（）]{2,40})[)）]"
)
_WIRED = re.compile(
    r".{2,16}\d+日(?:[电讯]|消息)[ 　]+(?:[\u3400-\u9fff]{2,4}社)?(?:特[约派])?(?:记者|通讯员)"
    r"[ 　]+(?P<who>[\u3400-\u9fff]{2,3})[ 　]+(?=\S{5})"
)
"""An agency's reporter before the first words without brackets: 某社某地9日电 记者 王芳 昨天…"""

_IN_BRACKETS = re.compile(
    r"[(（【]\s*(?P<who>(?:本[报刊网台])?(?:特约|见习|实习)?(?:记者|通讯员)[ 　:：]"
    r"[^()（）【】]{2,30})[)）】](?=\S{5})"
)
"""Who reports, in brackets before the first words: （通讯员 王芳）近日…"""

_OCCASION = re.compile(
    r"[—–―－-]*\s*(?P<who>[\u3400-\u9fff]{2,4}?)(?:同志)?在.{2,40}(?:上|时|会)的?(?:讲话|发言"
    r"|致辞|演讲|讲稿).{0,6}"
)
_SPEAKER = re.compile(
    r"[\u3400-\u9fff、]{0,16}(?:主席|书记|部长|主任|局长|厂长|经理|会长|理事长|院长|校长|市长|县长"
    r"|董事长|总经理|代表)[ 　]*(?P<who>[\u3400-\u9fff]{2,3}"
    r"|[\u3400-\u9fff][ 　]+[\u3400-\u9fff])"
)


def read_names(found: Metadata, head: Sequence[Line], text: str) -> None:
    """Choose the byline among the lines of the head, and take it and its unit out of the body."""
    title = next(
        (n for n, line in enumerate(head) if line.number in found.lines and _titled(found, line)),
        -1,
    )
    if not found.authors:
        _take_best(found, head, title)
    else:
        _take_fuller(found, head)
        if not any(evidence.field == "authors" for evidence in found.evidence):
            found.evidence.append(Evidence("authors", "、".join(found.authors), ("label",)))
    if not found.authors:
        _take_agency(found, head)
    if not found.authors:
        _take_poster(found, head)
    if not found.authors and title >= 0:
        found.perhaps_authors += _may_have_written(head[title + 1 :], text)
    for position, line in enumerate(head):
        if line.kind == "prose" and len(line.text) > 16:
            break
        if line.number in found.lines:
            continue
        same = line.names and set(line.names.names) <= set(found.authors) and found.authors
        if same:
            found.lines.add(line.number)
            found.unit = found.unit or line.names.unit
        elif (
            (line.kind == "unit" or is_post(line.text))
            and found.authors
            and _beside_names(head, position)
        ):
            found.lines.add(line.number)
            found.unit = found.unit or _unit(line.text)
        elif line.kind == "subtitle" and title >= 0 and position <= title + 2:
            _take_subtitle(found, line)
        elif line.kind == "english" and found.authors and _latin_names(line.text):
            found.lines.add(line.number)


def _take_fuller(found: Metadata, head: Sequence[Line]) -> None:
    """Take the byline that names the author and others with him: a mirror names the first only."""
    for line in head:
        if line.names and line.names.sure >= LIKELY and set(found.authors) < set(line.names.names):
            found.authors = list(line.names.names)
            found.unit = found.unit or line.names.unit
            found.lines.add(line.number)
            return


def _may_have_written(below: Sequence[Line], text: str) -> list[str]:
    """Return the line between title and text that may be a name made of everyday words, 王大同:
    a frequent surname first, and neither word in the text. A curator is asked."""
    between = list(takewhile(lambda line: line.kind not in ("prose", "salutation"), below))
    own = [line.text for line in between if line.kind == "short"]
    if len(between) == len(below) or not 0 < len(own) <= _NAME_AND_POST:
        return []
    name = script.fold(own[0])
    rest = script.fold(text.replace(own[0], "", 1))
    said = name[:2] in rest or name[1:] in rest
    return [own[0]] if may_be_made_of_words(name) and not said else []


_NAME_AND_POST = 2
"""Short lines between title and text: a name, and what somebody is; more are no byline."""

_OF_A_LIST = "•·-*▪"


def _titled(found: Metadata, line: Line) -> bool:
    return bool(found.title) and re.sub(r"\W", "", found.title) in re.sub(r"\W", "", line.text)


def _take_best(found: Metadata, head: Sequence[Line], title: int) -> None:
    weighed = []
    for position, line in enumerate(head):
        if line.kind == "prose" and len(line.text) > 16:
            break
        if not line.names or line.number in found.lines:
            continue
        if position and head[position - 1].names and _latin_names(line.text):
            continue  # the names above once more, in Latin letters
        near = [*head[max(0, position - 1) : position], *head[position + 1 : position + 2]]
        if line.text[0] in _OF_A_LIST and any(o.text[0] == line.text[0] for o in near):
            continue  # an entry of a list
        points, reasons = _weigh(head, position, title)
        weighed.append((points, -position, line, reasons))
    if not weighed:
        return
    weighed.sort(key=lambda entry: entry[:2], reverse=True)
    points, _, line, reasons = weighed[0]
    readings = ["、".join(entry[2].names.names) for entry in weighed if entry[0] >= PROPOSE_NAMES]
    found.perhaps_authors = list(dict.fromkeys(readings))[:3]
    if points >= TAKE_NAMES:
        rivals = [one for one in weighed[1:] if one[0] >= max(points - 1, TAKE_NAMES)]
        found.doubtful_authors = any(
            not set(one[2].names.names) & set(line.names.names) for one in rivals
        )
        found.authors = list(line.names.names)
        found.unit = found.unit or line.names.unit
        found.lines.add(line.number)
        found.evidence.append(Evidence("authors", "、".join(found.authors), reasons))


def _weigh(head: Sequence[Line], position: int, title: int) -> tuple[int, tuple[str, ...]]:
    """Return the points of a line of names, and what speaks for it."""
    line = head[position]
    reasons: dict[str, int] = dict.fromkeys(line.names.reasons, 0)
    points = NAMES["sure"] * line.names.sure
    if line.names.unit:
        reasons["unit-below"] = NAMES["unit-below"]
    below = next(
        (
            o
            for o in head[position + 1 :]
            if o.kind not in ("code", "blank")
            and not _latin_names(o.text)
            and not (o.pieces and all(piece.kind == "number" for piece in o.pieces))
        ),
        None,
    )
    between = [
        o
        for o in head[title + 1 : position]
        if not is_furniture(o.text)
        and o.kind
        not in (
            "meta",
            "subtitle",
            "date",
            "names",
            "unit",
            "code",
            "english",
            "section",
            "summary",
            "part",
            "caption",
        )
    ]
    if 0 <= title < position and not between:
        reasons["below-title"] = NAMES["below-title"]
    elif position < title:
        reasons["above-title"] = NAMES["above-title"]
    if position == 0 or all(o.kind in ("code", "meta", "crumb") for o in head[:position]):
        reasons["first"] = NAMES["first"]
    if below and (below.kind == "unit" or is_post(below.text)):
        reasons["unit-below"] = NAMES["unit-below"]
    elif (
        below
        and below.kind in ("meta", "part", "date")
        and not any(p.kind in ("summary", "keywords") for p in below.pieces)
    ):
        reasons["next-to-label"] = NAMES["next-to-label"]
    elif below and (below.section or any(p.kind in ("summary", "keywords") for p in below.pieces)):
        reasons["before-text"] = NAMES["before-abstract"]
    elif (below and (below.kind in ("salutation", "prose") or len(below.text) > 30)) or _is_verse(
        head[position : position + 4]
    ):
        reasons["before-text"] = NAMES["before-text"]
    if any(o is not line and o.names and o.names.names == line.names.names for o in head):
        reasons["doubled"] = NAMES["doubled"]
    near = head[max(0, position - 1) : position + 2]
    if any(o.kind == "date" for o in near):
        reasons["with-date"] = NAMES["with-date"]
    points += sum(reasons.values())
    return points, tuple(sorted(reasons, key=lambda reason: -reasons[reason]))


def _is_verse(lines: Sequence[Line]) -> bool:
    """Tell whether a blank line parts the first line from lines of verse right below each other."""
    first, *verse = lines
    if len(verse) < _LEAST_OF_A_VERSE or verse[0].number - first.number < 2:
        return False
    joined = all(below.number - above.number == 1 for above, below in pairwise(verse[:2]))
    return joined and all(line.kind in ("short", "names") for line in verse[:2])


_LEAST_OF_A_VERSE = 2


def _take_agency(found: Metadata, head: Sequence[Line]) -> None:
    """Take the reporters of a dispatch, on a line of their own or before its first words."""
    for line in head:
        if line.number in found.lines or line.kind == "caption":
            continue
        text = line.text[found.cuts.get(line.number, (0, 0))[0] :]
        folded = script.fold(text)
        names: list[str] = []
        whole = False
        if dispatched := agency_names(text):
            names, end = dispatched
            whole = end == len(line.text)
        elif line.names and line.names.sure == CERTAIN and reporters(text):
            names, whole = list(line.names.names), True
        elif match := _IN_BRACKETS.match(folded):
            names = reporters(text[slice(*match.span("who"))])
        elif match := _DISPATCH.match(folded):
            who = text[slice(*match.span("who"))]
            read = names_of(who)
            names = reporters(who) or (list(read.names) if read and read.sure >= RARE else [])
        elif (match := _WIRED.match(folded)) and certainty(match["who"]) >= RARE:
            names = [text[slice(*match.span("who"))]]
        elif (match := _SPEAKER.fullmatch(folded)) and line.kind != "prose":
            read = names_of(text[slice(*match.span("who"))])
            names = list(read.names) if read and read.sure >= RARE else []
            whole = bool(names)
        if names:
            found.authors = names
            found.evidence.append(Evidence("authors", "、".join(names), ("role",)))
            if whole:
                found.lines.add(line.number)
                line.kind = "meta"
            return


def _take_poster(found: Metadata, head: Sequence[Line]) -> None:
    """Take the account above `发表于 … | 只看该作者`: who wrote the first post of a thread."""
    asked = [line for line in head if not _OF_A_USER.fullmatch(script.fold(line.text))]
    for line, below in pairwise(asked):
        said = [script.fold(piece.value) for piece in below.pieces]
        posted = any("只看该作者" in value for value in said) or said == ["关注"]
        if posted and line.kind in ("short", "names", "english") and len(line.text) <= 16:
            line, *told = _with_what_is_told(found, head, line)
            found.authors = [line.text]
            found.evidence.append(Evidence("authors", line.text, ("with-date",)))
            counts = [o for o in head if line.number < o.number < below.number]
            found.lines |= {line.number, *(one.number for one in (*told, *counts))}
            return


def _with_what_is_told(found: Metadata, head: Sequence[Line], line: Line) -> list[Line]:
    """Return the line of a user's name, and the one below in which the user tells of himself."""
    above = next((o for o in reversed(head) if o.number < line.number), None)
    named = above and above.kind in ("short", "names", "english") and len(above.text) <= 16
    return [above, line] if named and above.number not in found.lines else [line]


_OF_A_USER = re.compile(
    r"(?:\d+\s*(?:主题|帖子|积分|回帖|好友|听众|精华|威望|金币)[\s|,]*){2,}"
    r"|.{0,4}(?:会员|版主|新手上路|管理员|贵宾)"
)
"""What a forum sets below a user's name: how much he wrote, and his rank."""


def _take_subtitle(found: Metadata, line: Line) -> None:
    """Join a subtitle to the title; a line that tells who spoke where names the author."""
    match = _OCCASION.fullmatch(script.fold(line.text))
    if match and not found.authors:
        names = names_of(line.text[slice(*match.span("who"))])
        if names and names.sure >= RARE:
            found.authors = list(names.names)
            found.evidence.append(Evidence("authors", found.authors[0], ("role",)))
            found.lines.add(line.number)
            return
    words = re.sub(r"^[—–―－-]+\s*", "", line.text)
    first, _, last = words.rpartition(" ")
    subject = any(name in line.text for name in found.authors)  # an essay on somebody
    if (
        len(first) > 4
        and certainty(last) >= RARE
        and (not found.authors or last in found.authors or subject)
    ):
        words = first.strip()  # its author stands behind it in the same line
        if last not in found.authors:
            found.authors = [last]
            found.evidence.append(Evidence("authors", last, ("below-title",)))
    if words and words in found.title:
        found.lines.add(line.number)
    elif words and len(found.title) + len(words) < 90:
        found.title = f"{found.title}——{words}"
        found.lines.add(line.number)


def _beside_names(head: Sequence[Line], position: int) -> bool:
    near = [*head[max(0, position - 2) : position], *head[position + 1 : position + 2]]
    return any(line.names or line.kind == "unit" for line in near)


def _unit(text: str) -> str:
    """Return a unit without its brackets, its number and its town."""
    text = re.sub(r"^\s*\[?\d?\]?\s*[.．、]?\s*", "", text.strip(" 　()（）[]"))
    return re.split(r"[;；,，]|\s\d{6}|\s+\[?2\]?[.．]", text)[0].strip()[:60]


def _latin_names(text: str) -> bool:
    return bool(re.fullmatch(r"(?:[A-Z][A-Za-z'-]+[\s,，·.\d]*){2,12}", text)) and len(text) < 60

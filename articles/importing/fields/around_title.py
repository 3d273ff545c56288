"""What of a page's head goes with its title: sites above it, copies, breadcrumbs, a collector."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from ...text import script
from .candidates import (
    grams_of,
    is_furniture,
    is_menu_row,
    is_row,
    is_site,
    letters,
    recurrence,
    undecorated,
)
from .elsewhere import ALIKE
from .lines import Line
from .people import UNSURE
from .stated import Metadata

_COLLECTOR = r"(?:小编|本站|文库|文秘|范文(?:网|吧|大全|站)|稿网|论文网|网.{0,8}频道)"
_FARM_LEAD = re.compile(
    rf".{{0,60}}{_COLLECTOR}(?:为|给|特)?(?:大家|您|你)?.{{0,16}}"
    r"(?:整理|收集|搜集|分享|带来|准备|推荐).{0,120}"
    rf"|(?=.*(?:{_COLLECTOR}|^(?:以下|下面)是.*范文)).{{0,80}}(?:欢迎|仅供)(?:大家|您|你)?(?:参考|阅读|借鉴|学习|查阅).{{0,30}}"
)
"""The sentence with which a collector's site presents an essay: it names itself."""

NAME_BEFORE = re.compile(r"^[\u3400-\u9fff]{2,4}(?:[ 　、][\u3400-\u9fff]{2,4}){0,2}\s*[:：]\s*")
_MOST_ABOVE = 14
"""Characters of a line above the title that is taken for a site's or a column's name."""


def leave_title(found: Metadata, head: Sequence[Line], key: str, titled: int | None) -> None:
    """Take out of the body what the head holds besides the title: copies, crumbs, sites, code."""
    above = titled is not None
    for line in head:
        if line.number == titled:
            above = False
            continue
        if line.number in found.lines:
            continue
        furniture = line.kind in ("code", "crumb", "number") or is_furniture(line.text)
        furniture |= line.kind == "bullet" and (above or bool(line.section))
        furniture |= len(line.text) <= 160 and bool(_FARM_LEAD.fullmatch(script.fold(line.text)))
        furniture |= above and (_is_foreign_row(line, head) or is_menu_row(line.text))
        if line.kind in ("prose", "part", "salutation") and len(line.text) > 16 and not furniture:
            break
        own = letters(undecorated(line.text))
        copy = (
            bool(key)
            and min(len(own), len(key)) > 5
            and (
                own == key
                or (own.endswith(key) and len(own) - len(key) < 12)
                or fuzz.ratio(own, key) >= ALIKE
                or fuzz.ratio(NAME_BEFORE.sub("", line.text), found.title) >= ALIKE
            )
        )
        following = next((o for o in head if o.number > line.number), None)
        doubled = following and following.text == line.text and line.kind in ("unit", "short")
        if doubled and len(line.text) <= _MOST_ABOVE:
            found.lines.add(following.number)  # an account's name, with its picture
            furniture = True
        elif line.kind == "section" and following and is_furniture(following.text):
            furniture = True
        teaser = above and line.kind == "prose" and len(line.text) <= 16
        furniture |= teaser and any(o.kind == "crumb" and o.number > line.number for o in head)
        furniture |= above and line.kind == "caption"  # of a picture that was left out
        site = (
            above
            and line.kind in ("short", "unit", "letterhead", "names")
            and (len(line.text) <= _MOST_ABOVE or is_site(line.text))
            and not (line.names and line.names.sure > UNSURE)
        )
        if copy or furniture or site:
            found.lines.add(line.number)


def _is_foreign_row(line: Line, head: Sequence[Line]) -> bool:
    """Tell whether a line is a row of a mirror's search words, of which the text has none."""
    if not is_row(line.text) or len(re.findall(r"[_|｜-]", line.text)) < _FEWEST_STROKES:
        return False
    others = "\n".join(other.text for other in head if other is not line)
    return recurrence(line.text, grams_of(others)) < _NONE_OF_IT


_FEWEST_STROKES = 2
"""Strokes between a mirror's search words; an epigraph has none."""

_NONE_OF_IT = 0.1
"""Share of a row's pairs of characters that may stand in the text all the same."""

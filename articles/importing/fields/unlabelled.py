"""Lines that hold a date or a byline and no label: `2017-02-14 13:27赵毅`, （某厂工会 王芳）."""

import re

from ...text import script
from ..lexicon.surnames import SINGLE, is_certainly_name
from .bylines import bare_names, bullet_byline, is_nobody, names_with_unit, reporters, split_names
from .dates import date_at_end, date_at_start, parse_date
from .labelled import take_people
from .stated import Metadata

_LONGEST_LINE = 120
_TRAILING_BYLINE = re.compile(
    r"[(（【\[]\s*(?P<label>作者(?:单位|系|简介)?\s*[:：]?|(?:文|撰文)\s*[:：/／])\s*"
    r"(?P<rest>[^()（）【】\[\]]{2,80})[)）】\]]\s*[。.]?$"
)


def take_date(found: Metadata, number: int, line: str) -> bool:
    """Take a line that is a date, alone or with the author's name before or behind it.

    `2017-02-14 13:27赵毅`, `王芳 2021年5月6日`. A clock's time is the site's. A date in brackets
    with where the speech was given fills the field, but the line says more and stays.
    """
    if len(line) > _LONGEST_LINE:
        return False
    bare = re.sub(
        r"^(?:写于|作于|完稿于|定稿于)\s*[:：]?|\s*(?:于.{2,8}|稿|定稿|完稿)$",
        "",
        line.strip("()（）[]【】〔〕"),
    )
    if stated := parse_date(bare):
        found.stated, found.upload_date = stated, stated.time is not None
        found.lines.add(number)
        return True
    start = date_at_start(line)
    if not start:
        if line[0] in "(（" and line[-1] in ")）" and (start := date_at_start(line[1:])):
            place = line[1 + start[1] : -1]
            if re.fullmatch(r"\s*[在于].{2,30}", place):
                found.stated = start[0]
        return _take_author_and_date(found, number, line)
    stated, end = start
    rest = line[end:].strip(" 　|｜·")
    names = bare_names(rest) or reporters(rest)
    if names and not found.authors:
        found.authors = names
    elif not is_nobody(rest) or len(rest) > 8:
        return False
    found.stated, found.upload_date = stated, stated.time is not None
    found.lines.add(number)
    return True


def _take_author_and_date(found: Metadata, number: int, line: str) -> bool:
    """Take a line of the author's name, with a unit or without, and a full date behind it."""
    bare = line.strip(" 　()（）[]【】〔〕")
    dated = date_at_end(bare)
    if found.authors or not dated or dated[0].precision != "day":
        return False
    who = bare[: dated[1]].rstrip(" 　|｜·,，(（")
    byline = names_with_unit(who)
    names = byline.authors if byline else bare_names(who) or reporters(who) or bullet_byline(who)
    if not names or (byline and found.unit):
        return False
    found.authors, found.unit = names, byline.unit if byline else found.unit
    found.stated, found.upload_date = dated[0], dated[0].time is not None
    found.lines.add(number)
    return True


def take_names(found: Metadata, number: int, line: str) -> bool:
    """Take the line below the title where it is nothing but names, with their unit or without."""
    names = bare_names(line)
    if names:
        found.authors = names
    elif byline := names_with_unit(line):
        found.authors, found.unit = byline.authors, byline.unit
    else:
        if re.fullmatch(r"[\u3400-\u9fff]{2}", line) and _surname_of(line):
            found.perhaps_authors = [line]
        return False
    found.lines.add(number)
    return True


def _surname_of(line: str) -> bool:
    return bool(split_names(line)) and script.fold(line[0]) in SINGLE


def take_closing_byline(found: Metadata, number: int, line: str, very_last: bool) -> bool:
    """Take `(作者:王芳)`, a date or the bare name of an author that closes the essay."""
    folded = script.fold(line)
    match = _TRAILING_BYLINE.fullmatch(folded)
    if match:
        rest = line[slice(*match.span("rest"))]
        if re.match(r"作者(?:单位|系)", match["label"]):
            taken = bool(found.authors) and not found.unit
            if taken:
                found.unit = rest.strip()
                found.lines.add(number)
            return taken
        taken = (
            not found.authors
            and "简介" not in match["label"]
            and take_people(found, "authors", rest)
        )
        if taken:
            found.lines.add(number)
        return taken
    if not found.stated and take_date(found, number, line):
        return True
    if found.authors or len(line) > 40:
        return False
    names = reporters(line) or (bullet_byline(line) if very_last else [])
    bare = bare_names(line.strip("()（）—-– ")) if len(line) <= 12 else []
    if bare and very_last and all(is_certainly_name(name) for name in bare):
        names = bare
    if names:
        found.authors = names
        found.lines.add(number)
        return True
    if 2 <= len(line) <= 12 and (perhaps := bare or _perhaps(line)):
        found.perhaps_authors = perhaps
    return False


def _perhaps(line: str) -> list[str]:
    names = split_names(line.strip("()（）—-– "))
    whole = "".join(names) == re.sub(r"[\s()（）—–-]", "", line)
    return (
        names
        if whole and names and script.fold(names[0][0]) in SINGLE and len(names[0]) <= 3
        else []
    )

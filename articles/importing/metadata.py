"""Title, authors, date, summary, keywords, source and genre, read from the clean text.

A blank beats a guess: what is not stated stays blank, and the pipeline flags it. Lines that hold
metadata are taken out of the body, but they are no edits: the clean text keeps them.
"""

import re
from dataclasses import dataclass, field

from .. import script
from .bylines import (
    bare_names,
    bullet_byline,
    is_nobody,
    is_unit,
    names_with_unit,
    reporters,
    split_names,
)
from .dates import StatedDate, date_at_start, parse_date
from .genre import genre_of
from .hints import bylines_of, date_of, title_of
from .labels import LABEL, is_labelled, kind_of, split_keywords
from .source import OBJECT, Hints
from .structure import Structure
from .surnames import SINGLE, is_certainly_name, is_likely_name

_SHORT_LABELS = {"authors", "unit", "upload_date", "date", "source_name", "source_url", "editor"}
_SHORT_LABELS |= {"number"}
_MOST_LABEL_LINE = 120
"""Characters of a line that may hold several labels: 来源:… 作者:… 时间:…"""

_LONGEST = {"unit": 40, "source_name": 40, "authors": 60, "keywords": 100, "title": 60}
_LONGEST |= {"editor": 30, "number": 60}
_SENTENCE = re.compile(r"[。！？；!?;]|[，,].*[，,]")
"""A value that is a sentence belongs to the author's text, whatever word it begins with."""

_TRAILING_BYLINE = re.compile(
    r"[(（【\[]\s*(?P<label>作者(?:单位|系|简介)?\s*[:：]?|(?:文|撰文)\s*[:：/／])\s*"
    r"(?P<rest>[^()（）【】\[\]]{2,80})[)）】\]]\s*[。.]?$"
)
_AUTHOR_AND_UNIT = re.compile(r"[;；]\s*|\s*(?:作者)?单位\s*[:：]?\s*|\s*作者系\s*")
_QUOTED_SOURCE = re.compile(
    r"[(（【\[—–\-\s]*(?:本文|此文)?(?:摘自|原载|原刊|选自|转自|转载自|载|刊于|发表|来源)[于於]?\s*[:：]?\s*"
    r"《(?P<name>[^《》]{2,30})》\s*[,，]?\s*(?P<issue>[^。！？()（）]{0,20}?)\s*[)）】\]。]*"
)
_NO_SOURCE = re.compile(
    r"(?:互联)?网络?|本站(?:原创|整理)?|原创|不详|未知|佚名|转载|网友(?:上传|投稿)?"
)
_SENTENCE_END = "。；，、：！,;:!"
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+(?:\.\d+)*[\s、.．])"
)
_LONGEST_TITLE = 50
"""Characters; of 3,000 essay titles looked at the longest had 44."""


@dataclass
class Metadata:
    """What an essay says of itself, and which of its lines say nothing else."""

    title: str = ""
    title_source: str = "none"
    authors: list[str] = field(default_factory=list)
    unit: str = ""
    stated: StatedDate | None = None
    upload_date: bool = False
    summary: str = ""
    keywords: list[str] = field(default_factory=list)
    source_name: str = ""
    source_url: str = ""
    genre: str = ""
    perhaps_authors: list[str] = field(default_factory=list)  # for a curator to decide
    lines: set[int] = field(default_factory=set)  # numbers of the lines taken out of the body


def extract(text: str, structure: Structure | None = None, hints: Hints | None = None) -> Metadata:
    """Read the metadata of a clean text; its structure says which lines can hold any.

    `hints` are what the file states outside its text, taken where the text states nothing.
    """
    found = Metadata()
    structure, hints = structure or Structure(text), hints or Hints()
    lines = [line.replace(OBJECT, "").strip() for line in text.split("\n")]
    titled = _title_line(lines, structure, hints)
    headings = structure.numbers("heading")
    grouped = structure.numbers("item", "quote", "table")
    head = True  # labels are read before the body has begun, and again at its very end
    long_lines = 0
    below_title = -1
    last = max((number for number, line in enumerate(lines) if line), default=0)
    for number, line in enumerate(lines):
        if not line:
            continue
        if number == titled:
            found.title, found.title_source = line, "heading" if number in headings else "line"
            if hints.own:
                found.title_source = hints.origin
            found.lines.add(number)
            below_title = next((n for n in range(number + 1, len(lines)) if lines[n]), -1)
            continue
        if number in headings:
            head = False  # a heading within the body: the body has begun
            continue
        if head or number >= last - 2:
            if _take_labels(found, number, line) or _take_source(found, number, line):
                continue
            if number >= last - 2 and _take_trailing_byline(found, number, line, number == last):
                continue
        if not head:
            continue
        if number in grouped:
            long_lines += 1
            head = long_lines < 2
        elif not found.authors and (names := bullet_byline(line) or reporters(line)):
            found.authors = names
            found.lines.add(number)
        elif not found.stated and _take_date(found, number, line):
            pass
        elif not found.title and titled is None and _could_be_title(line, number == last):
            found.title, found.title_source = line, "line"
            found.lines.add(number)
            below_title = next((n for n in range(number + 1, len(lines)) if lines[n]), -1)
        elif below_title == number and not found.authors and _take_names(found, number, line):
            pass
        else:
            if not found.authors and (match := _REPORTED_BY.match(script.fold(line))):
                found.authors = reporters(line[slice(*match.span("who"))])
            long_lines += 1
            head = long_lines < 2 and len(line) > 16
    _take_hints(found, hints)
    labelled = any(is_labelled(lines[n], "unit") for n in found.lines)
    if found.unit and not found.authors and labelled:  # whose unit would it be?
        found.unit = ""
        found.lines -= {n for n in found.lines if is_labelled(lines[n], "unit")}
    labelled_summary = bool(found.summary)
    _take_lead(found, lines)
    found.genre = genre_of(
        found.title, text, keywords=bool(found.keywords), summary=labelled_summary
    )
    return found


_TITLE_WITHIN = 8
"""Lines from the top among which the title a file states is looked for."""


def _title_line(lines: list[str], structure: Structure, hints: Hints) -> int | None:
    """Return the line that is the title for certain: by its mark, or as the file states it too."""
    stated = _letters(title_of(hints))
    filled = [number for number, line in enumerate(lines) if line][:_TITLE_WITHIN]
    for number in filled:
        if stated and _letters(lines[number]) == stated:
            return number
    number = structure.title_line
    fit = number is not None and len(lines[number]) <= 2 * _LONGEST_TITLE
    return number if fit and not _NUMBERED.match(lines[number]) else None


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", script.fold(text)))


def _take_hints(found: Metadata, hints: Hints) -> None:
    """Take what the file states beside its text where the text states nothing itself."""
    if not found.title and (title := title_of(hints)):
        found.title, found.title_source = title, hints.origin
    if not found.authors:
        names = [name for byline in bylines_of(hints) for name in split_names(byline)]
        found.authors = list(dict.fromkeys(names))
        if found.authors:
            found.perhaps_authors = []
    if not found.stated and (stated := date_of(hints)):
        # A web page's head knows when the site put it up.
        found.stated, found.upload_date = stated, hints.origin == "title-tag"
    found.summary = found.summary or hints.summary
    found.keywords = found.keywords or list(hints.keywords)
    found.source_name = found.source_name or hints.source_name[: _LONGEST["source_name"]]
    found.unit = found.unit or hints.unit[: _LONGEST["unit"]]
    if not found.source_url and re.match(r"https?://\S+$", hints.source_url):
        found.source_url = hints.source_url


_REPORTED_BY = re.compile(
    r"(?:本[报刊网]讯|.{0,12}\d+日[电讯])\s*[(（](?P<who>[^()（）]{2,40})[)）]"
)


def _take_date(found: Metadata, number: int, line: str) -> bool:
    """Take a line that is a date, or a date with the author's name behind: `2017-02-14 13:27赵毅`.

    A clock's time is the site's. A date in brackets with where the speech was given fills the
    field, but the line says more and stays.
    """
    if len(line) > _MOST_LABEL_LINE:
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
        return False
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


def _take_names(found: Metadata, number: int, line: str) -> bool:
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


def _could_be_title(line: str, only: bool) -> bool:
    return (
        2 <= len(line) <= _LONGEST_TITLE
        and line[-1] not in _SENTENCE_END
        and "。" not in line
        and not _NUMBERED.match(line)
        and not only
    )


def _take_labels(found: Metadata, number: int, line: str) -> bool:
    """Take what the labels at the head of a line announce; tell whether that was all of it."""
    folded = script.fold(line)
    match = LABEL.match(folded)
    if not match:
        return _take_unmarked_author(found, number, line)
    pieces = [(kind_of(match), match.end(), len(line))]
    if pieces[0][0] in _SHORT_LABELS and len(line) <= _MOST_LABEL_LINE:
        starts = [
            label
            for label in LABEL.finditer(folded)
            if label.start() == 0 or line[label.start() - 1] in " 　|｜（(）)\t;；】]"
        ]
        ends = [m.start() for m in starts[1:]] + [len(line)]
        pieces = [(kind_of(m), m.end(), end) for m, end in zip(starts, ends, strict=True)]
    elif pieces[0][0] == "summary":
        pieces = _abstract_and_keywords(folded, match)
    taken = [_take(found, name, _value(line[start:end])) for name, start, end in pieces]
    if all(taken):  # or the reader would miss what no field holds
        found.lines.add(number)
    return all(taken)


def _value(text: str) -> str:
    """Return a label's value without the bracket that closes the whole: （作者：王芳）."""
    text = text.strip(" 　|｜")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    return text


def _abstract_and_keywords(folded: str, first: re.Match[str]) -> list[tuple[str, int, int]]:
    """Return the pieces of an abstract with the keywords, or both in English, in its line."""
    starts = [first]
    for label in LABEL.finditer(folded, first.end()):
        if kind_of(label) in ("keywords", "english", "number") and (
            folded[label.start() - 1] in " 　。.；;！!？?”" or label[0][0] in "【[("
        ):
            starts.append(label)
    ends = [label.start() for label in starts[1:]] + [len(folded)]
    return [(kind_of(label), label.end(), end) for label, end in zip(starts, ends, strict=True)]


def _take_unmarked_author(found: Metadata, number: int, line: str) -> bool:
    """Take `作者 王芳`, a label without its colon, where only names follow."""
    match = re.match(r"[(（【\[]?作\s*者[】\]]?\s+(?P<rest>.{2,30}?)[)）]?$", line)
    names = bare_names(match["rest"]) if match and not found.authors else []
    if names:
        found.authors = names
        found.lines.add(number)
    return bool(names)


def _take(found: Metadata, name: str, value: str) -> bool:
    """Set one field from its labelled value; tell whether it was taken.

    What is not taken stays in the body: a second value, a sentence, a word that is no date.
    """
    if not value:
        return True  # a label with nothing behind it
    if len(value) > _LONGEST.get(name, 1000):
        return False
    if name in ("authors", "bio", "editor"):
        return _take_people(found, name, value)
    if name in ("date", "upload_date"):
        stated = parse_date(value.strip("()（）[]【】"))
        if stated and not (found.stated and not found.upload_date):
            found.stated, found.upload_date = stated, name == "upload_date"
        return bool(stated)
    if name == "english":
        return bool(re.match(r"[A-Za-z“\"'‘]", value)) and not re.search(
            r"[\u3400-\u9fff]{8}", value
        )
    if name == "number":
        return bool(re.fullmatch(r"[A-Za-z0-9.:;/()+\-—\s；．、]+", value))
    if name == "source_url" and not re.match(r"https?://\S+$", value):
        return False
    sentence = re.compile(r"[。！？]") if name == "keywords" else _SENTENCE
    if name in ("unit", "source_name", "keywords") and sentence.search(value.rstrip("。.;；")):
        return False
    if getattr(found, name):
        return False
    if name == "source_name":
        return _take_source_name(found, value)
    setattr(found, name, split_keywords(value) if name == "keywords" else value)
    if name == "title":
        found.title_source = "line"
        found.title = (
            value.removeprefix("《").removesuffix("》") if value.count("《") < 2 else value
        )
    return True


def _take_people(found: Metadata, name: str, value: str) -> bool:
    """Take the names of a credit; tell whether they are all it says.

    A note on the author (王芳(1970—),女,某厂工会主席) names him and stays in the body.
    """
    if name == "editor":
        credit = r"[\u3400-\u9fff]{1,4}(?:[\s、,，/／]+[\u3400-\u9fff]{1,4}){0,5}"
        return bool(re.fullmatch(rf"{credit}|[\d,]+\s*次?", value))
    if name == "bio":
        match = re.match(r"(?P<name>[\u3400-\u9fff·\s]{2,8}?)\s*(?=[(（,，、])", value)
        if match and not found.authors and is_likely_name(re.sub(r"\s", "", match["name"])):
            found.authors = [re.sub(r"\s", "", match["name"])]
        return False
    if is_unit(value) and not found.unit:
        found.unit = value
        return True
    pieces = _AUTHOR_AND_UNIT.split(value, maxsplit=1)
    byline = names_with_unit(value)
    names = byline.authors if byline else split_names(pieces[0])
    if len(pieces) > 1 and names and not found.unit and pieces[1].strip():
        found.unit = pieces[1].strip()
    elif byline and not found.unit:
        found.unit = byline.unit
    found.authors += [author for author in names if author not in found.authors]
    return bool(names) or is_nobody(value)


def _take_source_name(found: Metadata, value: str) -> bool:
    """Take the publication a text comes from, without 《》; its issue may tell the year.

    Of `网络` or `本站原创` no field has any use.
    """
    match = re.fullmatch(
        r"《(?P<name>[^《》]+)》\s*[,，]?\s*(?P<issue>.{0,24})", value
    ) or re.fullmatch(
        r"(?P<name>[^《》\d]{2,}?)\s*(?P<issue>(?:19|20)\d{2}\s*年?.{0,12}期|)", value
    )
    name, issue = (match["name"].strip(), match["issue"].strip()) if match else (value, "")
    stated = parse_date(issue) if issue else None
    if issue and not stated:
        name = value
    if stated and (not found.stated or found.upload_date):
        found.stated, found.upload_date = stated, False
    if not _NO_SOURCE.fullmatch(script.fold(name)):
        found.source_name = name
    return True


def _take_source(found: Metadata, number: int, line: str) -> bool:
    """Take `(摘自《某某报》2015年第5期)` or `本文原载于《某某报》`, a line of its own."""
    match = _QUOTED_SOURCE.fullmatch(script.fold(line))
    if (
        not match
        or found.source_name
        or not re.search("[摘原选转载刊发来]", line[: match.start("name")])
    ):
        return False
    if match["issue"] and not parse_date(match["issue"]):
        return False
    _take_source_name(found, line[match.start("name") - 1 : match.end("issue")].rstrip(" 　"))
    found.lines.add(number)
    return True


def _take_trailing_byline(found: Metadata, number: int, line: str, very_last: bool) -> bool:
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
            and _take_people(found, "authors", rest)
        )
        if taken:
            found.lines.add(number)
        return taken
    if not found.stated and _take_date(found, number, line):
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


def _take_lead(found: Metadata, lines: list[str]) -> None:
    """Take the first paragraph as the summary where a later one repeats it: it is a lead."""
    if found.summary:
        return
    body = [(n, line) for n, line in enumerate(lines) if line and n not in found.lines]
    if not body:
        return
    number, first = body[0]
    if 30 <= len(first) <= 300 and any(line.startswith(first) for _, line in body[1:]):
        found.summary = first
        found.lines.add(number)

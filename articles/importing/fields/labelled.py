"""Lines that begin with a label: 作者：王芳, 来源：… 时间：…, （摘自《某某报》2015年第5期）."""

import re

from ...text import script
from ..lexicon.surnames import is_likely_name
from .bylines import bare_names, is_nobody, is_unit, names_and_rest, names_with_unit
from .dates import StatedDate, date_at_end, date_at_start, parse_date
from .labels import LABEL, kind_of, split_keywords
from .stated import LONGEST, Metadata

_SHORT_LABELS = {"authors", "unit", "upload_date", "date", "source_name", "source_url", "editor"}
_SHORT_LABELS |= {"number", "site"}
_MOST_LABEL_LINE = 120
"""Characters of a line that may hold several labels: 来源:… 作者:… 时间:…"""

_SENTENCE = re.compile(r"[。！？；!?;]|[，,].*[，,]")
"""A value that is a sentence belongs to the author's text, whatever word it begins with."""

_LIKE_A_DATE = re.compile(r"\d{2,4}[\d\s年月日号號./:：-]{2,16}")
"""A value behind a date's label that is meant to be a date, whether there is such a day or not."""

_AUTHOR_AND_UNIT = re.compile(r"[;；]\s*|\s*(?:作者)?单位\s*[:：]?\s*|\s*作者系\s*")
_QUOTED_SOURCE = re.compile(
    r"[(（【\[—–\-\s]*(?:本文|此文)?(?:摘自|原载|原刊|选自|转自|转载自|载|刊于|发表|来源)[于於]?\s*[:：]?\s*"
    r"《(?P<name>[^《》]{2,30})》\s*[,，]?\s*(?P<issue>[^。！？()（）]{0,20}?)\s*[)）】\]。]*"
)
_SIZE = r"(?:特大|加大|缩小|放大|默认|[大中小]|A?[+-]|[AT]|打印|列印|关闭)"
_SITE_VALUE = re.compile(
    rf"(?:\d[\d,，]*\s*(?:人?次|人|条)?)?\s*(?:[\[【(（]?\s*{_SIZE}(?:[\s|｜/]*{_SIZE})*\s*[\]】)）]?)?"
)
"""How often a page was read, and the sizes its text can be set in: 1832次, [大 中 小]."""

_NO_SOURCE = re.compile(
    r"(?:互联)?网络?|本站(?:原创|整理)?|原创|不详|未知|佚名|转载|网友(?:上传|投稿)?"
)


def take_labels(found: Metadata, number: int, line: str) -> bool:
    """Take what the labels at the head of a line announce; tell whether that was all of it."""
    folded = script.fold(line)
    # 2021-05-06 10:20 来源：…
    opening = date_at_start(line) if len(line) <= _MOST_LABEL_LINE else None
    begin = len(line) - len(line[opening[1] :].lstrip(" 　|｜")) if opening else 0
    match = LABEL.match(folded, begin)
    if not match:
        return _take_unmarked_author(found, number, line)
    pieces = [(kind_of(match), match.end(), len(line))]
    if pieces[0][0] in _SHORT_LABELS and len(line) <= _MOST_LABEL_LINE:
        starts = [
            label
            for label in LABEL.finditer(folded, begin)
            if label.start() == begin or line[label.start() - 1] in " 　|｜（(）)\t;；】]"
        ]
        ends = [m.start() for m in starts[1:]] + [len(line)]
        pieces = [(kind_of(m), m.end(), end) for m, end in zip(starts, ends, strict=True)]
    elif pieces[0][0] == "summary":
        pieces = _abstract_and_keywords(folded, match)
    if opening:
        pieces.insert(0, ("upload_date" if opening[0].time else "date", 0, begin))
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
    if len(value) > LONGEST.get(name, 1000):
        return False
    if name in ("authors", "bio", "editor"):
        return take_people(found, name, value)
    if name in ("date", "upload_date"):
        stated = parse_date(value.strip("()（）[]【】"))
        if stated and not (found.stated and not found.upload_date):
            found.stated, found.upload_date = stated, name == "upload_date"
        if not stated and _LIKE_A_DATE.fullmatch(value):
            found.impossible_date = value
        return bool(stated)
    if name == "site":
        return bool(_SITE_VALUE.fullmatch(script.fold(value)))
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


def take_people(found: Metadata, name: str, value: str) -> bool:
    """Take the names of a credit, their unit and the date; tell whether that is all it says.

    A note on the author (王芳(1970—),女,某厂工会主席) names him and stays in the body.
    """
    if name == "editor":
        credit = r"[\u3400-\u9fff]{1,4}(?:[\s、,，/／]+[\u3400-\u9fff]{1,4}){0,5}"
        return bool(re.fullmatch(credit, value))
    if name == "bio":
        match = re.match(r"(?P<name>[\u3400-\u9fff·\s]{2,8}?)\s*(?=[(（,，、])", value)
        if match and not found.authors and is_likely_name(re.sub(r"\s", "", match["name"])):
            found.authors = [re.sub(r"\s", "", match["name"])]
        return False
    if is_unit(value) and not found.unit:
        found.unit = value
        return True
    dated = date_at_end(value)
    if dated:
        value = value[: dated[1]].rstrip(" 　|｜,，;；(（")
    pieces = _AUTHOR_AND_UNIT.split(value, maxsplit=1)
    byline = names_with_unit(value)
    names, rest = (byline.authors, []) if byline else names_and_rest(pieces[0])
    if rest and all(is_unit(part) for part in rest):
        unit, rest = " ".join(rest), []
    else:
        unit = byline.unit if byline else ""
    if len(pieces) > 1 and names and not byline:
        unit = f"{unit} {pieces[1]}".strip()
    if unit and not found.unit:
        found.unit = unit
    found.authors += [author for author in names if author not in found.authors]
    said = (bool(names) or is_nobody(value)) and not rest and unit in ("", found.unit)
    return (not dated or _take_stated(found, dated[0])) and said


def _take_stated(found: Metadata, stated: StatedDate) -> bool:
    """Take a date that stands without a label; tell whether it is the one the essay has now.

    A clock's time is the site's, and gives way to the essay's own date.
    """
    upload = stated.time is not None
    if not found.stated or (found.upload_date and not upload):
        found.stated, found.upload_date = stated, upload
    return upload or found.stated == stated


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
    dated = None if issue else date_at_end(name)
    if dated and dated[1] and dated[0].precision == "day" and _take_stated(found, dated[0]):
        name = name[: dated[1]].strip(" 　|｜,，(（")
        name = name[1:-1] if re.fullmatch("《[^《》]+》", name) else name
    if not _NO_SOURCE.fullmatch(script.fold(name)):
        found.source_name = name
    return True


def take_source(found: Metadata, number: int, line: str) -> bool:
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

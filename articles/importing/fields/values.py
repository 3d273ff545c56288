"""The value behind a label: whether it is one, and which field it fills.

What does not fit stays in the body: a second value, a sentence, a word that is no date.
"""

import re

from ...text import script
from ..lexicon.site_words import SIZES
from ..lexicon.surnames import is_likely_name
from .bylines import is_nobody, is_unit, names_and_rest, names_with_unit, reporters
from .dates import StatedDate, date_at_end, parse_date
from .labels import split_keywords
from .people import RARE, UNSURE, certainty, names_of
from .pieces import Piece
from .stated import LONGEST, Dated, Metadata

_SENTENCE = re.compile(r"[。！？；!?;]|[，,].*[，,]")
"""A value that is a sentence belongs to the author's text, whatever word it begins with."""

_LIKE_A_DATE = re.compile(r"\d{2,4}[\d\s年月日号號./:：-]{2,16}")
"""A value behind a date's label that is meant to be a date, whether there is such a day or not."""

_AUTHOR_AND_UNIT = re.compile(r"[;；]\s*|\s*(?:作者)?单位\s*[:：]?\s*|\s*作者系\s*")
_QUOTED_SOURCE = re.compile(
    r"[(（【\[—–\-\s]*(?:本文|此文)?(?P<verb>摘自|原载|原刊|选自|转自|转载自|载|刊于|发表"
    r"|来源)?[于於]?\s*[:：]?\s*"
    r"《(?P<name>[^《》]{2,30})》\s*[,，]?\s*(?P<issue>[^。！？]{0,24}?)\s*[)）】\]。]*"
)
_CITED = re.compile(
    r"(?P<name>[^,，]{3,20}?)\s*[,，].*?[,，]?\s*(?P<issue>(?:19|20)\d{2}年.{0,8}期)"
)
_BOOK = re.compile(
    r"[(（]?\s*(?:本文)?(?:摘自|选自|节选自"
    r"|原载)\s*《(?P<name>[^《》]{2,30})》\s*[,，]\s*(?P<who>[\u3400-\u9fff·、\s]{2,16}?)\s*(?:著"
    r"|编著|主编)"
    r"[^。]{0,40}[)）]?"
)
_ISSUED = re.compile(
    r"(?P<name>[^\d《》()（）:：，。]{3,20}?)\s*(?P<issue>(?:19"
    r"|20)\d{2}\s*年?\s*(?:第\s*)?\d{1,3}\s*[期卷](?:\s*第?\s*\d+\s*期)?|(?:19"
    r"|20)\d{2},?\s*\(\d{1,2}\))"
)
_ISSUE = re.compile(
    r"(?P<month>(?:19|20)\d{2}年\d{1,2}月)号|(?P<year>(?:19|20)\d{2})\s*年?\s*[,，]?\s*(?:第\s*\d{1,3}\s*[期卷]|\d{1,3}\s*期"
    r"|[(（]\s*\d{1,2}\s*[)）])(?:[\s,，].{0,30}|\d.{0,20})?"
)
_PAPER_PAGE = re.compile(
    r"[(（]?\s*(?P<date>\d{4}\s*[年.-]\s*\d{1,2}\s*[月.-]\s*\d{1,2}\s*日?)\s*[,，]?\s*(?:第?\s*[A-Z]?\d{1,3}\s*版.{0,8})?[)）]?"
)
_SIZE = rf"(?:{SIZES}|打印|列印|关闭)"
_SITE_VALUE = re.compile(
    rf"(?:[\d★☆][\d,，.★☆/+]*\s*[A-Za-z]{{0,2}}\s*(?:[人条]?次"
    rf"|[人条页分个元字万])?)?\s*(?:[\[【(（]?\s*{_SIZE}(?:[\s|｜/]*{_SIZE})*\s*[\]】)）]?)?"
    r"|\d+(?:(?:下载|浏览|阅读|收藏|评论)\d*次?)+|[A-Za-z]{2,5}|[A-Z]|次|\d+\s*[-—–~]\s*\d+|共?\s*\d+\s*页?|免费"
)
"""How often a page was read, and the sizes its text can be set in: 1832次, [大 中 小], DOC."""

_COUNT_AND_BUTTON = re.compile(r"\d[\d,.]*(?:\s+[\u3400-\u9fff]{2,5}){1,3}")
"""How often a page was read, and words to press that nobody knows: 2540 推荐本文."""

_MEDIUM_FIRST = re.compile(
    r"(?P<name>[^\s《》]{2,20}(?:报|报社|网|社|台|刊|杂志|学报|工会|[委会局部]))[ 　]+"
    r"[\u3400-\u9fff]{2,4}"
)
"""A source with a word behind it that is none: 某某总工会 列印."""

NO_SOURCE = re.compile(
    r"(?:来自)?(?:互联)?网络?|本站(?:原创|整理)?|作者|(?:作者)?原创|不详|未知|佚名|转载"
    r"|网友(?:上传|投稿|提供)?|投稿|整理|其他|个人|转载文章|转帖|第.{0,8}范文(?:网|吧)?|.{0,4}范文(?:网|吧|大全)?"
    r"|(?:互联网|网络)(?:整理|收集|转载|资源|上传)?|原创投稿"
    r"|(?:综合|国内|国际|时政|社会|图片|本地|地方|企业|公司|集团|行业|校园|基层|部门|单位|最新|今日|热点|工会)新闻"
)


_WITH_REPORTER = re.compile(r"(?P<name>\S{2,16})[ 　]+(?:[记記]者|通[讯訊][员員])[ 　].{2,30}")
"""A paper with its reporter behind it: 某某工报 记者 王芳."""

_NOBODY_FIRST = re.compile(r"(?:未知|佚名|不[详詳]|匿名|admin)[ 　]+\S.{0,12}")


def take_piece(found: Metadata, piece: Piece) -> bool:
    """Set the field of a labelled piece; tell whether the value is one of its kind."""
    name, value = piece.kind, piece.value
    if name in ("date", "button"):
        return True
    if name == "teaser":
        return not value  # only `labels_in` sees whether the text says it again
    if not value:
        return True  # a label with nothing behind it
    if len(value) > LONGEST.get(name, 1000):
        return False
    if name in ("authors", "bio", "editor"):
        return take_people(found, name, value)
    if name.endswith("_date"):
        return _take_date(found, name, value)
    if name == "site":
        bare = script.fold(value).strip("()（）[] ")
        return bool(_SITE_VALUE.fullmatch(bare) or _COUNT_AND_BUTTON.fullmatch(bare))
    if name == "category":
        return not _SENTENCE.search(value) and not re.search("[，,、]$", value)
    if name == "english":
        return bool(re.match(r"[A-Za-z“\"'‘]", value)) and not re.search(
            r"[\u3400-\u9fff]{8}", value
        )
    if name == "number":
        return not re.search(r"[。！？]", value) and bool(
            re.search(r"[A-Z\d]", value) or len(value) < 6
        )
    if name == "source_url":
        if not re.match(r"https?://\S+$", value):
            return False
    elif name in ("unit", "office", "source_name", "keywords"):
        sentence = re.compile(r"[。！？]") if name == "keywords" else _SENTENCE
        if name in ("unit", "office"):
            value = re.split(r"[;；]\s*", value)[0]
        if name == "source_name" and _CITED.fullmatch(value):
            sentence = re.compile("[。！？]")
        if sentence.search(value.rstrip("。.;；")):
            return False
    if name == "source_name" and (told := _WITH_REPORTER.fullmatch(value)):
        who = reporters(value[told.end("name") :].strip())
        value = told["name"] if who else value
        found.authors = found.authors or who
    if name == "office":
        found.office = value
        return True
    if name == "source_name":
        value = re.sub(r"^[\[【(（]\s*|\s*[\]】)）]$", "", value) if value[:1] in "[【" else value
        value = re.sub(r"(?<=[\u3400-\u9fff])\s*https?://\S*$", "", value)
        value = re.sub(r"\s+[>›»]\s*[\u3400-\u9fff]{2,6}$", "", value)  # a site and its section
        if re.search(r"[=<>]|[:：]\s*\d", value):
            return True  # a torn tag
    if name == "source_name" and NO_SOURCE.fullmatch(script.fold(value)):
        return True
    if name == "original":
        found.original = found.original or value.strip("《》")
        return True
    if getattr(found, name):
        return script.fold(str(getattr(found, name))) == script.fold(value)
    if name == "source_name":
        value = re.sub(
            r"(?:举报|舉報|收藏|分享|打印|(?<=\s)评论|關注|关注|订阅|訂閱)+$", "", value
        ).strip()
        first = _MEDIUM_FIRST.fullmatch(script.fold(value))
        if first and not is_unit(value[first.end("name") :].strip()):
            value = value[: first.end("name")]
        return take_source_name(found, value)
    setattr(found, name, split_keywords(value) if name == "keywords" else value)
    if name == "title":
        found.title_source = "line"
        bare = value.removeprefix("《").removesuffix("》")
        if not {"《", "》"} & set(bare):
            found.title = bare
    return True


def _take_date(found: Metadata, name: str, value: str) -> bool:
    if account := _OF_AN_ACCOUNT.fullmatch(script.fold(value)):
        found.source_name = found.source_name or value[slice(*account.span("who"))]
        value = value[: account.start("who")]
    stated = parse_date(value.strip("()（）[]【】"), short_year=True)
    if not stated and name == "own_date" and re.fullmatch(r"(?:19|20)\d{2}", value):
        stated = parse_date(value + "年")
    role = name.removesuffix("_date")
    if role == "no":
        return bool(stated or _LIKE_A_DATE.match(value))
    if stated:
        found.dates.append(Dated(stated, role, "label", 2))
    elif _LIKE_A_DATE.fullmatch(value):
        found.impossible_date = value
    return bool(stated)


_OF_AN_ACCOUNT = re.compile(r".*\d\s*(?P<who>[\u3400-\u9fff]{2,16})官方(?:账号|帐号|微博|微信)")
"""A date with the account of a platform glued to it."""


def take_people(found: Metadata, name: str, value: str) -> bool:
    """Take the names of a credit, their unit and the date; tell whether that is all it says.

    A note on the author (王芳(1970—),女,某厂工会主席) names him and stays in the body.
    """
    if name == "editor":
        credit = r"[\u3400-\u9fff·]{1,6}(?:[\s、,，/／]+[\u3400-\u9fff·]{1,6}){0,7}|[\w*-]{1,20}"
        return bool(re.fullmatch(credit, value))
    if name == "bio":
        match = re.match(r"(?P<name>[\u3400-\u9fff·\s]{2,8}?)\s*(?=[(（,，、])", value)
        name = re.sub(r"\s", "", match["name"]) if match else ""
        born = match and re.match(r"[(（]\s*(?:19|20)\d\d", value[match.end() :])
        known = name and (is_likely_name(name) or (born and certainty(name) >= RARE))
        if known and not found.authors:
            found.authors = [name]
        elif name and born and certainty(name):
            found.perhaps_authors.append(name)
        return False
    if _NOBODY_FIRST.fullmatch(value):
        return True  # what a site offers behind it is no name
    half = value[: len(value) // 2]
    value = (
        half if half * 2 == value and len(half) > 1 else value
    )  # a picture's words, and the name
    if is_unit(value) and not found.unit:
        found.unit = value
        return True
    dated = date_at_end(value)
    if dated:
        value = value[: dated[1]].rstrip(" 　|｜,，;；(（")
    value = re.sub(r"\s+(?:on|at)$", "", value)
    bare = _PROFESSION.sub("", value)
    if bare != value and names_of(bare):
        value = bare
    who = _WITH_BRACKET.fullmatch(value)
    if who and certainty(who["name"]) >= RARE:
        found.unit = found.unit or who["unit"]
        found.authors += [who["name"]] if who["name"] not in found.authors else []
        return True
    pieces = _AUTHOR_AND_UNIT.split(value, maxsplit=1)
    byline = names_with_unit(value)
    names, rest = (byline.authors, []) if byline else names_and_rest(pieces[0])
    whole = names_of(value.rstrip("；; "))
    if whole and len(whole.names) > len(names):
        names, rest, pieces = list(whole.names), [], [value]
    if not names or rest:
        if (read := names_of(pieces[0])) and (read.sure > UNSURE or not names):
            names, rest = list(read.names), []
            found.unit = found.unit or read.unit
        elif re.fullmatch(r"(?=.*\d)[A-Za-z0-9_-]+", value):
            return True  # an account, and nobody's name
        elif _PEN_NAME.fullmatch(value) and not is_nobody(value):
            names, rest = [value], []
    if rest and all(is_unit(part) for part in rest):
        unit, rest = " ".join(rest), []
    else:
        unit = byline.unit if byline else ""
    if len(pieces) > 1 and names and not byline:
        unit = f"{unit} {pieces[1]}".strip()
    if unit and not found.unit:
        found.unit = unit
    if rest:  # 文：一张一弛，文武之道
        names = [name for name in names if certainty(name) >= RARE]
    found.authors += [author for author in names if author not in found.authors]
    said = (bool(names) or is_nobody(value)) and not rest and unit in ("", found.unit)
    if dated:
        role = "site" if dated[0].time else "own"
        said &= role == "site" or all(d.stated == dated[0] for d in found.dates if d.role == "own")
        found.dates.append(Dated(dated[0], role, "with-date", 1 if said else 0))
    return said


_WITH_BRACKET = re.compile(
    r"(?P<name>[\u3400-\u9fff]{2,4})\s*[(（](?P<unit>[\u3400-\u9fff]{6,30})[)）]"
)
"""A name with where and what somebody is behind it: 王芳（某某市和平小学教师）."""

_PROFESSION = re.compile(
    r"(?<=[\u3400-\u9fff]{2})(?:律[师師]|教授|博士|老[师師]|先生|女士|[记記]者)(?=[、,，\s]|$)"
)
"""What stands behind a name and tells what somebody is: 王芳律师、李明律师."""

_PEN_NAME = re.compile(r"[\u3400-\u9fffA-Za-z0-9_·-]{2,10}")
"""What stands behind 作者 and is no name: a pen name, an account's."""


def take_source_name(found: Metadata, value: str) -> bool:
    """Take the publication a text comes from, without 《》; its issue may tell the year.

    Of `网络` or `本站原创` no field has any use.
    """
    if cited := _CITED.fullmatch(value):
        value = f"{cited['name']}{cited['issue']}"
    match = re.fullmatch(
        r"《(?P<name>[^《》]+)》\s*[,，]?\s*(?P<issue>.{0,24})", value
    ) or re.fullmatch(
        r"(?P<name>[^《》\d]{2,}?)\s*(?P<issue>(?:19|20)\d{2}\s*年?.{0,12}期|)", value
    )
    name, issue = (match["name"].strip(), match["issue"].strip()) if match else (value, "")
    stated = parse_date(issue) if issue else None
    if issue and not stated:
        name = value
    if stated:
        found.dates.append(Dated(stated, "own", "issue", 1))
    dated = None if issue else date_at_end(name)
    if dated and dated[1] and dated[0].precision == "day":
        found.dates.append(Dated(dated[0], "own", "with-date", 1))
        name = name[: dated[1]].strip(" 　|｜,，(（")
        name = name[1:-1] if re.fullmatch("《[^《》]+》", name) else name
    if not NO_SOURCE.fullmatch(script.fold(name)):
        found.source_name = name
    return True


_NUMBERED_ISSUE = re.compile(
    r"[(（]《?(?P<name>[\u3400-\u9fff]{1,10}(?:周刊|月刊|杂志|学刊|季刊|画报))》?\s*第?\s*\d{1,5}\s*期?[)）]"
)
"""A periodical and the number of its issue in brackets, by which no year is told."""


def take_source(found: Metadata, line: str) -> bool:
    """Take a line that names where the text comes from, and nothing else.

    `(摘自《某某报》2015年第5期)`, `《某某报》(2016年01月11日 02版)`, `某某学报 2018年5期`.
    """
    folded = script.fold(line)
    if book := _BOOK.fullmatch(folded):
        names = names_of(line[slice(*book.span("who"))])
        found.source_name = found.source_name or line[slice(*book.span("name"))]
        if names and not found.authors:
            found.authors = list(names.names)
        return True
    match = _QUOTED_SOURCE.fullmatch(folded)
    if match and not found.source_name:
        issue = match["issue"].strip("()（） ")
        stated = _issue(issue)
        if (issue and not stated) or not (issue or match["verb"]):
            return False
        found.source_name = line[slice(*match.span("name"))]
        if stated:
            found.dates.append(Dated(stated, "own", "issue", 2))
        return True
    if (periodical := _NUMBERED_ISSUE.fullmatch(folded)) and not found.source_name:
        found.source_name = line[slice(*periodical.span("name"))]
        return True
    match = _ISSUED.fullmatch(folded)
    if match and re.search(r"[报刊学究论坛志界刊物]|工运|工会|月刊|季刊", match["name"]):
        if not found.source_name:
            found.source_name = line[slice(*match.span("name"))].strip()
        if stated := _issue(match["issue"]):
            found.dates.append(Dated(stated, "own", "issue", 2))
        return True
    match = _ISSUE.fullmatch(folded)
    if match and (stated := _issue(folded)):
        found.dates.append(Dated(stated, "own", "issue", 1))
        return True
    return False


def _issue(text: str) -> StatedDate | None:
    """Return the date of a paper's page, or the year of a journal's issue."""
    text = re.sub(r"^第\s*[\d一二三四五六七八九十百]{1,5}\s*期[\s,，]+(?=\d{4})", "", text)
    if page := _PAPER_PAGE.fullmatch(text):
        return parse_date(page["date"])
    if match := _ISSUE.match(text):
        return parse_date(match["month"] or match["year"] + "年")
    return parse_date(text)

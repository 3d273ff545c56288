"""Title, authors, date, summary, keywords, source and genre, read from the clean text.

A blank beats a guess: what is not stated stays blank, and the pipeline flags it. Lines that hold
metadata are taken out of the body, but they are no edits: the clean text keeps them.
"""

import re
from dataclasses import dataclass, field

from .. import script
from .dates import StatedDate, parse_date
from .hints import bylines_of, date_of, title_of
from .language import is_common_pair
from .source import OBJECT, Hints
from .structure import Structure

LABELS = (
    ("title", r"标题|题目|篇名"),
    ("authors", r"作者|撰稿人?|撰文|执笔人?|讲话人|文(?=\s*[/／])|本报记者"),
    ("unit", r"作者单位|工作单位|单位"),
    ("upload_date", r"时间|发布时间|发布日期|上传时间|更新时间"),
    ("date", r"日期|成文日期|写作日期|讲话时间"),
    ("summary", r"内容摘要|摘\s*要|提\s*要|内容提要|核心提示|导语|导读"),
    ("keywords", r"关键词|关键字|主题词"),
    ("source_name", r"来源|稿源|出处|转自|原载|文章来源"),
    ("source_url", r"原文链接|原文地址|原文网址|网址|链接"),
)
"""What a label at the head of a line announces; read in lines folded to simplified."""

_BRACKET = r"[【\[〔(（]?"
_LABEL = re.compile(
    rf"{_BRACKET}(?P<label>"
    + "|".join(f"(?P<{name}>{words})" for name, words in LABELS)
    + r")\s*[】\]〕)）]?\s*(?:[:：/／]|(?<=[】\]〕])|(?<=词)\s+|(?<=要)\s+)\s*"
)
_SHORT_LABELS = {"authors", "unit", "upload_date", "date", "source_name", "source_url"}
_MOST_LABEL_LINE = 120
"""Characters of a line that may hold several labels: 来源:… 作者:… 时间:…"""

_LONGEST = {"unit": 40, "source_name": 40, "authors": 60, "keywords": 100, "title": 60}
_SENTENCE = re.compile(r"[。！？；!?;]|[，,].*[，,]")
"""A value that is a sentence belongs to the author's text, whatever word it begins with."""

_NOT_AUTHORS = re.compile(
    r"编辑|责编|摄影?|小编|佚名|网友|匿名|admin|管理员|本站|原创|未知|不详|转载"
)
_NAME = r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,8})*"
_LATIN_NAME = r"[A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*){1,3}"
_ONE_NAME = re.compile(rf"{_NAME}|[\u3400-\u9fff]{{2,8}}(?:·[\u3400-\u9fff]{{1,8}})+|{_LATIN_NAME}")
_SPACED_NAME = re.compile(
    r"(?<![\u3400-\u9fff])([\u3400-\u9fff])[ \u3000]+([\u3400-\u9fff])(?![\u3400-\u9fff])"
)

# The hundred most frequent surnames and the common double ones: they decide whether a bare
# short line is a name.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
_BARE_NAME = re.compile(rf"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])[\u3400-\u9fff]{{1,2}}")
_BULLET_BYLINE = re.compile(
    r"[●○□·•◎◆■]\s*(?P<name>[\u3400-\u9fff](?:[ \u3000]?[\u3400-\u9fff]){1,3}?)"
    r"\s*(?:观点|文|撰文|口述|供稿|报道)?"
)
_TRAILING_BYLINE = re.compile(
    r"[(（]\s*(?:作者(?:单位|系)?\s*[:：]?|(?:文|撰文)\s*[:：/／])\s*(?P<rest>[^()（）]{2,60})[)）]\s*$"
)
_SENTENCE_END = "。；，、：！,;:!"
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+(?:\.\d+)*[\s、.．])"
)
_LONGEST_TITLE = 50
"""Characters; of 3,000 essay titles looked at the longest had 44."""

GENRES = (
    ("speech", re.compile(r"讲话|致辞|演讲|发言|讲稿")),
    ("experience", re.compile(r"经验|做法|纪实|侧记|工作总结|典型材料|交流材料")),
    ("commentary", re.compile(r"评论|时评|短评|社论|随笔|杂谈")),
)
"""What a title says of its genre."""

_PAPER = re.compile(r"(?m)^(?:[01]\s*[.、]?\s*)?(?:引言|前言)$|^参考文献|^中图分类号")
"""What only papers have, besides keywords."""


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


def split_names(text: str) -> list[str]:
    """Return the authors named in a byline; editors, photographers and 佚名 are none.

    戴 安 is one name with a space in it; 王芳 李明 are two.
    """
    text = _SPACED_NAME.sub(r"\1\2", text.strip(" 　()（）"))
    names = []
    for part in re.split(
        r"[、,，;；/／|\s]+|(?<=[\u3400-\u9fff])[和与與](?=[\u3400-\u9fff])", text
    ):
        part = part.strip(" 　●○·")
        if _ONE_NAME.fullmatch(part) and not _is_nobody(part) and part not in names:
            names.append(part)
    if not names and re.fullmatch(_LATIN_NAME, text):
        names.append(text)
    return names


def _is_nobody(name: str) -> bool:
    return bool(_NOT_AUTHORS.search(script.fold(name)))


def split_keywords(text: str) -> list[str]:
    """Return the words of a keyword line, whatever stands between them."""
    words = re.split(r"[,，;；、|/／\s]+", text.strip().rstrip("。."))
    return list(dict.fromkeys(word for word in words if word))


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
            if _take_labels(found, number, line):
                continue
            if number >= last - 1 and _take_trailing_byline(found, number, line):
                continue
        if not head:
            continue
        if number in grouped:
            long_lines += 1
            head = long_lines < 2
        elif not found.authors and (byline := _bullet_byline(line)):
            found.authors, found.lines = [byline], found.lines | {number}
        elif not found.stated and (stated := parse_date(line.strip("()（）"))):
            found.stated = stated
            found.lines.add(number)
        elif not found.title and titled is None and _could_be_title(line, number == last):
            found.title, found.title_source = line, "line"
            found.lines.add(number)
            below_title = next((n for n in range(number + 1, len(lines)) if lines[n]), -1)
        elif below_title == number and not found.authors and _bare_names(line):
            # A pair of characters may as well be a word: 任务 is no name.
            if len(line) > 2 or not is_common_pair(line):
                found.authors = _bare_names(line)
                found.lines.add(number)
            else:
                found.perhaps_authors = [line]
        else:
            long_lines += 1
            head = long_lines < 2 and len(line) > 16
    _take_hints(found, hints)
    if found.unit and not found.authors:  # whose unit would it be?
        found.unit = ""
        found.lines -= {n for n in found.lines if _unit_line(lines[n])}
    _take_lead(found, lines)
    found.genre = _genre(found, text)
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


def _could_be_title(line: str, only: bool) -> bool:
    return (
        2 <= len(line) <= _LONGEST_TITLE
        and line[-1] not in _SENTENCE_END
        and "。" not in line
        and not _NUMBERED.match(line)
        and not only
    )


def _bare_names(line: str) -> list[str]:
    parts = split_names(line)
    whole = re.sub(r"[\s、,，]", "", line)
    return (
        parts
        if parts
        and whole == "".join(parts)
        and all(_BARE_NAME.fullmatch(script.fold(part)) for part in parts)
        else []
    )


def _bullet_byline(line: str) -> str:
    match = _BULLET_BYLINE.fullmatch(script.fold(line))
    name = re.sub(r"\s", "", line[slice(*match.span("name"))]) if match else ""
    return "" if _is_nobody(name) else name


def _take_labels(found: Metadata, number: int, line: str) -> bool:
    """Take what the labels at the head of a line announce; tell whether that was all of it."""
    folded = script.fold(line)
    match = _LABEL.match(folded)
    if not match:
        return False
    pieces = [(_group(match), match.end(), len(line))]
    if pieces[0][0] in _SHORT_LABELS and len(line) <= _MOST_LABEL_LINE:
        starts = [
            label
            for label in _LABEL.finditer(folded)
            if label.start() == 0 or line[label.start() - 1] in " 　|（(）)\t"
        ]
        ends = [m.start() for m in starts[1:]] + [len(line)]
        pieces = [(_group(m), m.end(), end) for m, end in zip(starts, ends, strict=True)]
    taken = [_take(found, name, line[start:end].strip(" 　|")) for name, start, end in pieces]
    if all(taken):  # or the reader would miss what no field holds
        found.lines.add(number)
    return all(taken)


def _unit_line(line: str) -> bool:
    match = _LABEL.match(script.fold(line))
    return bool(match) and _group(match) == "unit"


def _group(match: re.Match[str]) -> str:
    return next(name for name, _ in LABELS if match[name])


def _take(found: Metadata, name: str, value: str) -> bool:
    """Set one field from its labelled value; tell whether it was taken.

    What is not taken stays in the body: a second value, a sentence, a word that is no date.
    """
    if not value:
        return True  # a label with nothing behind it
    if len(value) > _LONGEST.get(name, 1000):
        return False
    if name == "authors":
        names = [author for author in split_names(value) if author not in found.authors]
        found.authors += names
        return bool(names) or _is_nobody(value)
    if name in ("date", "upload_date"):
        stated = parse_date(value)
        if stated and not (found.stated and not found.upload_date):
            found.stated, found.upload_date = stated, name == "upload_date"
        return bool(stated)
    if name == "source_url" and not re.match(r"https?://\S+$", value):
        return False
    sentence = re.compile(r"[。！？]") if name == "keywords" else _SENTENCE
    if name in ("unit", "source_name", "keywords") and sentence.search(value.rstrip("。.;；")):
        return False
    if getattr(found, name):
        return False
    setattr(found, name, split_keywords(value) if name == "keywords" else value)
    if name == "title":
        found.title_source = "line"
    return True


def _take_trailing_byline(found: Metadata, number: int, line: str) -> bool:
    """Take `(作者:王芳)` or a date that closes the essay."""
    match = _TRAILING_BYLINE.fullmatch(script.fold(line))
    if match:
        rest = re.split(r"[;；]|单位|單位", line[slice(*match.span("rest"))])[0]
        names = split_names(rest)
        if names and not found.authors:
            found.authors = names
            found.lines.add(number)
            return True
        return False
    if not found.stated and (stated := parse_date(line.strip("()（）"))):
        found.stated = stated
        found.lines.add(number)
        return True
    if not found.authors and _bare_names(line) and len(line) <= 12:
        found.perhaps_authors = _bare_names(line)
    return False


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


def _genre(found: Metadata, text: str) -> str:
    title = script.fold(found.title)
    for genre, pattern in GENRES:
        if pattern.search(title):
            return genre
    return "paper" if found.keywords and _PAPER.search(script.fold(text)) else ""

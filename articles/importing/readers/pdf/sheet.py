"""Pages of a PDF as pieces of text with their places, and what several steps ask of them."""

import re
import unicodedata
from dataclasses import dataclass, field

WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60“”‘’…—·]")
_FORMS = re.compile("[\ufb00-\ufb06\ufe10-\ufe19\ufe30-\ufe44\ufe47\ufe48]")
"""How a font draws fi in one, or a mark in vertical text: ﬁ, ︒."""

NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十百]{1,3}(?:[、．]|[章节節条條编編]\s*)"
    r"|[(（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）](?![：:，,。.；;、\-—])"
    r"|\d{1,2}(?:[、．]|\.(?!\d))|\d{1,2}(?:\.\d{1,2}){1,3}\s|[①-⑳]|[\[［〔]\d{1,3}[\]］〕](?![：:，,。.；;、])"
    r"|[•●■◆▪·○◇]\s*(?=\S))"
)
"""What begins an item or a heading."""

LABEL = re.compile(
    r"[\[【［(（〔]?(?:内容|內容|中文|英文)?(?:摘\s*要|提\s*要|关\s*键\s*[词字]|關\s*鍵\s*[詞字]|主题词|主題詞"
    r"|中图分类号|中圖分類號|文献标[识志]码|文獻標[識誌]碼|文章编号|文章編號|收稿日期|修回日期|基金项目|基金項目"
    r"|作者简介|作者簡介|作者单位|作者單位|通[讯信]作者|参考文献|參考文獻|引用格式|DOI"
    r"|Abstract|Key\s?words|ABSTRACT|KEY\s?WORDS)[\]】］)）〕]?(?:\s*[:：]|(?<=[\]】］)）〕])|\s*$|(?=\s))"
)
"""What begins a paragraph wherever it stands."""

SENTENCE_END = "。！？：；”…」』!?"


@dataclass(slots=True)
class Line:
    """A piece of a line, or a whole one; x0 to x1 in points, `top` counted downwards.

    `way` is how it stands: `turned`, `slanted`, `down` a column, in a `drawing`. `column` is the
    place among columns, or -1 right across them. The parts of a `spread` line stand far apart. A
    row of a table holds its `cells`; `table` tells the tables of the file apart.
    """

    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    text: str
    way: str = ""
    colour: str = ""
    column: int = 0
    spread: bool = False
    cells: tuple[str, ...] = ()
    table: tuple[float, ...] = ()

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Sheet:
    """A page: its pieces, the rules drawn on it, and its pictures, all counted downwards."""

    number: int
    width: float
    height: float
    lines: list[Line]
    rules: list[tuple[float, ...]] = field(default_factory=list)
    images: list[tuple[float, ...]] = field(default_factory=list)
    vertical: bool = False


def sheet_of(number: int, page: dict) -> Sheet:
    """Return a page as `program.py` gives it, its texts without the spaces that were guessed."""
    height = page["height"]

    def down(box: list[float]) -> tuple[float, ...]:
        x0, y0, x1, y1 = box
        return x0, height - y1, x1, height - y0

    lines = []
    for *place, size, text, way, colour in page["lines"]:
        x0, top, x1, bottom = down(place)
        if text := spaced(text):
            lines.append(Line(number, x0, x1, top, bottom, size, text, way, colour))
    return Sheet(
        number,
        page["width"],
        height,
        lines,
        [down(rule) for rule in page["rules"]],
        [down(image) for image in page["images"]],
        page["vertical"],
    )


def numbering(text: str) -> str:
    """Return in what way a line is numbered, [#] say, or nothing."""
    match = NUMBERED.match(plain(text))
    return re.sub(r"[\d一二三四五六七八九十百]+|[①-⑳]", "#", match[0]).strip() if match else ""


def spaced(text: str) -> str:
    """Return a text with the guessed spaces (U+001F) between Chinese characters taken out."""
    text = _FORMS.sub(lambda match: _written(match[0]), text)
    text = re.sub(rf"(?<={WIDE.pattern})\x1f+|\x1f+(?={WIDE.pattern})", "", text)
    return re.sub(r"\s+", " ", text.replace("\x1f", " ")).strip(" ")


def _written(form: str) -> str:
    """Return how a character is written that a font drew in another form; marks stay wide."""
    text = unicodedata.normalize("NFKC", form)
    return chr(ord(text) + 0xFEE0) if form >= "\ufe10" and "!" <= text <= "~" else text


def plain(text: str) -> str:
    """Return a text as patterns expect it: a font's ⼀ is 一."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "\u2e80" <= char <= "\u2fdf" else char
        for char in text
    )


def letters_of(text: str) -> int:
    """Return how many letters a text has; a font's ⼀ is one."""
    return len(re.findall(r"[^\W\d_]|[\u2e80-\u2fdf]", text))


def joint(before: str, after: str) -> str:
    """Return two parts of a paragraph as one text: between Chinese there is no space."""
    if re.search(r"[a-z]{2}[-\u2010\u00ad]$", before) and re.match(r"[a-z]{2}", after):
        return before[:-1] + after  # a word parted at the end of its line
    if re.search(r"\w-$", before) or WIDE.match(before[-1:]) or WIDE.match(after):
        return before + after
    return f"{before} {after}"


def rows_of(lines: list[Line]) -> list[list[Line]]:
    """Return the lines that stand beside each other, from the top, each row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.bottom, line.x0)):
        if rows and _beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


def _beside(row: list[Line], line: Line) -> bool:
    return any(
        abs(other.bottom - line.bottom) < min(line.size, other.size) / 2
        or min(other.bottom, line.bottom) - max(other.top, line.top)
        > 0.75 * min(other.bottom - other.top, line.bottom - line.top)
        for other in row[-4:]
    )


def merged(row: list[Line], gap: float) -> list[Line]:
    """Return the pieces of a row, those less than `gap` sizes apart as one line.

    What lies on top of another stays by itself.
    """
    lines: list[Line] = []
    for line in row:
        last = lines[-1] if lines else None
        apart = line.x0 - last.x1 if last else 0
        size = max(line.size, last.size) if last else 0
        if last and -0.3 * size <= apart < gap * size and not (last.way or line.way):
            close = apart < 0.1 * size
            last.text = (
                last.text + line.text if close else _with_gap(last.text, line.text, apart / size)
            )
            last.x1, last.top = max(last.x1, line.x1), min(last.top, line.top)
            last.bottom = max(last.bottom, line.bottom)
            if len(line.text) * line.size > (len(last.text) - len(line.text)) * last.size:
                last.size, last.colour = line.size, line.colour
        else:
            lines.append(line)
    return lines


def _with_gap(before: str, after: str, gap: float) -> str:
    wide = WIDE.match(before[-1]) and WIDE.match(after[0])
    return f"{before}{'' if wide and gap < 0.6 else ' '}{after}"

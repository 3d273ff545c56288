"""What spreadsheets leave in the cells they write out: escapes, formulas, errors, day numbers."""

import re
from datetime import datetime, timedelta

from ..edits import Edit, apply

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds at most; the rest of a longer text is cut off."""

_ESCAPE = re.compile(r"_x(?P<code>[0-9A-Fa-f]{4})_(?=(?P<more>\r?\n|_x000[Aa]_)?)")
_AS_TEXT = re.compile(
    r"\s*'?=\s*(?:T\(\s*)?\"(?P<text>(?:[^\"]|\"\")*)\"(?:\s*\))?\s*"
    r"|\s*=\s*HYPERLINK\(\s*\"[^\"]*\"\s*[,;]\s*\"(?P<shown>(?:[^\"]|\"\")*)\"\s*\)\s*",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"#(?:NAME\?|REF!|N/A|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!|CONNECT!"
    r"|UNKNOWN!|GETTING_DATA|EXTERNAL!|PYTHON!)|#{2,}|(?:Err|错误|錯誤)\s*[:：]\s*\d{3}",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"=\s*[-+(]*\s*(?:[A-Za-z_][\w.]*\(|(?:'[^']+'|\[[^\]]+\]|\w+)[^\s=]{0,60}?!|\$?[A-Za-z]{1,3}\$?\d+\b)"
)
_LONGEST_FORMULA = 200
"""Characters; what is longer is a text that begins with an equals sign."""

_DAYS = re.compile(r"(?P<day>[2-6]\d{4})(?:\.(?P<part>\d+))?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?)?(?:\.0)?")
"""Years, and days and months without marks between, which a spreadsheet takes for numbers."""

_SECONDS = re.compile(r"(?P<seconds>1\d{9})(?:\d{3})?")


def plain(cell: str) -> str:
    """Return what a cell says, without its notation; nothing where it holds an error's name."""
    text = apply(cell, edits_in(cell))
    computed = text == cell and len(cell) <= _LONGEST_FORMULA and _FORMULA.match(cell.strip())
    return "" if computed or _ERROR.fullmatch(text.strip()) else text


def edits_in(cell: str) -> list[Edit]:
    """Return the edits that take a spreadsheet's own notation out of a text.

    `="题目"` keeps a program from reading it as a number, `'题目` likewise, and `_x000D_` is how
    .xlsx writes a line end within a cell.
    """
    edits = []
    start, end = 0, len(cell)
    if match := _AS_TEXT.fullmatch(cell):
        group = "text" if match["text"] is not None else "shown"
        start, end = match.span(group)
        edits.append(Edit("markup", 0, start, cell[:start], ""))
        edits.append(Edit("markup", end, len(cell), cell[end:], ""))
        for quote in re.finditer('""', match[group]):
            at = start + quote.start()
            edits.append(Edit("markup", at, at + 1, '"', ""))
    elif cell.startswith("'") and cell[1:2].strip() and "'" not in cell[1:]:
        edits.append(Edit("markup", 0, 1, "'", ""))
    done = start
    for match in _ESCAPE.finditer(cell, start, end):
        if match.start() < done:
            continue
        code = int(match["code"], 16)
        done = match.end()
        if code == 0x5F and _ESCAPE.match(cell, match.end() - 1):
            done += 6  # an underscore that keeps what follows from being read as an escape
        kind, after = _meaning(code, match["more"] is not None)
        if after != match[0]:
            edits.append(Edit(kind, match.start(), match.end(), match[0], after))
    return sorted(edits, key=lambda edit: edit.start)


def _meaning(code: int, line_ends: bool) -> tuple[str, str]:
    if code == 0x0D:
        return "newline", "" if line_ends else "\n"
    if code == 0x0A:
        return "newline", "\n"
    if 0xD800 <= code < 0xE000:
        return "markup", "\ufffd"
    return "markup", " " if code == 9 else chr(code) if code >= 0x20 else ""


def date_of(text: str) -> str:
    """Return the date behind the number by which a program knows it, else the text as it is.

    Spreadsheets count days from the end of 1899; other programs seconds from 1970.
    """
    if match := _DAYS.fullmatch(text):
        moment = datetime(1899, 12, 30) + timedelta(days=float(text))
        return f"{moment:%Y-%m-%d %H:%M:%S}" if int(match["part"] or 0) else f"{moment:%Y-%m-%d}"
    if match := _COMPACT.fullmatch(text):
        return "".join(n + unit for n, unit in zip(match.groups(), "年月日", strict=True) if n)
    if match := _SECONDS.fullmatch(text):
        moment = datetime(1970, 1, 1) + timedelta(seconds=int(match["seconds"]))
        return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"
    return text

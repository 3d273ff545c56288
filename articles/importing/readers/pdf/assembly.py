"""One PDF in, its text and marks out. Open this first.

program (what stands where) → aside (what is not the essay) → grid, order (how it is read) →
prose (paragraphs, headings)
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

from ...edits import Edit, Flag
from ...refusals import UnreadableFile
from ...source import Hints, SourceText
from . import aside, program, prose
from .grid import take_tables
from .order import in_order
from .sheet import Sheet, letters_of, sheet_of

_SECONDS = program.SECONDS * 2
"""Time the reading may take by the clock, on a machine busy with other things."""

_LEAST = 10
"""Letters of a document that has text; a scan has none, or a stamp."""

_LARGE_IMAGE, _PICTURE = 0.5, 0.02
"""Parts of a page that a picture of a whole page takes, and one worth telling of."""


def read_pdf(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read a PDF that has text; of one that was scanned the error says so."""
    if b"%PDF-" not in raw[:1024]:
        raise UnreadableFile("no-pdf")
    result = _taken_apart(raw)
    if result["sheets"] > program.MOST_PAGES:
        raise UnreadableFile("pdf-pages", most=program.MOST_PAGES)
    sheets = [sheet_of(number, page) for number, page in enumerate(result["pages"])]
    _refuse_unread(sheets)
    text, marks, flags, heads = text_of(sheets)
    edits, whole = [], text
    for head in heads:  # on record behind the text, and out of it
        edits.append(Edit("boilerplate", len(whole), len(whole) + len(head) + 1, f"\n{head}", ""))
        whole += f"\n{head}"
    info = result.get("info", {})
    hints = Hints(
        title=info.get("Title", ""),
        authors=(info["Author"],) if info.get("Author") else (),
        origin="property",
    )
    return SourceText(whole, "pdf", marks=marks, hints=hints, flags=flags, edits=tuple(edits))


def text_of(sheets: list[Sheet]):
    """Return the text of the pages, its marks, and what a curator must know of it."""
    flags: list[Flag] = []
    scanned = [sheet.number + 1 for sheet in sheets if _is_picture(sheet)]
    backwards = aside.numbers_going_down(sheets)
    watermarks, drawn = aside.without_marks(sheets, _body(sheets))
    for sheet in sheets:
        aside.without_overprints(sheet)
        _even_out(sheet)
    heads = aside.without_running_heads(sheets, _body(sheets))
    if not any(letters_of(line.text) for sheet in sheets for line in sheet.lines):
        raise UnreadableFile("pdf-repeats")
    body = _body(sheets)
    tables = {sheet.number: take_tables(sheet, body) for sheet in sheets}
    order = in_order(sheets, body)
    order.tables |= {number for number, (unclear, _) in tables.items() if unclear}
    order.doubtful |= {number for number, (_, doubtful) in tables.items() if doubtful}
    text, marks, odd = prose.joined(order.lines, order.notes, body)
    if any(sheet.vertical for sheet in sheets):
        message = "原檔是直排，文字已按由右至左的直行讀出；請對照原檔查看次序。"
        flags.append(Flag("vertical-text", 0, 0, message, blocking=True))
    flags += [
        Flag(
            "vertical-text" if way == "down" else "turned-text",
            start,
            end,
            "這段文字在原檔是直排或側放的，現在排在正文之後；請對照原檔放回原處。",
            blocking=way == "down",
        )
        for start, end, way in odd
    ]
    if order.doubtful or backwards:
        pages = _listed(order.doubtful)
        where = f"第 {pages} 頁" if pages else "頁碼前後不順，各頁"
        message = f"{where}的文字次序不能確定，可能讀錯了行；請對照原檔。"
        flags.append(Flag("reading-order", 0, 0, message, blocking=True))
    if unclear := order.tables - order.doubtful:
        message = f"第 {_listed(unclear)} 頁像是有表格，但格線不清，只能逐行讀出；請對照原檔。"
        flags.append(Flag("table-lines", 0, 0, message))
    if scanned:
        message = f"第 {_listed(n - 1 for n in scanned)} 頁只有圖像，沒有讀到文字；請對照原檔。"
        flags.append(Flag("scanned-pages", 0, 0, message, blocking=True))
    if watermarks:
        message = f"沒有收入的浮水印：{_quoted(watermarks)}。"
        flags.append(Flag("watermark", 0, 0, message))
    if drawn:
        message = f"沒有收入的圖中文字：{_quoted(drawn)}。"
        flags.append(Flag("drawing-text", 0, 0, message))
    if pictures := _pictures(sheets):
        message = f"原檔有 {pictures} 張圖片沒有匯入：圖庫還不能保存隨檔圖片。"
        flags.append(Flag("images-dropped", 0, 0, message))
    return text, marks, tuple(flags), heads


def _body(sheets: list[Sheet]) -> float:
    return prose.body_size([line for sheet in sheets for line in sheet.lines])


def _even_out(sheet: Sheet) -> None:
    """Give the lines on a scan one size: text recognition measures each by itself."""
    if sheet.lines and _part(sheet, max(sheet.images, key=_area, default=())) > _LARGE_IMAGE:
        usual = median(line.size for line in sheet.lines for _ in line.text)
        for line in sheet.lines:
            if 0.75 * usual < line.size < 1.3 * usual:
                line.size = usual


def _refuse_unread(sheets: list[Sheet]) -> None:
    """Raise UnreadableFile for fonts without characters, and for pages without text."""
    whole = "".join(line.text for sheet in sheets for line in sheet.lines)
    letters = letters_of(re.sub(r"\(cid:\d+\)", "", whole))
    if whole.count("(cid:") > letters // 10 + 5:
        raise UnreadableFile("pdf-fonts")
    if letters < _LEAST:
        raise UnreadableFile("pdf-scan")


def _taken_apart(raw: bytes) -> dict:
    """Have the PDF taken apart in a process of its own, see `program.py`."""
    command = [sys.executable, "-I", str(Path(program.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the file goes to its standard input
            command, input=raw, capture_output=True, timeout=_SECONDS, check=False
        )
        result = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise UnreadableFile("pdf-large") from None
    if error := result.get("error"):
        raise UnreadableFile(f"pdf-{error}")
    return result


def _is_picture(sheet: Sheet) -> bool:
    """Tell whether a page is a picture of one, with no text but a stamp or a page number."""
    letters = sum(letters_of(line.text) for line in sheet.lines)
    return (
        letters < _LEAST and _part(sheet, max(sheet.images, key=_area, default=())) > _LARGE_IMAGE
    )


def _area(box: tuple[float, ...]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) if box else 0


def _part(sheet: Sheet, box: tuple[float, ...]) -> float:
    return _area(box) / (sheet.width * sheet.height or 1)


def _pictures(sheets: list[Sheet]) -> int:
    """Return how many pictures stand in the text: no logo of every page, no scan behind it."""
    places = [
        (tuple(round(n) for n in image), sheet)
        for sheet in sheets
        for image in sheet.images
        if _PICTURE < _part(sheet, image) < _LARGE_IMAGE
    ]
    often = [place for place, _ in places]
    return sum(often.count(place) * 2 <= max(len(sheets), 2) for place in often[:200])


def _listed(pages) -> str:
    """Return page numbers as a message names them."""
    numbers = sorted(page + 1 for page in pages)
    return "、".join(str(n) for n in numbers[:10]) + ("…" if len(numbers) > 10 else "")


def _quoted(texts: list[str]) -> str:
    """Return what was left out, as far as a message has room for it."""
    quoted = "、".join(f"「{text}」" for text in dict.fromkeys(texts))
    return quoted if len(quoted) <= 400 else f"{quoted[:400]}…"

"""Reading a roster: Excel, ODS or CSV, columns by their names in either script."""

import csv
import re
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineWorkbook

from articles.text import script

LONGEST = 20_000
"""Rows of a roster at most."""

LARGEST = 20 * 1024 * 1024
"""Bytes of a file at most."""

COLUMNS = {
    "name": ("姓名", "名字", "职工姓名", "会员姓名"),
    "staff_no": ("工号", "员工编号", "职工编号", "工作证号", "会员编号", "编号"),
    "unit": ("单位", "所属单位", "工会", "所属工会", "部门", "工作单位"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话"),
    "office": ("职务", "工会职务", "岗位"),
    "joined_on": ("入会日期", "入会时间", "加入日期"),
}
"""What a column may be called, in simplified Chinese."""

NEEDED = ("name", "staff_no", "unit")


class Unreadable(ValueError):
    """The file is no roster; `code` and `told` say why, for whoever shows it."""

    def __init__(self, code: str, **told):
        super().__init__(code)
        self.code, self.told = code, told


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a roster: its number in the file, its texts, and its first fault if any."""

    number: int
    name: str = ""
    staff_no: str = ""
    unit: tuple[str, ...] = ()
    phone: str = ""
    office: str = ""
    joined_on: date | None = None
    is_counted: bool = field(default=False, compare=False)  # Excel holds a number, not text
    fault: str = ""
    told: dict = field(default_factory=dict, compare=False)


def read(data: bytes, file_name: str) -> list[Row]:
    """Return the rows of a roster. Raises Unreadable where the file is none.

    Nothing is guessed: a row with a fault carries the fault's code, and the others are read.
    """
    if len(data) > LARGEST:
        raise Unreadable("too-large", most=LARGEST // 1024 // 1024)
    table = _csv(data) if file_name.lower().endswith((".csv", ".txt", ".tsv")) else _sheet(data)
    if len(table) > LONGEST:
        raise Unreadable("too-many-rows", most=LONGEST)
    head, columns = _header(table)
    rows = []
    for number, cells in enumerate(table[head + 1 :], head + 2):
        values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        if any(str(value).strip() for value in values.values() if value is not None):
            rows.append(_row(number, values))
    if not rows:
        raise Unreadable("no-rows")
    longest = max(len(row.staff_no) for row in rows)
    return [_with_zeros(row, longest) for row in rows]


def _with_zeros(row: Row, longest: int) -> Row:
    """Return a row, with a fault where its number is a number to Excel and shorter than others:
    zeros in front of it would be lost."""
    if row.fault or not row.is_counted or len(row.staff_no) == longest:
        return row
    return replace(row, fault="lost-zeros", told={"text": row.staff_no})


def _csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            break
    else:
        raise Unreadable("not-text")
    first = text.partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    return list(csv.reader(StringIO(text), delimiter=delimiter))


def _sheet(data: bytes) -> list[list]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError) as error:
        raise Unreadable("not-a-sheet") from error


def _header(table: list[list]) -> tuple[int, dict[str, int]]:
    """Return the number of the header row, from 0, and the place of each column."""
    for at, cells in enumerate(table[:10]):
        named = [re.sub(r"\s", "", script.fold(str(cell))) for cell in cells]
        found = {
            column: named.index(name)
            for column, names in COLUMNS.items()
            for name in reversed(names)
            if name in named
        }
        if all(column in found for column in NEEDED):
            return at, found
    raise Unreadable("no-header")


_BROKEN_NUMBER = re.compile(r"\d(?:[.]\d+)?[Ee][+-]?\d+")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PHONE = re.compile(r"\+?\d[\d-]{4,18}")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def _row(number: int, cells: dict) -> Row:
    values = {name: _text(cell) for name, cell in cells.items()}
    row = {
        "number": number,
        "name": re.sub(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])", "", values["name"]),
        "staff_no": values["staff_no"],
        "unit": tuple(part for part in re.split(r"\s*[/／>＞]\s*", values["unit"]) if part),
        "phone": re.sub(r"\s", "", values.get("phone", "")),
        "office": values.get("office", ""),
        "is_counted": isinstance(cells["staff_no"], float),
    }
    fault, told = _fault(row)
    joined = cells.get("joined_on")
    if isinstance(joined, datetime | date):
        row["joined_on"] = date(joined.year, joined.month, joined.day)
    elif values.get("joined_on"):
        row["joined_on"], wrong = _date(values["joined_on"])
        if wrong and not fault:
            fault, told = "not-a-date", {"text": values["joined_on"]}
    return Row(**row, fault=fault, told=told)


def _fault(row: dict) -> tuple[str, dict]:
    """Return the first thing that is wrong with a row, by its code, and what to tell of it."""
    number = row["staff_no"]
    if not row["name"]:
        return "no-name", {}
    if len(row["name"]) > 60:
        return "too-long", {"text": row["name"][:20]}
    if not number:
        return "no-number", {}
    if _BROKEN_NUMBER.fullmatch(number) or ("." in number and row["is_counted"]):
        return "broken-number", {"text": number}
    if len(number) > 40:
        return "too-long", {"text": number[:20]}
    if not row["unit"]:
        return "no-unit", {}
    if row["phone"] and not _PHONE.fullmatch(row["phone"]):
        return "not-a-phone", {"text": row["phone"]}
    return "", {}


def _text(cell) -> str:
    """Return a cell as text: full-width letters and digits as plain ones, everything else as it
    is. Normalising more would replace rare characters of names."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    plain = "".join(
        unicodedata.normalize("NFKC", sign) if "\uff01" <= sign <= "\uff5e" else sign
        for sign in str(cell)
    )
    return plain.replace("\u3000", " ").strip()


def _date(text: str) -> tuple[date | None, bool]:
    found = _DATE.fullmatch(text.strip())
    try:
        return (date(*map(int, found.groups())), False) if found else (None, True)
    except ValueError:
        return None, True


def packed(rows: list[Row]) -> list[dict]:
    """Return rows as JSON keeps them while questions about them are answered."""
    return [
        asdict(row) | {"joined_on": row.joined_on.isoformat() if row.joined_on else None}
        for row in rows
    ]


def unpacked(kept: list[dict]) -> list[Row]:
    """Return rows as `packed` kept them."""
    return [
        Row(
            **one
            | {
                "unit": tuple(one["unit"]),
                "joined_on": date.fromisoformat(one["joined_on"]) if one["joined_on"] else None,
            }
        )
        for one in kept
    ]

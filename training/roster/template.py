"""An empty roster to fill in: a workbook whose cells refuse what could not be taken in."""

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from ..models import Unit

ROWS = 5000
"""Rows that are made ready to be filled in."""

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OFFICES = ("主席", "培训员", "经审主任")
"""The offices that give a right here, as a roster names them in simplified Chinese."""

_WIDTHS = (14, 16, 44, 18, 14, 14)


def empty(heads: Iterable[str], units: Iterable[Unit], offices: Iterable[str]) -> bytes:
    """Return a workbook with these six headings: numbers are text there, so that no zero is lost,
    and units and offices are chosen from a list. `units` are in the order of the tree."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, lists = book.add_worksheet(), book.add_worksheet("lists")
        lists.hide()
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
            sheet.set_column(at, at, width, day if at == 5 else text)
            sheet.write_string(0, at, head, bold)
        sheet.freeze_panes(1, 0)
        for column, at, chosen in ((2, 0, _whole_names(units)), (4, 1, list(offices))):
            for row, name in enumerate(chosen):
                lists.write_string(row, at, name)
            if chosen:
                letter = "AB"[at]
                source = f"=lists!${letter}$1:${letter}${len(chosen)}"
                # A unit that is not there yet may be typed: taking the roster in asks about it.
                rule = {"validate": "list", "source": source, "error_type": "information"}
                sheet.data_validation(1, column, ROWS, column, rule)
    return made.getvalue()


def _whole_names(units: Iterable[Unit]) -> list[str]:
    """Return the names of units with those above in front, as a roster writes them."""
    names: dict[int, str] = {}
    for unit in units:
        above = names.get(unit.parent_id, "")
        names[unit.pk] = f"{above}/{unit}" if above else str(unit)
    return list(names.values())

"""Tables that hold data, told from those that only place things on a page."""

from lxml import etree

_LONGEST_CELL = 400
"""Characters; a cell with more than a paragraph belongs to a layout, not to a table."""


def data_rows(table: etree._Element) -> list[list[etree._Element]]:
    """Return the rows of a table that holds data, or none of one that only places things."""
    if next(table.iterdescendants("table"), None) is not None:
        return []
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if cells:
            rows.append(cells)
        if any(len("".join(cell.itertext()).strip()) > _LONGEST_CELL for cell in cells):
            return []
    wide = max(map(len, rows), default=0) > 1
    return rows if wide and (len(rows) > 1 or table.find(".//th") is not None) else []

"""Cells of tables that are taken away as CSV."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    After OWASP's advice on CSV injection: what begins with = + - @, a tab or a line's end, or their
    full-width forms, gets an apostrophe before it. Quotes and commas are the writer's business.
    """
    text = str(cell)
    return f"'{text}" if text.startswith(_DANGEROUS) else text

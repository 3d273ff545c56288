"""Characters as the model of the language knows them: simplified, and digits all one."""

from functools import lru_cache

from ...text import script

HAN = "\u3400-\u9fff"
MARKS = "，。、；：？！“”（）《》…—"
OTHER = "#"
"""Stands for whatever is neither Chinese nor a mark, a digit or a letter; and for a line's ends."""

_TOKENS = {
    **dict.fromkeys("0123456789０１２３４５６７８９", "0"),
    **{chr(code): "A" for code in (*range(65, 91), *range(97, 123))},
    **{mark: mark for mark in MARKS},
    **dict(zip(",;:?!()", "，；：？！（）", strict=True)),
}


@lru_cache(1 << 14)
def token(char: str) -> str:
    """Return a character as the model knows it."""
    return script.fold(char) if "\u3400" <= char <= "\u9fff" else _TOKENS.get(char, OTHER)


def tokens(text: str) -> str:
    """Return a text as the model knows it: as long as the text."""
    folded = script.fold(text)
    return "".join(c if "\u3400" <= c <= "\u9fff" else _TOKENS.get(c, OTHER) for c in folded)

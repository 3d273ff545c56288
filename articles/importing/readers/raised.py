"""Superscripts and subscripts in a line of plain text: 10⁻⁶, CO₂, x^(a+b)."""

import re

_ABOVE = dict(zip(map(ord, "0123456789+-−–－=()ni"), "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_BELOW = dict(zip(map(ord, "0123456789+-−–－=()aeox"), "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₋₌₍₎ₐₑₒₓ", strict=True))
_TABLES = {"superscript": (_ABOVE, "^"), "subscript": (_BELOW, "_")}

_KEPT = " ,，、;；*†‡§#"
"""What stands between raised numbers and reads the same on the line."""

_SAYS_IT_ITSELF = re.compile(
    r"\W*|[\[［〔【(（].*[\]］〕】)）]|.*[\u2460-\u24ff\u2776-\u2793\u3220-\u9fff].*|st|nd|rd|th|TM|®|©",
    re.DOTALL,
)
"""Raised for its looks alone: the mark of a note, `[3]`, Chinese words, the th of 5th."""

_LONGEST = 12
"""Characters; of more the position is a matter of looks."""


def on_the_line(text: str, position: str) -> str:
    """Return text that stands above or below the line so that its sense is kept."""
    if position not in _TABLES or len(text.strip()) > _LONGEST:
        return text
    table, sign = _TABLES[position]
    core = text.strip()
    if all(ord(letter) in table or letter in _KEPT for letter in core):
        return text.translate(table)
    return text if _SAYS_IT_ITSELF.fullmatch(core) else text.replace(core, f"{sign}({core})")

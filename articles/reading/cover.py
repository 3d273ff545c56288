"""Covers made by rule where none was chosen: a title set from top to bottom, as on a book, on one
of a few papers. The same collection always has the same."""

import hashlib
import re
from html import escape

WIDTH, HEIGHT = 240, 320

_PAPERS = [
    ("#9c2f22", "#fbf3ea", "#c96a58"),
    ("#2b2824", "#f3ede1", "#9c2f22"),
    ("#2f4a3f", "#f3f1e6", "#5f8571"),
    ("#2c3e57", "#f1f0ea", "#5d7ba3"),
    ("#efe7d8", "#22201c", "#9c2f22"),
    ("#d9c49a", "#2b2117", "#9c5a1e"),
]
"""Paper, ink and ornament: each pair of paper and ink has a contrast of more than 7 to 1."""

_SIZES = [(7, 1, 34), (14, 2, 29), (24, 3, 24)]
"""Up to how many characters, in how many columns, how large."""

_UPRIGHT = str.maketrans(
    "：；，、。！？（）「」『』《》〈〉—…－",
    "︰︔︐︑︒︕︖︵︶﹁﹂﹃﹄︽︾︿﹀︱︙︱",
)
"""Marks in the forms that they have in a column."""

_PART = re.compile(r"[\x21-\x7e]+|\S")
_NOT_FIRST = frozenset("︰︔︐︑︒︕︖︶﹂﹄︾﹀︙")
_FONTS = (
    "'Songti SC','Songti TC','Noto Serif CJK SC','Noto Serif CJK TC',"
    "'Source Han Serif SC',SimSun,PMingLiU,serif"
)
_SANS = (
    "'PingFang SC','PingFang TC','Microsoft YaHei','Microsoft JhengHei',"
    "'Noto Sans CJK SC',sans-serif"
)


def cover(title: str, kicker: str, of: str) -> str:
    """Return a cover as SVG: of a title, with a word of what it is about. What it is a cover `of`
    says on which paper: the same in either script."""
    number = int.from_bytes(hashlib.sha256(of.encode()).digest()[:4])
    paper, ink, ornament = _PAPERS[number % len(_PAPERS)]
    parts, columns, size = _fitted(title)
    figure = _ornament(number // 7 % 4, ornament) if columns < 3 else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>'
        f"{figure}"
        f'<path d="M12 0v{HEIGHT}" stroke="{ornament}" stroke-width="2"/>'
        f'<g fill="{ink}" font-family="{_FONTS}" font-weight="700" font-size="{size}" '
        f'text-anchor="middle">{_set(parts, columns, size)}</g>'
        f'<text x="28" y="{HEIGHT - 22}" fill="{ink}" font-family="{_SANS}" font-size="14" '
        f'letter-spacing="1">{escape(kicker[:12])}</text></svg>'
    )


def _fitted(title: str) -> tuple[list[str], int, int]:
    """Return a title in the parts that stand one below the other, cut where it is too long, in how
    many columns, and how large."""
    parts = _PART.findall(title.translate(_UPRIGHT)) or ["︙"]
    for most, columns, size in _SIZES:
        if sum(map(_length, parts)) <= most:
            return parts, columns, size
    kept: list[str] = []
    for part in parts:
        if sum(map(_length, kept)) + _length(part) > most - 1:
            break
        kept.append(part)
    return [*kept, "︙"], columns, size


def _length(part: str) -> float:
    """Return how many characters' room a part takes in a column."""
    return 1 if not part.isascii() or len(part) == 1 else 0.6 * len(part)


def _set(parts: list[str], columns: int, size: int) -> str:
    step = size * 1.18
    tall = (HEIGHT - 90) / step
    each = min(tall, max(sum(map(_length, parts)) / columns, 4))
    made, column, at = [], 0, 0.0
    for part in parts:
        length = _length(part)
        is_full = at + length > each + 0.5 and part not in _NOT_FIRST
        if at and is_full and column < columns - 1:
            column, at = column + 1, 0.0
        x = WIDTH - 34 - size / 2 - column * size * 1.5
        y = 34 + at * step
        if part.isascii() and len(part) > 1:
            made.append(
                f'<text text-anchor="start" transform="translate({x - size * 0.35:.1f} {y:.1f}) '
                f'rotate(90)">{escape(part)}</text>'
            )
        else:
            made.append(f'<text x="{x:.1f}" y="{y + size * 0.88:.1f}">{escape(part)}</text>')
        at += length
    return "".join(made)


def _ornament(kind: int, colour: str) -> str:
    """Return a figure at the lower left, where no title stands."""
    if kind == 0:
        return f'<circle cx="70" cy="226" r="46" fill="{colour}" opacity=".75"/>'
    if kind == 1:
        lines = "".join(f"M28 {y}h84" for y in range(150, 276, 14))
        return f'<path d="{lines}" stroke="{colour}" stroke-width="3" opacity=".8"/>'
    if kind == 2:
        arcs = "".join(
            f'<circle cx="28" cy="272" r="{r}" fill="none" stroke="{colour}" stroke-width="3"/>'
            for r in (24, 44, 64, 84)
        )
        return f'<svg x="28" y="180" width="92" height="92" viewBox="28 180 92 92">{arcs}</svg>'
    return (
        f'<path d="M28 272l30-72 24 40 18-26 30 58z" fill="{colour}" opacity=".8"/>'
        f'<circle cx="104" cy="186" r="12" fill="{colour}"/>'
    )

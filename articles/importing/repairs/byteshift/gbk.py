"""GBK as the mirrors' server reads it, and the damage it does.

A site tool put pinyin behind characters by replacing bytes, so it also hit pairs that straddle
two characters, and its server decoded the result by rules of its own (PHP's mbstring). Both are
deterministic: a repair can be checked by damaging it again.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from ....text.compiled import compiled

CUT_MARKS = "，；！？"
"""Marks at which the second stage cuts the bytes, aligned or not."""

_HALF = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
_FULL = str.maketrans({chr(code - 0xFEE0): chr(code) for code in range(0xFF01, 0xFF5F)})


def half(text: str) -> str:
    """Return the text with full-width ASCII made half-width: the last stage of the damage."""
    return text.translate(_HALF)


def full(text: str) -> str:
    """Return the text with ASCII made full-width: what half-width marks were before."""
    return text.translate(_FULL)


@cache
def pairs() -> dict[tuple[int, int], str]:
    """Return what each pair of a lead and a trail byte stands for, private-use areas included."""
    return compiled("gbk-pairs", __file__, _pairs)


def _pairs() -> dict[tuple[int, int], str]:
    table = {}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            try:
                char = bytes((lead, trail)).decode("gb18030")
            except UnicodeDecodeError:
                continue
            if len(char) == 1:
                table[lead, trail] = char
    return table


@cache
def codes() -> dict[str, tuple[int, int]]:
    """Return the two bytes of each character that has them."""
    return {char: pair for pair, char in pairs().items() if not is_private(char)}


def is_private(char: str) -> bool:
    """Tell whether a character is of the private-use area: the last stage drops those."""
    return "\ue000" <= char <= "\uf8ff"


def _encode(text: str) -> bytes:
    return text.encode("gb18030", errors="replace")


@lru_cache(1 << 10)  # of one reading most servers and orders of keys make the same bytes
def _decode(raw: bytes, dangling: str) -> str:
    """Decode by the server's rules.

    A lead byte with a wrong trail byte gives one ? and takes the trail along; 80 and FF give ?;
    a lead byte at the end gives `dangling`: ? on newer servers, nothing on older ones.
    """
    table = pairs()
    out, at = [], 0
    while at < len(raw):
        lead = raw[at]
        if lead < 0x80:
            out.append(chr(lead))
            at += 1
        elif lead in (0x80, 0xFF):
            out.append("?")
            at += 1
        elif at + 1 == len(raw):
            out.append(dangling)
            at += 1
        else:
            out.append(table.get((lead, raw[at + 1]), "?"))
            at += 2
    return "".join(out)


_AT_MARKS = re.compile(b"(" + b"|".join(_encode(mark) for mark in CUT_MARKS) + b")")


def damage(
    text: str, keys: Iterable[tuple[str, str]], dangling: str = "?", cut: bool = True
) -> str:
    """Return what the site tool makes of `text`.

    `keys` are (character, pinyin) in the tool's order; each pair of bytes that equals a key's
    gets the pinyin behind it, be it a character or the halves of two. With `cut` the bytes are
    then taken apart at CUT_MARKS, aligned or not, and decoded again. 實打實服務職工 with 驅, 實, 務
    in this order gives 實(shí)打?qū)嵎⻊?wù)職工.
    """
    raw = _encode(text)
    for char, pinyin in keys:
        key = _encode(char)
        raw = raw.replace(key, key + b"(" + _encode(pinyin) + b")")
    text = _decode(raw, dangling)
    if cut:
        pieces = _AT_MARKS.split(_encode(text))
        text = "".join(_decode(piece, dangling) for piece in pieces)
    return half("".join(char for char in text if not is_private(char)))

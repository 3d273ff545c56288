"""Characters under another code than their own: compatibility and vertical forms, private use.

They look right, in the font they were made for, and nothing finds them: a search for 樂 passes the
樂 of U+F914 by. What only GBK can have put there is touched after bytes out of step were put right,
for before that its two bytes may be halves of other characters.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from ...text import script
from ..edits import Flag
from .frame import Finding, Page, covered, repair

_UPRIGHT = dict(
    zip(
        "︐︑︒︓︔︕︖︗︘︙︱︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈︰﹐﹑﹒﹔﹕﹖﹗﹘﹙﹚﹛﹜﹝﹞",
        "，、。：；！？〖〗…—（）｛｝〔〕【】《》〈〉「」『』［］：，、．；：？！—（）｛｝〔〕",
        strict=True,
    )
)
"""Marks of vertical lines, and small ones. ︰ is a leader by name, but Taiwan types it for ：."""

_HALF_WIDTH = dict(zip("｡｢｣､･", "。「」、·", strict=True))
_HALF_KANA = re.compile("[\uff66-\uff9f]")

# GB 18030 gave codes of Unicode to what GBK had of its own, at FE50 to FEA0: U+E815 to U+E864.
# What Python's codec leaves in private use, by the 2022 edition; the others it knows.
_TRAILS = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
_OF_2022 = dict(
    zip(
        (0x51, 0x52, 0x53, 0x59, 0x61, 0x66, 0x67, 0x6C, 0x6D, 0x76, 0x7E, 0x90, 0x91, 0xA0),
        "𠂇𠂉𠃌龴龵龶龷𡗗龸𢦏龹龺𤇾龻",
        strict=True,
    )
)
_BEFORE_FE50 = {
    **{chr(0xE78D + n): mark for n, mark in enumerate("，。、：；！？〖〗…")},
    **{chr(0xE7E7 + n): bytes((0xA9, 0x89 + n)).decode("gb18030") for n in range(13)},
    "\ue76c": "€",
    "\ue7c7": "ḿ",
    "\ue7c8": "ǹ",
}
_BULLETS = dict(
    zip("\uf0b7\uf0a7\uf06c\uf06e\uf075\uf076\uf0d8\uf0fc\uf0e0", "•▪●■◆❖➢✓→", strict=True)
)
"""What stands before an item in Word's fonts of signs; inside a line the same codes say more."""

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_PRIVATE_RUN = re.compile(f"[{_PRIVATE}]+")
_ICON = re.compile(
    rf"(?m)^(?:\ue5e5+|[{''.join(_BULLETS)}][ \u3000]*|[{_PRIVATE}]+(?:[ \u3000]+|$))"
)
"""What says nothing: a space that Windows' GBK made of A3 A0; a sign of a web font or of Word's,
alone or before the first word of a line."""

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_OTHER_CODE = re.compile(
    f"[\uf900-\ufaff\U0002f800-\U0002fa1f\ufe00-\ufe0f\U000e0100-\U000e01ef"
    f"{''.join(_UPRIGHT)}{''.join(_HALF_WIDTH)}]"
)
"""Also selectors of variants, which behind a character only a font can see."""


@cache
def _of_gbk() -> dict[str, str]:
    """Return the character of each private code of GBK's."""
    rest = {
        chr(0xE815 + n): _OF_2022.get(trail) or bytes((0xFE, trail)).decode("gb18030")
        for n, trail in enumerate(_TRAILS)
    }
    return rest | _BEFORE_FE50


def _of_hong_kong(char: str) -> str:
    """Return what a private code was in Hong Kong's set before Unicode had all of it, or nothing.

    Windows laid the cells of Big5 that are left to users one behind the other, 157 a row.
    """
    for first, last, lead in (
        (0xE311, 0xEEB7, 0x8E),
        (0xE000, 0xE310, 0xFA),
        (0xEEB8, 0xF6B0, 0x81),
    ):
        if first <= ord(char) <= last:
            row, cell = divmod(ord(char) - first, 157)
            trail = 0x40 + cell if cell < 63 else 0xA1 + cell - 63
            found = bytes((lead + row, trail)).decode("big5hkscs", errors="ignore")
            return found if _HAN.fullmatch(found) else ""
    return ""


def _has_two_bytes(char: str) -> bool:
    """Tell whether GBK has the character: bytes out of step may have made it."""
    return len(char.encode("gb18030")) == 2


def _respelled(page: Page, of_gbk: bool) -> Iterator[Finding]:
    text = page.text
    for match in _OTHER_CODE.finditer(text):
        char, at = match[0], match.start()
        if _has_two_bytes(char) != of_gbk:
            continue
        mark = _UPRIGHT.get(char) or _HALF_WIDTH.get(char)
        if char in _HALF_WIDTH and _HALF_KANA.search(text):
            continue
        after = mark or unicodedata.normalize("NFC", char)
        if after == char and unicodedata.category(char) == "Mn" and _HAN.match(text[at - 1 : at]):
            after = ""
        if after != char:
            yield page.edit("punctuation" if mark else "code-point", at, at + 1, after)


@repair(
    seen="texts copied out of PDF files and old databases; the columns of vertical books",
    before="論勞動者之快\uf914\ufe00︓“︒\uf967平”｡\U0002f800是古字。",
    after="論勞動者之快樂：“。不平”。丽是古字。",
    untouched=("﨑﨔﨧是國字。", "ｶﾀｶﾅ｢ﾃﾞｽ｣｡", "❤️與①、㈠、㎡。", "︽︱\uf92c"),
)
def restore_code_points(page: Page) -> Iterator[Finding]:
    """Put each compatibility form under the code of its character."""
    yield from _respelled(page, of_gbk=False)


@repair(
    seen="names typed before Unicode had their characters: 龴, 䶮; vertical marks of GBK and Big5",
    before="关于\ue863师傅\ue81e：︽凉\uf979︾﹐︵一︶\n\uf0b7 走访\n\ue60b",
    after="关于䶮师傅龴：《凉凉》，（一）\n• 走访\n",
    untouched=("﨑﨔﨧是國字。", "❤️與①、㈠、㎡。", "_~﹏﹏﹏~_"),
)
def restore_private_use(page: Page) -> Iterator[Finding]:
    """Put what GBK has under a code of its own, or has twice, under the code everybody reads.

    A private code that nobody can read is lost text; where Hong Kong's set knows it, that is a
    candidate. A page of it has codes of GBK's that mean another character: none is certain there.
    """
    yield from _respelled(page, of_gbk=True)
    if not _PRIVATE_RUN.search(page.text):
        return
    of_gbk = _of_gbk()
    icons = {}
    for match in _ICON.finditer(page.text):
        sign = match[0].strip()
        if not of_gbk.keys() & set(sign):
            bullet = _BULLETS.get(sign)
            icons[match.start()] = match.end(), f"{bullet} " if bullet else ""
    for start, (end, after) in icons.items():
        yield page.edit("markup", start, end, after)
    lost = [(flag.start, flag.end) for flag in page.flags if flag.kind == "lost-text"]
    runs = {m.start(): m[0] for m in _PRIVATE_RUN.finditer(page.text) if m.start() not in icons}
    for at in covered(lost, runs):
        del runs[at]
    hant = script.detect(page.text) == script.HANT
    hong_kong = hant and any(
        _of_hong_kong(char) and char not in of_gbk for run in runs.values() for char in run
    )
    for at, run in runs.items():
        known = "".join(of_gbk.get(char, "") for char in run)
        if len(known) == len(run) and not hong_kong:
            yield page.edit("code-point", at, at + len(run), known)
            continue
        perhaps = "".join(map(_of_hong_kong, run)) if hant else ""
        readings = dict.fromkeys(r for r in (perhaps, known) if len(r) == len(run))
        message = "此處是造字區的字，別的電腦上看不到；請查原文補上。"
        yield Flag("lost-text", at, at + len(run), message, tuple(readings), blocking=True)

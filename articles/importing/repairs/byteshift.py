"""GBK bytes cut out of step: 打實服務 became 打?qū)嵎⻊?wù). Found here, not yet rebuilt."""

import re
from collections.abc import Iterator

from ..edits import Flag
from .frame import Finding, Page, repair
from .pinyin import LETTERS, TONED

_HAN = r"\u2e80-\u9fff"
# Where a lead byte swallowed the bracket of an annotation, `?qū)`, or a character was lost with
# its annotation left, `?(gè)`. The characters behind are mostly out of step too.
_SWALLOWED = (
    rf"[?？]\(?(?=[{LETTERS}]{{1,7}}[)）])[{LETTERS}]*[{TONED}][{LETTERS}]*[)）][{_HAN}]{{0,6}}"
)
# A full-width mark whose second byte went to the next character: `年??h`, `實?;鶎`.
_MARK = rf"(?<=[{_HAN}])[?？]{{2}}[a-z]?(?=[{_HAN}])|(?<=[{_HAN}])[?？][;；](?=[{_HAN}])"
_LOST = re.compile(f"{_SWALLOWED}|{_MARK}|\ufffd+")  # U+FFFD: the decoder gave up


@repair(
    seen="pages whose annotations were put in between the two bytes of characters",
    before="實打?qū)嵎⻊?wù)職工。",
    after="實打?qū)嵎⻊?wù)職工。",
    untouched=("真的嗎?? 誰知道!?", "年??", "是不是?(是)"),
)
def flag_lost_bytes(page: Page) -> Iterator[Finding]:
    """Flag the places where bytes were lost; the text stays visible as it is."""
    for match in _LOST.finditer(page.text):
        yield Flag(
            "lost-text",
            match.start(),
            match.end(),
            "此處的位元組錯位，原文有字遺失；請對照來源補回。",
            blocking=True,
        )

"""Pinyin that a site's conversion tool left behind characters: 工會(huì)."""

import re
from collections import Counter
from collections.abc import Iterator

from ... import script
from ..readings import LETTERS, is_reading
from .frame import Finding, Page, repair

_ANNOTATION = re.compile(rf"([\u3400-\u9fff])([(（]\s?([{LETTERS}]{{1,7}})\s?[)）])")

# A page is noise where the tool's pattern shows: so many annotations, of which so many stand on
# characters that differ between the scripts, each annotated at so many of its places, and one of
# them at several. The real essays reach 77 and more, 100 % and 97 % and more; a lesson or a
# first-use gloss repeats none.
_LEAST, _DIFFERING, _OF_PLACES, _REPEATED = 4, 0.9, 0.8, 3


def annotated_characters(text: str) -> frozenset[str]:
    """Return the characters a conversion tool has annotated on this page, or none.

    The tool annotates a character always or never, and only those whose traditional form
    differs: 亳(bó) once on a page of 會(huì) is the author's own.
    """
    found = Counter(
        match[1] for match in _ANNOTATION.finditer(text) if is_reading(match[1], match[3])
    )
    total = sum(found.values())
    tools = {
        char: count
        for char, count in found.items()
        if char in script.traditional_forms() and count >= _OF_PLACES * text.count(char)
    }
    repeated = max(tools.values(), default=0) >= _REPEATED
    if total < _LEAST or not repeated or sum(tools.values()) < _DIFFERING * total:
        return frozenset()
    return frozenset(tools)


@repair(
    seen="essay mirrors that convert simplified to traditional text byte by byte",
    before="工會(huì)要聯(lián)系職工,工會(huì)的關(guān)鍵在基層,工會(huì)是家。",
    after="工會要聯系職工,工會的關鍵在基層,工會是家。",
    untouched=(
        "漢字(hànzì)是語言課的詞。",
        "長(zhǎng)與短，調(diào)與整，為(wèi)了，轉(zhuǎn)彎，都要讀準。",
        "曹丕(cáo pī)與亳(bó)州。",
        "會(huì)、會(kuài)計、關(guān)係:會在這裡、關在那裡、會開過了,會員多,關門。",
        "對銀行(háng)、行(xíng)走、重(chóng)來的辨音,行有兩讀,重也有兩讀。",
    ),
)
def drop_pinyin_annotations(page: Page) -> Iterator[Finding]:
    """Remove the pinyin behind a character where the whole page shows the tool's pattern."""
    tools = annotated_characters(page.text)
    for match in _ANNOTATION.finditer(page.text):
        if match[1] in tools and is_reading(match[1], match[3]):
            yield page.edit("pinyin-annotation", match.start(2), match.end(2), "")

"""Radicals in place of the characters they look like: text that was copied out of a PDF."""

import unicodedata
from collections.abc import Iterator
from functools import cache

from ...text import script
from .frame import Finding, Page, repair

# Of the supplementary radicals (U+2E80 to U+2EFF), which Unicode's compatibility forms leave out,
# those that fonts draw with the glyph of a whole character [measured in Noto Sans and Serif CJK].
_SUPPLEMENT = (
    "⺎兀⺒巳⺓幺⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙"
    "⻱龜⻲亀"
)


_LEAST = 3
"""Radicals within words that make a damaged page; a lesson on them names each by itself."""


@cache
def _characters() -> dict[str, str]:
    """Return the character for each radical."""
    pairs = dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True))
    for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6)):
        whole = unicodedata.normalize("NFKC", chr(code))
        if whole != chr(code):
            pairs[chr(code)] = whole
    return pairs


@repair(
    seen="PDF files printed by Chromium: ⼯ (U+2F2F) and 工 are one glyph of the font",
    before="⼯会⼲部来⾃各个岗位，车间的职⼯说话⻓短都听。",
    after="工会干部来自各个岗位，车间的职工说话长短都听。",
    untouched=(
        "从⼝从⼈，⽊部、⽔部的字，人口和水木都用它们。",
        "部首：⼀、⼁、⼂、⼃。",
        "“工”字归⼯部，工人、职工都用它。",
    ),
)
def restore_radicals(page: Page) -> Iterator[Finding]:
    """Put the character where its radical stands, on a page that writes words with radicals.

    A font that has one glyph for both gives the radical at every place: a page that writes the
    character as often means the radical where it writes that, unless several kinds of them stand
    in words: a paragraph pasted into a text that was typed.
    """
    text = page.text
    characters = _characters()
    present = characters.keys() & set(text)
    if not present:
        return
    places = [place for place, char in enumerate(text) if char in present]
    if sum(_beside_han(text, place) for place in places) < _LEAST:
        return
    wholes = {radical: characters[radical] for radical in present}
    if "⼾" in wholes and script.detect(text) == script.HANS:
        wholes["⼾"] = "户"  # Unicode gives 戶, the font of a simplified text 户
    drawn = {r for r, whole in wholes.items() if text.count(whole) < text.count(r)}
    within = {place for place in places if _in_a_word(text, place)}
    pasted = len({text[place] for place in within}) >= _LEAST
    for place in places:
        if text[place] in drawn or (pasted and place in within):
            yield page.edit("code-point", place, place + 1, wholes[text[place]])


def _in_a_word(text: str, place: int) -> bool:
    """Tell whether a radical stands beside characters, and nothing names it: ⼯部, 从⼝."""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    named = after in tuple("部字旁頭头底首") or before in tuple("从從部归歸属屬“「")
    return not named and _beside_han(text, place)


def _beside_han(text: str, place: int) -> bool:
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return any("\u2e80" <= char <= "\u9fff" and not "\u2fe0" <= char <= "\u303f" for char in around)

"""Where text seems out of step by a byte: what no author writes, and marks with odd text behind."""

import re
from bisect import bisect_left
from collections.abc import Set
from functools import cache, lru_cache
from math import inf

from ....text import script
from ...lexicon.language import LanguageModel, is_common_pair
from ...lexicon.model_tokens import OTHER, token
from ...lexicon.readings import GLOSS, LETTERS, SWALLOWED
from .gbk import codes, full
from .halves import before_dropped_pair, characters

_HAN = r"\u2e80-\u9fff"
_SUSPECT = re.compile(
    SWALLOWED.pattern  # `?qū)`: a lead byte swallowed the bracket of an annotation
    + rf"|[?？](?=[(（][{LETTERS}]{{1,7}}[)）])"  # `?(gè)`: the character is gone, its pinyin not
    + "|\ufffd+"  # the decoder gave up
)
"""What no author writes."""

_MARK = re.compile(r"(?<=\S)[?？]?[!?;,！？；，](?=\S|\Z)")
"""A mark that may have been cut out of two characters: `年??h` (。縣), `實?;鶎` (。基層), and with
nothing left of the first byte `实;鶎`. Only where the text behind it is odd."""

_ODD_WITHIN, _ODD_BELOW, _ODD_BELOW_TWO, _ODD_ON_CLEAN = 4, -7.5, -6.0, -9.5
"""Characters read behind a mark, and how likely they are at the most where it is odd, in nats a
character: 4 % of sound places and most damaged ones are below. Two marks are odd in themselves."""

_QUESTION = re.compile(rf"(?<=[{_HAN}])[?？](?=[{_HAN}\w]|$)", re.MULTILINE)
"""On a damaged page a ? inside a sentence may be the second byte, 80, of a character."""

_HALF = re.compile(rf"(?<=[{_HAN}])[A-Za-z]{GLOSS.pattern}")
"""An annotation behind half a character: 溧l(xiāng) of 溧鄉. Proof that the page is out of step."""

_EATEN = re.compile(rf"(?<=[{_HAN}])[?？](?=[0-9A-Za-z])")
"""Behind text out of step a ? may have eaten a digit or a letter (`贯?7.9%`): gone for good."""

_GLUED = re.compile(
    rf"[{_HAN}]{{0,2}}[A-Za-z^_`{{|}}~]{{1,2}}(?:[{_HAN}]|{GLOSS.pattern})"
    rf"|[{_HAN}]{{0,3}}[A-Z]?(?:{SWALLOWED.pattern})"
)
"""A letter between Chinese characters, or an annotation without its character."""

_TWO_MARKS = tuple("?!;,")


def shows_damage(text: str) -> bool:
    """Tell whether anything on a page proves that its bytes came out of step."""
    return bool(_SUSPECT.search(text) or _HALF.search(text))


def find(
    text: str, hant: bool, damaged: bool
) -> tuple[list[re.Match[str]], dict[int, re.Match[str]]]:
    """Return what no author writes, and the marks that merely have odd text behind, by place.

    `hant`: the page is traditional; `damaged`: it is known to be out of step somewhere, so that
    less is enough.
    """
    suspects = list(_SUSPECT.finditer(text))
    taken = {at for suspect in suspects for at in range(*suspect.span())}
    starts = [suspect.start() for suspect in suspects]
    eaten = [
        match
        for match in _EATEN.finditer(text)
        if match.start() not in taken
        and (before := bisect_left(starts, match.start()))
        and starts[before - 1] > text.rfind("\n", 0, match.start())
    ]
    taken.update(match.start() for match in eaten)
    marks = _MARK.finditer(text)
    if not damaged:  # of the others a search would say that they are sound
        marks = (
            one for one in marks if _made_across(one[0], text[one.end() : one.end() + 1], hant)[0]
        )
    odd = {
        match.start(): match
        for match in marks
        if match.start() not in taken and _is_odd(text, match, hant, damaged)
    }
    return suspects + eaten, odd


@cache
def any_page() -> LanguageModel:
    """Return the model without any page's words."""
    return LanguageModel()


def _is_odd(text: str, mark: re.Match[str], hant: bool, damaged: bool) -> bool:
    """Tell whether the characters behind a mark are nothing anybody would write."""
    two = len(mark[0]) > 1
    if damaged and (two or (mark[0] in "?？" and _QUESTION.match(text, mark.start()))):
        return True
    if (damaged or two) and _GLUED.match(text, mark.end()):
        return True
    behind = text[mark.end() : mark.end() + _ODD_WITHIN]
    if not damaged and is_common_pair(behind[:2]):
        return False
    if damaged and (behind[:1] in _TWO_MARKS or not behind):
        return not behind or behind[0] != "?" or behind[1:2] == "\n" or not behind[1:]
    model = any_page()  # not this page's: it would know the damaged characters as its own
    score, before2, before = 0.0, OTHER, token(mark[0][-1])
    for number, char in enumerate(behind, 1):
        key = token(char)
        if char in "\n,;:?!()，；：？！（）":
            break
        score += model.log_probability(before2, before, key) - 8.0 * (key == OTHER)
        score -= 5.0 * (hant and char in script.simplified_forms())
        before2, before = before, key
        if damaged:
            limit = number * (_ODD_BELOW_TWO if two else _ODD_BELOW) - (number == 1)
        elif two:
            limit = number * _ODD_BELOW if number > 1 else -inf
        else:
            limit = number * _ODD_ON_CLEAN if number > 2 else -inf
        if score < limit:
            return True
    return False


def may_be_cut_out(text: str, mark: re.Match[str], hant: bool, on_page: Set[str]) -> bool:
    """Tell whether a mark may be the second byte of one character and the first of another; rare
    characters only where they are `on_page`, as tokens."""
    everyday, rare = _made_across(mark[0], text[mark.end() : mark.end() + 1], hant)
    return everyday or not rare.isdisjoint(on_page)


@lru_cache(1 << 14)
def _made_across(mark: str, behind: str, hant: bool) -> tuple[bool, frozenset[str]]:
    """Tell whether an everyday character may begin with the second byte of a mark and end in the
    first of what stands behind, or in that of a dropped pair; and the tokens of rare ones.

    A comma's second byte, AC, makes a character with few first bytes: so most commas are what
    somebody wrote, however odd the text behind them.
    """
    if len(mark) > 1 or mark in "?？" or behind not in codes():
        return True, frozenset()  # out of step before the mark, too, or behind by half a letter
    lead, trail = codes()[full(mark)][1], codes()[behind][0]
    made = characters(lead, trail, hant), before_dropped_pair(lead, hant)
    return any(one.everyday for one in made), frozenset().union(*(one.rare for one in made))

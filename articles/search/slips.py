"""Slips of the keyboard: 加班废 for 加班费, a term in characters of the same sound."""

import re

from ..text.script import searchable
from .did_you_mean import is_better, stands
from .questions import is_common, is_light
from .words import Words, pinyin_of

_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_SHORTEST, _LONGEST = 3, 10
"""Characters of a term that is looked for; one of two only where neither character is a common word
that says little: 提安, but not 的票."""


def righted(text: str, words: Words) -> str | None:
    """Return a query with the terms that were meant, of those that stand in a text; None where
    nothing seems to be written amiss. What the dictionary has is no slip."""
    typed = searchable(text)
    found = _RUN.sub(lambda run: _righted(run[0], words), typed)
    return found if found != typed else None


def _righted(run: str, words: Words) -> str:
    pieces = words.cut(run)
    if "".join(pieces) != run or min(map(len, pieces)) > 1:
        return run
    done, at = [], 0
    while at < len(pieces):
        for end in range(len(pieces), at, -1):
            if meant := _meant(pieces[at:end], words):
                done.append(meant)
                at = end
                break
        else:
            done.append(pieces[at])
            at += 1
    return "".join(done)


def _meant(pieces: list[str], words: Words) -> str | None:
    """Return the term of the same sound as some words side by side of which one is a character."""
    typed = "".join(pieces)
    if min(map(len, pieces)) > 1 or not 1 < len(typed) <= _LONGEST:
        return None
    if len(typed) < _SHORTEST and any(is_light(one) and is_common(one) for one in pieces):
        return None
    terms = words.by_pinyin.get(pinyin_of(typed), ())
    fitting = (term for term in terms if is_better(term, typed))
    return next((term for term in fitting if stands(term)), None)

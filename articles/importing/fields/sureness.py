"""How sure it is that a line is the title: what the essay's own words and the line's form say.

Where a line stands tells little on a page of a form that nobody has seen: a site's name, a button,
a row of labels stand there too. An essay's words come again in its text, and a site's do not, but
everyday ones do by chance. So each character and each pair of a line is asked how likely a text of
this length has it anyway; what it has against the odds speaks for the line.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log

from ...text import script
from ..lexicon.language import frequency
from .candidates import Candidate, letters
from .lines import PARAGRAPH, Line
from .people import LIKELY, RARE, names_of
from .weights import LEAST_SUPPORT, MOST_SUPPORT, SURE_TITLE, UNSAID

_SENTENCE = 30
"""Characters from which a line is prose that words may come again in; a footer's are shorter."""

_WHOLE = 150
"""Characters of prose of which half a title's words come again that do in a long text."""

_HAN = re.compile(r"[^\u3400-\u9fff]")

_CHAR_AGAIN, _PAIR_AGAIN = 0.75, 0.4
"""Shares of a title's characters, and of its pairs, that come again in its text: what labelled
pages have."""

_STRONG = frozenset(
    ("stated", "agrees", "marked", "label", "opens-text", "subtitle-below", "title-ending")
) | {"next-to-byline", "label-row", "letterhead"}
"""What speaks for a title that its text need not say again: more than where it stands."""


_CERTAIN = _STRONG - {"next-to-byline", "label-row", "title-ending"}
"""What tells which of two lines is the title."""

_TOLD = frozenset(("prose", "summary", "salutation", "numbered"))


def told_in(lines: Sequence[str], head: Sequence[Line]) -> list[str]:
    """Return the lines of a page that are long enough for prose, and nothing else."""
    other = {line.number for line in head if line.kind not in _TOLD and len(line.text) <= PARAGRAPH}
    return [line for n, line in enumerate(lines) if len(line) > _SENTENCE and n not in other]


def support(title: str, prose: str) -> float:
    """Return how much the text speaks for a line being its title, in natural logarithms."""
    folded = _HAN.sub("", script.fold(title))
    characters = _odds(set(folded), prose, _CHAR_AGAIN)
    pairs = _odds({folded[at : at + 2] for at in range(len(folded) - 1)}, prose, _PAIR_AGAIN)
    least, most = LEAST_SUPPORT, MOST_SUPPORT
    return min(most[0], max(least[0], characters)) + min(most[1], max(least[1], pairs))


def _odds(runs: set[str], prose: str, again: float) -> float:
    size = len(prose)
    again *= size / (size + _WHOLE)
    odds = 0.0
    for run in sorted(runs):
        chance = min(0.98, max(1e-4, 1 - exp(-size * frequency(run))))
        expected = max(again, chance)
        odds += log(expected / chance if run in prose else (1 - expected) / (1 - chance))
    return odds


def sureness(candidate: Candidate, prose: str) -> float:
    """Return a candidate's points with what the folded prose says of it."""
    text = script.fold(candidate.text)
    if text in prose[: len(text) + 1]:  # the text begins with it in one line: 题目 正文
        prose = prose.replace(text, "", 1)
    said = support(text, prose)
    return candidate.points + (max(said, UNSAID) if has_strong(candidate) else said)


def by_sureness(candidates: Sequence[Candidate], lines: Sequence[str]) -> list[Candidate]:
    """Return candidates with how sure each is, and another one first where the text says nothing
    of the one with the most points but much of that."""
    prose = script.fold("\n".join(lines)[:_LONGEST])
    asked = [one for n, one in enumerate(candidates[:_ASKED]) if not n or one.points >= 0]
    weighed = [replace(one, sure=sureness(one, prose)) for one in asked]
    weighed += candidates[len(asked) :]
    best = weighed[0]
    unsaid = best.sure <= best.points and not has_strong(best)
    if not unsaid and not is_no_title(best.text, ""):
        return weighed
    others = [
        one
        for one in weighed[1:_ASKED]
        if one.points > 0 and len(letters(one.text)) > _SHORT and not is_no_title(one.text, "")
    ]
    better = max(others, key=lambda one: one.sure, default=best)
    if better.sure < max(best.sure, SURE_TITLE) + _AHEAD:
        return weighed
    return [better, *(one for one in weighed if one is not better)]


_SHORT = 4
"""Letters of a menu's word, which a text says again by chance."""

_ASKED = 5
"""Candidates with the most points that the text is asked of."""

_LONGEST = 8000
"""Characters of prose that are asked: a title's words come again before."""

_AHEAD = 3.0
"""By how much another has to be surer than the one with the most points."""

_MARKS = (
    ("《", "》"),
    ("（", "）"),
    ("(", ")"),
    ("【", "】"),
    ("“", "”"),
    ("「", "」"),
    ("[", "]"),
)
_JOINTS = re.compile(r"[/／|｜»›>«_＿→]")
_COUNTED = re.compile(
    r"www\.|https?:|[A-Za-z]\.[a-z]{2}|(?<=[\s　—-])\d+$|\d{4}-\d\d?-\d\d?|\d\d?:\d\d|No\.|。."
    r"|(?:第\s*\d+\s*[期卷]|\d{4}\s*年?第?\s*\d+\s*期)(?![:：].{4})"
)
_WORDS_LAST = re.compile(r"(?:[\s　]+[\u3400-\u9fff]{1,3}){2,}$")
_LABELLED = re.compile(r"([^\s，。：:]{2,4})[:：]\S")
_SITE_FIRST = re.compile(
    r"[\u3400-\u9fff]{2,10}(?:报|网|在线|频道|論壇|论坛|報)\s*(?<![-—])[-_](?![-—])\s*\S"
)
_NAME_LAST = re.compile(r"(?:[\s　／/]+|[（(])([\u3400-\u9fff]{2,3})[)）]?$")
_NAME_FIRST = re.compile(r"([\u3400-\u9fff]{2,4})(?:[\s　]*[:：]|[\s　]+)")


def is_no_title(text: str, body: str) -> bool:
    """Tell whether a line has the form of several things in a row, or of half a thing: a mark
    without its other half, joints of a menu, an issue or a counter, a name at its rim of whom the
    text does not speak."""
    if any(text.count(one) != text.count(other) for one, other in _MARKS):
        return True
    if _JOINTS.search(text.strip("|｜ ")) or _COUNTED.search(text) or _WORDS_LAST.search(text):
        return True
    if _SITE_FIRST.match(text):
        return True
    last, first = _NAME_LAST.search(text), _NAME_FIRST.match(text)
    return any(
        rim and (who := names_of(rim[1])) and who.sure >= least and rim[1] not in body
        for rim, least in ((last, RARE), (first, LIKELY))
    )


def is_labelled(best: Candidate, body: str) -> bool:
    """Tell whether a line begins with a label that nobody knows, of which the text does not speak,
    and no more than its place speaks for the line: 同义词：工会小组会."""
    label = _LABELLED.match(best.text)
    return bool(label) and label[1] not in body and not has_strong(best)


def has_strong(candidate: Candidate) -> bool:
    """Tell whether more than its place speaks for a line."""
    return bool(_STRONG & set(candidate.reasons))


def is_of_all_pages(best: Candidate) -> bool:
    """Tell whether file and heading say a few characters of which the text has none: 新聞詳情."""
    few = len(letters(best.text)) <= _FEW and best.recurs < _NONE
    reasons = set(best.reasons)
    return few and reasons >= {"stated", "marked"} and not {"next-to-byline"} & reasons


_FEW, _NONE = 4, 0.05
_OF_A_TABLE = re.compile(r"[(（\[【〔]|[^，。：:]{1,4}[:：]")
"""How a note in brackets begins, and a label: neither is half a headline."""


def is_one_of_two(best: Candidate, candidates: Sequence[Candidate], head: Sequence[Line]) -> bool:
    """Tell whether the line right above or below the best one is as good a title, and the text
    says as much of it: a headline over two lines, or a title and its subtitle."""
    if _CERTAIN & set(best.reasons):
        return False
    at = next((n for n, line in enumerate(head) if line.number == best.number), -1)
    near = {head[n].number for n in (at - 1, at + 1) if 0 <= n < len(head)} if at >= 0 else set()
    return any(
        other.number in near
        and other.points >= 0
        and not _OF_A_TABLE.match(other.text)
        and other.sure > SURE_TITLE
        and len(letters(other.text)) > _SHORT
        and other.sure - other.points > (best.sure - best.points) / 2
        for other in candidates
        if other is not best
    )

"""How well the paragraphs of texts answer a question, by its characters and pairs of them: what is
left where nobody thought of the word a member would say."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from math import log

from .questions import without_asking
from .words import HAN

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")

_ALONE = frozenset(
    "的了着吗呢吧啊呀么是在有和与就都也还要会能可我你他她它们这那哪什怎几多少请问不一个"
)
"""Characters that say nothing alone; beside another they may."""

_CHARACTER = 0.7
"""What a character tells beside a pair of them that is as rare."""

_OFTEN, _LONG = 2.0, 0.6
"""As in Okapi BM25: how much more it counts to stand there again, and how much longer paragraphs
are put back."""

_BEST = 3
"""Paragraphs of a text that count: one may have the words by chance, an essay on the matter goes
on."""

_MOST = 400
"""Paragraphs of a text that are told apart; of a book, several are taken together."""


_MET = 0.4
"""What characters count of words that are looked for already."""


def left_over(asked: str, met: Iterable[str]) -> float:
    """Return which share of a question's characters stands in none of the words `met`."""
    told = [one for one in without_asking(asked) if HAN.match(one) and one not in _ALONE]
    known = set("".join(met))
    return sum(one not in known for one in told) / len(told) if told else 0.0


def _grams(asked: str, met: Collection[str]) -> dict[str, float]:
    """Return the characters and pairs of a question, each with what it counts."""
    found = {}
    for run in _RUN.findall(asked):
        if run.isascii():
            found[run] = 1.0
            continue
        found |= {one: _CHARACTER for one in run if one not in _ALONE}
        found |= {run[at : at + 2]: 1.0 for at in range(len(run) - 1)}
    return {
        gram: worth * (_MET if any(gram in word for word in met) else 1)
        for gram, worth in found.items()
    }


def passage_scores(
    texts: dict[int, tuple[str, str]], asked: str, met: Collection[str]
) -> dict[int, float]:
    """Score texts by their best paragraphs, each read below the title: a text's first line."""
    grams = _grams(asked, met)
    places: list[tuple[int, int]] = []  # article and length of each paragraph
    counts: list[dict[int, int]] = [{} for _ in grams]
    for pk, (_, text) in texts.items():
        title, *lines = text.split("\n")
        lines = [title, *_paragraphs(lines)]
        start = len(places)
        places += [(pk, len(title) + len(line)) for line in lines]
        for gram, having in zip(grams, counts, strict=True):
            if gram not in text:
                continue
            above = title.count(gram)
            for at, line in enumerate(lines, start):
                if often := above + (line.count(gram) if at > start else 0):
                    having[at] = often
    usual = sum(length for _, length in places) / max(len(places), 1)
    scores: Counter[int] = Counter()
    for worth, having in zip(grams.values(), counts, strict=True):
        worth *= log((len(places) - len(having) + 0.5) / (len(having) + 0.5) + 1)
        for at, often in having.items():
            length = 1 - _LONG + _LONG * places[at][1] / usual
            scores[at] += worth * often * (_OFTEN + 1) / (often + _OFTEN * length)
    best: dict[int, list[float]] = {pk: [] for pk in texts}
    for at, score in scores.items():
        best[places[at][0]].append(score)
    return {pk: sum(sorted(found)[-_BEST:]) / _BEST for pk, found in best.items()}


def _paragraphs(lines: list[str]) -> list[str]:
    lines = [line for line in lines if line.strip()]
    together = -(-len(lines) // _MOST) or 1
    return ["\n".join(lines[at : at + together]) for at in range(0, len(lines), together)]

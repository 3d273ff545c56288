"""How well texts answer a question: by what they have of what it tells, together in one passage, or
under a heading that says it."""

from bisect import bisect_left
from math import log

from .by_paragraph import left_over, passage_scores
from .sought import IN_TEXT, Sought
from .words import HAN

_HAS_IT, _TOGETHER, _PASSAGE = 6.0, 8.0, 60
"""What it counts to have all that a question tells, and to have it in one passage of so many
characters: as much as a word in the title."""

_HEADED, _HEADING = 4.0, 36
"""What it counts to have all of it in one heading, question or cell of a table: a line of so many
characters at most."""

_EVERYWHERE = 1.0
"""What a word tells that all texts have, beside one that half of them have, which tells 1."""

_HAS_KEYS = 2.0
"""What it counts to have all nouns and terms of a question that has several."""

_OFTEN, _DENSE, _IN_SUMMARY, _AS_SAID = 0.75, 2.0, 2.0, 3.0
"""What it counts to have a word once, up to six times; to have it often for the length of a text;
to have it in the summary; and to have the question's words as they were said."""

_IN_CHARACTERS, _HALF, _LONG = 3.0, 2.0, 2000
"""What it counts to have the characters of a word, whatever words they stand in: 审 in 审查 and
经审; how often one has to stand in a text of so many characters to count half."""


_IN_PASSAGE = 1.0
"""What paragraphs count that have the characters of a question and pairs of them, where no text has
a word of it."""


def answer_scores(
    texts: dict[int, tuple[str, str]], sought: list[Sought], said: str, asked: str
) -> dict[int, float]:
    """Score texts beside a question. A word that few of them have tells more; the more was `asked`
    that is none of the words they have, the more their paragraphs tell by its characters."""
    hits = {pk: [one.hits(text, IN_TEXT) for one in sought] for pk, (_, text) in texts.items()}
    having = [sum(1 for found in hits.values() if found[at]) for at in range(len(sought))]
    weights = [
        one.weight * (_EVERYWHERE + log((len(texts) + 1) / (had + 0.5))) if had else 0.0
        for one, had in zip(sought, having, strict=True)
    ]
    most = max(weights, default=0.0) or 1.0
    weights = [weight / most for weight in weights]
    characters = _characters(texts, sought)
    met = [word for one, had in zip(sought, having, strict=True) if had for word in one.typed]
    left = left_over(asked, met)
    by_passage = passage_scores(texts, asked, met) if left else dict.fromkeys(texts, 0.0)
    return {
        pk: _answer_score(summary, text, hits[pk], sought, weights, said)
        + _IN_CHARACTERS * _has_characters(text, characters)
        + _IN_PASSAGE * left * by_passage[pk]
        for pk, (summary, text) in texts.items()
    }


def _characters(texts: dict[int, tuple[str, str]], sought: list[Sought]) -> dict[str, float]:
    """Return what each character of the words tells: more, the fewer texts have it. This is what is
    left of a word that nobody said the same of."""
    tells: dict[str, float] = {}
    for one in sought:
        found = set(filter(HAN.match, "".join(one.typed)))
        for character in found:
            tells[character] = max(tells.get(character, 0.0), one.weight / len(found) ** 0.5)
    for character in tells:
        had = sum(character in text for _, text in texts.values())
        tells[character] *= log((len(texts) + 1) / (had + 0.5))
    return tells


def _has_characters(text: str, tells: dict[str, float]) -> float:
    """Return how much of what characters tell a text has, by how often they stand there."""
    half = _HALF * (1 + len(text) / _LONG) / 2
    often = ((worth, text.count(character)) for character, worth in tells.items() if worth > 0)
    return 2 * sum(worth * count / (count + half) for worth, count in often)


def _answer_score(
    summary: str,
    text: str,
    hits: list[list[tuple[int, str]]],
    sought: list[Sought],
    weights: list[float],
    said: str,
) -> float:
    score, there = 0.0, []
    all_told = sum(weights) or 1.0
    for at_unit, (one, found, weight) in enumerate(zip(sought, hits, weights, strict=True)):
        score += _IN_SUMMARY * weight * one.share(summary)
        if not found:
            continue
        worth = [weight * one.worth(word) for _, word in found]
        score += min(sum(worth), 6 * weight) * _OFTEN
        score += _DENSE * min(weight, 400 * sum(worth) / (len(text) + 400))
        score += _HAS_IT * max(worth) / all_told
        there += [(at, at_unit, one) for (at, _), one in zip(found, worth, strict=True)]
    if said in text and len(sought) > 1:
        score += _AS_SAID
    there.sort()
    score += _TOGETHER * _best_passage(there) / all_told
    score += _HEADED * _best_heading(text, there) / all_told
    keys = [found for one, found in zip(sought, hits, strict=True) if one.is_key]
    if all(keys) and len(keys) > 1:
        score += _HAS_KEYS
    return score


def _best_passage(there: list[tuple[int, int, float]]) -> float:
    """Return how much the most telling passage tells, each word once: of places in order, words and
    what they tell."""
    best, first = 0.0, 0
    for last, (at, *_) in enumerate(there):
        while at - there[first][0] > _PASSAGE:
            first += 1
        worth: dict[int, float] = {}
        for _, word, weight in there[first : last + 1]:
            worth[word] = max(worth.get(word, 0.0), weight)
        best = max(best, sum(worth.values()))
    return best


def _best_heading(text: str, there: list[tuple[int, int, float]]) -> float:
    """Return how much the most telling heading tells, each word once; title and summary are none:
    those are scored for themselves."""
    start = end = text.find("\n", text.find("\n") + 1)
    if end < 0:
        return 0.0
    best, worth = 0.0, {}
    for at, word, weight in there[bisect_left(there, (start,)) :]:
        if at > end >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            worth = {}
        if (end if end >= 0 else len(text)) - start <= _HEADING:
            worth[word] = max(worth.get(word, 0.0), weight)
            best = max(best, sum(worth.values()))
    return best

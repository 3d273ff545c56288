"""Words that a filter has blotted out."""

import re
from collections import Counter
from collections.abc import Iterator

from ...text import script
from ..edits import Flag
from .frame import Finding, Page, repair

_HAN = r"\u3400-\u9fff"
_BESIDE = rf"{_HAN}，。、；：“”（）,;:"

# Nobody but a filter writes these between Chinese characters.
_BLOTTED = re.compile(
    rf"(?<=[{_BESIDE}])\s?[*＊](?:\s?[*＊]){{1,9}}\s?(?=[{_BESIDE}]|$)"
    rf"|(?<!\d20)(?<!\d19)(?<=19|20)[*＊]{{2}}(?=年|[^\d*＊]|$)"  # 20**年; 138****1234 is a mask
    rf"|(?<=[{_HAN}])□{{2,10}}(?=[{_BESIDE}]|$)|(?<=[，。、；：“])□{{2,10}}(?=[{_HAN}])"
)
# These an author may write too, for 某某, for times, as a note: only with a reading.
_PERHAPS = re.compile(
    rf"(?<=[{_HAN}])(?:[×╳Ｘ]{{1,6}}|[XxX]{{2,6}}|[○〇]{{2,6}}|[*＊□])(?=[{_HAN}])"
)
_EMPHASIS = re.compile(r"\*\*(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*\*")
_SIGNS = frozenset("*＊□×╳ＸXx○〇")
"""One of these each of them has."""

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁江温习"

# What a filter is known to blot out, by what stands before and behind; compared in simplified form.
_KNOWN = (("中国", "产党", "共"), ("", "产党", "共"), ("中国共", "党", "产"))

_MOST_SITES, _MOST_PLACES = 50, 200
"""Marks flagged on a page; marks looked up, and places compared for each: the search must end."""

_CONTEXT, _LONGEST = 2, 6


@repair(
    seen="an essay with * * * where the filter disliked a name",
    before="在* * *的領導下,工會前進。",
    after="在* * *的領導下,工會前進。",
    untouched=(
        "* * *",
        "**重點**是職工，這是**很重要**的。",
        "3 * 4 = 12，長×寬，2**10，手機138****1234",
        "××公司的李××於×月×日到任。",
        "作者*單位",
        "□是 □否",
        "- *著重*的字",
    ),
)
def flag_censored(page: Page) -> Iterator[Finding]:
    """Flag blotted words, with the reading where the page itself has the phrase uncensored.

    The text stays: what stood there is not in the file.
    """
    sites = looked_up = 0
    for start, _, line in page.lines():
        if _SIGNS.isdisjoint(line):
            continue
        closed = [m.span() for m in _EMPHASIS.finditer(line) if not _parts_names(line, m)]
        for pattern in (_BLOTTED, _PERHAPS):
            for match in pattern.finditer(line):
                if any(first < match.end() and match.start() < last for first, last in closed):
                    continue
                if sites >= _MOST_SITES or looked_up >= _MOST_PLACES:
                    return
                looked_up += 1
                readings = _readings(page.text, start + match.start(), start + match.end())
                if readings or pattern is _BLOTTED:
                    sites += 1
                    message = "此處的字被遮去；列出的讀法見於本文他處或常見，請查原文確認。"
                    if not readings:
                        message = "此處的字被星號或方框遮去，請查原文補回。"
                    span = start + match.start(), start + match.end()
                    yield Flag("censored", *span, message, readings)


def _parts_names(line: str, emphasis: re.Match[str]) -> bool:
    """Tell whether what looks like **emphasis** is two blotted words: 邓**与李**, 20**…19**."""
    before = script.fold(line[max(0, emphasis.start() - 1) : emphasis.start()])
    inside = script.fold(line[emphasis.end() - 3])
    return all(char and char in _SURNAMES + "09" for char in (before, inside))


def _readings(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return what stands elsewhere on the page between the same characters, commonest first."""
    before = re.search(rf"[{_HAN}\d]*$", text[max(0, start - _CONTEXT) : start])[0]
    behind = re.match(rf"[{_HAN}]*", text[end : end + _CONTEXT])[0]
    found: Counter[str] = Counter()
    if len(before) == _CONTEXT and len(behind) == _CONTEXT:
        at = text.find(before)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            inner = at + _CONTEXT
            stop = text.find(behind, inner + 1, inner + _LONGEST + _CONTEXT)
            if stop > 0 and re.fullmatch(rf"[{_HAN}]+", text[inner:stop]):
                found[text[inner:stop]] += 1
            at = text.find(before, at + 1)
    if not found and before and script.fold(before[-1]) in _SURNAMES and end - start in (1, 2):
        given = rf"{before[-1]}([{_HAN}]{{{end - start}}})(?=同志|先生|女士|主席|[说說，。、])"
        names = Counter(re.findall(given, text))
        if len(names) == 1:  # one name of that surname and length: the page shows it
            found = names
    if not found:
        left, right = script.fold(text[max(0, start - 3) : start]), script.fold(behind)
        for known_left, known_right, reading in _KNOWN:
            if left.endswith(known_left) and right.startswith(known_right):
                found[reading] += 1
                break
    return tuple(reading for reading, _ in found.most_common(3))

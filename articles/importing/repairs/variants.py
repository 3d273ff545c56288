"""Wrong conversions between the scripts, and characters of the other script in a text.

Two tools leave them. One converts character for character and leaves alone what has several
forms (幹部 stays 干部); the other always takes the same form (志願 becomes 誌願). What a character
has to be is decided by the words it stands in, from OpenCC's own phrases, never by itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ...text import script
from ..edits import Flag
from ..lexicon.language import is_common_pair
from ..lexicon.surnames import SINGLE
from .frame import Finding, Page, covered, repair
from .variant_pairs import (
    ALWAYS,
    BESIDE,
    BESIDE_OVER,
    EITHER,
    FIRST_FORM,
    HALF,
    MORE_LEFT,
    NEVER,
    NOODLES,
    ONE_FOR_ALL,
    ONLY_IN,
    OVER,
    STAYS,
    YOUNGEST,
)

HAN = r"\u3400-\u9fff"

_COUNTED = frozenset("一二三四五六七八九十百千萬万两兩几幾半每這这那哪数數整少船0123456789")
"""What stands before 隻, a measure of animals and ships: 若是只解決 has none."""

_BEFORE_NAMES = frozenset("長长席記记員员事任師师士授理監监傅工委友民官與与和及、")
_NEVER_GIVEN = frozenset("額额款地數数項项震孽糧粮")
"""What ends a person's role, and what joins names: 理事長余光明, 余波與余暉; and what is no given
name: 余額."""

_SEVERAL = frozenset("发复获历汇脏钟尽纤坛饥团签冲须松")
"""Simplified characters whose second form is so common that the first is a guess without a word."""

_SHOWN, _PATTERN = 2, 3
"""Sites that show that a page was converted badly, and how; the five real essays have 12 and more.
A single one that a tool may have left is doubted, not changed."""

_FOREIGN_LINE, _FOREIGN_QUOTE = 10, 2
"""Characters of the other script alone, and none of the page's own, that make a paragraph or a
quotation one that its author wrote in the other script."""

_MAY_NAME = (SINGLE | frozenset("种征丑后")) - {"干"}
"""Characters that may be somebody's name where only one of a page seems wrong."""

_SURNAMES = "于万党种叶后并"
_NAME = re.compile(
    rf"[{_SURNAMES}]([{HAN}]{{2}}|[{HAN}])"
    rf"(?=[^{HAN}]|$|[说說讲講]|表示|指出|认为|認為|介绍|介紹|同志|先生|女士|老师|老師|主席|书记|書記|等)"
)
_PEN_NAME, _SURNAMED = rf"[{HAN}]{{1,4}}", rf"[{''.join(sorted(SINGLE))}][ 　]?[{HAN}]{{1,3}}"
_BETWEEN = "[ 　、,，/／·]{1,2}"
_BYLINE = re.compile(
    r"(?:作者|撰稿人?|撰文|执笔人?|口述|文(?=\s?[/／]))[ 　]{0,3}[】\])）」]?"
    r"(?:[ 　]{0,3}[:：/／]|(?<=[】\])）」 　]))[ 　]{0,3}"
    rf"(?P<names>{_PEN_NAME}(?:{_BETWEEN}{_PEN_NAME}){{0,9}})(?![{HAN}])"
    r"|(?:记者|通讯员|供稿人?|[讲发]言人|讲话人|[演主]讲人)[ 　]{0,3}[:：]?[ 　]{0,3}"
    rf"(?P<surnamed>{_SURNAMED}(?:{_BETWEEN}{_SURNAMED}){{0,9}})(?![{HAN}])"
)
"""Names behind a label that says they are some; read in text folded to simplified."""

_QUOTATION = re.compile(r"“[^“”\n]{1,400}”|「[^「」\n]{1,400}」|《[^《》\n]{1,100}》")
_MENTION = re.compile(rf"(?<![{HAN}0-9)）》」』”’\]】])[{HAN}](?![{HAN}])")
"""A character spoken of, not used: 干（幹）, “龍”字; not （2012年）里："""


_MOST_FLAGS = 20
"""Doubtful characters flagged one by one: nobody reads more."""


@dataclass(frozen=True, slots=True)
class _Site:
    """A character that ought to be another one."""

    at: int
    after: str
    certain: bool
    rule: str = ""
    """left: by a tool that leaves alone what has several forms; over: by one that takes one form
    for all; name: left, if it is not in a name. These show how a page was converted. pattern: wrong
    if the page shows it; default: the same, and not in a name. Without a rule: wrong by itself."""


def _wanted(folded: str, at: int) -> tuple[str, bool]:
    """Return the form the words around a simplified character ask for, and whether all agree.

    The longest word decides. A pair is opposed where the character makes an everyday word with
    its other neighbour too: 制作 in 限制作業.
    """
    before, behind = folded[at - 1 : at + 1] if at else "", folded[at : at + 2]
    if not (script.in_phrases(before) or script.in_phrases(behind)):
        return "", False
    first, end = _reach(folded, at)
    return _asked_for(folded[first:end], at - first, before, behind)


@lru_cache(1 << 13)
def _asked_for(around: str, at: int, before: str, behind: str) -> tuple[str, bool]:
    """Return the same of a character at a place in the phrases around it: one essay has the same
    words again and again, and so has the next."""
    for length in range(min(script.LONGEST_PHRASE, len(around)), 2, -1):
        for start in range(max(0, at - length + 1), min(at, len(around) - length) + 1):
            if word := script.phrase(around[start : start + length]):
                rival = before if start == at else behind if start + length == at + 1 else ""
                form = word[at - start]
                return form, not is_common_pair(rival) or form in script.phrase(rival)
    left, right = script.phrase(before)[1:], script.phrase(behind)[:1]
    if left == right or not (left or right):
        return left, bool(left)
    common_left, common_right = is_common_pair(before), is_common_pair(behind)
    if common_left == common_right:
        return left or right, not common_left and not (left and right)
    chosen = left if common_left else right
    return chosen, bool(chosen)


def _reach(folded: str, at: int) -> tuple[int, int]:
    """Return from where to where a phrase with a place in it may go: its pairs are of phrases."""
    most = script.LONGEST_PHRASE
    first, end = at, at + 1
    while first and at - first < most - 1 and script.in_phrases(folded[first - 1 : first + 1]):
        first -= 1
    while end < len(folded) and end - at < most and script.in_phrases(folded[end - 1 : end + 1]):
        end += 1
    return first, end


@cache
def _only_in() -> dict[str, tuple[str, ...]]:
    return {pair: tuple(script.fold(words).split(" ")) for pair, words in ONLY_IN.items()}


def _stands_in(folded: str, at: int, words: Iterable[str]) -> bool:
    return any(
        folded.startswith(word, at - offset)
        for word in words
        for offset in range(min(len(word), at + 1))
        if word[offset] == folded[at]
    )


@cache
def _suspects() -> frozenset[str]:
    chars = script.simplified_forms() | script.choices().keys() | {"着"}
    return chars | {pair[0] for pair in (*OVER, *ONLY_IN)}


def _places_of(chars: frozenset[str], text: str) -> Iterator[tuple[int, str]]:
    """Yield where characters stand; a pattern of so many tries each range of them everywhere."""
    here = chars & set(text)
    return ((at, char) for at, char in enumerate(text) if char in here)


def _in_traditional(text: str) -> Iterator[_Site]:
    """Yield what is wrong in a text that is traditional."""
    folded = script.fold(text)
    simplified, choices, present = script.simplified_forms(), script.choices(), set(text)
    taiwan = present.isdisjoint("裏爲衆")  # the marks of another traditional standard

    @cache
    def only_one(char: str, plain: str) -> bool:
        return present.isdisjoint(set(choices.get(plain, ())) - {char})

    for at, char in _places_of(_suspects(), text):
        plain = folded[at]
        forms = choices.get(plain, ())
        wanted, agreed = _wanted(folded, at) if forms else ("", False)
        if (char == "么" and YOUNGEST.match(text, at)) or STAYS.match(folded, at):
            continue
        if char == "麵" and NOODLES.match(text, at):
            continue
        if char in simplified and char not in script.ALSO_TRADITIONAL:
            after = wanted or (forms[0] if forms else script.traditional(char))
            yield _Site(at, after, agreed or char not in _SEVERAL)
        elif char == "着" or char in script.ALSO_TRADITIONAL:
            if taiwan:
                yield _Site(at, script.traditional(char) if char != "着" else "著", True, "pattern")
        elif char in NEVER and char == plain:
            if not wanted or wanted != char:
                yield _Site(at, wanted or forms[0], True, "name" if not wanted else "left")
        elif agreed and wanted != char:
            words = _only_in().get(char + wanted)
            if char == plain and char in HALF:
                yield _Site(at, wanted, True, "name" if _may_be_yu(text, at) else "left")
            elif char + wanted == "只隻" and text[at - 1 : at] not in _COUNTED:
                continue
            elif char + wanted in OVER or (words and _stands_in(folded, at, words)):
                yield _Site(at, wanted, True, "over")
            elif (
                only_one(char, plain)
                and char + wanted not in EITHER
                and script.fold(wanted) == plain
            ):
                yield _Site(at, wanted, True, "pattern")
        elif not wanted and char == plain and char in ALWAYS and only_one(char, plain):
            yield _Site(at, forms[0], True, "default")


def _by_conversion(text: str, left: bool, over: bool) -> Iterator[_Site]:
    """Yield what else is wrong, by what conversion makes of the text: 推荐 on a page that leaves
    such characters alone, 40只凳, 國傢, 方嚮, 提昇 on one that takes one form for all."""
    plain = BESIDE_OVER.sub(lambda match: BESIDE[match[0]], text) if over else text
    folded = script.fold(plain)
    wanted = script.convert(folded, script.HANT, script.HANS)
    for at, (char, form) in enumerate(zip(text, wanted, strict=True)):
        if char == form or char + form in EITHER:
            continue
        counted = char + form == "只隻" and text[at - 1 : at] in _COUNTED
        is_left = (char in MORE_LEFT or counted) and char == folded[at]
        if plain[at] != char or (left and (is_left or char + form in FIRST_FORM)):
            yield _Site(at, form, False)
        elif over and char in ONE_FOR_ALL:
            forms = (script.traditional(folded[at]), *script.choices().get(folded[at], ""))
            if form in (*forms, folded[at]):
                yield _Site(at, form, False)


def _is_wrong_alone(text: str, site: _Site) -> bool:
    """Tell whether conversion agrees about the only such site of a page, which is no surname."""
    if text[site.at] in _MAY_NAME:
        return False
    first = text.rfind("\n", 0, site.at) + 1
    line = script.fold(text[first:].partition("\n")[0])
    return script.convert(line, script.HANT, script.HANS)[site.at - first] == site.after


def _in_simplified(text: str) -> Iterator[_Site]:
    """Yield what is traditional in a text that is simplified."""
    folded = script.fold(text)
    for at, char in _places_of(script.traditional_forms(), text):
        if char not in script.ALSO_SIMPLIFIED or _wanted(folded, at)[0] == char:
            after = script.simplified(text, at)
            if after != char and after <= "\uffff":
                yield _Site(at, after, True)


def _foreign(page: Page, own: frozenset[str], other: frozenset[str]) -> list[tuple[int, int]]:
    """Return the spans of paragraphs and quotations that are wholly in the other script."""
    spans = [(m.start(), m.end(), _FOREIGN_QUOTE) for m in _QUOTATION.finditer(page.text)]
    spans += [(start, end, _FOREIGN_LINE) for start, end, _ in page.lines()]
    return [
        (start, end)
        for start, end, least in spans
        if own.isdisjoint(page.text[start:end])
        and sum(char in other for char in page.text[start:end]) >= least
    ]


def _named(text: str) -> list[tuple[int, int]]:
    """Return the spans of the names that a byline's label announces: 作者：趙志里."""
    found = _BYLINE.finditer(script.fold(text))
    return [match.span("names" if match["names"] else "surnamed") for match in found]


def _may_be_yu(text: str, at: int) -> bool:
    """Tell whether a 余 stands where a surname does, and ends no everyday word: not 業余."""
    before = text[at - 1 : at] if at else ""
    starts = not re.match(f"[{HAN}]", before) or before in _BEFORE_NAMES
    starts = starts and text[at + 1 : at + 2] not in _NEVER_GIVEN
    return text[at] == "余" and starts and not is_common_pair(before + "余")


def _is_within(text: str, at: int) -> bool:
    """Tell whether a character stands behind another that no name stands behind: 一個月后."""
    before = text[at - 1 : at] if at else ""
    return bool(re.match(f"[{HAN}]", before)) and before not in _BEFORE_NAMES


def _is_name(text: str, at: int) -> bool:
    """Tell whether the character may be a surname: 主席于志明說; not 服務于職工."""
    match = _NAME.match(text, at)
    if not match or (text[at] == "后" and _is_within(text, at)):
        return False
    if len(match[1]) == 1:
        return not re.match(f"[{HAN}]", text[at - 1 : at])
    return not is_common_pair(match[1])


@repair(
    seen="all four traditional ones of the real essays; a stray 滿 in the simplified one",
    before="工會干部關系職工,對于誌願者要註重實效,开辟新路,服務于基層。",
    after="工會幹部關係職工,對於志願者要注重實效,開闢新路,服務於基層。",
    untouched=(
        "總工會的會員辦得好，里長、皇后、干將、范仲淹與若干公里。",
        "這位是于志明先生，職務是總務。",
        "歷史學會的范女士談乾隆、乾坤、北斗、五斗米，雜誌標誌註冊備註。",
        "乾隆年间，“龍”字怎么写，宫商角徵羽，钱锺书。",
        "工人干部。",
    ),
)
def normalise_script(page: Page) -> Iterator[Finding]:
    """Put a text into one script, the one most of it is in.

    What the author wrote in the other script on purpose, whole paragraphs and whole quotations,
    stays and is flagged. A page that is not of one script by a clear measure stays as it is.
    """
    hant, hans = script.traditional_forms(), script.simplified_forms()
    target = script.detect(page.text)
    own, other = (hant, hans) if target == script.HANT else (hans, hant)
    if own.isdisjoint(page.text):
        return
    foreign = _foreign(page, own, other)
    find = _in_traditional if target == script.HANT else _in_simplified
    sites = {site.at: site for site in find(page.text)}
    kept = [*foreign, *((flag.start, flag.end) for flag in page.flags if flag.kind == "lost-text")]
    kept += [match.span() for match in _MENTION.finditer(page.text)]
    for at in covered(kept, sites):
        del sites[at]
    spans = [*_named(page.text), *script.people(script.fold(page.text)).items()]
    names = {
        at
        for at, site in sites.items()
        if site.rule in ("default", "name")
        and (_is_name(page.text, at) or _may_be_yu(page.text, at))
    }
    # In a name only what the page's script does not have at all is wrong: 赵, never 里.
    names |= {
        at
        for at in covered(spans, sites)
        if page.text[at] not in other or page.text[at] in script.ALSO_SIMPLIFIED
    }
    shows = Counter(site.rule for at, site in sites.items() if at not in names)
    left, over = shows["left"] + shows["name"] >= _PATTERN, shows["over"] >= _SHOWN
    if target == script.HANT and (left or over):
        if over:
            for at in [at for at, site in sites.items() if site.rule == "pattern"]:
                if page.text[at] in ONE_FOR_ALL:
                    del sites[at]
        more = {site.at: site for site in _by_conversion(page.text, left, over)}
        sites = {at: more[at] for at in more.keys() - covered((*kept, *spans), more)} | sites
    yield from _judged(page, dict(sorted(sites.items())), names, shows)
    if foreign:
        message = f"繁簡混用：有 {len(foreign)} 處段落或引文是另一種字體，照原樣保留。"
        yield Flag("mixed-script", 0, 0, message)


def _judged(
    page: Page, sites: dict[int, _Site], names: set[int], shows: Counter[str]
) -> Iterator[Finding]:
    """Yield an edit for what the page shows to be wrong, a flag for what may be right there."""
    left = shows["left"] + shows["name"]
    is_shown = left + shows["over"] + shows[""] >= _SHOWN
    has_pattern = left >= _PATTERN
    doubted = []
    for at, site in sites.items():
        if site.rule == "pattern" and not has_pattern:
            continue
        if at in names or (site.rule == "default" and left < _PATTERN):
            doubted.append(site)
        elif is_shown or not site.rule or _is_wrong_alone(page.text, site):
            if is_shown or site.rule in ("", "over"):
                yield page.edit("variant", at, at + 1, site.after, site.certain)
            else:
                doubted.append(site)
    if is_shown or any(site.at not in names for site in doubted):
        for site in doubted[:_MOST_FLAGS]:
            message = f"此字可能應作「{site.after}」；若是姓名或本來如此，請保留。"
            yield Flag("doubtful-variant", site.at, site.at + 1, message, (site.after,))

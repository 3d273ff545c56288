"""People's names in simplified text: a surname keeps its form (于, not 於), a given name is read
character by character (云 is 雲).

A name is one where the text says so: behind a position (记者于洋), before an address (于师傅),
among other names (李明、于洋), after 小 and 老, or as who speaks; and wherever it stands again.
"""

import re
from collections.abc import Iterable, Iterator

from .around_names import GIVEN_WORDS, LAST_GIVEN, LONGEST_POSITION, OFTEN_GIVEN, ONLY_GIVEN
from .name_patterns import (
    COMMON,
    DOUBLE,
    ELDERS,
    FOLLOWS,
    GIVEN,
    GIVEN_OTHERWISE,
    GOES_ON,
    HAN,
    INSTITUTIONS,
    KEPT,
    NAMED,
    NAMED_TOO,
    NO_NAME,
    NOT_GIVEN,
    OTHERWISE,
    ROLES,
    SAYS,
    SUBJECT,
    SURNAME,
    VERBS,
    VERY_COMMON,
    WORDS_TOO,
    shapes,
)
from .single_characters import Characters
from .word_borders import Words, frequency, tag


def people(text: str) -> dict[int, int]:
    """Return where names begin and end that hold a character which could become another one."""
    marks = shapes().marks
    if not marks.search(text):
        return {}
    words = Words(text)
    spans = (
        *_by_characters(text, words),  # what others tell of the same place goes first
        *_by_shape(text, words),
        *_by_position(text, words),
        *_by_address(text, words),
        *_by_others(text, words),
        *_by_given(text, words),
    )
    found = {start: end for start, end in spans if marks.search(text, start, end)}
    for start, end in _joined(text, {text[start:end] for start, end in found.items()}):
        found.setdefault(start, end)
    for start, end in _alike(text, words):
        found.setdefault(start, end)
    for start, end in _halves(text, words, {text[start] for start in found}):
        found.setdefault(start, end)
    names = {text[start:end] for start, end in found.items() if end - start > 1}
    names |= {name[:2] for name in names if len(name) == 3 and name[-1] in "和与跟同及"}
    if names:
        again = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        for match in again.finditer(text):
            if len(match[0]) > 2 or words.are_apart(*match.span()):
                found.setdefault(match.start(), match.end())
    return found


def _by_position(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names behind a position, and those that follow one: 记者于洋、范晓云."""
    patterns = shapes()
    ends = [
        end
        for end in map(re.Match.end, patterns.ends.finditer(text))
        if patterns.positions.search(text, max(0, end - LONGEST_POSITION), end)
    ]
    behind = filter(None, (patterns.position.match(text, at) for at in ends))
    for match in (*behind, *patterns.credited.finditer(text)):
        if _may_be(match, sure=bool(match["gap"])) or _ends_there(text, match):
            yield match.span("name")
            more = patterns.further.match(text, match.end("name"))
            while more:
                yield more.span("name")
                more = patterns.further.match(text, more.end("name"))
    for match in filter(None, (patterns.running.match(text, at) for at in ends)):
        if words.are_apart(match.start("name"), match.end()) and _is_given(match):
            yield match.span("name")


def _by_address(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names before an address: 于师傅."""
    for match in _overlapping(shapes().address, text):
        before = text[match.start() - 1 : match.start()]
        surname, given = match["surname"], match["given"]
        if len(given) > 1 and frequency(surname + given[0]) >= COMMON:
            begins = not re.match(f"[{HAN}]", before) and surname not in WORDS_TOO
            if not begins or given[1] in NOT_GIVEN:
                continue  # a word before a name: 沈阳沈师傅
        doubtful = surname in "于" + WORDS_TOO
        named = NAMED if surname == "党" else NAMED_TOO
        if not given and before in (
            INSTITUTIONS if surname == "于" else tuple("科厂队组班部室所站")
        ):
            doubtful = False  # 工会于干事
        if surname in "涂游咸谷丑" or (surname == "征" and ELDERS.match(text, match.end())):
            doubtful = False  # 抓着游大哥: no word ends or begins so
        if before == surname == "于" or (not given and before in ROLES):
            doubtful = False  # 至于于大姐, 导读人于先生
        if surname not in "于后":
            named += "到"
        if doubtful and re.match(f"[{HAN}]", before) and before not in named:
            continue
        if surname == "党" and re.match("主席|书记|组", text[match.end() :]):
            continue  # of the party
        sure = not doubtful or not before
        if words.are_apart(match.start(), match.start()) and _may_be(match, sure):
            yield match.span("name")


def _all_of(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    for pattern in patterns:
        yield from pattern.finditer(text)


def _in_lines_with(
    sign: re.Pattern[str], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern in the lines in which there is a sign of it."""
    found = sign.search(text)
    while found:
        begin, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        end = end if end >= 0 else len(text)
        yield from pattern.finditer(text, begin, end)
        found = sign.search(text, end)


_OTHERWISE_GIVEN = re.compile("[征发]")


def _ending_in(last: re.Pattern[str], name: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield names of two or three characters that end in one of some."""
    for at in map(re.Match.start, last.finditer(text)):
        yield from filter(None, (name.match(text, at - size) for size in (2, 1) if at >= size))


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern from every place."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)


def _by_others(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names among names, after 小 and 老, and of who speaks."""
    patterns = shapes()
    for match in _in_lines_with(patterns.lists, patterns.listed, text):
        at, names = match.start("listed"), match["listed"].split("、")
        short = sum(name[0] in "小老阿" or name[1:] in ("师傅", "大姐", "老师") for name in names)
        new = any(map(_is_new, names)) or (len(names) > 2 and all(map(_ends_as_given, names)))
        if short > 1 or (new and all(frequency(name) < COMMON for name in names)):
            for name in names:
                yield at + (name[0] in "小老阿"), at + len(name)
                at += len(name) + 1
    for match in patterns.nickname.finditer(text):
        at = match.end()
        less = match[0] == "小于" and not FOLLOWS.match(text, at)
        if words.are_apart(at, at) and not less:
            yield at - 1, at
    for match in _all_of((patterns.speaks, patterns.called, patterns.presented), text):
        if _may_be(match, sure=match.re is patterns.called):
            yield match.span("name")
    for match in patterns.acting.finditer(text):
        if _may_be(match) and _is_given(match):
            yield match.span("name")


def _by_given(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names that end in a character of given names: 最后一棒钟海燕, and 余、范两位."""
    patterns = shapes()
    for match in patterns.given.finditer(text):
        most = 1 if match["surname"] in VERBS else COMMON
        if not words.are_apart(*match.span("name")) or frequency(match["name"][:2]) >= most:
            continue
        if frequency(match["given"]) < most or tag(match["given"]) == "nr":
            yield match.span("name")
    for match in patterns.whose.finditer(text):
        if words.are_apart(match.start(), match.start()) and _is_given(match):
            yield match.span("name")
    for match in _all_of((patterns.sure, patterns.somebody, patterns.visited), text):
        if words.are_apart(match.start(), match.start()):
            yield match.span("name")
    for match in patterns.of.finditer(text):
        yield match.span("name")
    for match in patterns.half.finditer(text):
        if not _goes_on(text, match.end(), words):
            yield match.span("surname")
    for match in patterns.surnames.finditer(text):
        yield from ((at, at + 1) for at in range(match.start(), match.end(), 2))
    for match in patterns.nicknames.finditer(text):
        yield from ((at, at + 1) for at in range(match.start() + 1, match.end(), 2))
    for match in patterns.clan.finditer(text):
        if words.are_apart(match.start(), match.start()):
            yield match.start(), match.start() + 1


def _by_characters(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names that nothing but their characters tells: 于海波昨天, which begins a clause, and
    叶国征代表, whose given name would become another one."""
    for match in shapes().opening.finditer(text):
        given, end = match["given"], match.end()
        if not OFTEN_GIVEN.issuperset(given) or NO_NAME["于"].match(given):
            continue
        known = not frequency(given) or tag(given) == "nr" or frequency(match["name"])
        known = known or (tag(given) not in ("ns", "t") and SUBJECT.match(text, end))
        known = known and frequency(given) < COMMON
        known = known or (GIVEN_WORDS.fullmatch(given) and SUBJECT.match(text, end))
        if known and words.are_apart(end, end):
            yield match.span()
    for match in _ending_in(_OTHERWISE_GIVEN, shapes().ending, text):
        surname, given, end = match["surname"], match["given"], match.end("name")
        if surname in "黄白金乌" and given in ("长发", "金发"):
            continue  # of hair
        often = given[0] in OFTEN_GIVEN and frequency(surname + given[0]) < COMMON
        if often and words.are_apart(end, end):
            yield match.span("name")


def _joined(text: str, names: set[str]) -> Iterator[tuple[int, int]]:
    """Yield names beside others: 余萍和涂磊."""
    known, patterns = tuple(name for name in names if len(name) > 1), shapes()
    if not known:
        return
    for match in _overlapping(patterns.joined, text):
        if text.endswith(known, 0, match.start()) and _stands_as_name(text, match):
            yield match.span("name")
    for start in map(re.Match.start, patterns.begins.finditer(text)):
        for pattern in (patterns.joins_two, patterns.joins_one):
            match = pattern.match(text, start)
            if match and text.startswith(known, match.end()):
                if _stands_as_name(text, match):
                    yield match.span("name")
                break


def _stands_as_name(text: str, match: re.Match[str]) -> bool:
    return _may_be(match, sure=True) or _ends_there(text, match)


def _alike(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names that are given behind several surnames: 余永昌 and 于永昌, 范红 and 于红."""
    matches = list(shapes().alike.finditer(text))
    if len({match["surname"] for match in matches}) < 2:
        return
    behind: dict[str, set[str]] = {}
    for match in matches:
        for size in (1, 2):
            behind.setdefault(match["given"][:size], set()).add(match["surname"])
    shared = {given for given, names in behind.items() if len(names) > 1 and _may_be_given(given)}
    for match in matches:
        surname, given = match["surname"], match["given"]
        if surname in NO_NAME and NO_NAME[surname].match(given):
            continue
        for part in dict.fromkeys((given[:1], given)):
            start, end = match.start(), match.end("surname") + len(part)
            if (
                part in shared
                and frequency(surname + part) < COMMON
                and words.are_apart(start, start)
                and (len(part) > 1 or not _goes_on(text, end, words))
            ):
                yield start, end


def _may_be_given(given: str) -> bool:
    if len(given) == 1:
        return given in LAST_GIVEN
    known = GIVEN_WORDS.fullmatch(given) or tag(given).startswith("nr")
    return frequency(given) < COMMON or bool(known)


def _halves(text: str, words: Words, surnames: set[str]) -> Iterator[tuple[int, int]]:
    """Yield surnames of people who are named elsewhere in the text: 老党, where 党永福 is."""
    for match in shapes().halves.finditer(text):
        here = match["surname"] in surnames and not frequency(match[0])
        if here and not _goes_on(text, match.end(), words):
            yield match.span("surname")


def _goes_on(text: str, end: int, words: Words) -> bool:
    """Tell whether the character before a place is the first of an everyday word: 老党员."""
    return not words.are_apart(end, end) and frequency(text[end - 1 : end + 1]) >= COMMON


def _by_shape(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield what jieba reads as a name though no dictionary has it: 指导员涂晓燕, but not
    由于晓燕."""
    for match in shapes().unknown.finditer(text):
        surname, given = match["surname"], match["given"]
        if surname in NO_NAME and NO_NAME[surname].match(given):
            continue
        if frequency(surname + given[0]) >= COMMON:
            continue
        at = match.start()
        begins = not re.match(f"[{HAN}]", text[at - 1 : at]) or text[at - 1] in NAMED
        before, kind, size = words.unknown(at)
        often = OFTEN_GIVEN.issuperset(given) and surname not in VERBS and frequency(given) < COMMON
        if (size == 3 and kind == "nr" and (begins or not before.startswith("v"))) or (
            begins
            and (GIVEN_WORDS.match(given) or _is_known(given) or _follows(text, at) or often)
            and GOES_ON.match(text, match.end("name"))
        ):
            yield match.span("name")


def _follows(text: str, at: int) -> bool:
    """Tell whether a 于 stands where it is no preposition, and no everyday word follows it."""
    return bool(re.match("[请给让叫被把跟替找问]于", text[at - 1 :])) and (
        frequency(text[at + 1 : at + 3]) < COMMON * 5
    )


def _is_known(given: str) -> bool:
    return tag(given) == "nr" and 0 < frequency(given) < COMMON * 2


def _is_new(name: str) -> bool:
    return len(name) == 3 and frequency(name) < 2


def _ends_as_given(name: str) -> bool:
    return name[-1] in OFTEN_GIVEN


def _may_be(match: re.Match[str], sure: bool = False) -> bool:
    """Tell whether the surname is none of the everyday words it could be."""
    surname, given = match["surname"], match["given"]
    if not given:
        return True
    if surname in NO_NAME and NO_NAME[surname].match(given):
        return False
    known = frequency(surname + given) >= COMMON and not (
        len(given) == 2 and tag(surname + given) == "nr"
    )
    if known or frequency((surname + given)[:2]) >= VERY_COMMON:
        return False
    if given in ONLY_GIVEN:
        return True
    if surname in VERBS and not sure:
        usual = frequency(given) < COMMON or tag(given).startswith("nr")
        usual = usual or SAYS.match(match.string, match.end("name")) is not None
        return len(given) == 2 and usual and frequency(surname + given[0]) < 5
    return surname not in WORDS_TOO or frequency((surname + given)[:2]) < 5


def _is_given(match: re.Match[str]) -> bool:
    """Tell whether two characters behind a surname are a given name: no everyday word but one that
    is a name too."""
    given, surname = match["given"], match["surname"]
    if not given.strip("某"):
        return True
    if surname in VERBS or (surname in NO_NAME and NO_NAME[surname].match(given)):
        return False
    return (frequency(given) < COMMON or tag(given).startswith("nr")) and frequency(
        surname + given[0]
    ) < COMMON


def _ends_there(text: str, match: re.Match[str]) -> bool:
    """Tell whether three characters end where a sentence pauses: 工程师云天明，."""
    return (
        len(match["given"]) == 2
        and match["surname"] not in "于余后" + VERBS
        and not re.match(f"[{HAN}]", text[match.end("name") :])
        and not frequency(match["name"])
    )


def is_name(text: str) -> bool:
    """Tell whether a field for a name holds a person's: 于志远, not 余杭区总工会."""
    if len(text) == 3 and text[-1] in "会部处室组社队厂局区县市":
        return False
    pattern = rf"(?:{DOUBLE})[{HAN}]{{1,2}}|(?:{SURNAME}|里)[{HAN}]{{1,2}}"
    return re.fullmatch(pattern, text) is not None


def in_traditional(name: str, characters: Characters) -> str:
    """Return a name in traditional characters; `characters` is what they become by themselves."""
    size = 2 if re.match(DOUBLE, name) else 1
    surnames = dict.fromkeys(KEPT + "里") | OTHERWISE
    given = dict.fromkeys(GIVEN) | GIVEN_OTHERWISE

    def form(at: int, char: str) -> str:
        forms = surnames if at < size else given
        return (forms[char] or char) if char in forms else characters.convert(char)

    return "".join(form(at, char) for at, char in enumerate(name))

"""People's names in simplified text: a surname keeps its form (于, not 於), a given name is read
character by character (云 is 雲).

A name is one where the text says so: behind a position (记者于洋), before an address (于师傅),
among other names (李明、于洋), after 小 and 老, or as who speaks; and wherever it stands again.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from .around_names import ACTS, ADDRESSES, CREDITS, GIVEN_WORDS, LONGEST_POSITION, POSITIONS
from .word_borders import Words, frequency, tag

_HAN = "\u3400-\u9fff"

_KEPT = "于余范后郁朴种游岳涂党征丑咸占谷云姜沈仇干卜曲升台"
"""Surnames whose character would become another one elsewhere."""

_OTHERWISE = {"钟": "鍾", "冲": "沖"}
"""Surnames whose character has a form of its own."""

_GIVEN = "后里余范征岳占台郁朴涂游于谷丑"
"""Characters that stay as they are in given names."""

_GIVEN_OTHERWISE = {"冲": "沖", "钟": "鐘", "党": "黨"}

_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋杜叶程魏苏吕丁任卢姚"
    "钟崔谭陆汪廖石金韦贾夏付傅方邹熊白孟秦邱江尹薛闫雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤倪温柳"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|令狐|慕容|宇文|长孙|南宫|端木"

_WORDS_TOO = "后种占征干升台云卜曲党涂丑咸游仇"
"""Of these surnames those that are everyday words, so that less else may speak for a name."""

_VERBS = "种占征干升涂游"
"""And those that are verbs: 工人种庄稼."""

_NAMED = "据经受托代和与跟请祝给问找见叫让是说的对被把谢随帮"
_NAMED_TOO = _NAMED + "了当他她"
"""Characters before which a name may stand that begins like an everyday word."""

_ROLES = tuple("人员者家师手友民工主事")
"""And those that end what somebody is, before a surname and an address: 导读人于先生."""

_BEHIND = (
    f"(?=[^{_HAN}]|$|[说讲带作做和与及等在对向是为会从也都又率任当到笑去来回走站坐被把给将以由因]"
    "|[一二三四五六七八九十两几多][人位名]|表示|介绍|认为|指出|告诉|回忆|报道|主持|宣读|提出|同志|先生|女士|师傅|老师|小姐|先后|代表|参加|出席|担任|获得|报告|发言|摄)"
)
_GOES_ON = re.compile(
    f"{_BEHIND}|[他她曾却还这那本用拿指问答点找]|同学|工友|烈士|两口|夫妇|夫妻|一家"
)
_FOLLOWS = re.compile(
    f"[^{_HAN}0-9０-９]|$|[说和与去来在也都又笑讲问答从给听看想做到回坐站走跑拿接送喊哭点摇补提写画找修买帮交唱教抱扛]"
)
"""What stands behind a surname, but not behind 小于 where that is less than."""

_SPEAKS = "(?=说|表示|介绍|认为|告诉|回忆|主持|指出|笑着|发言|宣读)"

_SAYS = re.compile(_SPEAKS)

_NO_NAME = {
    "于": re.compile(
        "[今昨本当此该这那上下前第其各每某以之一二三四五六七八九十两几百千]|.?[年月日时周]|明[天年日]|会"
        "|.?[上下里内外间的了是在不有来]$|[是在不有]"
    ),
    "后": re.compile("[来面边方果天年半期者]|.的|加速|立即|立刻|马上|随即|表示"),
    "钟": re.compile("[点头表楼声摆情爱鼓]"),
    "余": re.compile("[下款额地粮热震量党孽数钱]"),
}
"""What stands behind a character that is no surname then: 于本月, 于会上, 后来, 余下."""

_NOT_GIVEN = frozenset(f"{_KEPT}{''.join(_OTHERWISE)}{_FREQUENT}的")
_SURNAME = f"(?:{_DOUBLE}|[{_KEPT}{''.join(_OTHERWISE)}{_FREQUENT}])"
_MARKED = f"[{_KEPT}{''.join(_OTHERWISE)}]"
_PLAIN = "".join(char for char in _KEPT if char not in _WORDS_TOO) + "钟涂"

_COMMON = 60
"""How often jieba's dictionary has a word that is hardly a name."""

_VERY_COMMON = 3000


_TAKES = "由关对属等基处位用至终善便勇鉴限急忠过大小高低多少不生在敢乐以之最前今然随先"
"""Characters with which what follows is one word: 由于, 以后."""

_PLACES = "省州市县区镇乡村国山江河湖海岛港"


class _Patterns(NamedTuple):
    """What says that something is a name."""

    marks: re.Pattern[str]
    unknown: re.Pattern[str]
    ends: re.Pattern[str]
    positions: re.Pattern[str]
    position: re.Pattern[str]
    credited: re.Pattern[str]
    running: re.Pattern[str]
    further: re.Pattern[str]
    address: re.Pattern[str]
    lists: re.Pattern[str]
    listed: re.Pattern[str]
    nickname: re.Pattern[str]
    speaks: re.Pattern[str]
    called: re.Pattern[str]
    presented: re.Pattern[str]
    acting: re.Pattern[str]


def _any_of(*words: str) -> str:
    """Return a pattern of words, each letter tried once: 主(?:席|任), not 主席|主任."""
    after: dict[str, list[str]] = {}
    for word in words:
        after.setdefault(word[:1], []).append(word[1:])
    ends = "" in after
    branches = [first + _any_of(*rest) for first, rest in after.items() if first]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)}){'?' * ends}"


@cache
def _patterns() -> _Patterns:
    positions, credits = (_any_of(*words.split("|")) for words in (POSITIONS, CREDITS))
    last = "".join({word[-1] for word in POSITIONS.split("|")})
    name = rf"(?P<name>(?P<surname>{_SURNAME})(?P<given>[{_HAN}]{{2}}|[{_HAN}]))"
    so_and_so = "某{1,2}(?![年月日天地处市县区厂校公企单])"
    marked = rf"(?P<name>(?P<surname>{_MARKED})(?P<given>{so_and_so}|[{_HAN}]{{2}}))"
    plain = rf"(?P<name>(?P<surname>[{_PLAIN}])(?P<given>[{_HAN}]{{1,2}}))"
    several = rf"{_SURNAME}[{_HAN}]{{1,2}}(?:、{_SURNAME}[{_HAN}]{{1,2}})+"
    patterns = (
        f"[{_KEPT}{_GIVEN}{''.join(_OTHERWISE)}]",
        rf"(?P<name>(?P<surname>[于钟朴{_WORDS_TOO}])(?:(?<=[^{_HAN}].)|(?<=^.)|(?<=[{_NAMED}].)|(?<=[^{_TAKES}]于))"
        rf"(?P<given>[{_HAN}]{{2}}))(?<![{_PLACES}])",
        rf"[{last}](?=[ 　:：]{{0,5}}{_SURNAME})",
        rf"{positions}$",
        rf"(?P<gap>[ 　]{{0,2}}[:：]?[ 　]{{0,2}}){name}{_BEHIND}",
        rf"{credits}(?P<gap>[ 　]{{0,2}}[:：/／|｜][ 　]{{0,2}}|[ 　]{{1,2}}){name}{_BEHIND}",
        rf"{marked}(?=[{_HAN}])",
        rf"[、 　]{name}{_BEHIND}",
        rf"(?P<name>(?P<surname>{_MARKED})(?P<given>[{_HAN}]{{0,2}}?))(?={ADDRESSES})",
        rf"、{_SURNAME}",
        rf"(?:(?<=[、：:\s（(有是请由为给])|^)(?P<listed>{several}){_BEHIND}",
        rf"(?P<before>[老阿小])(?:(?<![{_HAN}0-9A-Za-z].)|(?<=[和与跟、由被把给对向请问替比是员长算以帮叫让看像同他她].))"
        rf"(?P<surname>[{_PLAIN}])(?![一二三四五六七八九十两几百千0-9０-９]|[才就更越]?辣|、[嫩仔鲜生])",
        rf"(?P<name>(?P<surname>[{_PLAIN}])(?:(?<=[^{_HAN}].)|(?<=^.))(?P<given>[{_HAN}]{{1,2}})){_SPEAKS}",
        rf"(?P<name>(?P<surname>[{_PLAIN}涂游党种仇征])(?:(?<=叫.)|(?<=[人员的]是.))(?P<given>[{_HAN}]{{2}}|(?<=[{_PLAIN}])[{_HAN}]))"
        rf"(?=[^{_HAN}])",
        rf"(?P<name>(?P<surname>[{_PLAIN}])(?:(?<=[：:；;。\n].)|(?<=^.))(?P<given>[{_HAN}]{{1,2}}))"
        rf"(?=[，,（( 　][{_HAN}]{{0,6}}(?:{positions}|[{_HAN}]工)(?![{_HAN}]))",
        rf"(?:请|由(?!于)){plain}(?={ACTS})",
    )
    return _Patterns(*(re.compile(pattern, re.MULTILINE) for pattern in patterns))


def people(text: str) -> dict[int, int]:
    """Return where names begin and end that hold a character which could become another one."""
    marks = _patterns().marks
    if not marks.search(text):
        return {}
    words = Words(text)
    spans = (
        *_by_shape(text, words),
        *_by_position(text, words),
        *_by_address(text, words),
        *_by_others(text, words),
    )
    found = {start: end for start, end in spans if marks.search(text, start, end)}
    names = {text[start:end] for start, end in found.items() if end - start > 1}
    if names:
        again = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        for match in again.finditer(text):
            if len(match[0]) > 2 or words.are_apart(*match.span()):
                found.setdefault(match.start(), match.end())
    return found


def _by_position(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names behind a position, and those that follow one: 记者于洋、范晓云."""
    patterns = _patterns()
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
    for match in _overlapping(_patterns().address, text):
        before = text[match.start() - 1 : match.start()]
        surname, given = match["surname"], match["given"]
        if len(given) > 1 and frequency(surname + given[0]) >= _COMMON:
            begins = not re.match(f"[{_HAN}]", before) and surname not in _WORDS_TOO
            if not begins or given[1] in _NOT_GIVEN:
                continue  # a word before a name: 沈阳沈师傅
        doubtful = surname in "于" + _WORDS_TOO
        named = _NAMED if surname == "党" else _NAMED_TOO
        if before == surname == "于" or (not given and before in _ROLES):
            doubtful = False  # 至于于大姐, 导读人于先生
        if doubtful and re.match(f"[{_HAN}]", before) and before not in named:
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


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern from every place."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 1)


def _by_others(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield names among names, after 小 and 老, and of who speaks."""
    patterns = _patterns()
    for match in _in_lines_with(patterns.lists, patterns.listed, text):
        at, names = match.start("listed"), match["listed"].split("、")
        if all(frequency(name) < _COMMON for name in names) and any(map(_is_new, names)):
            for name in names:
                yield at, at + len(name)
                at += len(name) + 1
    for match in patterns.nickname.finditer(text):
        at = match.end()
        less = match[0] == "小于" and not _FOLLOWS.match(text, at)
        if words.are_apart(at, at) and not less:
            yield at - 1, at
    for match in _all_of((patterns.speaks, patterns.called, patterns.presented), text):
        if _may_be(match):
            yield match.span("name")
    for match in patterns.acting.finditer(text):
        if _may_be(match) and _is_given(match):
            yield match.span("name")


def _by_shape(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Yield what jieba reads as a name though no dictionary has it: 指导员涂晓燕, but not
    由于晓燕."""
    for match in _patterns().unknown.finditer(text):
        surname, given = match["surname"], match["given"]
        if surname in _NO_NAME and _NO_NAME[surname].match(given):
            continue
        if frequency(surname + given[0]) >= _COMMON:
            continue
        at = match.start()
        begins = not re.match(f"[{_HAN}]", text[at - 1 : at]) or text[at - 1] in _NAMED
        before, kind, size = words.unknown(at)
        if (size == 3 and kind == "nr" and (begins or not before.startswith("v"))) or (
            begins
            and (GIVEN_WORDS.match(given) or _is_known(given) or _follows(text, at))
            and _GOES_ON.match(text, match.end("name"))
        ):
            yield match.span("name")


def _follows(text: str, at: int) -> bool:
    """Tell whether a 于 stands where it is no preposition, and no everyday word follows it."""
    return bool(re.match("[请给让叫被把跟替找问]于", text[at - 1 :])) and (
        frequency(text[at + 1 : at + 3]) < _COMMON * 5
    )


def _is_known(given: str) -> bool:
    return tag(given) == "nr" and 0 < frequency(given) < _COMMON * 2


def _is_new(name: str) -> bool:
    return len(name) == 3 and frequency(name) < 2


def _may_be(match: re.Match[str], sure: bool = False) -> bool:
    """Tell whether the surname is none of the everyday words it could be."""
    surname, given = match["surname"], match["given"]
    if not given:
        return True
    if surname in _NO_NAME and _NO_NAME[surname].match(given):
        return False
    known = frequency(surname + given) >= _COMMON and not (
        len(given) == 2 and tag(surname + given) == "nr"
    )
    if known or frequency((surname + given)[:2]) >= _VERY_COMMON:
        return False
    if surname in _VERBS and not sure:
        usual = frequency(given) < _COMMON or tag(given).startswith("nr")
        usual = usual or _SAYS.match(match.string, match.end("name")) is not None
        return len(given) == 2 and usual and frequency(surname + given[0]) < 5
    return surname not in _WORDS_TOO or frequency((surname + given)[:2]) < 5


def _is_given(match: re.Match[str]) -> bool:
    """Tell whether two characters behind a surname are a given name: no everyday word but one that
    is a name too."""
    given, surname = match["given"], match["surname"]
    if not given.strip("某"):
        return True
    if surname in _VERBS or (surname in _NO_NAME and _NO_NAME[surname].match(given)):
        return False
    return (frequency(given) < _COMMON or tag(given).startswith("nr")) and frequency(
        surname + given[0]
    ) < _COMMON


def _ends_there(text: str, match: re.Match[str]) -> bool:
    """Tell whether three characters end where a sentence pauses: 工程师云天明，."""
    return (
        len(match["given"]) == 2
        and match["surname"] not in "于余后" + _VERBS
        and not re.match(f"[{_HAN}]", text[match.end("name") :])
        and not frequency(match["name"])
    )


def is_name(text: str) -> bool:
    """Tell whether a field for a name holds a person's: 于志远, not 余杭区总工会."""
    if len(text) == 3 and text[-1] in "会部处室组社队厂局区县市":
        return False
    pattern = rf"(?:{_DOUBLE})[{_HAN}]{{1,2}}|(?:{_SURNAME}|里)[{_HAN}]{{1,2}}"
    return re.fullmatch(pattern, text) is not None


def in_traditional(name: str, characters: list[int | str]) -> str:
    """Return a name in traditional characters; `characters` is what they become by themselves."""
    size = 2 if re.match(_DOUBLE, name) else 1
    surnames = dict.fromkeys(_KEPT + "里") | _OTHERWISE
    given = dict.fromkeys(_GIVEN) | _GIVEN_OTHERWISE

    def form(at: int, char: str) -> str:
        forms = surnames if at < size else given
        return (forms[char] or char) if char in forms else char.translate(characters)

    return "".join(form(at, char) for at, char in enumerate(name))

"""Wrong conversions between the scripts, and characters of the other script in a text.

Two tools leave them. One converts character for character and leaves alone what has several
forms (幹部 stays 干部); the other always takes the same form (志願 becomes 誌願). What a character
has to be is decided by the words it stands in, from OpenCC's own phrases, never by itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ...text import script
from ..edits import Flag
from ..lexicon.language import is_common_pair
from ..lexicon.surnames import SINGLE
from .frame import Finding, Page, covered, repair

HAN = r"\u3400-\u9fff"

_HALF = frozenset("干于并仆后里范系谷丑松斗准征咨吁朴郁荐辟制面获尽余历")
"""Simplified characters that Taiwan never writes in the words where OpenCC has another form.

公布, 周末, 游客, 占領, 舞台, 注釋 are written there beside 公佈, 週末, 遊客 …: they are not here.
"""

_NEVER = frozenset("万党广厂价极柜确种胜适据愿虫几叶筑腊挂艳苹")
"""Simplified characters that modern traditional text has in names only."""

_ALWAYS = frozenset("于并里后")
"""What is wrong outside words of the dictionary too, on a page that shows it leaves them: 于 in
服務于職工."""

# What a tool writes that always takes the same form, and what belongs there: pairs, wrong first.
_OVER = frozenset(
    wrong + right
    for wrong, right in zip(
        "鬥範麵髮曆歷穫獲髒臟徵準鬆醜闢鬍鬚錶薑禦籲樸闆緻颱颱嚐",
        "斗范面發歷曆獲穫臟髒征准松丑辟胡須表姜御吁朴板致台臺嘗",
        strict=True,
    )
)
# Pairs of which both stand in many words: only in these is one of them wrong.
_ONLY_IN = {
    "誌志": "志願 同志 意志 鬥志 立志 壯志 志氣 志向 志士 有志 矢志 志在 志趣 志業 志工 勵志",
    "註注": "注意 注重 關注 專注 注入 注射 注視 注目 貫注 賭注 灌注 傾注",
    "裡里": "公里 英里 海里 華里 里程 里弄 鄰里 鄉里 故里 萬里 千里 百里 里約 里昂",
    "後后": "皇后 太后 王后 后妃 后羿 母后 影后 歌后",
    "幹干": "干擾 干預 干涉 若干 相干 干戈 干係",
    "乾干": "干擾 干預 干涉 若干 相干 干戈 干係",
    "乾幹": "幹部 幹勁 骨幹 主幹 才幹 能幹 苦幹 實幹 幹活 樹幹 幹線 幹事 精幹",
    "幹乾": "乾淨 乾燥 乾脆 乾杯 餅乾 乾旱 曬乾",
    "製制": "制度 體制 控制 限制 強制 機制 制定 制訂 制約 制止 制裁 抑制 法制 管制",
    "係系": "系統 體系 系列 派系 院系 科系 星系 水系 母系 父系 系主任",
    "繫系": "系統 體系 系列 派系 院系 科系 星系 水系 母系 父系 系主任",
    "係繫": "聯繫 維繫 心繫 繫念 繫鈴",
    "繫係": "關係 干係",
    "隻只": "只有 只要 只能 只是 只好 只得 只顧 只想 只怕 只見 不只 只不過 只需 只會 只靠 只在",
    "鍾鐘": "時鐘 分鐘 鐘頭 鬧鐘 警鐘 鐘錶 秒鐘 點鐘 鐘聲",
    "複復": "復興 恢復 復活 康復 修復 復蘇 報復 收復 復員 復工 復職 反復 光復 復仇 往復 復辟",
    "復複": "複雜 重複 複製 繁複 複合 複數 複印",
    "彙匯": "匯率 匯款 外匯 匯入 匯集 匯兌 創匯",
    "匯彙": "詞彙 彙編 語彙",
    "衝沖": "沖洗 沖刷 沖淡 沖泡",
    "沖衝": "衝突 衝擊 衝刺 衝動 衝鋒 衝破",
    "雲云": "人云亦云 不知所云",
    "發髮": "頭髮 理髮 白髮 毛髮 剪髮",
    "鬱郁": "馥郁 濃郁",
    "穀谷": "山谷 低谷 谷底 峽谷 河谷",
    "籤簽": "簽字 簽名 簽訂 簽約 簽署 簽收 簽發 簽到 簽證",
    "簽籤": "標籤 牙籤 書籤 抽籤",
    "並併": "合併 兼併 吞併 歸併 併購 併入 併發症",
}

_EITHER = frozenset(["念唸", "梁樑", "了瞭", "布佈", "占佔", "台臺", "扎紮", "紮扎", "娘孃"])
"""Pairs of which Taiwan's dictionaries allow both: 橋梁, 了解, 公布, 扎根, 紮實, 娘家."""

_OF_HONG_KONG = frozenset("恒户温税脱悦兑卧葱蜕囱揾媪愠醖")
"""Simplified characters that Hong Kong's standard has too, and 恒, which it has in names."""

_COUNTED = frozenset("一二三四五六七八九十百千萬万两兩几幾半每這这那哪数數整少船0123456789")
"""What stands before 隻, a measure of animals and ships: 若是只解決 has none."""

_BEFORE_NAMES = frozenset("長长席記记員员事任師师士授理監监傅工委友民官與与和及、")
_NEVER_GIVEN = frozenset("額额款地數数項项震孽糧粮")
"""What ends a person's role, and what joins names: 理事長余光明, 余波與余暉; and what is no given
name: 余額."""

_SEVERAL = frozenset("发复获历汇脏钟尽纤坛饥团签冲须松")
"""Simplified characters whose second form is so common that the first is a guess without a word."""

_PATTERN = 3
"""Certain sites that show how a page was converted; the five real essays have 12 and more."""

_FOREIGN_LINE, _FOREIGN_QUOTE = 10, 2
"""Characters of the other script alone, and none of the page's own, that make a paragraph or a
quotation one that its author wrote in the other script."""

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
_MENTION = re.compile(rf"(?<![{HAN}])[{HAN}](?![{HAN}])")
"""A character spoken of, not used: 干（幹）, “龍”字."""


_MOST_FLAGS = 20
"""Doubtful characters flagged one by one: nobody reads more."""

_HAZARDS = frozenset("乾徵夥甯昇鍾")
"""Traditional characters that simplified text has too, in names and old words."""


@dataclass(frozen=True, slots=True)
class _Site:
    """A character that ought to be another one."""

    at: int
    after: str
    certain: bool
    rule: str = ""
    """left: by a tool that leaves alone what has several forms, which shows its pattern; pattern:
    wrong if the page shows it; default: the same, and not in a name; name: only not in a name."""


@cache
def _fragments() -> frozenset[str]:
    """Return the pairs that occur in phrases: a quick no for most places."""
    return frozenset(key[at : at + 2] for key in script.phrases() for at in range(len(key) - 1))


def _wanted(folded: str, at: int) -> tuple[str, bool]:
    """Return the form the words around a simplified character ask for, and whether all agree.

    The longest word decides. A pair is opposed where the character makes an everyday word with
    its other neighbour too: 制作 in 限制作業.
    """
    known, table = _fragments(), script.phrases()
    before, behind = folded[at - 1 : at + 1] if at else "", folded[at : at + 2]
    if before not in known and behind not in known:
        return "", False
    for length in range(script.LONGEST_PHRASE, 2, -1):
        for start in range(max(0, at - length + 1), at + 1):
            word = folded[start : start + length]
            if word in table and start + length > at:
                rival = before if start == at else behind if start + length == at + 1 else ""
                form = table[word][at - start]
                return form, not is_common_pair(rival) or form in table.get(rival, "")
    left, right = table.get(before, "")[1:], table.get(behind, "")[:1]
    if left == right or not (left or right):
        return left, bool(left)
    common_left, common_right = is_common_pair(before), is_common_pair(behind)
    if common_left == common_right:
        return left or right, not common_left and not (left and right)
    chosen = left if common_left else right
    return chosen, bool(chosen)


@cache
def _only_in() -> dict[str, tuple[str, ...]]:
    return {pair: tuple(script.fold(words).split(" ")) for pair, words in _ONLY_IN.items()}


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
    return chars | {pair[0] for pair in (*_OVER, *_ONLY_IN)}


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
        if char in simplified and char not in _OF_HONG_KONG:
            after = wanted or (forms[0] if forms else script.traditional(char))
            yield _Site(at, after, agreed or char not in _SEVERAL)
        elif char == "着" or char in _OF_HONG_KONG:
            if taiwan:
                yield _Site(at, script.traditional(char) if char != "着" else "著", True, "pattern")
        elif char in _NEVER and char == plain:
            if not wanted or wanted != char:
                yield _Site(at, wanted or forms[0], True, "name" if not wanted else "left")
        elif agreed and wanted != char:
            words = _only_in().get(char + wanted)
            if char == plain and char in _HALF:
                yield _Site(at, wanted, True, "name" if _may_be_yu(text, at) else "left")
            elif char + wanted == "只隻" and text[at - 1 : at] not in _COUNTED:
                continue
            elif char + wanted in _OVER or (words and _stands_in(folded, at, words)):
                yield _Site(at, wanted, True)
            elif (
                only_one(char, plain)
                and char + wanted not in _EITHER
                and script.fold(wanted) == plain
            ):
                yield _Site(at, wanted, True, "pattern")
        elif not wanted and char == plain and char in _ALWAYS and only_one(char, plain):
            yield _Site(at, forms[0], True, "default")


def _in_simplified(text: str) -> Iterator[_Site]:
    """Yield what is traditional in a text that is simplified."""
    folded = script.fold(text)
    for at, char in _places_of(script.traditional_forms(), text):
        if char not in _HAZARDS or _wanted(folded, at)[0] == char:
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


def _is_name(text: str, at: int) -> bool:
    """Tell whether the character may be a surname: 主席于志明說; not 服務于職工."""
    match = _NAME.match(text, at)
    if not match:
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
    names = {
        at
        for at, site in sites.items()
        if site.rule in ("default", "name")
        and (_is_name(page.text, at) or _may_be_yu(page.text, at))
    }
    # In a name only what the page's script does not have at all is wrong: 赵, never 里.
    names |= {
        at
        for at in covered(_named(page.text), sites)
        if page.text[at] not in other or page.text[at] in _HAZARDS
    }
    evidence = sum(s.rule in ("left", "name") for s in sites.values() if s.at not in names)
    doubtful = 0
    for at, site in sites.items():
        doubted = at in names or (site.rule == "default" and evidence < _PATTERN)
        if doubted and evidence and doubtful < _MOST_FLAGS:
            doubtful += 1
            message = f"此字可能應作「{site.after}」；若是姓名或本來如此，請保留。"
            yield Flag("doubtful-variant", at, at + 1, message, (site.after,))
        elif not doubted and (evidence >= _PATTERN or site.rule != "pattern"):
            yield page.edit("variant", at, at + 1, site.after, site.certain)
    if foreign:
        message = f"繁簡混用：有 {len(foreign)} 處段落或引文是另一種字體，照原樣保留。"
        yield Flag("mixed-script", 0, 0, message)

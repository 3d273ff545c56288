"""What names of people look like in simplified text: surnames, given names and what stands around
them."""

import re
from functools import cache
from typing import NamedTuple

from .around_names import (
    ACTS,
    ADDRESSES,
    CREDITS,
    GIVEN_WORDS,
    KIN,
    LAST_GIVEN,
    ONLY_GIVEN,
    POSITIONS,
)

HAN = "\u3400-\u9fff"

KEPT = "于余范后郁朴种游岳涂党征丑咸占谷云姜沈仇干卜曲升台"
"""Surnames whose character would become another one elsewhere."""

OTHERWISE = {"钟": "鍾", "冲": "沖"}
"""Surnames whose character has a form of its own."""

GIVEN = "后里余范征岳占台郁朴涂游于谷丑松"
"""Characters that stay as they are in given names."""

GIVEN_OTHERWISE = {"冲": "沖", "钟": "鐘", "党": "黨", "发": "發"}

_FREQUENT = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋杜叶程魏苏吕丁任卢姚"
    "钟崔谭陆汪廖石金韦贾夏付傅方邹熊白孟秦邱江尹薛闫雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔汤倪温柳"
)
DOUBLE = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟|公孙|令狐|慕容|宇文|长孙|南宫|端木"

WORDS_TOO = "后种占征干升台云卜曲党涂丑咸游仇"
"""Of these surnames those that are everyday words, so that less else may speak for a name."""

VERBS = "种占征干升涂游"
"""And those that are verbs: 工人种庄稼."""

NAMED = "据经受托代和与跟请祝给问找见叫让是说的对被把谢随帮"
NAMED_TOO = NAMED + "了当他她"
"""Characters before which a name may stand that begins like an everyday word."""

ROLES = tuple("人员者家师手友民工主事")
"""And those that end what somebody is, before a surname and an address: 导读人于先生."""

_BEHIND = (
    f"(?=[^{HAN}]|$|[说讲带作做和与及等在对向是为会从也都又率任当到笑去来回走站坐被把给将以由因系]"
    "|[一二三四五六七八九十两几多][人位名]|表示|介绍|认为|指出|告诉|回忆|报道|主持|宣读|提出|同志|先生|女士|师傅|老师|小姐|先后|代表|参加|出席|担任|获得|报告|发言|摄)"
)
GOES_ON = re.compile(
    f"{_BEHIND}|[他她曾却还这那本用拿指问答点找第]|同学|工友|烈士|两口|夫妇|夫妻|一家|轮流|一起|一同|共同|分别|的(?:{KIN})"
)
SUBJECT = re.compile(f"{GOES_ON.pattern}|[昨今]|去年|[前明][年天]|[近日]日|于")
"""What stands behind a subject."""

FOLLOWS = re.compile(
    f"[^{HAN}0-9０-９]|$|[说和与跟同去来在也都又笑讲问答从给听看想做到回坐站走跑拿接送喊哭点摇补提写画找修买帮交唱教抱扛带]|负责|正在|刚|今年|昨天|当时|没|每天|家"
)
"""What stands behind a surname, but not behind 小于 where that is less than."""

_SPEAKS = (
    "(?=说|表示|介绍|认为|告诉|回忆|主持|指出|笑着|发言|宣读|当选|出任|兼任"
    "|任(?:副|总)?[主书委会组队厂校理经])"
)

SAYS = re.compile(_SPEAKS)

NO_NAME = {
    "于": re.compile(
        "[今昨本当此该这那上下前第其各每某以之一二三四五六七八九十两几百千]|.?[年月日时周]|明[天年日]|会"
        "|.?[上下里内外间的了是在不有来]$|[是在不有]|立[春夏秋冬]|玉树|林芝|龙华|晓庄|国庆"
    ),
    "后": re.compile("[来面边方果天年半期者]|.的|加速|立即|立刻|马上|随即|表示"),
    "钟": re.compile("[点头表楼声摆情爱鼓]"),
    "余": re.compile("[下款额地粮热震量党孽数钱]"),
}
"""What stands behind a character that is no surname then: 于本月, 于会上, 后来, 余下."""

NOT_GIVEN = frozenset(f"{KEPT}{''.join(OTHERWISE)}{_FREQUENT}的")
_SINGLE = f"[{KEPT}{''.join(OTHERWISE)}{_FREQUENT}]"
SURNAME = f"(?:{DOUBLE}|[{KEPT}{''.join(OTHERWISE)}{_FREQUENT}])"
MARKED = f"[{KEPT}{''.join(OTHERWISE)}]"
_PLAIN = "".join(char for char in KEPT if char not in WORDS_TOO) + "钟涂"

COMMON = 60
"""How often jieba's dictionary has a word that is hardly a name."""

VERY_COMMON = 3000


_TAKES = "由关对属等基处位用至终善便勇鉴限急忠过大小高低多少不生在敢乐以之最前今然随先"
"""Characters with which what follows is one word: 由于, 以后."""

ELDERS = re.compile("大[爷妈叔婶哥姐]|师傅|奶奶|爷爷|阿姨")

INSTITUTIONS = tuple("会厂校院科队组班处部室所站店村的")
"""Where somebody with an address belongs to: 工会于干事."""

_NUMBERS = "0-9０-９一二两三四五六七八九十百千万亿几数多"

_JOINS = "[和与及跟同、]"
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
    half: re.Pattern[str]
    given: re.Pattern[str]
    whose: re.Pattern[str]
    of: re.Pattern[str]
    sure: re.Pattern[str]
    somebody: re.Pattern[str]
    visited: re.Pattern[str]
    surnames: re.Pattern[str]
    nicknames: re.Pattern[str]
    clan: re.Pattern[str]
    alike: re.Pattern[str]
    opening: re.Pattern[str]
    ending: re.Pattern[str]
    halves: re.Pattern[str]
    joined: re.Pattern[str]
    begins: re.Pattern[str]
    joins_two: re.Pattern[str]
    joins_one: re.Pattern[str]


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
def shapes() -> _Patterns:
    positions, credits = (_any_of(*words.split("|")) for words in (POSITIONS, CREDITS))
    last = "".join(sorted({word[-1] for word in POSITIONS.split("|")}))
    name = rf"(?P<name>(?P<surname>{SURNAME})(?P<given>[{HAN}]{{2}}|[{HAN}]))"
    so_and_so = "某{1,2}(?![年月日天地处市县区厂校公企单])"
    marked = rf"(?P<name>(?P<surname>{MARKED})(?P<given>{so_and_so}|[{HAN}]{{2}}))"
    plain = rf"(?P<name>(?P<surname>[{_PLAIN}])(?P<given>[{HAN}]{{1,2}}))"
    one = rf"(?:[小老阿]{SURNAME}|{SURNAME}[{HAN}]{{1,2}})"
    several = f"{one}(?:、{one})+"
    patterns = (
        f"[{KEPT}{GIVEN}{''.join(OTHERWISE | GIVEN_OTHERWISE)}]",
        rf"(?P<name>(?P<surname>[于钟朴{WORDS_TOO}])(?:(?<=[^{HAN}].)|(?<=^.)|(?<=[{NAMED}].)|(?<=[^{_TAKES}]于))"
        rf"(?P<given>[{HAN}]{{2}}))(?:(?<![{_PLACES}])|(?<=[建卫爱振兴保定]国))",
        rf"[{last}](?=[ 　:：/／|｜]{{0,5}}{SURNAME})",
        rf"{positions}$",
        rf"(?P<gap>[ 　]{{0,2}}[:：/／|｜]?[ 　]{{0,2}}){name}{_BEHIND}",
        rf"{credits}(?P<gap>[ 　]{{0,2}}[:：/／|｜][ 　]{{0,2}}|[ 　]{{1,2}}){name}{_BEHIND}",
        rf"{marked}(?=[{HAN}])",
        rf"[、 　]{name}{_BEHIND}",
        rf"(?P<name>(?P<surname>{MARKED})(?P<given>[{HAN}]{{0,2}}?))(?={ADDRESSES})",
        rf"、[小老阿]?{SURNAME}",
        rf"(?:(?<=[，、：:\s（(有是请由为给])|^)(?P<listed>{several}){_BEHIND}",
        rf"(?P<before>[老阿小])(?:(?<![{HAN}0-9A-Za-z].)|(?<=[和与跟、由被把给对向请问替比是员长算以帮叫让看像同他她].))"
        rf"(?P<surname>[{_PLAIN}])(?![一二三四五六七八九十两几百千0-9０-９]|[才就更越]?辣|、[嫩仔鲜生])",
        rf"(?P<name>(?P<surname>[{_PLAIN}])(?:(?<=[^{HAN}].)|(?<=^.))(?P<given>[{HAN}]{{1,2}})){_SPEAKS}",
        rf"(?P<name>(?P<surname>[{_PLAIN}涂游党种仇征干占咸卜])(?:(?<=叫.)|(?<=[人员的]是.))(?P<given>[{HAN}]{{2}}|(?<=[{_PLAIN}])[{HAN}]))"
        rf"(?=[^{HAN}]|$|的)",
        rf"(?P<name>(?P<surname>[{_PLAIN}])(?:(?<=[：:；;。\n].)|(?<=^.))(?P<given>[{HAN}]{{1,2}}))"
        rf"(?=[，,（( 　][{HAN}]{{0,6}}(?:{positions}|[{HAN}]工)(?![{HAN}]))",
        rf"(?:请|由(?!于)){plain}(?={ACTS})",
        rf"[小老阿](?<![最大缩减]小)(?P<surname>[涂范郁岳朴咸党](?<!小[朴咸党])(?<!阿[岳朴咸党]))"
        rf"(?=[^{HAN}0-9]|$|[说和与去来在也都又笑讲给听想回坐站走跑拿接送喊哭点摇补提写画找修买帮教唱是叫的])",
        rf"(?P<name>(?P<surname>[范郁朴岳姜沈钟涂游党种征干占卜咸谷余于](?<![{_NUMBERS}]余)(?:(?<![{HAN}]于)|(?<=[的员工师手]于)|(?<=[^于])))"
        rf"(?P<given>[{HAN}][{LAST_GIVEN}]))",
        rf"(?P<name>(?P<surname>于(?<=[的员工手师生弟妹兵匠]于))(?P<given>[{HAN}]{{2}}))(?:{GOES_ON.pattern}|[今去前明当那]年|每天|从小)",
        rf"(?P<name>[种征占党游涂干](?<=的.)(?:{GIVEN_WORDS.pattern}))(?=[^{HAN}]|$)",
        rf"(?P<name>(?P<surname>{MARKED})(?P<given>[{ONLY_GIVEN}])(?:(?<=[和与跟同及、叫的]..)|(?<![{HAN}]..)))(?:{GOES_ON.pattern})",
        r"(?P<name>[范余岳涂游钟云姜沈郁谷于](?<![^人告称与和被，。；：、（]于))某(?=[^年月日天地处市县区厂校公企单些个种一项段]|$)",
        rf"(?P<name>于(?<=[在到]于))(?=(?:{ADDRESSES})(?:家|那[里儿]|这[里儿]|身边|门口|宿舍))",
        rf"{_SINGLE}(?:[、和]{_SINGLE})+(?=[两二三四五六七八九十几]?位(?!于)|[两二三四五六七八九十]人)",
        rf"(?<![{HAN}])(?:[老小阿]{_SINGLE}){{2,}}",
        rf"[范余岳涂游姜沈郁谷于党](?:氏(?![{HAN}]度)|家(?=兄弟|姐妹|父子|母子|父女|母女|婆媳|夫妇|一家|[大二三四五小]?(?:儿子|儿媳|女儿|媳妇|闺女|小子)))"
        rf"(?<![{_TAKES}][范余岳涂游姜沈郁谷于党].)",
        rf"(?P<surname>[于余范郁岳涂游党姜沈钟种谷])(?=(?P<given>[{HAN}]{{1,2}}))",
        rf"(?P<name>(?P<surname>于)(?:(?<![{HAN}].)|(?<=[和与及跟].))(?P<given>[{HAN}]{{2}}))(?![{_PLACES}路街站厂店馆院校]|(?<=建国|解放)[以前后初])",
        rf"(?:(?<![{HAN}])|(?<=[和与及跟由请]))(?P<name>(?P<surname>{SURNAME})"
        rf"(?P<given>[{HAN}][征发]|征))(?:{GOES_ON.pattern}|发起|负责|同意|[签领提赶接听])",
        r"(?<![最大缩减])[小老阿](?P<surname>[党涂游种征咸卜占干升谷朴郁范岳云姜钟])",
        rf"{_JOINS}(?P<name>(?P<surname>{MARKED})(?P<given>[{HAN}]{{1,2}}))(?:{GOES_ON.pattern})",
        rf"(?<![{HAN}]){MARKED}",
        rf"(?P<name>(?P<surname>{MARKED})(?P<given>[{HAN}]{{2}})){_JOINS}",
        rf"(?P<name>(?P<surname>{MARKED})(?P<given>[{HAN}])){_JOINS}",
    )
    return _Patterns(*(re.compile(pattern, re.MULTILINE) for pattern in patterns))

"""Chinese surnames: whether a few characters may be a name, and where one name ends.

Single and double surnames in use today; the Hundred Family Surnames and what the household
registers list beyond them. Simplified characters: fold before asking.
"""

import re
from functools import lru_cache

from ...text import script
from .language import is_common_pair, is_in_a_word

SINGLE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖文洪樊兰殷施庞颜倪伍梅俞葛安牛聂章鲁岳翟辛耿关申尚季齐焦柳左甘祝宁欧柯凌毕单鲍霍包司裴涂游阮"
    "童温盛翁路牟成时谷瞿盖房纪舒项卞臧解宫古苗车管蒲柴詹边应全桂井冷华邢卜费连苑池穆荆屈封卓党娄靳景储"
    "滕姬郁曲邬缪冉芦鞠敖仇简沙尧晏柏谈奚闵宗麦杭伏冼隋佟辜窦丛艾初祁楚米莘喻邝鄢虞明支巩褚巫燕桑练涂揭"
    "占佘狄苟蔺栾闻尉桓雍屠骆蓝计席都岑阳符胥强仝郎苍晋匡厉刁蒙幸衣麻商扈冀帅宿花庄邸缑仲邰敬上阴郗荀羊於惠"
    "曲邹湛汲糜弓牧隗山宓蓬暴钭戎祖束薄印怀鄂索咸籍能双翦谯贡劳逄姚濮寿通扶堵宰郦璩濮步耿满弘国寇广禄阙东殴"
    "沃利蔚越夔隆师厍晁勾融訾那饶空毋沙乜养须丰巢蒯相查后红权逯益公南勇庹迟海战呼操展矫由化"
    "卫尤戚水云昌凤酆廉乐皮元平和禹贝茅危昝经裘干宣贲诸吉钮嵇滑荣甄家芮羿邴松段富乌巴班仰秋伊韶郜蓟郤郏浦慕茹习宦鱼容慎戈庾终暨居衡殳阚竺官佴仉亢况郈琴汝钦哈墨笪年福伯朴门闪区修仵代忻迮镡"
    "谌郇郄玄苌茆萨甯禚竹缐肇良虎蹇铁雒鲜鹿麴黑檀亓阔折粟芈睢眭逢泥轩瑞芶斯绳亚恽恭"
)
DOUBLE = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "东方",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "宇文",
        "长孙",
        "独孤",
        "南宫",
        "端木",
        "百里",
        "呼延",
        "轩辕",
        "东郭",
        "西门",
        "闻人",
        "钟离",
        "申屠",
        "太史",
        "公冶",
        "濮阳",
        "淳于",
        "单于",
        "范姜",
        "张简",
        "赫连",
        "澹台",
        "拓跋",
        "公羊",
        "仲孙",
        "闾丘",
        "司空",
        "司寇",
        "第五",
        "左丘",
        "梁丘",
    ]
)
# The hundred most frequent: they decide whether a bare line is a name at all.
FREQUENT = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)

# Surnames that hardly begin a word: 李明 is in every word list, and yet a name.
_NOTHING_ELSE = frozenset("李刘赵吴郭邓冯曹彭蒋蔡薛谭邹贾魏袁潘姚沈崔廖韦傅尹闫阎郝龚邵")
_HARDLY_ELSE = _NOTHING_ELSE | frozenset("王张陈杨徐孙朱")
_PLACES = frozenset("国子家氏姓军营庄村镇县")

_NO_SURNAME = re.compile("[的了是在和与及或就也都要把被从到对为以其这那们之而且]")


def may_be_name(text: str) -> bool:
    """Tell whether two to four characters begin with a surname: 欧阳修, 赵毅, never 我们."""
    text = script.fold(text)
    if text[:2] in DOUBLE:
        return 3 <= len(text) <= 4
    return 2 <= len(text) <= 3 and text[0] in SINGLE and not _NO_SURNAME.search(text)


def is_likely_name(text: str) -> bool:
    """Tell whether a bare string is a name: a frequent surname, and no everyday word (任务)."""
    text = script.fold(text)
    if text[:2] in DOUBLE:
        return 3 <= len(text) <= 4
    if not (2 <= len(text) <= 3 and text[0] in FREQUENT) or _NO_SURNAME.search(text):
        return False
    if text[0] in _NOTHING_ELSE and text[1] not in _PLACES:
        return True
    pairs = [text] if len(text) == 2 else [text[:2], text[1:]]
    return not all(is_common_pair(pair) for pair in pairs)


def is_certainly_name(text: str) -> bool:
    """Tell whether a likely name holds no everyday word: 王芳, 李建国, not 向前走."""
    folded = script.fold(text)
    pure = folded[0] in _NOTHING_ELSE or folded[:2] in DOUBLE or "·" in text
    words = any(is_common_pair(text[at : at + 2]) for at in range(len(text) - 1))
    return pure or (is_likely_name(text) and not words)


def begins_a_word(text: str) -> bool:
    """Tell whether what could be a name of three begins like an everyday word, or is one: 田野上,
    白皮书. The commonest surnames begin few words, and are none without more."""
    folded = script.fold(text)
    if len(folded) != 3 or folded[0] in _HARDLY_ELSE or folded[:2] in DOUBLE:
        return False
    return is_common_pair(folded[:2]) or is_in_a_word(folded)


@lru_cache(4096)
def split_run(text: str) -> tuple[str, ...]:
    """Return the names run together in `text`, or nothing unless there is just one way.

    赵毅李明 is 赵毅 and 李明 (赵毅李 and 明 is none); 王芳李明华 may end in 明华 only as one
    name. Where surnames stand inside given names there may be several ways: a blank beats a guess.
    """
    folded = script.fold(text)
    ways: list[tuple[str, ...]] = []

    def walk(at: int, names: tuple[str, ...]) -> None:
        if len(ways) > 1:
            return
        if at == len(text):
            ways.append(names)
            return
        sizes = (3, 4) if folded[at : at + 2] in DOUBLE else (2, 3)
        for size in sizes:
            piece = folded[at : at + size]
            if len(piece) == size and (piece[:2] in DOUBLE or piece[0] in FREQUENT):
                walk(at + size, (*names, text[at : at + size]))

    if 4 <= len(text) <= 12:
        walk(0, ())
    return ways[0] if len(ways) == 1 else ()

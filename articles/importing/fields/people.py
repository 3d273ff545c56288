"""Names in a line: how surely they are names, and what the line says beside them.

A line of two short words may be two names or a slogan. How sure a name is by itself is told here;
what stands above and below it decides (`metadata`).
"""

import re
from dataclasses import dataclass

from ...text import script
from ..lexicon.language import is_common_pair
from ..lexicon.surnames import (
    DOUBLE,
    FREQUENT,
    SINGLE,
    begins_a_word,
    is_certainly_name,
    may_be_name,
    split_run,
)
from .bylines import LATIN_NAME, UNIT_WORD, is_nobody, is_unit, reporters

CERTAIN, LIKELY, RARE, UNSURE = 4, 3, 2, 1
"""How sure: no word at all; a frequent surname; a rare one; a form of names and nothing more."""

_HAN = "\u3400-\u9fff"
_MARKS = re.compile(
    r"[\[〔(（]\s*\d{1,2}(?:\s*[,，、]\s*\d{1,2})*\s*[\]〕)）]|[⁰¹²³⁴-⁹](?:[,，⁰¹²³⁴-⁹])*|[①-⑳⑴-⒇*＊#†‡]+"
    r"|(?<=[\u3400-\u9fff])\s?\d(?:\s*[,，]\s*\d)*(?![\d\u3400-\u9fff])"
)
"""What a journal sets behind a name for its unit: 1,2 or [1] or ①."""

_LONGEST = 80
"""Characters of a byline at most, without its marks."""

_TOO_LONG = re.compile(rf"(?:[^{_HAN}]*+[{_HAN}]){{{_LONGEST + 1}}}")
"""More Chinese characters than that: no mark is one, so with the marks away it is too long."""

_RUN_WITH_MARKS = re.compile(
    rf"((?<![{_HAN}])[{_HAN}](?:[ 　]?[{_HAN}]){{1,2}})\d(?=[{_HAN}](?:[ 　]?[{_HAN}]){{1,2}}\d$)"
)
"""A name with its mark, right against another with its own: 曹帆1章小溪2."""

_NUMBERED = re.compile(
    r"\s*(?:[(（\[〔【［]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）\]〕】］]|[①-⑳⑴-⒇])(?=\s*\S)"
)
"""The number of a section, or of a list's item: [01]总则."""

_BULLETS = "●○□·•◎◆■▲△★☆◇▪◻※"
_OF_HEADINGS = "■▲△★☆◆◇▪◻※"
"""Bullets that sections have more often than bylines."""

_SPACED = re.compile(rf"(?<![{_HAN}])([{_HAN}])[ 　]{{1,6}}([{_HAN}])(?![{_HAN}])")
_SPACED_THREE = re.compile(
    rf"(?<![{_HAN}])([{_HAN}])[ 　]{{1,4}}([{_HAN}])[ 　]{{1,4}}([{_HAN}])(?![{_HAN}])"
)
_PARTS = re.compile(rf"[、,，;；/／|｜&\s]+|(?<=[{_HAN}]{{2}})[和与與](?=[{_HAN}]{{2}})")
_POSITIONS = (
    r"主席|副主席|书记|副书记|部长|主任|局长|副局长|厂长|经理|处长|科长|会长|理事长|秘书长|干事"
    r"|教授|研究员|院长|校长|市长|县长|常委"
    r"|委员|理事|监事|董事长|总经理|站长|队长|班长|组长|所长|厅长|司长|律师|法官|检察官|记者|博士|硕士"
    r"|工程师|老师|先生|女士|同志"
)
_POSITION = re.compile(rf"[{_HAN}]{{0,16}}(?:{_POSITIONS})")


_AGENCY = re.compile(
    r"[(（〔\[【]?\s*(?:[\u3400-\u9fff]{0,8}(?:社|報|报|網|网|刊|媒|新闻)\s*[/／]?)?\s*(?:駐\w{2,4})?(?:特派|實習"
    r"|实习)?(?:记者|特派员|特约记者|通讯员)\s*"
    r"(?P<who>[\u3400-\u9fff、·\s]{2,24}?)\s*[/／]?\s*(?P<place>[\u3400-\u9fff]{0,6}?)\s*(?:\d{1,2}日)?\s*(?:专电"
    r"|综合报导|综合报道|摄影报道|报导|报道|[电讯])\s*[)）〕\]】]?"
)
_CHANNEL = re.compile(
    r"(?:[\u3400-\u9fffA-Z]{2,10}(?:新闻|报|社|网|电视"
    r"|台)\s*[─—–-]\s*)(?P<who>[\u3400-\u9fff]{2,4})\s*[/／]\s*(?P<place>[\u3400-\u9fff]{2,4})(?:报导"
    r"|报道)?"
    r"|[(（〔【]\s*(?!记者|通讯员)(?P<who2>[\u3400-\u9fff、]{2,12})\s*[/／]\s*(?P<place2>[\u3400-\u9fff]{2,4})(?:报导"
    r"|报道|综合报导)[)）〕】]"
)
_REPORTED = re.compile(
    r"[\u3400-\u9fff]{2,8}?(?:(?:特派|特约|实习)?记者\s*|\s*[/／]\s*)(?P<who>[\u3400-\u9fff]{2,3})\s*"
    r"(?:综合|专题)?(?:报导|报道)"
    r"|[\u3400-\u9fff]{2,8}?记者\s*(?P<both>[\u3400-\u9fff]{2,3}(?:[、,，\s][\u3400-\u9fff]{2,3})*)"
    r"在[\u3400-\u9fff]{2,10}?的?(?:采访|综合)?(?:报导|报道)"
)
"""`某某週刊記者甲報導`, where nothing else stands on the line."""

_REPORT_OF = re.compile(
    r"(?P<who>[\u3400-\u9fff]{2,3}(?:[、,，\s]+[\u3400-\u9fff]{2,3}){0,3})\s+(?:综合|采访|专题)?(?:报导|报道)\s*[/／]\s*"
    r"[\u3400-\u9fff]{2,4}"
)
"""Who reports and from where: 王芳 李明 報導 / 臺北市."""

_SURNAME_APART = re.compile(r"[\u3400-\u9fff][ 　][\u3400-\u9fff]{2}")
"""A name with a space behind the surname: 王 小芳."""

_TOLD = re.compile(
    r"(?P<who>[\u3400-\u9fff]{2,4})\s*口述(?:[\s,，、/／]*[\u3400-\u9fff]{2,4}\s*(?:整理|记录|执笔|采写))?"
)
"""Who told a text, and who wrote it down: 王芳 口述 李明 整理."""

_STUDENT = re.compile(
    r"[\u3400-\u9fff][^。，；！？：\s]{3,40}(?:本科|研究|博士|硕士|留学)生[ 　]+"
    r"(?P<who>[\u3400-\u9fff]{2,4})"
)
"""A student with where and what: 某学院2021级社会学本科生 王芳."""

_WITH_POSITION = re.compile(
    r"(?P<who>[\u3400-\u9fff]{2,4})\s*[/／|｜]\s*[\u3400-\u9fff、，·\s]{0,16}(?:记者|作家|教授"
    r"|博士|律师|会长|理事|主席|研究员|部落客|专栏作家|委员|秘书长|工程师|学者|主编|社长|专员"
    r"|讲师|医师)"
)
_WHO_DOES = re.compile(
    r"(?P<who>[\u3400-\u9fff]{2,4})\s*[/／|｜]\s*[\u3400-\u9fff、，·\s]{2,16}(?:[人职店船演学队会雇]员|工人|诗人|译者"
    r"|[学读笔]者|医生|学生|[老教律技厨]师|[专作画]家|[护战]士|干部|农民|市民|民众|退休|职工|志工|义工|义工"
    r"|家长|[船店所站队班组校]长)"
)
"""What somebody is who wrote to a paper: 王芳／公車駕駛人員."""

_MISTER = re.compile(r"(?P<who>[\u3400-\u9fff]{2,4})\s*(?:先生|女士|小姐|教授|博士)")
_POST_OF = re.compile(
    r"[^。，；！？：“”《》\s的]{3,24}(?:研究[院所会]|大学|学院|学[会系]|协会|基金会|联合会|联盟|联会|法院|委员会|总?工会|中心|事务所|公司|集团|社|院|所)"
    r"[\u3400-\u9fff]{0,6}(?:主席|[会院校所社理]?事?长|秘书|干事|理事|监事|[副助]?教授|讲师|研究员|编辑|律师|博士生?"
    r"|硕士生?|研究生|主任|总监|执行官|顾问|委员|学者)"
)
"""What somebody is and where, on a line of its own: 某某大学法学院副教授."""

_OTHER_CREDITS = re.compile(
    r"[\s　]*(?:责任|責任|执行|執行|文字|值班|本版)?"
    r"(?:摄影|攝影|编辑|編輯|责编|責編|校对|校對|审核|審核"
    r"|制图)\s*[:：/／　 ]\s*[\u3400-\u9fff]{2,3}(?![\u3400-\u9fff])"
)
_BESIDE = re.compile(
    r"\s*(?:[(（](?:进入|進入)[专專][栏欄][)）]?|供稿|摄影报道|综合报道|报道|报导|文\s*[/／]\s*[图圖摄]|[图圖摄]\s*[/／]\s*文)\s*$"
)
_OF_A_WORK = re.compile(
    r"[\[【(（〔〈]\s*[\u3400-\u9fff]{1,4}\s*[\]】)）〕〉]\s*(?P<foreign>[\u3400-\u9fff·•・]{2,16}?)\s*(?:著|文|作)?[\s/,，;；、|]+"
    r"[\u3400-\u9fff]{2,4}(?:[、,，\s][\u3400-\u9fff]{2,4})?\s*(?:编?译|翻译)"
    r"|《[^《》]{2,30}》[\s,，:：]*(?P<who>[\u3400-\u9fff·]{2,10})\s*(?:编?著|主编)"
)
"""`[德]汉娜·林德 著 车韵 译`, `《码头上的人》 殷鉴秋 著`: whose work a text is, or is from."""

_PLACES = (
    "台北|台中|台南|高雄|新北|桃园|基隆|新竹|嘉义|花莲|台东|宜兰|屏东|云林|彰化|南投|苗栗|金门"
    "|澎湖|马祖|香港|澳门|北京|上海|广州|深圳|天津|重庆|综合"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a line, the unit or office beside them, and how sure they are names."""

    names: tuple[str, ...]
    unit: str = ""
    sure: int = 0
    reasons: tuple[str, ...] = ()


def names_of(line: str) -> Names | None:
    """Return the names of a line that holds nothing but names, units and marks, or None."""
    if (dispatched := agency_names(line)) and dispatched[1] == len(line):
        return Names(tuple(dispatched[0]), "", CERTAIN, ("role",))
    if (
        (told := _REPORTED.fullmatch(script.fold(line)))
        and told["who"]
        and _may_be(name := line[slice(*told.span("who"))])
    ):
        return Names((name,), "", CERTAIN, ("role",))
    if line[:1] in "《[【(（〔〈" and (work := _OF_A_WORK.fullmatch(script.fold(line))):
        who = line[slice(*work.span(work.lastgroup))]
        return Names((re.sub("[•・]", "·", who),), "", CERTAIN, ("role",))
    if (told := _REPORTED.fullmatch(script.fold(line))) and told["both"]:
        who = re.split(r"[、,，\s]", line[slice(*told.span("both"))])
        if all(map(_may_be, who)):
            return Names(tuple(who), "", CERTAIN, ("role",))
    if told := _REPORT_OF.fullmatch(script.fold(line)):
        who = re.split(r"[、,，\s]+", line[slice(*told.span("who"))])
        if all(certainty(name) >= RARE for name in who):
            return Names(tuple(who), "", CERTAIN, ("role",))
    if _SURNAME_APART.fullmatch(line) and script.fold(line)[0] in FREQUENT:
        name = line[0] + line[2:]
        return Names((name,), "", UNSURE, ("surname",)) if certainty(name) >= LIKELY else None
    if (told := _TOLD.fullmatch(script.fold(line))) and certainty(told["who"]) >= UNSURE:
        return Names((line[slice(*told.span("who"))],), "", CERTAIN, ("role",))
    student = _STUDENT.fullmatch(script.fold(line))
    if student and _may_be(name := line[slice(*student.span("who"))]):
        return Names((name,), "", CERTAIN, ("role",))
    if len(line) > _LONGEST and _TOO_LONG.match(line):
        return None
    marked = bool(_MARKS.search(line))
    text = _MARKS.sub(" ", _RUN_WITH_MARKS.sub(r"\1 ", line)).strip(" 　()（）[]【】—–-")
    bare = text.lstrip(_BULLETS + " 　")
    if not bare or len(bare) > _LONGEST:
        return None
    match = _WITH_POSITION.fullmatch(script.fold(bare))
    if match and _may_be(name := bare[slice(*match.span("who"))]):
        return Names((name,), "", CERTAIN, ("role",))
    match = _WHO_DOES.fullmatch(script.fold(bare)) or _MISTER.fullmatch(script.fold(bare))
    if match and certainty(name := bare[slice(*match.span("who"))]) >= RARE:
        return Names((name,), "", LIKELY, ("role",))
    bare = re.sub(
        r"\s*(?:[(（]发自.{2,6}[)）]|[(（]發自.{2,6}[)）]|[ 　](?:发自|發自)\s*\S{2,6}"
        r"|敬上|谨上|謹上|敬启|敬啟|谨启|謹啟)\s*$",
        "",
        bare,
    )
    credited = _BESIDE.search(bare)
    bare = _BESIDE.sub("", _OTHER_CREDITS.sub(" ", bare)).strip()
    if credited and re.fullmatch(rf"[{_HAN}]{{2,3}}", bare) and _may_be(bare):
        return Names((bare,), "", CERTAIN, ("label",))
    if found := reporters(bare):
        return Names(tuple(found), "", CERTAIN, ("role",))
    if _NUMBERED.match(line):
        return None  # an item of a list, a section
    bare = re.sub(r"[(（]\d+[)）]", "", bare)
    if not bare or re.search(r"[。！？：:!?《》“”\"…<>=]", bare):
        return None
    bullet = bare != text
    said = re.match(r"(?:文|撰文|作者)\s*[/／|｜]\s*(?=\S)|(?:文|撰文|作者)[ 　]+", bare)
    behind = re.search(r"\s*[/／]\s*(?:[图圖]?文|撰文)\s*$", bare)
    bare = bare[said.end() if said else 0 : behind.start() if behind else len(bare)]
    if bullet:
        bare = re.sub(r"\s*(?:观点|觀點|口述|供稿|报道|報道|報導|撰文|文)$", "", bare)
    bare, units = _without_brackets(re.sub(r"\s*等\s*$", "", bare))
    spaced = bool(_SPACED.search(bare))
    bare = _SPACED.sub(r"\1\2", _SPACED_THREE.sub(r"\1\2\3", bare))
    if re.fullmatch(rf"{LATIN_NAME}(?:\s*[,，、;；]\s*{LATIN_NAME})*", bare):
        return Names(tuple(re.split(r"\s*[,，、;；]\s*", bare)), "", LIKELY if said else UNSURE)
    parts = [part for raw in _PARTS.split(bare) if (part := raw.strip(_BULLETS + " 　."))]
    if bullet and len(parts) == 1 and _with_bullet(parts[0]):
        return Names((parts[0],), " ".join(units), LIKELY, ("bullet",))
    names: list[str] = []
    sure: list[int] = []
    for part in parts:
        folded = script.fold(part)
        if is_nobody(part):
            return None
        office, dot, name = part.partition("·")
        if dot and is_unit(office) and certainty(name):
            units.append(office)
            part, folded = name, script.fold(name)
        if is_unit(part) or _POSITION.fullmatch(folded):
            units.append(part)
        elif units and not names and re.fullmatch(r"\d{6}|.{2,4}[市省区县]", folded):
            units.append(part)  # the town and its postcode
        else:
            run = split_run(part) if len(part) > 3 else ()
            names += run or (part,)
            sure += [certainty(name) for name in run or (part,)]
    if spaced and sure == [0] and len(names[0]) == 2 and script.fold(names[0])[0] in FREQUENT:
        return Names((names[0],), " ".join(units), RARE, ("surname",))  # 周 培, and 方 案
    if len(sure) > 1 and not marked and any(level == UNSURE for level in sure):
        return None  # keywords, slogans
    # 高山 is a word as well; beside names that are none, it is one.
    words = [n for n, level in enumerate(sure) if not level]
    if not names or len(names) > 12 or len(words) == len(sure):
        return None
    if any(not may_be_name(names[n]) for n in words) or len(words) * 2 > len(sure):
        return None
    level = min(max(sure), min(level or LIKELY for level in sure) + 1)
    if bullet and level == UNSURE and text[0] in _OF_HEADINGS:
        return None  # ◆总则
    reasons = ["surname" if min(sure) >= LIKELY else "rare-surname"]
    if len(names) == 1 and not units and begins_a_word(names[0]):
        level = min(level, UNSURE)  # 田野上
    if bullet or said or behind:
        level, reasons = CERTAIN, ["bullet" if bullet else "label", *reasons]
    elif marked or spaced:
        level = min(CERTAIN, level + 1)
    return Names(tuple(dict.fromkeys(names)), " ".join(units), level, tuple(reasons))


def is_post(text: str) -> bool:
    """Tell whether a line says what somebody is and where: 某某研究院研究员."""
    return len(text) <= 40 and bool(_POST_OF.fullmatch(script.fold(text)))


def agency_names(text: str) -> tuple[list[str], int] | None:
    """Return the reporters a text begins with, as agencies name them, and where that ends.

    `記者甲／台北報導`, `（中央社記者甲台北11日電）`: where a place follows, it is no name.
    """
    folded = script.fold(text)
    if match := _CHANNEL.match(folded):
        group = "who" if match["who"] else "who2"
        names = text[slice(*match.span(group))].split("、")
        return (names, match.end()) if all(map(_may_be, names)) else None
    match = _AGENCY.match(folded)
    if not match:
        return None
    who = text[match.start("who") : match.end("place")].strip()
    several = match["who"].rstrip().endswith("、")  # then another name stands behind it, no place
    place = re.search(rf"\s*[/／]?\s*(?:{_PLACES})$", script.fold(who))
    if place:
        who = who[: place.start()]
    elif not several:
        who = text[slice(*match.span("who"))].strip()
        run = who + text[slice(*match.span("place"))].strip()
        if not re.search(r"[、\s]", run) and len(run) > 4:
            who = run[:3]  # the rest is a place this does not know
    names = [name for name in re.split(r"[、\s]+", who) if name]
    return (names, match.end()) if names and all(map(_may_be, names)) else None


def _may_be(name: str) -> bool:
    """Tell whether what stands where a name has to stand can be one: 甘棠, 水中天."""
    folded = script.fold(name)
    return bool(re.fullmatch(rf"[{_HAN}]{{2,4}}", folded)) and not _NEVER.search(folded)


def _without_brackets(text: str) -> tuple[str, list[str]]:
    """Return a byline without the unit in brackets behind the name, and the unit."""
    match = re.fullmatch(r"(?P<who>[^()（）]+)[(（](?P<unit>[^()（）]+)[)）]?", text)
    unit = script.fold(match["unit"]) if match else ""
    if not re.search(UNIT_WORD, unit) and not _POSITION.fullmatch(unit):
        return re.sub(r"[()（）]", " ", text), []
    return match["who"].strip(), [match["unit"].strip()]


def _with_bullet(part: str) -> bool:
    """Tell whether a word behind a byline's bullet is a name all the same: ○ 巫山雪."""
    folded = script.fold(part)
    return len(folded) == 3 and folded[0] in SINGLE and _may_be(part) and not certainty(part)


def certainty(name: str) -> int:
    """Return how surely a few characters are somebody's name, 0 where they are not."""
    folded = script.fold(name)
    if "·" in folded:
        return LIKELY if re.fullmatch(rf"[{_HAN}]{{1,8}}(?:·[{_HAN}]{{1,8}})+", folded) else 0
    if not re.fullmatch(rf"[{_HAN}]{{2,4}}", folded):
        return 0
    if _NEVER.search(folded):
        return 0
    if _SELDOM.match(folded):
        if folded[0] in FREQUENT:
            return RARE
        return UNSURE if folded[0] in SINGLE and not is_common_pair(folded[:2]) else 0
    if folded[:2] in DOUBLE:
        return LIKELY if len(folded) > 2 else 0
    if len(folded) == 4:
        return 0
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    if all(is_common_pair(pair) for pair in pairs):
        # 任务 and 工会 are words; 李明 is in the word list too, and a name all the same.
        return LIKELY if folded[0] in FREQUENT and is_certainly_name(name) else 0
    if folded[0] in FREQUENT:
        return CERTAIN if is_certainly_name(name) else LIKELY
    if folded[0] in SINGLE:
        return RARE if not is_common_pair(pairs[0]) else 0  # 年终奖, 水中天
    return UNSURE if not any(is_common_pair(pair) for pair in pairs) else 0


def may_be_made_of_words(folded: str) -> bool:
    """Tell whether three characters may be a name though they are words: 王建国, never 王大爷."""
    return (
        len(folded) == 3
        and folded[0] in FREQUENT
        and bool(re.fullmatch(rf"[{_HAN}]{{3}}", folded))
        and not _NEVER.search(folded)
        and not _SELDOM.match(folded)
        and not is_unit(folded)
    )


OF_A_PLACE = re.compile("[省市县区州镇乡村港山口庄湾岛江河湖界]$")
"""How a place's name ends that begins like a person's: 连云港, 石家庄."""

_NEVER = re.compile(
    r"[的了是在就也都要把被这那们不没很又再些着过吗呢吧]|[一二三四五六七八九十][、章节条]|工会|职工"
    r"|单位|公司|用户|网友|游客|匿名|佚名|管理|来源|作者|相关|推荐|最新|媒体|专题|微信|易信|致辞|摘要|关键|正文|目录|引言|前言|结语|附件"
    r"|参考|文献|新闻|首页|导航|栏目"
    r"|论文|范文|文章|时间|日期|阅读|评论|下载|分享|打印|收藏|关闭|返回|练习|复习|总结"
    r"|[报网闻]$|师傅|大姐|大爷|阿姨|先生|女士|主任|书记"
)
_SELDOM = re.compile(r".+[与和及或从到对为以其之而且有才个]")
"""Words that stand in a given name now and then."""

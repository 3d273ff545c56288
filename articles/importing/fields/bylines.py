"""Who wrote it: the names in a byline, in the forms pages really have."""

import re
from dataclasses import dataclass, field

from ...text import script
from ..lexicon.surnames import DOUBLE, SINGLE, is_likely_name, may_be_name, split_run

_HAN = "\u3400-\u9fff"
_NOT_AUTHORS = re.compile(
    r"编辑|责编|编者|摄影?|小编|佚名|网友|匿名|admin|管理员|本站|原创|未知|不详|转载|上传|发布"
    r"|网络|综合|整理|整合|编译"
    r"|报导|报道|评论员|本报|本刊|本网|无名|作者|来源|记者|通讯员"
)
_NAME = rf"[{_HAN}]{{2,4}}(?:·[{_HAN}]{{1,8}})*"
LATIN_NAME = r"[A-Z][A-Za-z.'-]*(?: [A-Z][A-Za-z.'-]*){1,3}"
_ONE_NAME = re.compile(rf"{_NAME}|[{_HAN}]{{2,8}}(?:·[{_HAN}]{{1,8}})+|{LATIN_NAME}")
_SPACED_NAME = re.compile(rf"(?<![{_HAN}])([{_HAN}])[ \u3000]+([{_HAN}])(?![{_HAN}])")
_WRITTEN_BY = re.compile("[图文著撰]|撰文|提交|发表|发布")
"""What a byline says beside the name without telling anything: 作者：王芳 文."""

_WHAT_ONE_IS = re.compile(
    r"(?:专栏|特约|知名|著名|青年|独立|资深|本刊|本报)?(?:作家|撰稿人|评论员|评论人|记者|编剧|学者|诗人|作者)"
)
"""What stands beside the name of who wrote it, and is no name: 专栏作家."""

_DOTS = str.maketrans("•‧・∙.", "·····")

# An editor's or photographer's credit inside a byline goes with the names behind it.
_OTHER_CREDIT = re.compile(
    r"(?:责任|见习|文字|图文|特约|本文)?(?:编辑|责编|美编|校对|审核|监制|摄影|供图|制图|整理"
    r"|小编)\s*[:：/／]\s*"
    rf"[{_HAN}]{{1,4}}(?:[、,，][{_HAN}]{{2,4}})*"
)
_ROLE = re.compile(
    r"(?:本报|本刊|本网|本台|本站|职工|特约|见习|实习|驻地|首席|全媒体|融媒体|[\u4e00-\u9fff]{0,2}特派"
    r"|[\u4e00-\u9fff]{2,4}(?=记者站)"
    r"|(?:(?!本[报刊网台站])[\u4e00-\u9fff]){2,6}(?:报业?|传媒|社|网|台|杂志|周刊|周末|新闻)(?:\s*[-—–·]\s*(?=\S))?){0,3}"
    r"(?:记者站?|评论员|通讯员|撰稿人?|特约撰稿|实习生|供稿人?|读者(?=[ 　:：]))\s*[:：/／—–-]?"
)
_MEDIUM = re.compile(
    r"[\u3400-\u9fff]{2,8}(?:[日晚早时商晨]报|都市报|工人报|在线|新闻|[报网社台])"
    r"(?:[·・][\u3400-\u9fff]{2,8})?[ \u3000]+"
)
"""What stands before the names where a paper leaves the word for reporter out."""

_PICTURED = re.compile(rf"[{_HAN}]{{2,4}}\s*[/／]\s*(?:供图|摄影?|攝影?|[图圖绘])(?![{_HAN}])")
_ALL_PICTURED = re.compile(r"^[^文图]*[^文图/／、 　][ 　]*摄影?$")
"""What stands behind the names of those who took a picture, all of them."""

_WORDED = re.compile(rf"(?<=[{_HAN}]{{2}})\s*[/／]\s*(?:撰?文|[图圖]文|文[图圖])(?![{_HAN}])")
"""`李明/摄` beside `王芳/文`: whose pictures they are, and whose words."""

UNIT_WORD = (
    r"(?:工会|联合会|委员会|公司|集团|学院|大学|学校|中学|小学|党校|干校|技校|局|厅|厂|矿|部|处|科"
    r"|中心|系|室|办公室|教研室|支部"
    r"|研究院|研究所|研究会|医院|银行|车间|分会|分校|站|段|队|院|所|社|馆|协会|学会|政府|法院"
    r"|检察院|事务所|实验室|班|总工会)"
)
_UNIT = re.compile(
    rf"[^，。；！？：:“”《》\s]{{2,}}{UNIT_WORD}|[^，。；！？\s]*(?:课题组|调研组|编写组|编辑部|报社|杂志社)"
    r"|[^，。；！？：:“”《》\s]{0,12}(?:[党团纪]委|[党团]总?支部?|妇联)"
)
_NO_UNIT = re.compile(
    r"(?:[难好用到何深去益坏害短长相出住之妙]处|关系|干部|体系|联系|维系|阶段|手段|时段|场所|学科"
    r"|全部|内部|外部|局部|部队|团队|排队|[上下加值夜早晚]班"
    r"|教室|车站|网站|电视|出院|住院|合作社会|社会|所)$(?<!研究所)(?<!派出所)(?<!事务所)(?<!服务所)"
    r"(?<!收费所)(?<!管理所)(?<!营业所)(?<!供电所)(?<!检修所)(?<!卫生所)(?<!看守所)"
)
"""Words that end like a unit and are none: 难处, 干部, 夜班."""

_WHAT_IS_DONE = re.compile(
    r".{2,}(?:举办|举行|召开|开展|开办|成立|慰问|走访|启动|参加|荣获|看望|走进).{3,}"
)
"""News that ends like a unit: 我校工会举办教职工太极拳培训班."""

_POSITION = re.compile(
    r".{2,20}(?:主席|书记|部长|主任|局长|厂长|经理|处长|科长|会长|干事|教授|研究员)"
)
_BULLETS = "●○□·•◎◆■▲△★☆◇▪"


@dataclass
class Byline:
    """What a line says of who wrote it."""

    authors: list[str] = field(default_factory=list)
    unit: str = ""


def is_nobody(name: str) -> bool:
    """Tell whether a credit names no author: an editor, a photographer, 佚名, 本站."""
    return bool(_NOT_AUTHORS.search(script.fold(name)))


def is_unit(text: str) -> bool:
    """Tell whether a byline names an organisation: 某厂工会, 课题组."""
    folded = script.fold(text.strip())
    none = _NO_UNIT.search(folded) or _WHAT_IS_DONE.fullmatch(folded)
    return bool(_UNIT.fullmatch(folded)) and not none


def split_names(text: str) -> list[str]:
    """Return the authors named in a byline; editors, photographers and 佚名 are none.

    戴 安 is one name with a space in it; 王芳 李明 are two, and so are 赵毅李明 where there is one
    way to part them.
    """
    return names_and_rest(text)[0]


def names_and_rest(text: str) -> tuple[list[str], list[str]]:
    """Return the authors named in a byline, and what in it is neither a name nor a credit."""
    text = _drop_credits(text.strip(" 　()（）[]【】"))
    text = _SPACED_NAME.sub(r"\1\2", re.sub(r"(?<=[\u3400-\u9fff])[\d*＊①-⑨]+", "", text))
    names: list[str] = []
    rest: list[str] = []
    for part in re.split(
        rf"[、,，;；/／|｜&\s]+|(?<=[{_HAN}]{{2}})[和与與](?=[{_HAN}]{{2}})",
        text if re.fullmatch(LATIN_NAME, text) is None else "",
    ):
        part = part.strip(" 　" + _BULLETS)
        if re.search(rf"[{_HAN}][•‧・∙.][{_HAN}]", part):
            part = part.translate(_DOTS)
        if not part or is_nobody(part) or _WRITTEN_BY.fullmatch(script.fold(part)):
            continue
        if _WHAT_ONE_IS.fullmatch(script.fold(part)):
            continue
        run = split_run(part)
        found = run or ((part,) if _ONE_NAME.fullmatch(part) else ())
        if not found or is_unit(part) or _POSITION.fullmatch(script.fold(part)):
            rest.append(part)
        else:
            names += [name for name in found if name not in names]
    if not names and re.fullmatch(LATIN_NAME, text):
        names.append(text)
    return names, rest


def _drop_credits(text: str) -> str:
    folded = script.fold(text)
    for match in reversed(list(_OTHER_CREDIT.finditer(folded))):
        text = text[: match.start()] + " " + text[match.end() :]
    return text


def bare_names(line: str) -> list[str]:
    """Return the names of a line of nothing but names with frequent surnames, or none."""
    line = re.sub(r"\s*[/／]\s*(?:[图圖]?文|撰文)$", "", line)
    parts = split_names(line)
    whole = re.sub(rf"[\s、,，{_BULLETS}]", "", line)
    chinese = [part for part in parts if "·" not in part and not re.fullmatch(LATIN_NAME, part)]
    # 高山 is a word as well; beside a name that is none, it is one.
    fits = all(map(may_be_name, chinese)) and (not chinese or any(map(is_likely_name, chinese)))
    return parts if parts and whole == "".join(parts) and fits else []


def _surnamed(name: str) -> bool:
    """Tell whether a name begins with a surname; one of four characters needs a double one."""
    folded = script.fold(name)
    return folded[:2] in DOUBLE or (
        folded[0] in SINGLE and (len(folded) < 4 or bool(split_run(name)))
    )


def reporters(line: str) -> list[str]:
    """Return the names of `本报记者 李明 通讯员 王芳`, where that is all the line says."""
    line = _WORDED.sub(" ", _PICTURED.sub(" ", line))
    folded = script.fold(line).strip(" 　()（）[]【】" + _BULLETS)
    offset = script.fold(line).find(folded)
    if len(line) > 60:
        return []
    names: list[str] = []
    ends = [match.span() for match in _ROLE.finditer(folded)]
    if _ALL_PICTURED.search(folded):
        return []
    medium = _MEDIUM.match(folded) if ends and ends[0][0] else None
    if medium and medium.end() < ends[0][0]:
        ends.insert(0, medium.span())
    if ends and ends[0][0]:  # the first stand there without what they are: 王芳 通讯员 李明
        before = split_names(folded[: ends[0][0]])
        alone = "".join(before) == re.sub(r"[\s、,，]", "", folded[: ends[0][0]])
        if before and alone and all(map(_surnamed, before)):
            ends.insert(0, (0, 0))
    if not ends or ends[0][0]:
        return []
    for (_, begin), (end, _) in zip(ends, [*ends[1:], (len(folded), 0)], strict=True):
        piece = line[offset + begin : offset + end].strip(" 　、,，/／")
        piece = re.sub(rf"(?<![{_HAN}])([{_HAN}]{{3}})文$", r"\1", piece)  # who wrote: 王小芳文
        found = split_names(piece)
        bare = re.split(r"[\s、,，]+", piece)
        if len(bare) > len(found) and all(re.fullmatch(rf"[{_HAN}]{{2,3}}", one) for one in bare):
            found = [one for one in bare if not is_nobody(one)]
        if not found or re.sub(r"[\s、,，/／]", "", piece) != "".join(found):
            return []
        parted = bool(re.match(r"[ 　:：/／]", line[offset + begin - 1 : offset + begin]))
        parted |= len(found) > 1 and all(script.fold(name)[0] in SINGLE for name in found)
        if not all(_surnamed(name) or "·" in name or parted for name in found):
            return []  # 记者节快到了: no name
        names += [name for name in found if name not in names]
    return names


def names_with_unit(line: str) -> Byline | None:
    """Return what `某厂工会 王芳` or `王芳（某厂工会）` says, or None where it says more."""
    if len(line) > 60 or re.search(r"[。！？；：:]", line):
        return None
    found = Byline()
    unit: list[str] = []
    for part in re.split(r"[\s,，、/／()（）]+", _SPACED_NAME.sub(r"\1\2", line.strip())):
        folded = script.fold(part)
        if not part:
            continue
        if is_unit(part) or _POSITION.fullmatch(folded):
            unit.append(part)
        elif names := bare_names(part):
            found.authors += [name for name in names if name not in found.authors]
        elif unit and re.fullmatch(r"\d{6}|.{2,4}[市省区县]|北京|上海|天津|重庆", folded):
            unit.append(part)  # the town and its postcode
        else:
            return None
    found.unit = " ".join(unit)
    return found if found.authors and found.unit else None

"""What becomes of an essay as it is copied about, and what only looks like a copy of it."""

import random
import re
from collections.abc import Iterator

from articles.text import script

from .damage import annotate, annotate_bytes, keys_of, narrow, read_essay, to_traditional
from .places import CORPUS, ESSAYS

_BOILERPLATE = """您现在的位置：首页 > 论文中心 > 工会论文 > 正文
本文由网友投稿或自动采集于互联网，版权归原作者所有，本站只作存放与交流之用，不承担任何法律责任。
下载本文档需要登录并消耗二十个积分，注册会员每天可以免费领取五个积分，下载之后请在一天之内删除。
热门推荐：年终总结怎么写、述职报告范文三篇、入党申请书格式、演讲稿开头、实习心得体会五千字。
如果您觉得本篇文章对您有所帮助，请点击右上角的按钮把它分享给更多的朋友，谢谢您的支持与厚爱。
客服热线每天九点到十八点为您服务，投稿请发送到编辑部邮箱，我们将在三个工作日之内给您回复。"""

LAWS = """《中华人民共和国工会法》第六条规定：维护职工合法权益、竭诚服务职工群众是工会的基本职责。工会在维护全国人民总体利益的同时，代表和维护职工的合法权益。工会通过平等协商和集体合同制度等，推动健全劳动关系协调机制，维护职工劳动权益，构建和谐劳动关系。工会依照法律规定通过职工代表大会或者其他形式，组织职工参与本单位的民主选举、民主协商、民主决策、民主管理和民主监督。
《中华人民共和国劳动合同法》第四条规定：用人单位应当依法建立和完善劳动规章制度，保障劳动者享有劳动权利、履行劳动义务。用人单位在制定、修改或者决定有关劳动报酬、工作时间、休息休假、劳动安全卫生、保险福利、职工培训、劳动纪律以及劳动定额管理等直接涉及劳动者切身利益的规章制度或者重大事项时，应当经职工代表大会或者全体职工讨论，提出方案和意见，与工会或者职工代表平等协商确定。"""

_NOTICE = """各基层工会：
为{aim}，经区总工会研究，决定于{day}在{place}举办{event}。现将有关事项通知如下。
一、参加人员
{people}，每个单位限{number}人。
二、内容安排
{plan}
三、有关要求
请各单位高度重视，认真组织，于{deadline}前将报名表报区总工会{office}。参加人员的往返交通由所在单位安排，活动期间的食宿由区总工会统一负责。
{more}
特此通知。"""
_SLOTS = {
    "aim": ["提高工会财务人员的业务水平", "丰富职工的业余文化生活", "做好困难职工的帮扶工作", "推动集体协商提质增效"],
    "day": ["五月十二日", "七月三日上午", "九月下旬", "十一月六日至八日"],
    "place": ["职工文化宫三楼", "云桥会议中心", "区体育馆", "滨河职工疗养院"],
    "event": ["财务干部培训班", "职工羽毛球比赛", "困难职工建档业务会", "集体协商员实训"],
    "people": ["财务负责人和经费审查委员", "在职职工，男女不限", "分管帮扶工作的副主席", "近两年担任过协商代表的同志"],
    "number": ["二", "五", "一", "三"],
    "plan": [
        "上午讲经费收缴与使用的新规定，下午分组核对上一年度的账目，由审计组逐笔说明常见的差错，例如把慰问费记进活动费。",
        "比赛分男子单打、女子单打和混合双打，采用单淘汰，每场三局两胜，前八名发给奖品，裁判由市羽毛球协会选派。",
        "逐户核对家庭收入和支出，说明哪些情形应当建档，哪些应当退出，现场录入系统，当天不能核清的列出清单限期补齐。",
        "按真实案例分成劳资两方，先看企业的财务摘要，再提三轮要约，教员在旁记录，散场以前逐句点评哪一句话说得不妥。",
    ],
    "deadline": ["四月二十八日", "六月二十日", "九月十日", "十月三十日"],
    "office": ["财务部", "宣教文体部", "权益保障部", "法律工作部"],
    "more": [
        "请自带上一年度的决算报表和一台电脑，表上没有盖章的不予核对。",
        "请穿平底运动鞋，赛前一周内有发热或者外伤的不要勉强上场。",
        "所有材料涉及职工家里的隐私，会后一律收回，不得拍照外传。",
        "没有做过协商代表的同志也可以旁听，座位有限，先到先坐。",
    ],
}  # fmt: skip


def bodies() -> dict[str, str]:
    """Return the bodies of all essays there are for tests, by name."""
    found = {path.name: read_essay(path.name).body for path in sorted(ESSAYS.iterdir())}
    for path in sorted(CORPUS.glob("*.txt")):  # a title and its text, the next after a line %%
        for number, page in enumerate(path.read_text("utf-8").split("\n%%\n"), 1):
            found[f"{path.stem} {number}"] = page.strip().partition("\n")[2]
    return found


def sentences(text: str) -> list[str]:
    return re.findall(r"[^。！？\n]*(?:[。！？]+\n?|\n|$)", text)[:-1]


def replaced(text: str, share: float, other: str, rng: random.Random) -> str:
    """Put another essay's sentences in the place of some."""
    kept, foreign = sentences(text), [s for s in sentences(other) if len(s) > 10]
    for at in rng.sample(range(len(kept)), round(len(kept) * share)):
        kept[at] = rng.choice(foreign)
    return "".join(kept)


def reordered(text: str, share: float, rng: random.Random) -> str:
    """Let some sentences change places."""
    kept = sentences(text)
    places = rng.sample(range(len(kept)), max(2, round(len(kept) * share)))
    for at, sentence in zip(
        places, [kept[p] for p in rng.sample(places, len(places))], strict=True
    ):
        kept[at] = sentence
    return "".join(kept)


def misprinted(text: str, share: float, rng: random.Random) -> str:
    """Put wrong characters in the place of some."""
    return "".join(rng.choice("的了是在有我他") if rng.random() < share else c for c in text)


def piece(text: str, share: float, rng: random.Random) -> str:
    """Cut a piece out of the middle."""
    size = round(len(text) * share)
    start = rng.randrange(len(text) - size + 1)
    return text[start : start + size]


def copies(text: str, other: str, seed: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text): the same essay as it comes a second time; `other` is a foreign one."""
    rng = random.Random(seed)
    hant = to_traditional(text)
    yield "other script", script.convert(text, script.HANT, script.HANS)
    yield "script of the mirrors, pinyin", annotate(hant, keys_of(hant, 54))
    yield "bytes out of step", annotate_bytes(hant, keys_of(hant, 54))
    yield "half-width, one paragraph", narrow(text).replace("\n", "")
    yield "cut to 70 %", text[: round(len(text) * 0.7)]
    yield "cut to 50 %", text[: round(len(text) * 0.5)]
    yield "cut to 35 %", text[: round(len(text) * 0.35)]
    yield "35 % from the middle", piece(text, 0.35, rng)
    yield (
        "35 %, converted, 1 % misprinted",
        misprinted(script.convert(piece(text, 0.35, rng), script.HANT, script.HANS), 0.01, rng),
    )
    yield "10 % of the sentences replaced", replaced(text, 0.1, other, rng)
    yield "20 % of the sentences replaced", replaced(text, 0.2, other, rng)
    yield "20 % of the sentences reordered", reordered(text, 0.2, rng)
    yield "3 % misprinted", misprinted(text, 0.03, rng)
    yield "boilerplate round it", f"{_BOILERPLATE}\n{text}\n{_BOILERPLATE[::-1]}"
    yield "retitled, with a new opening", f"{other[:150]}\n{text}"


def quoting(text: str, other: str) -> tuple[str, str]:
    """Return two different essays that quote the same two articles of law, word for word."""
    return f"{text}\n{LAWS}", f"{LAWS}\n{other}"


def notices(count: int) -> list[str]:
    """Return notices of different events written on one form."""
    found = []
    for number in range(count):
        rng = random.Random(number)
        turn = number % 4
        slots = {
            name: choices[turn] if name in ("aim", "event", "people", "plan", "more") else rng.choice(choices)
            for name, choices in _SLOTS.items()
        }  # fmt: skip
        found.append(_NOTICE.format(**slots))
    return found

"""Further labelled pages, made by combining the parts of page_parts.py.

`made(240)` gives the same pages every time. A kind of page chooses its parts and writes down what
is true of them; a new kind is one more function, and a line in `KINDS`.
"""

import random
from collections.abc import Callable

from articles.text import script

from .page_parts import (
    ABOVE,
    BELOW,
    JOURNAL_ENDS,
    NEWS_CLOCKS,
    OFFICIAL_TITLES,
    SPEECH_TITLES,
    TITLES,
    UPLOAD_CLOCKS,
    Facts,
)
from .pages import Page, make_page


def _news(facts: Facts) -> list[str]:
    lines = facts.around(ABOVE)
    lines += [facts.title(TITLES)]
    clock = facts.chance.choice(NEWS_CLOCKS)
    facts.dated()
    facts.header["source"] = facts.words["paper"]
    lines += [facts.say(clock)]
    facts.junk += [one for one in ("浏览次数", "字号") if one in clock]
    if facts.either(0.5):
        lines += [*facts.byline(), "{p}", "{p}", "{p}", "{p}"]
    elif facts.either(0.7):
        lines += ["{p}", "{p}", "{p}", *facts.ending()]
    else:
        lines += ["{p}"] * 4
    return lines + facts.around(BELOW)


def _journal(facts: Facts) -> list[str]:
    title = facts.title(TITLES)
    author = facts.say(facts.chance.choice(["{a}", "{spaced}", "{a}1"]))
    facts.authors(1)
    unit = facts.say(facts.chance.choice(["（{unit}，{place} 361000）", "({unit})", "{unit}"]))
    facts.junk.append(facts.words["unit"])
    head = [title, author, unit]
    if facts.either(0.25):
        head = [author, unit, *head]
    elif facts.either(0.2):
        head = [author, unit]  # no title: the page begins with the names
        facts.header.pop("title")
    if facts.either(0.4):
        year = f"{facts.day.year}年第{facts.day.month}期"
        head.insert(len(head) - 2, facts.say("{journal} ") + year)
        facts.dated(day=str(facts.day.year))
        facts.header["or date"] = facts.day.isoformat()[:7]
        facts.header["source"] = facts.words["journal"]
    label, colon = facts.chance.choice(
        [("摘要", "："), ("【摘　要】", " "), ("内容提要", ":"), ("[摘要]", "")]
    )
    abstract = [f"{label}{colon}{{p}}", facts.say(f"关键词：{{t}}；{{u}}；{facts.place}")]
    ending = facts.chance.choice(JOURNAL_ENDS)
    if ending:
        facts.junk.append(ending[:5])
    heading = facts.chance.choice(["一、引言", "0 引言", "1 问题的提出", "引言", ""])
    return [*head, *abstract, ending, heading, "{p}", "{p}", "{p}", "{p}"]


def _farm(facts: Facts) -> list[str]:
    title = facts.title(TITLES)
    shown = facts.chance.choice(
        [title, title, f"{title}.doc", f"{title}（精选5篇）", f"{title}范文"]
    )
    if not shown.endswith(".doc"):
        facts.header["or title"] = shown
    lines = [*facts.around(ABOVE), shown]
    if facts.either(0.8):
        lines.append(facts.say(facts.chance.choice(UPLOAD_CLOCKS)))
        facts.dated(upload=True)
        facts.junk += ["点击：77", "字数：2100", "阅读：1024"]
    if facts.either(0.4):
        lines.append(facts.say("导读：{title}由小编收集整理，仅供参考，欢迎大家阅读。"))
        facts.junk.append("小编收集整理")
    if facts.either(0.4):
        lines.append(title)
    if facts.either(0.3):
        lines.append(facts.say("第一篇：{title}"))
        facts.junk.append("第一篇：")
    return [*lines, "{p}", "{p}", "{p}", "{p}", *facts.around(BELOW)]


def _official(facts: Facts) -> list[str]:
    title = facts.title(OFFICIAL_TITLES)
    office = facts.say("{place}市总工会")
    number = f"{facts.place[0]}工发〔{facts.day.year}〕{facts.day.month}号"
    facts.header["or authors"] = facts.header["or source"] = office
    facts.header["begins"] = "各区县总工会"
    facts.header["or begins"] = "-"
    facts.dated()
    day = f"{facts.day.year}年{facts.day.month}月{facts.day.day}日"
    head = [f"{office}文件", "", number, ""] if facts.either(0.7) else []
    if head:
        facts.junk.append(number)
    if facts.either(0.4) and len(title) > 14:
        middle = facts.chance.randint(8, len(title) - 4)
        head += [title[:middle], title[middle:]]
    else:
        head.append(title)
    tail = ["", office, day]
    if facts.either(0.5):
        tail += ["", "抄送：市政府办公室", f"{office}办公室    {day}印发"]
        facts.junk.append("抄送")
    return [
        *head,
        "",
        "各区县总工会，各产业工会：",
        "{p}",
        "一、总体要求",
        "{p}",
        "二、时间安排",
        "{p}",
        *tail,
    ]


def _speech(facts: Facts) -> list[str]:
    title = facts.title(SPEECH_TITLES)
    facts.authors(1)
    facts.dated()
    facts.header |= {"begins": "同志们", "or begins": "-"}
    day = f"（{facts.day.year}年{facts.day.month}月{facts.day.day}日）"
    speaker = facts.say(
        facts.chance.choice(["{a}", "市总工会主席 {a}", "{place}市总工会副主席  {a}"])
    )
    under = [day, speaker] if facts.either(0.5) else [speaker, day]
    return [*facts.around(ABOVE), title, *under, "同志们：", "{p}", "{p}", "{p}", "{p}"]


def _taiwan(facts: Facts) -> list[str]:
    facts.header["script"] = "hant"
    title = facts.title(TITLES)
    facts.authors(1)
    facts.dated()
    roc = facts.day.year - 1911
    clock, byline = facts.chance.choice(
        [
            ("{d} 05:30", "〔记者{a}／{place}报导〕"),
            (f"民国{roc}年{facts.day.month}月{facts.day.day}日", "记者{a}/{place}报导\n"),
            (f"发布日期：{roc}-{facts.day.month:02}-{facts.day.day:02}", "文／{a}\n"),
            ("出版时间 {d}", "（{a}／{place}报导）"),
            ("{d} 18:03（18:16 更新）", f"（中央社记者{{a}}{{place}}{facts.day.day}日电）"),
        ]
    )
    lines = [title, facts.say(clock), facts.say(byline) + "{p}"]
    facts.header |= {"begins": "-", "or begins": facts.say(byline).strip()[:4]}
    lines = script.convert("\n".join(lines), script.HANT, script.HANS).split("\n")
    facts.junk += ["加入好友"]
    return [*lines, "{p}", "{p}", "加入好友 請繼續往下閱讀", "{p}"]


def _wechat(facts: Facts) -> list[str]:
    title = facts.title(TITLES)
    facts.authors(1)
    facts.dated()
    account = facts.say("{place}工友")
    facts.header["source"] = account
    head = facts.chance.choice(
        [
            f"原创 {{a}} {account} {{d}} 07:30 发表于{{place}}",
            f"{account}\n{{d}}\n作者：{{a}}",
            f"{{a}} {account} {{d}}",
        ]
    )
    facts.junk += ["点击上方蓝字", "在看"]
    return [
        *(title, facts.say(head), "点击上方蓝字关注我们", "{p}", "{p}", "{p}", "{p}"),
        *("— END —", facts.say("编辑 | {x}"), "阅读 980 在看 7"),
    ]


def _forum(facts: Facts) -> list[str]:
    title = facts.title(TITLES)
    pen = facts.chance.choice(["锈螺丝", "夜班灯", "半截粉笔", "南窗旧客"])
    facts.header["authors"] = pen
    facts.dated()
    head = facts.chance.choice(
        [
            [
                facts.say(f"{{site}} » {{column}} » {title}"),
                title,
                pen,
                facts.say("发表于 {d} 21:14 | 只看该作者"),
            ],
            [title, f"作者：{pen} 提交日期：{facts.day.isoformat()} 10:22:00 访问：801 回复：7"],
            [
                f"{title} - {facts.words['site']}",
                f"{pen} 发布于 {facts.day.isoformat()} 浏览 308 评论 2",
            ],
        ]
    )
    facts.junk += ["只看该作者", "回复：7", "评论 2"]
    return [*head, "{p}", "{p}", "{p}", "{p}", "分享 收藏 支持 反对"]


def _bare(facts: Facts) -> list[str]:
    """A page without a title: its text, and perhaps furniture or a name."""
    lines = [*facts.around(ABOVE), "{p}", "{p}", "{p}"]
    lines += facts.ending() if facts.either(0.4) else ["{p}"]
    return lines + facts.around(BELOW)


def _plain(facts: Facts) -> list[str]:
    """A page with a title, and at most a byline."""
    lines = [facts.title(TITLES)]
    if facts.either(0.6):
        lines += facts.byline()
    return [*lines, "{p}", "{p}", "{p}", "{p}"]


KINDS: dict[str, tuple[Callable[[Facts], list[str]], int]] = {
    "news": (_news, 6),
    "journal": (_journal, 4),
    "farm": (_farm, 5),
    "official": (_official, 2),
    "speech": (_speech, 2),
    "taiwan": (_taiwan, 3),
    "wechat": (_wechat, 1),
    "forum": (_forum, 1),
    "bare": (_bare, 2),
    "plain": (_plain, 3),
}
"""The kinds of pages, and how many of 29 are of each."""

_DAMAGES = ("", "", "", "", "narrow", "narrow traditional", "narrow traditional pinyin", "windows")


_OFTEN_UNTITLED = {"news", "journal", "farm", "speech", "taiwan", "wechat", "plain"}


def made(number: int, seed: str = "pages") -> list[Page]:
    """Return so many pages, always the same ones for a seed."""
    return [_one(f"{seed}-{n}") for n in range(number)]


def _one(name: str) -> Page:
    chance = random.Random(name)
    kinds = [kind for kind, (_, often) in KINDS.items() for _ in range(often)]
    kind = chance.choice(kinds)
    facts = Facts(chance, name)
    lines = KINDS[kind][0](facts)
    if kind in _OFTEN_UNTITLED and facts.either(0.4):
        lines = _untitled(lines, facts)
    text = "\n".join(lines)
    if kind != "taiwan":
        facts.header["damage"] = chance.choice(_DAMAGES)
    facts.header["junk"] = " ~ ".join(junk for junk in dict.fromkeys(facts.junk) if junk in text)
    return make_page(f"{kind}-{name}", facts.header, text)


def _untitled(lines: list[str], facts: Facts) -> list[str]:
    """Leave out the title wherever it stands, as many a scraper does."""
    facts.header.pop("or title", None)
    title = facts.header.pop("title", "")
    shown = {title, script.convert(title, script.HANT, script.HANS)} - {""}
    return [line for line in lines if not any(one in line for one in shown)]

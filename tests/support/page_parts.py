"""What made-up pages are combined of: titles, bylines, dates, furniture above and below.

A new form is one more entry of a list. `{a}` and `{b}` are authors, `{x}` somebody who wrote nothing,
`{t}` and `{u}` topics, `{d}` and `{n}` the day; `{unit}`, `{place}`, `{paper}` and `{site}` are what their
names say. page_kinds.py combines them.
"""

import random
from dataclasses import dataclass, field
from datetime import date

from .places import PAGES

_WORDS = {
    key: words.split()
    for key, _, words in (
        line.partition(":")
        for line in (PAGES / "filling" / "words.txt").read_text("utf-8").splitlines()
    )
}
_UNITS = (
    "{place}大学 经济学院",
    "{place}市总工会",
    "{place}职业技术学院",
    "{place}纺织厂工会",
    "{place}港务集团",
    "{place}县委党校",
)
TITLES = (
    "{t}与{u}的关系研究",
    "浅谈企业{t}的难点与对策",
    "关于{t}的几点思考",
    "{t}：从纸上到地上",
    "让{t}走进每一个班组",
    "{place}市{t}状况调查",
    "学习{t}有关规定的心得体会",
    "{t}为何总是慢半拍",
    "新形势下做好{t}工作的实践与探索",
    "我和{t}的十年",
    "{t}不能只算经济账",
    "把{t}办成职工的贴心事",
    "从{t}看{u}",
    "{t}三题",
    "“{t}”背后的一笔账",
    "{t}，难在何处？",
    "谁来管{t}",
    "试论{t}的法律性质",
    "{place}：{t}走出新路子",
    "{t}、{u}与人心",
    "{t}工作总结",
)
OFFICIAL_TITLES = (
    "关于开展{t}专项检查的通知",
    "关于进一步加强{t}工作的意见",
    "关于印发《{t}实施办法》的通知",
    "关于做好{t}与{u}工作的通知",
)
SPEECH_TITLES = (
    "在{t}推进会上的讲话",
    "在{place}市{t}现场会上的发言",
    "扎实做好{t} 当好职工娘家人",
)

# --- the parts ----------------------------------------------------------------------------

ABOVE = (
    ((), ()),
    ((), ()),
    (("首页 > {column} > 正文",), ("首页 >",)),
    (("当前位置：{site} >> {column} >> 浏览文章",), ("当前位置",)),
    (("您现在的位置： 网站首页 > {column}", ""), ("您现在的位置",)),
    (("欢迎光临{site}！ 今天是", "设为首页 | 加入收藏"), ("欢迎光临", "加入收藏")),
    (("登录 注册 投稿 帮助", "{site}", ""), ("登录 注册",)),
    (("首页", "新闻", "理论", "维权", "服务", "", "首页 > {column}", ""), ("首页 >",)),
    (("分享到：", "打印 字号：大 中 小"), ("分享到", "字号")),
    (("手机版 | 无障碍 | 繁體", "搜索"), ("无障碍",)),
)
BELOW = (
    ((), ()),
    ((), ()),
    (("上一篇：{t}的由来", "下一篇：没有了"), ("上一篇", "下一篇")),
    (("【打印】【关闭】", "版权所有：{site}"), ("【关闭】", "版权所有")),
    (("（责任编辑：{x}）",), ("责任编辑",)),
    (("责编：{x}  审核：{x}",), ("责编", "审核")),
    (("分享到： 微信 微博", "相关阅读", "· {u}十问"), ("分享到", "相关阅读")),
    (("免责声明：本文系转载，版权归原作者所有。",), ("免责声明",)),
    (("标签：{t} {u}", "点击数：207"), ("点击数",)),
    (("关键词搜索", "我要评论", "验证码："), ("我要评论", "验证码")),
    (("扫一扫在手机打开当前页",), ("扫一扫",)),
    (("编辑：{x} 来源：本站",), ("编辑：",)),
)
_BYLINES_ABOVE = (  # form, authors in it, what of it must not stay
    ("{a}", 1, ""),
    ("{a} {b}", 2, ""),
    ("{a}、{b}", 2, ""),
    ("作者：{a}", 1, ""),
    ("作者: {a}  编辑: {x}", 1, "编辑"),
    ("文/{a}", 1, ""),
    ("文／{a}　图／{x}", 1, ""),
    ("□ {a}", 1, ""),
    ("■ 本报记者 {a}", 1, ""),
    ("○{a}", 1, ""),
    ("◎ {a} {b}", 2, ""),
    ("本报记者 {a} 通讯员 {b}", 2, ""),
    ("记者 {a} 实习生 {b} 摄影 {x}", 2, ""),
    ("{unit} {a}", 1, ""),
    ("{a}（{unit}）", 1, "{unit}"),
    ("{spaced}", 1, ""),
    ("{spaced}（{unit}）", 1, "{unit}"),
    ("撰稿：{a}  审核：{x}", 1, "审核"),
    ("供稿：{a}", 1, ""),
)
_BYLINES_BELOW = (  # glued to the last paragraph, or on a line of its own
    ("（{a}）", 1, True),
    ("（记者 {a} 通讯员 {b}）", 2, True),
    ("（作者：{a} 编辑：{x}）", 1, True),
    ("（作者单位：{unit}）", 0, True),
    ("（{a} 文/图）", 1, True),
    ("作者：{a}", 1, False),
    ("（通讯员 {a} 供稿）", 1, False),
    ("记者：{a}、{b}", 2, False),
    ("文字 | {a}", 1, False),
)
NEWS_CLOCKS = (  # with {d} a day; {n} the same without leading zeros
    "{d} 08:41  来源：{paper}",
    "{n}08:41　　来源：{paper}",
    "来源：{paper} 发布时间：{d}",
    "来源：{paper}时间：{d}",
    "{d}  {paper}",
    "| 时间：{d} 10:20:30 | 来源：{paper} |",
    "发布日期：{d} 来源：{paper} 浏览次数：311 字号：【大 中 小】",
    "《{paper}》（{n} 03版）",
    "{paper} {n} 星期三 第07版",
)
UPLOAD_CLOCKS = (
    "时间：{d} 10:33:00",
    "上传时间：{d}",
    "发布时间：{d} 来源：网络 编辑：{x}",
    "{d} 09:18:24 来源：互联网 阅读：1024",
    "更新时间：{d} 点击：77 【收藏本文】",
    "{d} 02:13 字数：2100 来源：网友投稿",
)
JOURNAL_ENDS = (
    "",
    "中图分类号：F249 文献标识码：A",
    "收稿日期：2003-02-11",
    "文章编号：1999-0000（2003）02-0011-03",
)


@dataclass
class Facts:
    """What a page tells, and the chance that chooses its parts."""

    chance: random.Random
    name: str
    place: str = ""
    day: date = date(2000, 1, 1)
    words: dict[str, str] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    junk: list[str] = field(default_factory=list)

    def __post_init__(self):
        chance = self.chance
        self.place = chance.choice(_WORDS["places"])
        self.day = date(chance.randint(2003, 2025), chance.randint(1, 12), chance.randint(1, 28))
        topic, other = chance.sample(_WORDS["topics"], 2)
        people = zip(
            chance.sample(_WORDS["surnames"], 3), chance.sample(_WORDS["given"], 3), strict=True
        )
        a, b, x = map("".join, people)
        self.words = dict(
            place=self.place,
            t=topic,
            u=other,
            a=a,
            b=b,
            x=x,
            unit=chance.choice(_UNITS).format(place=self.place),
            spaced=f"{a[0]}　{a[1:]}" if len(a) == 2 else f"{a} ",
            paper=self.place + chance.choice(["工人报", "日报", "晚报", "劳动周刊"]),
            journal=chance.choice(["《{}学刊》", "《{}研究》"]).format(self.place + "劳动"),
            site=self.place + chance.choice(["职工网", "在线", "论文网"]),
            column=chance.choice(["理论", "维权之窗", "工作交流", "基层动态"]),
            d=self.day.isoformat(),
            n=f"{self.day.year}年{self.day.month:02}月{self.day.day:02}日",
            title="",
        )
        self.header["about"] = f"{topic} {other}"

    def say(self, form: str) -> str:
        return form.format_map(self.words)

    def title(self, forms: tuple[str, ...]) -> str:
        self.words["title"] = self.header["title"] = self.say(self.chance.choice(forms))
        return self.words["title"]

    def authors(self, number: int) -> None:
        if number:
            names = [self.words["a"], self.words["b"]][:number]
            self.header["authors"] = "、".join(names)

    def around(self, parts: tuple) -> list[str]:
        """Choose furniture, and remember what of it must not stay."""
        lines, junk = self.chance.choice(parts)
        self.junk += map(self.say, junk)
        return [self.say(line) for line in lines]

    def byline(self) -> list[str]:
        form, number, junk = self.chance.choice(_BYLINES_ABOVE)
        self.authors(number)
        if junk:
            self.junk.append(self.say(junk))
        return [self.say(form)]

    def ending(self) -> list[str]:
        """Choose a byline below the text: its last paragraph, or that and a line."""
        form, number, glued = self.chance.choice(_BYLINES_BELOW)
        self.authors(number)
        return ["{p}" + self.say(form)] if glued else ["{p}", self.say(form)]

    def dated(self, upload: bool = False, day: str = "") -> None:
        self.header["date"] = (day or self.day.isoformat()) + (" upload" if upload else "")

    def either(self, chance: float) -> bool:
        return self.chance.random() < chance

"""Damage clean essays the way web mirrors do, and write the starter essays with it.

    python -m tests.support.damage          writes seeds/ anew from tests/essays/ and tests/library/

Each function takes text and gives the damaged text; `SCRAPES` says what each starter essay went
through, so the tests know the truth about every one of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pypinyin import Style, pinyin

from articles.importing.repairs.byteshift import gbk
from articles.text import script

from .places import ESSAYS, LIBRARY, SEEDS
from .seed_files import FORMS


@dataclass(frozen=True)
class Essay:
    """A clean essay: its header and its body, a paragraph or heading a line."""

    header: dict[str, str]
    body: str

    def __getitem__(self, name: str) -> str:
        return self.header[name]


def read_essay(name: str) -> Essay:
    """Return the clean essay behind a seed of any format."""
    name = f"{Path(name).stem}.txt"
    path = ESSAYS / name if (ESSAYS / name).exists() else LIBRARY / name
    head, _, body = path.read_text("utf-8").partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return Essay({key.strip(): value.strip() for key, _, value in pairs}, body.strip("\n"))


# --- kinds of damage -----------------------------------------------------------------------


def narrow(text: str) -> str:
    """Make , ; : ? ! ( ) half-width, as the mirrors do."""
    return text.translate(str.maketrans("，；：？！（）", ",;:?!()"))


def yi(text: str) -> str:
    """Write 壹 for every 一."""
    return text.replace("一", "壹")


@cache
def _traditional() -> dict[int, str]:
    """Character for character; what would not fold back, or is no GBK, is left alone."""
    table = {}
    for char in script.simplified_forms() | {"雇"}:
        form = script.traditional(char)
        if script.fold(form) == char and len(form) == 1 and _encodable(form):
            table[ord(char)] = form
    return table


def _encodable(char: str) -> bool:
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def to_traditional(text: str) -> str:
    """Convert without a dictionary: 干部 and 于 stay, as on the mirrors."""
    return text.translate(_traditional())


_ONE_FORM = str.maketrans("志注里后只復系干", "誌註裡後隻複係幹")


def over_converted(text: str) -> str:
    """Give each of some characters the same form everywhere: 誌願, 註重, 公裡."""
    return text.translate(_ONE_FORM)


def keys_of(text: str, most: int) -> list[tuple[str, str]]:
    """Return the `most` frequent converted characters with one reading each."""
    converted = set(_traditional().values())
    found = sorted({c for c in text if c in converted}, key=lambda c: (-text.count(c), c))
    return [(c, pinyin(c, style=Style.TONE)[0][0]) for c in found[:most]]


def annotate(text: str, keys: Iterable[tuple[str, str]]) -> str:
    """Put the pinyin behind each key: 工會(huì)."""
    for char, reading in keys:
        text = text.replace(char, f"{char}({reading})")
    return text


def annotate_bytes(text: str, keys: Iterable[tuple[str, str]]) -> str:
    """Do the same by bytes, as the mirrors do: pairs that straddle two characters are hit too."""
    return gbk.damage(text, keys)


def twice(text: str) -> str:
    """Paste the body a second time."""
    return f"{text}\n{text}"


def windows(text: str) -> str:
    """Windows line ends, an indent before each paragraph, invisible characters inside."""
    lines = text.split("\n")
    return "\r\n".join(
        f"　　{line[:20]}\u200b{line[20:]}" if len(line) > 40 else line for line in lines
    )


# --- the starter essays --------------------------------------------------------------------

Step = Callable[[str], str]


_ALL = ("title", "author", "unit", "date", "source", "summary", "keywords")


@dataclass(frozen=True)
class Scrape:
    """How one essay came to us: which lines it has, what was done to it, in which encoding."""

    fields: tuple[str, ...] = _ALL
    above: str = ""  # the site's own lines
    below: str = ""
    steps: tuple[Step, ...] = ()  # on the whole page
    body_steps: tuple[Step, ...] = ()
    keys: int = 0  # characters annotated with pinyin
    annotated: Callable = annotate
    encoding: str = "utf-8"
    upload: str = ""  # the site's own date
    shifted: bool = False  # bytes come out of step


PLAIN = Scrape()
_SHARE = "分享到: | 更多 |"
_DISCLAIMER = (
    "导语:{title}一文来源于网友上传,不代表本站观点,若需要原创文章可咨询客服老师,欢迎参考。"
)

SCRAPES: dict[str, Scrape] = {
    "01-where-the-union-stands.txt": PLAIN,
    "02-serving-face-to-face.txt": Scrape(
        fields=(*_ALL, "upload", "disclaimer"),
        upload="2022-07-29 10:33:00",
        steps=(narrow, to_traditional),
        keys=13,
    ),
    "03-cadre-skills.txt": Scrape(fields=("title", *_ALL), steps=(narrow, yi)),
    "04-rights-work-innovation.txt": Scrape(encoding="gb18030"),
    "05-workers-congress-proposals.txt": Scrape(encoding="big5"),
    "06-secret-ballots.txt": Scrape(above=_SHARE, steps=(narrow, to_traditional), keys=33),
    "07-open-affairs.txt": Scrape(above="论文部分内容阅读", steps=(narrow,), body_steps=(twice,)),
    "08-aid-for-members.txt": Scrape(
        below="(责任编辑:李明)", steps=(windows,), encoding="utf-8-sig"
    ),
    "09-safety.txt": Scrape(
        above="您当前的位置:首页 > 论文 > 安全",
        below="上一篇:如何开好班组会\n下一篇:没有了\n阅读次数: 1207",
        steps=(narrow,),
        encoding="gb18030",
    ),
    "10-labour-law-desk.txt": Scrape(encoding="utf-16"),
    "11-learning-union.txt": Scrape(
        fields=(*_ALL, "upload", "disclaimer"),
        upload="2021-11-02 08:15:00",
        steps=(narrow, yi),
    ),
    "12-skills-contests.txt": Scrape(
        fields=(*_ALL, "upload"),
        upload="2024-06-08 10:10:00",
        steps=(to_traditional,),
        keys=33,
        annotated=annotate_bytes,
        shifted=True,
    ),
    "13-members-home.txt": PLAIN,
    "14-new-employment.txt": Scrape(
        above=_SHARE,
        steps=(to_traditional,),
        keys=54,
        annotated=annotate_bytes,
        shifted=True,
    ),
    "15-collective-bargaining.txt": Scrape(steps=(narrow, yi), body_steps=(twice,)),
    "16-mental-health.txt": PLAIN,
    "17-women-workers.txt": Scrape(
        fields=("title", *_ALL),
        below="相关推荐:女职工权益手册",
        steps=(narrow, to_traditional),
        keys=54,
    ),
    "18-new-officers-first-90-days.txt": Scrape(above=_SHARE, steps=(narrow,), encoding="big5"),
    "19-dues-and-reports.txt": Scrape(
        above="您当前的位置:首页 > 工会财务",
        below="(责任编辑:周宁)",
        steps=(narrow,),
        encoding="gb18030",
    ),
    "20-election-notice.txt": Scrape(
        fields=("title", "summary", "keywords"),
        above="云桥区总工会文件\n云工发〔2025〕8号",
        below="抄送：区委组织部、区人力资源社会保障局\n云桥区总工会办公室 2025年3月10日印发",
    ),
    "21-small-firms.txt": Scrape(
        fields=(*_ALL, "upload"),
        above="论文部分内容阅读",
        upload="2024-12-02 09:12:00",
        steps=(narrow,),
        body_steps=(twice,),
    ),
    "22-first-audit.docx": PLAIN,
    "23-work-injury.html": PLAIN,
    "24-unpaid-wages.md": PLAIN,
    "25-letter-and-two-papers.docx": PLAIN,
    "26-mediation-and-aid.txt": Scrape(above=_SHARE, steps=(narrow,), encoding="big5"),
    "27-leave.html": PLAIN,
    "28-dispatch-and-trainees.txt": Scrape(
        fields=(*_ALL, "upload", "disclaimer"),
        upload="2025-09-30 16:40:00",
        steps=(narrow, to_traditional),
        keys=33,
    ),
    "29-occupational-health.txt": Scrape(
        fields=("title", *_ALL),
        below="相关推荐:职业病防治宣传周手册",
        steps=(narrow, yi, windows),
        encoding="utf-8-sig",
    ),
    "30-closure-and-redundancy.docx": PLAIN,
}

_LABELS = {
    script.HANS: ("作者：", "作者单位：", "来源：", "摘要：", "关键词：", "时间："),
    script.HANT: ("作者：", "作者單位：", "來源：", "摘要：", "關鍵詞：", "時間："),
}


def scrape(essay: Essay, how: Scrape) -> str:
    """Return the page an essay came as, before it is encoded."""
    author, unit, source, summary, keywords, time = _LABELS[essay["script"]]
    year, month, day = (essay["date"] or "0-0-0").split("-")
    written = {
        "title": essay["title"],
        "author": essay["author"] and author + essay["author"],
        "unit": essay["unit"] and unit + essay["unit"],
        "date": essay["date"] and f"{year}年{int(month)}月{int(day)}日",
        "source": essay["source"] and source + essay["source"],
        "summary": essay["summary"] and summary + essay["summary"],
        "keywords": essay["keywords"] and keywords + essay["keywords"],
        "upload": time + how.upload,
        "disclaimer": _DISCLAIMER.format(title=essay["title"]),
    }
    body = essay.body
    for step in how.body_steps:
        body = step(body)
    lines = [how.above, *(written[name] for name in how.fields), body, how.below]
    page = "\n".join(line for line in lines if line)
    for step in how.steps:
        page = step(page)
    if how.keys:
        page = how.annotated(page, keys_of(page, how.keys))
    return page


def write_seeds(folder: Path = SEEDS) -> None:
    for name, how in SCRAPES.items():
        form = FORMS.get(Path(name).suffix)
        essay = read_essay(name)
        raw = form(essay.header, essay.body) if form else None
        (folder / name).write_bytes(raw or scrape(essay, how).encode(how.encoding))


if __name__ == "__main__":
    write_seeds()

"""What each line of a page's head and tail can be, before it is asked what it tells."""

import re
from dataclasses import dataclass, field

from ...text import script
from .bylines import UNIT_WORD, is_unit
from .dates import StatedDate, parse_date
from .labels import LABEL, kind_of
from .people import Names, names_of
from .pieces import HALF_WIDTH, Piece, cut

LONGEST_TITLE = 50
"""Characters; of 3,000 essay titles looked at the longest had 44."""

PARAGRAPH = 60
"""Characters from which a line of prose is a paragraph, and no title, however it is written."""

_END = "。；，、：！,;:!"
_CODE = re.compile(
    r"(?:[•\-*\s\d.]*</?[a-zA-Z][^<>]*>)+[\s\d.•*-]*|[\W_]+|\d{1,3}\s*/\s*\d{1,3}"
    r"|[a-z]?\d{0,2}[.、]?|\d{1,3}(?:,\d{3})+|\d{5,9}|[^\s，。]{1,40}\.(?:jpe?g|png|gif|bmp|webp)"
)
_SECTION = re.compile(
    r"[【\[]?\s*(?:(?P<summary>(?:内容|中文|论文)?摘\s*要|(?:内容)?提\s*要|导语|导读|核心提示)"
    r"|(?P<keywords>关\s*键\s*[词字]|主题词)"
    r"|(?P<source_name>出\s*处|来\s*源|刊\s*名)|(?P<authors>作\s*者)|(?P<contents>目\s*[录次]"
    r"|contents)|(?P<other>[引前导]\s*言|编者按|编者的话"
    r"|缘\s*[起由]|起\s*[因由]|引\s*[子文]|楔\s*子|开\s*场\s*白|写在前面|题\s*记|小\s*引|背\s*景|尾\s*声|后\s*记|结\s*语|余\s*论|小\s*结))\s*[】\]]?\s*[:：]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[壹贰貳参參叁肆伍陆陸柒捌玖拾]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|第[一二三四五六七八九十百\d]+[章节節编編篇条條部]"
    r"|\d{1,2}(?:\.\d{1,2})+(?=[\u3400-\u9fff])|(?:引言|前言|导言|導言|绪论|緒論|结语|結語)\s*[:：](?=\S)"
    r"|[#＃]?\d{1,2}(?:\.\d{1,2})*[\s、.．](?!\d)|[①-⑳]|\d{1,2}[\"](?=\S))"
)
_SALUTATION = re.compile(
    r"(?:(?:尊敬|敬爱|亲爱)的|各位|同志们|朋友们|同学们|工友们|女士们|大家(?:好|早上好|早|上午好"
    r"|下午好|中午好|晚上好)|新来的|你们?好|您好).{0,40}[:：!！,，。]?"
    r"|[致呈]\s*[:：]\s*\S.{1,30}|.{2,40}(?:各车间|各科室|各单位|各部门|各工会|工会|委员会|公司|集团|单位|部门|同志们?"
    r"|朋友们?|先生|女士|代表)\s*[:：]"
)
SPOKEN = re.compile(
    r"(?:[QAＱＡ]\s?|[男女合问答师生甲乙丙丁齐众]|主持人?|旁白|[男女]声|齐声|众人)[0-9一二三四]{0,2}\s*[:：]\s*\S"
)
"""A line of a dialogue, or of who leads through an evening: 男：…"""

_CRUMB_PART = r"[^\s>»›。，；]{1,30}(?:[ ][^\s>»›。，；]{1,30}){0,4}"
_CRUMB = re.compile(
    rf"(?:(?:您|你|当前|现在|所在|目前|的)*位置\s*[:：是]?.{{0,120}}"
    rf"|{_CRUMB_PART}(?:\s*(?:>>?|»|›|＞|→|::)\s*(?:{_CRUMB_PART})?){{1,8}}(?:[:：].{{0,60}})?"
    r"|(?:(?:网站|返?回)?首页|主页)\s*[/|·-].{0,80}"
    r"|(?:网站)?首 ?页(?:[\s|｜]+[^\s，。；|｜]{1,16}){2,30}[\s|｜]*"
    rf"|{_CRUMB_PART}(?:\s*[»›]\s*{_CRUMB_PART}){{1,6}}\s*[»›]\s*[^»›。]{{4,60}})"
)
_LABELLED = re.compile(r"(?:作者|来源)\s*[:：]\s*\S")
_MENU = re.compile(r"(?:[^·|/。,;:!?\s]{1,8}\s*[·|/-]\s*){5,}[^·|/。,;:!?\s]{0,8}")
_OF_A_MENU = re.compile("首页|主页|要闻|新闻|论坛|博客|财经|视频|专题|登录|注册|导航|地图")
"""A menu in one line, 要闻·国际·评论·财经·科技·综合, and the words one of which is in it: an author
lists things so as well."""

_CAPTION = re.compile(
    r".{0,60}(?:\s|[(（])[\u3400-\u9fff]{2,4}\s*/?\s*(?:摄影?|供图|图|绘)[)）]?|(?:图|图片|照片"
    r"|本文插图|题图)\s*[:：]?.{0,16}(?:供图|资料图|插图)?"
)
_AFFILIATION = re.compile(
    r"[(（\[]?\s*(?:\[?\d\]?\s*[.．、,]?\s*)?[\u3400-\u9fff][^。！？:：]{1,80}?(?:(?:[;；,，]"
    r"|\s)\s*\[?\d?\]?\s*[.．]?\s*[^。！？]{0,60})?\s*[)）\]]?"
)
_OF_A_REPORTER = re.compile(
    r"[\u3400-\u9fff]{2,8}(?:网|报|社|台|刊|杂志)(?:特约|见习|实习|公民)?(?:记者|撰稿人|专栏作者|评论员)"
)
_NUMBER_OF = re.compile(
    r"[(（]?[\u3400-\u9fff]{1,12}\s*[〔\[［(（【]\s*(?:19|20"
    r"|1)\d{2,3}\s*[〕\]］)）】]\s*(?:第\s*)?\d{1,5}\s*号[)）]?"
)
_RUNNING_HEAD = re.compile(
    r"(?=.*(?:第\s*\d+\s*卷|Vol\.\s*\d|\d{4}年第\d+期|Journal of ))"
    r"(?=.*(?:学报|杂志|学刊|月刊|论丛|论坛|Journal)).{4,90}"
)
"""What a journal prints on top of each page."""

_COUNT_OF = re.compile(
    r"\(?(?:总?第)?[\d一二三四五六七八九十]{1,5}[期号辑](?:\(?总第?\d+期\)?)?\)?"
)
_PAPER_PAGE = re.compile(r"第?\s*[A-Z]?0?\d{1,3}\s*版\s*[:：·]\s*[\u3400-\u9fff]{2,8}")
"""The page of a paper and what it is for: A14版：副刊."""

_BOTH = re.compile(r"[\u3400-\u9fff]\s+(?:文\s*[/／]\s*[图摄]|[图摄]\s*[/／]\s*文)$")
"""Who wrote and took the pictures, said behind the names: 王芳 李明 文/图."""

_ISSUE_OF = re.compile(
    r"[\u3400-\u9fff]{2,16}(?:报|通讯|简报|快讯|会刊|月刊|季刊|杂志|特刊)(?:总?第)[一二三四五六七八九十百\d]{1,5}期"
)
_TAKEN_DOWN = re.compile(r"[(（]?根?[据據]?[录錄]音整理.{0,16}[)）]?")
"""A periodical's name with its issue; how a talk came to paper."""

_LETTERHEAD = re.compile(
    r"[\u3400-\u9fff ]{4,30}(?:文\s*件|[简快]\s*报|简\s*讯|动\s*态"
    r"|信\s*息)(?:\s*[(（]\s*第?\s*\d+\s*期?\s*[)）])?"
)
_UNIT_LINE = re.compile(
    rf"[(（\[]?\s*(?:\[?\d\]?\s*[.．、]?\s*)?[^。！？；:：]{{2,40}}{UNIT_WORD}(?:[\s,，].{{0,30}})?\s*[)）\]]?"
)


@dataclass
class Line:
    """A line with what it can be.

    `kind` is one of: blank, code, date, meta (labels, dates, buttons alone), part (a value was
    read, the rest is the author's), names, unit, crumb, section (a label on a line of its own),
    bullet (of a menu or of tags), salutation, number (of a document), letterhead, numbered,
    subtitle, caption, english, prose, short. `own` is the kind of block that the file itself makes
    of it.
    """

    number: int
    text: str
    kind: str
    own: str = ""
    pieces: list[Piece] = field(default_factory=list)
    names: Names | None = None
    section: str = ""
    stated: StatedDate | None = None

    @property
    def stated_day(self) -> bool:
        """Whether the line is a day, with its weekday perhaps, and nothing else."""
        return self.kind == "date" or {p.kind for p in self.pieces} in (
            {"date"},
            {"date", "button"},
        )

    @property
    def paragraph(self) -> bool:
        """Whether the line is a paragraph of the text, behind a clock in its own line perhaps."""
        behind = self.kind == "part" and self.pieces and self.pieces[-1].kind == "rest"
        text = self.pieces[-1].value if behind else self.text if self.kind == "prose" else ""
        return len(text) > PARAGRAPH


def line_of(number: int, text: str, own: str = "") -> Line:
    """Return what a stripped line can be by itself."""
    line = Line(number, text, _kind(text), own)
    if line.kind == "section":
        match = _SECTION.fullmatch(script.fold(text))
        line.section = match.lastgroup or ""
    elif line.kind in ("meta", "summary"):
        line.pieces = cut(text)
    elif line.kind == "names":
        line.names = names_of(text)
    elif line.kind == "date":
        line.stated = date_alone(text)
    return line


def date_alone(text: str) -> StatedDate | None:
    """Return the date of a line that says nothing else: （2016年5月1日）, 写于2016年5月."""
    bare = re.sub(
        r"^(?:写于|作于|完稿于|定稿于)\s*[:：]?|(?:深?夜|凌?晨|清晨|傍晚|午后)?\s*(?:[于於].{2,8}|稿|定稿|完稿)$"
        r"|[,，\s]+(?:天气\s*[:：]?\s*)?(?:晴|阴|陰|多云|多雲|小雨|中雨|大雨|雷阵雨|小雪|中雪|大雪|雪|雨|风|霾|雾)\S{0,5}$"
        r"|\s*[,，]?\s*[根據据]{0,2}(?:录音|錄音|速记|速記)整理(?:[,，]未[经經].{2,6}[审審][阅閱])?$",
        "",
        text.strip("()（）[]【】〔〕 "),
    )
    return parse_date(bare)


def _kind(text: str) -> str:
    if not text:
        return "blank"
    if _CODE.fullmatch(text):
        return "code"
    folded = script.fold(text)
    if _SECTION.fullmatch(folded):
        return "section"
    if len(text) <= 40 and date_alone(text):
        return "date"
    label = LABEL.match(folded)
    if len(text) > PARAGRAPH and re.match(r"(?:摘要|提要|内容提要)(?=[\u3400-\u9fff])", folded):
        return "summary"
    if label and kind_of(label) in ("summary", "keywords", "english", "bio", "number", "teaser"):
        return "summary"
    if re.match(r"[—–―－-]{2,}\s*\S", text) and len(text) <= PARAGRAPH:
        if between := re.fullmatch(r"[—–―－-]{2,}\s*(.{1,12}?)\s*[—–―－-]{2,}", folded):
            return "number" if _COUNT_OF.fullmatch(re.sub(r"\s", "", between[1])) else "code"
        return "subtitle"
    if (
        len(text) <= 120
        and not _LABELLED.search(folded)
        and _CRUMB.fullmatch(folded)
        and re.search(r"[>»›＞→]|位置|首 ?页", folded)
    ):
        return "crumb"
    if len(text) <= 40 and _BOTH.search(folded) and names_of(text):
        return "names"
    if len(text) <= 200 and any(piece.kind != "rest" for piece in cut(text)):
        return "meta"
    plain = folded.translate(HALF_WIDTH)
    solid = re.sub(r"\s", "", plain)
    if len(text) <= 90 and _RUNNING_HEAD.fullmatch(folded) and not re.search("[。，；]", text):
        return "number"
    if len(text) <= 60 and (_NUMBER_OF.fullmatch(solid) or _COUNT_OF.fullmatch(solid)):
        return "number"
    if _PAPER_PAGE.fullmatch(folded):
        return "number"
    if _ISSUE_OF.fullmatch(solid) or _TAKEN_DOWN.fullmatch(folded):
        return "number"
    if len(text) <= 40 and _LETTERHEAD.fullmatch(folded):
        return "letterhead"
    if len(text) <= 160 and _OF_A_MENU.search(plain) and _MENU.fullmatch(plain):
        return "crumb"
    if SPOKEN.match(folded):
        return "prose"
    if names_of(text):
        return "names"
    if _NUMBERED.match(text):
        return "prose" if len(text) > PARAGRAPH else "numbered"
    if len(text) <= PARAGRAPH and _SALUTATION.fullmatch(folded):
        return "salutation"
    if len(text) <= 100 and _is_affiliation(text, folded):
        return "unit"
    if len(text) <= 70 and _CAPTION.fullmatch(folded):
        return "caption"
    if not re.search(r"[\u3400-\u9fff]", text):
        return "english"
    return untyped(text)


def untyped(text: str) -> str:
    """Return what a line is that is nothing in particular: prose, or short."""
    trails_off = text[-1] == "…" and "，" in text
    if len(text) > PARAGRAPH or text[-1] in _END or "。" in text or trails_off:
        return "prose"
    return "short"


def _is_affiliation(text: str, folded: str) -> bool:
    """Tell whether a line is where authors work: (1.某大学 法学院,某市 350001;2.某厂)."""
    if (is_unit(text) and len(text) <= 30) or _OF_A_REPORTER.fullmatch(folded):
        return True
    parts = text.split()
    if len(parts) == 2 and len(text) <= 30 and all(map(is_unit, parts)):
        return True  # 某某大学 经济学院
    bracketed = text[0] in "(（[" and text[-1] in ")）]"
    numbered = bool(re.match(r"[(（\[]?\s*\[?\d\]?\s*[.．、]?\s*[\u3400-\u9fff]", text))
    posted = bool(re.search(r"\d{6}", text))
    if not (bracketed or (numbered and len(re.findall(r"\d", text)) > 1) or posted):
        return False
    return bool(
        _UNIT_LINE.fullmatch(folded)
        or (posted and re.search(UNIT_WORD, folded))
        or re.search(rf"{UNIT_WORD}(?:[\s,，;；]|$)", folded.strip("()（）[]"))
    )

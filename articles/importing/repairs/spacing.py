"""Space where none belongs, and question marks that stand for space."""

import re
from collections.abc import Iterator

from ..lexicon.language import is_common_pair
from .frame import Finding, Page, covered, repair

_HAN = r"\u3400-\u9fff"
_OPENING = "“‘「『《〈（(【"

_INDENT = re.compile(
    rf"(?m)^(?:[?？][ \u3000]+)+(?=[{_HAN}\d{_OPENING}])|^[?？]{{2,8}}(?=[{_HAN}{_OPENING}])"
)
_GAP = re.compile(r"\?(?: \?)+ ?|(?<=[\u3400-\u9fff])(?:[?？][ \u3000]){2,20}(?=[\u3400-\u9fff])")
_ASKED = re.compile(
    r"[吗嗎呢吧么麼嘛啊谁誰几幾何]$|什[么麼]|怎[么麼样樣]|[为為]何|哪|谁|誰|多少|是否|(.)[不没沒]\1|[能会會要是有]不[能会會要是]|\?$"
)

_LEAST_INDENTS, _LEAST_GAPS, _IN_A_GAP = 2, 2, 3
"""Indents, or gaps, that show what a page's question marks are; marks that make a gap certain."""


@repair(
    seen="pages whose no-break spaces, the indent of each paragraph, became question marks",
    before="? ? 工会要办事。\n???职工要参加。\n分类号 R47? ? ? ? 文献标识码 B? ? ?\n姓名? ? 单位",
    after="工会要办事。\n职工要参加。\n分类号 R47 文献标识码 B\n姓名 单位",
    untouched=(
        "???",
        "? ",
        "为什么?\n? 号在此。",
        "?是问号。",
        "真的吗? ? 我不信",
        "他问怎么办? ? ? 谁也答不上来。",
        "真的? ?",
    ),
)
def drop_question_indents(page: Page) -> Iterator[Finding]:
    """Drop the question marks that stand for space: before two paragraphs, or three in a row.

    Nobody opens two paragraphs with one, or writes them with spaces between where nothing is
    asked. A page that shows it has pairs of them too: 姓名? ? 单位 was two spaces wide.
    """
    text = page.text
    if "?" not in text and "？" not in text:
        return
    indents = list(_INDENT.finditer(text))
    if len(indents) < _LEAST_INDENTS:
        indents = []
    found = {match.start(): match for match in _GAP.finditer(text)}
    for taken in covered([match.span() for match in indents], found):
        del found[taken]
    gaps = [match for match in found.values() if not is_asked(text, match)]
    certain = [m for m in gaps if _marks(m[0]) >= _IN_A_GAP]
    shown = indents or certain or len(gaps) >= _LEAST_GAPS
    for match in indents:
        yield page.edit("space", match.start(), match.end(), "")
    for match in gaps if shown else ():
        at_rim = text[match.end() : match.end() + 1] in ("", "\n")
        at_rim |= text[match.start() - 1 : match.start()] in ("", "\n")
        yield page.edit("space", match.start(), match.end(), "" if at_rim else " ")


def _marks(gap: str) -> int:
    return gap.count("?") + gap.count("？")


def is_asked(text: str, gap: re.Match[str]) -> bool:
    """Tell whether what stands before is a question."""
    clause = re.split(r"[，。；：！\n,;:!]", text[max(0, gap.start() - 30) : gap.start()])[-1]
    return bool(_ASKED.search(clause))


_STRAY = re.compile(rf"(?<=[{_HAN}])[ \u3000](?=[{_HAN}])")
_BEHIND_MARK = re.compile(rf"(?<=[{_HAN}”’）)][,;，；。！？])[ \u3000](?=[{_HAN}“‘「『《（])")
_RUNNING = re.compile(r"[,，。；;]")
_LEAST_LINE, _MOST_SPACES, _ONE_PER = 40, 3, 150
"""Characters of a line of running text; spaces in it that count as strays: three, and one for
so many characters. The real essay has six in 4,885; in lists and verse they are everywhere."""


@repair(
    seen="an essay with a space after six of its marks, and one inside a word",
    before=(
        "各级工会要把职工的事放在心上, 一件一件地办,办完了再回去问一声职 工满意不满意。 下一步"
        "怎么走,要看职工怎么说,这是办事的规矩。"
    ),
    after=(
        "各级工会要把职工的事放在心上,一件一件地办,办完了再回去问一声职工满意不满意。下一步"
        "怎么走,要看职工怎么说,这是办事的规矩。"
    ),
    untouched=(
        "工会 创新 基层",
        "王芳 李明 张伟",
        "出席会议的有王芳 李明 张伟 赵静 孙丽 周强,列席的有吴敏 郑洁 冯涛 陈晨,大家都发了言,"
        "会议开得很好。",
        "床前明月光， 疑是地上霜。",
        "第一章 总则",
    ),
)
def drop_stray_spaces(page: Page) -> Iterator[Finding]:
    """Drop single spaces in running text where there are hardly any.

    Behind a mark a space says nothing; between two characters it goes only where they make an
    everyday word, for it may as well part two names. Titles, lists, verse and tables keep theirs.
    """
    lost = [(flag.start, flag.end) for flag in page.flags if flag.kind == "lost-text"]
    places: list[int] = []
    for start, _, line in page.lines():
        if len(line) < _LEAST_LINE or "|" in line or "\t" in line or not _RUNNING.search(line):
            continue
        if len(re.findall(r"\s", line)) > _MOST_SPACES + len(line) / _ONE_PER:
            continue
        if " " not in line and "\u3000" not in line:
            continue
        places += (start + match.start() for match in _BEHIND_MARK.finditer(line))
        places += (
            start + match.start()
            for match in _STRAY.finditer(line)
            if is_common_pair(line[match.start() - 1] + line[match.end()])
        )
    for place in sorted(set(places) - covered(lost, places)):
        yield page.edit("space", place, place + 1, "")

"""Half-width marks in Chinese text, and quotes without their other half."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from ..edits import Flag
from .frame import Finding, Page, covered, repair

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\u3000-\u303f“”‘’…—，。、；：？！（）【】"
_WIDE = str.maketrans(",;:?!()", "，；：？！（）")

# A mark belongs to Chinese text where a Chinese character or mark stands before it, or where a
# number or Latin word stands before it and Chinese follows. `10:30`, `1,000` and `a, b` do not.
_MARK = re.compile(
    rf"(?<=[{_CJK}])[,;:?!]+|(?<=[0-9A-Za-z０-９Ａ-Ｚａ-ｚ%)\"])[,;:?!](?=[{_CJK}])"
    rf"|(?<=%)[,;](?=\d+[{_CJK}])"
)
_PARENTHESES = re.compile(r"\(([^()\n]*)\)")
_QUOTES = re.compile(r'"([^"\n]*)"')
_LEAVE = re.compile(
    r"```.*?```|`[^`\n]+`"  # code
    r"|\b[a-z][a-z0-9+.-]{1,20}://[^\s\u2e80-\uffff“”]+"  # addresses
    r"|!?\[[^\[\]\n]{0,300}\]\([^()\n]{0,300}\)"  # Markdown links
    r"|[:;]-?[)(DP](?=\s|$)",  # faces
    re.DOTALL,
)
_NESTED = r"(?:[^()\n]|\((?:[^()\n]|\([^()\n]{0,99}\)){0,99}\)){0,300}"
_KEYWORD = (
    r"(?:if|for|while|def|return|print|echo|var|let|const|function|import|from|public|class|else"
    r"|SELECT|INSERT|UPDATE|DELETE|select|insert|update|delete)"
)
_CODE = re.compile(
    r"(?=[=A-Za-z{\[<\"/~])(?:"
    rf"=\s?[A-Za-z_][\w.]{{0,30}}\({_NESTED}\)"  # formulas
    r"(?:\s?[-+*/&<>=]+\s?(?:\"[^\"\n]*\"|[\w.]{1,40}))*"
    r"|\{(?=[^{}\n]{0,300}[\"'][^\"'\n]{0,60}[\"']\s*:)"  # objects
    r"(?:[^{}\n]|\{[^{}\n]{0,300}\}){0,500}\}"
    r"|(?<![^\s\[{,])\"[^\"\n]{1,60}\"\s*:\s*(?:\"[^\"\n]{0,200}\"|[\d.]{1,30}"
    r"|true|false|null)"
    r"|\[\s?\"[^\"\n]{0,99}\"(?:\s?,\s?\"[^\"\n]{0,99}\"){0,99}\s?\]"  # lists
    r"|<[A-Za-z/!][^<>\n]{0,300}>"  # tags
    r"|\"[^\"\n]{1,30}\"\s*<[\w.+-]+@[^<>\n]{1,60}>"  # mail
    r"|(?<![\w.+-])[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}"
    r"|\b[A-Za-z]:\\[^\s<>\"|?*，。；]+"  # paths
    r"|(?<![\w/])~?/(?:[^\s/，。；、]{1,80}/){1,20}[^\s，。；、]{0,80}"
    r"|\bwww\.[^\s\u2e80-\uffff“”]+"
    rf"|(?<!\S)(?:{_KEYWORD}\b|[A-Za-z_$][\w$.]*\s*(?:=(?!=)|\())"
    r"(?=[^\n]{0,300}[\"'=;{}])[^\n。]{0,300}[;{})\]:\"'][ \t]*(?=\n|\Z)"
    r")"
)
"""Formulas, data, tags, mail addresses, paths and lines of programs: their marks are no text's."""

_HAN = re.compile(r"[\u3400-\u9fff]")

# What takes one full-width mark, or two, for a run of half-width ones.
_DASH = re.compile(rf"(?<=[{_CJK}])(?:-{{2,}}|－{{2,}})(?=[{_CJK}]|$)", re.MULTILINE)
_ELLIPSIS = re.compile(rf"(?<=[{_CJK}])(?:\.{{3,}}|。{{3,}})(?=[{_CJK}\s]|$)", re.MULTILINE)
_FULL_STOP = re.compile(rf"(?<=[{_CJK}])(?<![。.…])\.(?=[”’」』）)]?\s*$)", re.MULTILINE)
_FULL_STOP_INSIDE = re.compile(
    r"(?<=[\u3400-\u9fff”’」』》）)])\.(?=[\u3400-\u9fff“”‘’「」『』《（(\d])|(?<=%)\.(?=[\u3400-\u9fff]|$)",
    re.MULTILINE,
)
_LEAST_STOPS, _PER_STOP = 3, 10
"""Half-width full stops, and so many to a 。, that show how a page ends its sentences; a name like
约翰.史密斯 has one."""

_WIDE_ASCII = re.compile("[０-９Ａ-Ｚａ-ｚ]+(?:．[０-９]+)*")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SINGLE = re.compile(r"(?<![0-9A-Za-z'])'([^'\n]{1,80})'(?![0-9A-Za-z'])")
# Two quotation marks of the same kind round a phrase, and no other in the line.
_TWISTED = re.compile(r"[^“”\n]*?([“”])([^“”。！？；;!?\n]{1,30})([“”])[^“”\n]*")


@repair(
    seen="all five real essays: , ; : ? ! ( ) are half-width throughout",
    before='工會(街道)要做到:聽得進,辦得成!他說"好",共3項,見http://a.cn/b?c:d。',
    after="工會（街道）要做到：聽得進，辦得成！他說“好”，共3項，見http://a.cn/b?c:d。",
    untouched=(
        "10:30 開會，1,000 人，比分 3:2。",
        "He said: yes, (really) no!",
        "漢字(hànzì)與曹丕(cáo pī)。",
        "[文](http://a.cn) 與 `a(b, c);` 都不動。",
        "約翰.史密斯在 3.5 節，見 a.b。\n---\n| 甲 | 乙 |\n|---|---|",
        "「工會」與『職工』、It's 'fine'，①②③ v1.2…",
        '填 =IF(B2>C2,"遲到","") 就行，再填 =SUM(A1:A9)&"人(次)"。',
        '{"姓名": "王芳", "單位": {"名": "船廠(東)"}}\n  "備註": "甲,乙",\n["甲","乙"]',
        "存在 D:\\報表(舊)\\甲,乙.xls 和 /home/工會/表(1)/甲:乙.csv 裡。",
        '寫給 "王芳" <wang@a.cn>，或看 www.a.cn/b?c:d。',
        'print("合格,通過")\nif (x > 3) { alert("錯了!"); }\nSELECT * FROM t WHERE 名="甲";',
        '<a title="工會,職工">表</a>',
    ),
)
def widen_punctuation(page: Page) -> Iterator[Finding]:
    """Make marks full-width in a Chinese context; numbers, Latin, addresses and code stay.

    Full-width digits and letters become plain ones, as in all other text.
    """
    text = page.text
    closed = [match.span() for pattern in (_LEAVE, _CODE) for match in pattern.finditer(text)]
    closed += [(flag.start, flag.end) for flag in page.flags if flag.kind == "lost-text"]
    places: dict[int, tuple[int, str]] = {}
    for start, end, after in _wide_marks(text):
        places.setdefault(start, (end, after))
    for start, _, line in page.lines():
        for first, last, after in _quotes(line):
            places.setdefault(start + first, (start + last, after))
    shut = covered(closed, places)
    done = 0
    for start, (end, after) in sorted(places.items()):
        if start not in shut and start >= done:
            yield page.edit("punctuation", start, end, after)
            done = end


def _wide_marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, mark) for what is half-width in a Chinese context."""
    for signs, pattern, after in (
        (("--", "－－"), _DASH, "——"),
        (("...", "。。。"), _ELLIPSIS, "……"),
        (".", _FULL_STOP, "。"),
    ):
        if any(sign in text for sign in signs):
            for match in pattern.finditer(text):
                yield match.start(), match.end(), after
    inside = list(_FULL_STOP_INSIDE.finditer(text)) if "." in text else []
    if len(inside) >= max(_LEAST_STOPS, _PER_STOP * text.count("。")):
        for match in inside:
            yield match.start(), match.end(), "。"
    for match in _WIDE_ASCII.finditer(text):
        yield match.start(), match.end(), match[0].translate(_NARROW)
    for match in _MARK.finditer(text):
        for offset, mark in enumerate(match[0], match.start()):
            yield offset, offset + 1, mark.translate(_WIDE)
    for match in _PARENTHESES.finditer(text):
        if _HAN.search(match[1]):
            yield match.start(), match.start() + 1, "（"
            yield match.end() - 1, match.end(), "）"


def _quotes(line: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, mark) for straight and twisted quotation marks that are certain."""
    for mark, pattern, opening, closing in (('"', _QUOTES, "“", "”"), ("'", _SINGLE, "‘", "’")):
        if mark in line and line.count(mark) % 2 == 0:
            for match in pattern.finditer(line):
                if _HAN.search(match[1]):
                    yield match.start(), match.start() + 1, opening
                    yield match.end() - 1, match.end(), closing
    twisted = _TWISTED.fullmatch(line) if line.count("“") + line.count("”") == 2 else None
    if twisted and twisted[1] == twisted[3] and not (twisted[1] == "“" and twisted.start(1) == 0):
        yield twisted.start(1), twisted.end(1), "“"
        yield twisted.start(3), twisted.end(3), "”"


@repair(
    seen="a scrambled speech with eleven “ and fifteen ”",
    before="要樹立“大工會”意識，落實三個貼近”要求。",
    after="要樹立“大工會”意識，落實三個貼近”要求。",
    untouched=("“一句。\n“又一句。”", "他說：“聽“裡面”的人說。”", "「一句。\n「又『一』句。」"),
)
def flag_unpaired_quotes(page: Page) -> Iterator[Finding]:
    """Flag quotes without their other half; none is invented.

    A quotation over several paragraphs opens each of them and closes only the last, so an open
    quote is flagged only where the next paragraph does not open with one.
    """
    lines = [(start, line) for start, _, line in page.lines() if line.strip()]
    for (start, line), after in zip_longest(lines, (line for _, line in lines[1:]), fillvalue=""):
        for first, last in ("“”", "「」"):
            if first not in line and last not in line:
                continue
            opened: list[int] = []
            for offset, mark in enumerate(line, start):
                if mark == first:
                    opened.append(offset)
                elif mark == last and opened:
                    opened.pop()
                elif mark == last:
                    yield _unpaired(offset, "這個後引號沒有前引號。")
            if not after.lstrip().startswith(first):
                for offset in opened:
                    yield _unpaired(offset, "這個前引號沒有後引號。")


def _unpaired(offset: int, message: str) -> Flag:
    return Flag("unpaired-quotes", offset, offset + 1, message)

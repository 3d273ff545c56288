"""What Chinese Markdown needs beyond CommonMark, as rules for markdown-it."""

import re
import unicodedata
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock, fence, html_block, reference
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from .columns import field_of

_WIDE = re.compile(
    r"[\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffee“”‘’…—·\U00020000-\U0003ffff]"
)
_NEVER_BEFORE = "，。、；：！？）》」』”’】〕］…,.;:!?)"
_NEVER_AFTER = "（《「『“‘【〔［("
"""Marks that no emphasised passage begins with, and those that none ends with."""


class _State(StateInline):
    """Inline text whose emphasis may begin and end at Chinese marks, without space around.

    CommonMark takes `**` for an opening or a closing one by the space and the punctuation beside
    it, as languages with spaces have it: in `**要点：**先` it sees a second opening one.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        marker = self.src[start]
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if _is_no_emphasis(marker, scanned.length, before, after):
            return Scanned(False, False, scanned.length)
        # `** 要点 **`: the space is a slip, where something is there to be emphasised.
        inside = self.src[end : min(end + 9, self.posMax)].lstrip(" ")[:1]
        ahead = self.src[max(0, start - 9) : start].rstrip(" ")[-1:]
        if not (_WIDE.match(ahead) or _WIDE.match(inside)):
            return scanned
        opens = self._flanks(before, after)
        closes = self._flanks(after, before)
        if marker == "_" and not canSplitWord:
            # Between letters it joins words or leaves room to fill in; marks tell otherwise.
            opens, closes = (
                opens and (not closes or _is_mark(before) or _is_mark(after)),
                closes and (not opens or _is_mark(before) or _is_mark(after)),
            )
        elif scanned.length == 2 and marker == "*":
            opens = opens or (after == " " and inside not in ("", "*", "\n"))
            closes = closes or (before == " " and ahead not in ("", "*", "\n"))
        opens = opens and after not in _NEVER_BEFORE
        closes = closes and before not in _NEVER_AFTER
        return Scanned(opens, closes, scanned.length)

    @staticmethod
    def _flanks(outside: str, inside: str) -> bool:
        """Tell whether a marker can stand between the two: CommonMark's rule, but that a Chinese
        mark inside is no hindrance and a Chinese character outside no letter."""
        if inside.isspace():
            return False
        hindered = _is_mark(inside) and not _WIDE.match(inside)
        return not hindered or outside.isspace() or _is_mark(outside) or bool(_WIDE.match(outside))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_no_emphasis(marker: str, length: int, before: str, after: str) -> bool:
    """Tell whether these are signs for something else: 3*宽4, or ____ to be filled in."""
    if marker == "_":
        return length > 2
    numbers = before.isdecimal() or after.isdecimal()
    return marker == "*" and length == 1 and numbers and before.isalnum() and after.isalnum()


class _Inline(ParserInline):
    """The parser of inline text, with our reading of emphasis."""

    def parse(self, src: str, md: MarkdownIt, env: dict, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class ChineseMarkdown(MarkdownIt):
    """CommonMark as people write it in Chinese, with the additions of sites and note-takers.

    Indented text is no code: that is how paragraphs begin. Tags of blocks may hold Markdown.
    """

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.inline = _Inline()
        self.enable(["table", "strikethrough"])
        self.disable("code")
        self.block.ruler.at("reference", _reference)
        self.block.ruler.at("html_block", _html_block, {"alt": ["paragraph", "blockquote"]})
        alt = {"alt": ["paragraph", "reference", "blockquote", "list"]}
        self.block.ruler.before("heading", "tight_heading", _tight_heading, alt)
        self.block.ruler.at("fence", _fence, alt)
        self.block.ruler.before("fence", "container", _container, alt)
        self.core.ruler.before("inline", "additions", _additions)

    def validateLink(self, url: str) -> bool:
        """Tell whether this is an address: in `[2023](5)号` and `[注](见附录)` it is text."""
        return super().validateLink(url) and _is_address(url)


def _is_address(url: str) -> bool:
    if not url:
        return True
    return bool(re.search(r"[:/.#?&@]", url)) or (
        url.isascii() and "%" not in url and not url.isdigit()
    )


def _line_at(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `[1]: https://…` as the address of a link only where one asks for it.

    Else it would vanish: `[注1]: 参见《工会法》第六条` is a note that somebody wrote.
    """
    match = re.match(r"\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]*<?(\S+)", _line_at(state, start))
    if not match or not _is_address(match[2]) or not match[2].isascii():
        return False
    if "labels" not in state.env:
        labels = re.findall(r"\[([^\[\]\n]{1,200})\]", state.src)
        state.env["labels"] = Counter(label.strip().lower() for label in labels)
    used = state.env["labels"][match[1].strip().lower()] > 1
    return used and reference(state, start, end, silent)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `~~~~未完待续` as a line that somebody wrote: no language of code has such a name."""
    return not _WIDE.search(_line_at(state, start)) and fence(state, start, end, silent)


_SEALED = re.compile(r"<(?:(?:script|pre|style|textarea)\b|!|\?)", re.IGNORECASE)


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read scripts and comments as blocks; other tags stand in paragraphs, Markdown in them."""
    return bool(_SEALED.match(_line_at(state, start))) and html_block(state, start, end, silent)


_TIGHT = re.compile(
    r"(?P<marks>#{1,6}|＃{1,6})(?P<text>[^\s#＃].*?|(?<=＃)[ \t　]+\S.*?)[ \t]*(?P<close>#*)[ \t]*"
)
_LONGEST_HEADING = 60


def _tight_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `#标题` as a heading, but neither `#话题#` nor `#1` nor the `#标签 #标签` of notes."""
    line = _line_at(state, start)
    match = _TIGHT.fullmatch(line) if line[:1] in ("#", "＃") and len(line) <= 200 else None
    if not match:
        return False
    level, text = len(match["marks"]), match["text"].strip()
    if len(text) > _LONGEST_HEADING or text[-1] in "。；;，," or re.search(r"[#＃]", text):
        return False
    if level == 1 and (
        match["close"] or not re.match(r"[\u3400-\u9fff（《“【\[(]|\d+[、.．]\D", text)
    ):
        return False
    if all(state.isEmpty(line) for line in range(start + 1, end)):
        return False  # a tag at the very end
    if silent:
        return True
    state.line = start + 1
    for token, tag, nesting in (
        ("heading_open", f"h{level}", 1),
        ("inline", "", 0),
        ("heading_close", f"h{level}", -1),
    ):
        pushed = state.push(token, tag, nesting)
        pushed.map = [start, state.line]
        if not nesting:
            pushed.content, pushed.children = text, []
    return True


_CONTAINER = re.compile(
    r":{3,}[ \t]*(?:\[?[A-Za-z][\w-]*\]?)?[ \t]*(?:\{[^{}\n\u3400-\u9fff]*\})?[ \t]*"
    r"(?P<title>[^:\n]*?)[ \t]*:*"
    r"|(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z][\w -]*?[ \t]*(?:[\"“](?P<quoted>[^\"“”\n]*)[\"”])?[ \t]*"
)


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read `::: tip 标题`, `:::` and `!!! note "标题"`: lines round a text; the title is text."""
    line = _line_at(state, start)
    framed = line[:1] in (":", "!", "?") and len(line) <= 200
    match = _CONTAINER.fullmatch(line) if framed else None
    if not match or silent:
        return bool(match)
    state.line = start + 1
    title = (match["title"] or match["quoted"] or "").strip()
    if title:
        for token, tag, nesting in (
            ("paragraph_open", "p", 1),
            ("inline", "", 0),
            ("paragraph_close", "p", -1),
        ):
            pushed = state.push(token, tag, nesting)
            pushed.map = [start, state.line]
            if not nesting:
                pushed.content, pushed.children = title, []
    return True


_ADDITION = re.compile(
    r"""
    \\. | (?<!`)(?P<ticks>`{1,8})(?!`).{1,500}?(?<!`)(?P=ticks)(?!`)
    | (?P<math> \$\$.{1,500}?\$\$ | \$(?=[^\s$])[^$\n]{1,300}(?<=[^\s$])\$(?!\d) )
    | (?P<tag> \{%.{0,400}?%\} | \{\{.{0,400}?\}\} | !\[\[[^\[\]\n]{1,300}\]\] | \[\[_?toc_?\]\]
        | @\[toc\](?:\([^()\n]{0,60}\))? | \{:[^{}\n]{0,200}\} | \{[#.][a-z][^{}\n]{0,100}\} )
    | \[\[(?!\d+\]\])(?P<target>[^\[\]\n|]{1,200})(?:\|(?P<shown>[^\[\]\n]{1,200}))?\]\](?!\()
    | (?P<defined>(?:\A|\n)[ \t]*)?\[\^(?P<note>[^\[\]\n]{1,60})\](?(defined):[ \t]*|)
    | \^\[(?P<aside>[^\[\]\n]{1,500})\]
    | ==(?P<lit>(?![=\s])[^=]{1,300}(?<!\s))==(?!=)
    | (?<![A-Za-z\d+])\+\+(?P<added>[\u3400-\u9fff“《][^+\n]{0,300}(?<![+\s]))\+\+(?![A-Za-z\d+])
    | (?<=[A-Za-z\d)）])\^(?P<raised>[-+−]?\d{1,4})\^
    | (?<=[A-Za-z)）])~(?P<lowered>\d{1,4})~(?!~)
    | \{(?P<base>[\u3400-\u9fff\U00020000-\U0003ffff]{1,20})\|(?P<reading>[^{}\n]{1,60})\}
    | (?P<definition>(?:\A|\n)[ \t]*):[ \t]+(?=\S)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_SIGN = re.compile(r"[\\`$\[{^:~]|==|\+\+")
"""What every addition has; most paragraphs have none of it."""

_TASK = re.compile(r"\[(?P<done>[ xX])\][ \t]+")
_ALERT = re.compile(r"\[!\w+\][+-]?[ \t]*(?:\n|(?P<title>(?=\S)))")
_SENTENCE_END = "。！？；：，…”」』）.!?;,:"


def _additions(state: StateCore) -> None:
    """Write what sites and note-takers add as CommonMark, before its inline rules see it."""
    tokens = state.tokens
    _lower_others(tokens)
    for number, token in enumerate(tokens):
        if token.type != "inline":
            continue
        above = tokens[number - 2].type if number > 1 else ""
        if above == "list_item_open":
            token.content = (
                _TASK.sub(_box, token.content, count=1)
                if _TASK.match(token.content)
                else token.content
            )
        elif above == "blockquote_open" and (match := _ALERT.match(token.content)):
            token.content = token.content[match.end() :]
            if match["title"] is not None:
                token.content = token.content.replace("\n", "  \n", 1)
        opening = tokens[number - 1]
        if opening.type == "heading_open" and opening.markup in ("-", "="):
            _unless_heading(opening, token, tokens[number + 1])
        if "\n" in token.content:
            token.content = _lines_kept(token.content)
        if _SIGN.search(token.content):
            token.content = _ADDITION.sub(_written, token.content)
    _widen_tables(state)


_BYLINE = re.compile(
    r"(?:\*\*|[（(【>])?\s*(?:作者|记者|記者|撰稿|日期|时间|時間|来源|來源|出处|出處|文|单位|單位)\s*"
    r"(?:\*\*)?\s*[:：/／|｜].{1,80}",
    re.DOTALL,
)


def _lower_others(tokens: list[Token]) -> None:
    """Put all headings below the one that is the title, where others are written on its level.

    A heading that opens the file is the title where a byline or another heading follows; else it
    may be the first of several sections.
    """
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    if len(tokens) < 5 or headings[:1] != tokens[:1] or tokens[0].tag != "h1":
        return
    below = tokens[4].content if tokens[3].type == "paragraph_open" else ""
    if tokens[3].type == "heading_open" or _BYLINE.fullmatch(below):
        for token in headings[2:]:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _box(match: re.Match[str]) -> str:
    return "☐ " if match["done"] == " " else "☑ "


def _unless_heading(opening: Token, token: Token, closing: Token) -> None:
    """Make a paragraph of what stands above a rule by chance: whole sentences, several lines."""
    if token.content[-1:] in _SENTENCE_END or "\n" in token.content:
        opening.type, closing.type = "paragraph_open", "paragraph_close"
        opening.tag = closing.tag = "p"


_LABELLED = re.compile(r"[（(【*]*(?P<label>[^\W\d_][^\n:：]{0,7})[】*]*\s*[:：]\s*\S.{0,120}")
_WHOLE = re.compile(r"[。！？…][”’」』）)*_~]*\s*\Z")


def _lines_kept(text: str) -> str:
    """Return a paragraph with the ends of lines that are no mere wrapping.

    Labels have a line each (作者：…), and where every line ends with a sentence its writer saw
    paragraphs: editors made in China show a line end as one.
    """
    lines = text.split("\n")
    labelled = [
        bool(match := _LABELLED.fullmatch(line.strip())) and bool(field_of(match["label"]))
        for line in lines
    ]
    whole = all(_LABELLED.fullmatch(line.strip()) for line in lines)  # 问：… 答：…
    whole = whole or all(_WHOLE.search(line[-8:]) for line in lines[:-1])
    kept = [lines[0]]
    for number, line in enumerate(lines[1:], 1):
        ends = whole or labelled[number - 1] or labelled[number]
        kept.append(f"  \n{line}" if ends else f"\n{line}")
    return "".join(kept)


def _written(match: re.Match[str]) -> str:
    """Return how an addition is written in CommonMark.

    Notes stay where they are, references by their label. Tags for a site's programs are kept as
    they are: a repair takes them out, on record.
    """
    if match["tag"]:
        return _sealed(match["tag"])
    if match["math"]:
        return _sealed(match[0]) if re.search(r"[\\_^]", match[0]) else match[0]
    if match["target"]:
        return match["shown"] or _sealed(match["target"])
    if match["note"]:
        label = _sealed(f"[{match['note']}]")
        if match["defined"] is None or not match[0].rstrip().endswith(":"):
            return label
        return f"{_line_end(match['defined'])}{label} "
    if match["aside"]:
        return f"（{match['aside']}）"
    if match["lit"]:
        return f"<mark>{match['lit']}</mark>"
    if match["added"]:
        return match["added"]
    if match["raised"] or match["lowered"]:
        tag = "sup" if match["raised"] else "sub"
        return f"<{tag}>{match['raised'] or match['lowered']}</{tag}>"
    if match["base"]:
        reading = match["reading"].replace("|", "")
        return f"<ruby>{match['base']}<rt>{_sealed(reading)}</rt></ruby>"
    if match["definition"] is not None:
        return _line_end(match["definition"])
    return match[0]


def _line_end(before: str) -> str:
    return "  \n" if before.startswith("\n") else ""


def _sealed(text: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _widen_tables(state: StateCore) -> None:
    """Give rows that have more cells than the head their cells: CommonMark would drop them."""
    if not any(token.type == "table_open" for token in state.tokens):
        return
    lines = state.src.split("\n")
    tokens: list[Token] = []
    cells = 0
    for token in state.tokens:
        if token.type == "tr_open":
            cells, row = 0, lines[token.map[0]] if token.map else ""
        elif token.type in ("td_open", "th_open"):
            cells += 1
        elif token.type == "tr_close":
            written = [
                c.strip()
                for c in escapedSplit(row.strip("> \t").removeprefix("|").removesuffix("|"))
            ]
            for content in written[cells:]:
                inline = Token(
                    "inline", "", 0, content=_ADDITION.sub(_written, content), children=[]
                )
                tokens += [Token("td_open", "td", 1), inline, Token("td_close", "td", -1)]
        tokens.append(token)
    state.tokens = tokens

"""HTML that a scraper left in the text: entities, also escaped twice, and tags."""

import html
import re
from collections.abc import Iterator

from ..edits import Flag
from .frame import Finding, Page, covered, repair

_BLOCKS = (
    "p|div|br|hr|li|ul|ol|dl|dt|dd|tr|table|tbody|thead|tfoot|h[1-6]|section|article|header|footer"
    "|blockquote|pre|center|form|figure|figcaption|nav|aside|main"
)
_INLINE = (
    "span|b|strong|i|em|u|s|a|font|img|td|th|sub|sup|small|big|strike|del|ins|label|input|button"
    "|iframe|embed|object|param|video|audio|source|canvas|svg|noscript|script|style|o:p|st1:[a-z]+"
    "|v:[a-z]+|w:[a-z]+|code|tt|cite|abbr|mark|html|body|head|meta|link|title|wbr|nobr"
)
_LT, _GT = "(?:<|&(?:amp;){0,3}lt;)", "(?:>|&(?:amp;){0,3}gt;)"
_ATTRIBUTES = r"(?P<attributes>\s(?:(?!&(?:amp;){0,3}[lg]t;)[^<>\n]){0,400})?"
_TAG = re.compile(
    rf"{_LT}(?:(?P<block>/?(?:{_BLOCKS}))|/?(?:{_INLINE})){_ATTRIBUTES}\s?/?{_GT}", re.IGNORECASE
)
_UNSEEN = re.compile("(?P<comment><!--)|<(?P<name>script|style)\\b", re.IGNORECASE)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_ENTITY = re.compile(r"&(?:amp;){0,3}(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SPACES = re.compile("[\xa0\u2002\u2003\u2009\u200a]")

# Code shows entities and tags on purpose, and so does a sentence about them.
_CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]+`", re.DOTALL)
_ABOUT = re.compile(
    r"HTML|XML|JavaScript|\bCSS\b|\bDOM\b|标签|標籤|實體|实体|转义|轉義|跳脫|元素|源代码|原始碼|源码"
)
_QUOTED = re.compile(
    r"[“「『‘\"'](?=[^“”「」『』‘’\"'\n]{1,60}[”」』’\"'])[^“”「」『』‘’\"'\n]{1,60}."
)


@repair(
    seen="essays taken out of a page's source; &nbsp; as the indent of paragraphs",
    before=(
        "<p>&nbsp;&nbsp;工会要&ldquo;办事&rdquo;&mdash;&mdash;&#24037;&#x4F1A;。</p><p>A&amp;amp;B"
        "&lt;br /&gt;第二行&amp;lt;/p&amp;gt;"
    ),
    after="\n  工会要“办事”——工会。\n\nA&B\n第二行\n",
    untouched=(
        "用`&nbsp;`表示空格，`<br/>`换行。",
        "在 HTML 裡，&nbsp; 是空格，<br> 是換行。",
        "AT&T、R&D、a && b、?x=1&copy=2，A<B 且 C>D，<工会法>，List<T>。",
        "网页里的“&lt;”怎么写？",
        "```\n<p>一段</p>\n```\n以上是例子。",
        "&工会; &#; &nosuchname;",
    ),
)
def drop_markup(page: Page) -> Iterator[Finding]:
    """Turn entities into their characters and drop tags; a tag of a block ends its line.

    Only tags that HTML or a word processor has: <工会法> and List<T> are the author's. In code, in
    quotation marks and in lines that speak of HTML everything stays and is flagged.
    """
    text = page.text
    if "<" not in text and "&" not in text:
        return
    found: dict[int, tuple[int, str]] = {}
    found.update((start, (end, "")) for start, end in _unseen(text))
    for pattern in (_TAG, _ENTITY):
        for match in pattern.finditer(text):
            if pattern is _TAG and not _are_attributes(match["attributes"] or ""):
                continue
            found.setdefault(match.start(), (match.end(), _meaning(match)))
    kept = [match.span() for match in (*_CODE.finditer(text), *_QUOTED.finditer(text))]
    kept += [(start, end) for start, end, line in page.lines() if _ABOUT.search(line)]
    stays = covered(kept, found)
    done = 0
    for start, (end, meaning) in sorted(found.items()):
        if start >= done and start not in stays and meaning != text[start:end]:
            yield page.edit("markup", start, end, meaning)
            done = end
    code = covered([match.span() for match in _CODE.finditer(text)], found)
    if done and stays - code:
        message = "文中還有 HTML 標記，看來是作者談到的，照原樣保留；若是殘留，請刪去。"
        yield Flag("markup", 0, 0, message)


def _are_attributes(text: str) -> bool:
    """Tell whether this can stand in a tag; A<B 且 C>D has none, for nothing is given a value."""
    before, equals, _ = text.partition("=")
    return (bool(equals) and before.isascii()) or not before.strip(" /\t")


def _unseen(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of comments, scripts and style sheets that are closed."""
    lowered = text.translate(_LOWER)  # of the same length, as lower() is not
    done, never_closed = 0, set()
    for match in _UNSEEN.finditer(lowered):
        closing = "-->" if match["comment"] else f"</{match['name']}>"
        if match.start() < done or closing in never_closed:
            continue
        at = lowered.find(closing, match.end())
        if at < 0:
            never_closed.add(closing)
        else:
            done = at + len(closing)
            yield match.start(), done


def _meaning(match: re.Match[str]) -> str:
    """Return what stands for a tag or an entity; an unknown entity stands for itself."""
    if match.re is _TAG:
        return "\n" if match["block"] else ""
    meaning = html.unescape(f"&{match[1]};")
    return match[0] if meaning == f"&{match[1]};" else _SPACES.sub(" ", meaning)

"""HTML to a tree, in time that is in proportion to its length whatever is in it."""

import re
from itertools import islice

from lxml import etree

from ..refusals import UnreadableFile

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style)\b[^>]*(?:(?<=/)>|.*?(?:</(?P=raw)\s*>|\Z))"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9:-]*)"
    r"(?P<rest>(?:=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[^>])*+)>?"
    r"|<!\[CDATA\[(?P<data>.*?)\]\]>"
    r"|<[!?/][^>]*>?|<",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=\"'/]++)(?:\s*+=\s*+(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"']+)))?"
)
_KEPT_NAMES = """
    alt class colspan content data-original data-src datetime hidden href id itemprop name
    property rel rowspan src start style value
"""
_KEPT = frozenset(_KEPT_NAMES.split())
_VOID = frozenset(("br", "img", "hr", "meta", "link", "base", "col", "input", "source", "wbr"))
_JAMMER = re.compile(
    r"<font[^>]{0,60}\bclass\s*=\s*[\"']?jammer\b[^>]*>([^<]{0,200})</font>", re.IGNORECASE
)
"""What a forum strews into its posts against copying; other <font> is only looks."""

_DROPPED = frozenset(("font", "o:p"))  # old pages forget to close them, hundreds at a time

_LONGEST_VALUE = 9_000_000
"""Characters of one, a picture's: libxml2 gives a page up for one of ten million."""

_MOST_ATTRIBUTES = 40
"""Attributes of a tag that are looked at."""


def parse(markup: str, xhtml: bool = False) -> etree._Element:
    """Return the document; raises UnreadableFile where there is none or it is nested like a trap.

    libxml2 needs time in proportion to tags that carry a few attributes, and stops at a depth of
    256. Parsers that follow HTML5 to the letter take minutes for 100,000 open lists, and all
    memory for misnested emphasis. In XHTML any tag can be closed in itself, `<a id="top"/>`,
    and what stands in a CDATA section is text; in HTML that is a comment.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    markup = markup.replace("\0", "")
    if "jammer" in markup:
        markup = _JAMMER.sub(r'<span class="jammer">\1</span>', markup)
    plain = _TOKEN.sub(lambda match: _tag(match, xhtml), markup)
    try:
        root = etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise UnreadableFile("page-nested")
    if root is None:
        raise UnreadableFile("no-text")
    return root


def _tag(match: re.Match[str], xhtml: bool) -> str:
    """Return a tag with no attribute but those that are read: libxml2 takes 13 s for 100,000."""
    if xhtml and match["data"]:
        return match["data"].replace("&", "&amp;").replace("<", "&lt;")
    if not match["name"]:
        return "&lt;" if match[0] == "<" else " "
    name = match["name"].lower()
    if name in _DROPPED:
        return ""
    if match["close"]:
        return f"</{name}>"
    attributes = []
    for found in islice(_ATTRIBUTE.finditer(match["rest"]), _MOST_ATTRIBUTES):
        if found["name"].lower() in _KEPT:
            value = found["a"] or found["b"] or found["c"] or ""
            value = "" if len(value) > _LONGEST_VALUE else value
            value = value.replace('"', "&quot;").replace("<", "&lt;")
            attributes.append(f' {found["name"].lower()}="{value}"')
    closed = f"</{name}>" if xhtml and name not in _VOID and match["rest"].endswith("/") else ""
    return f"<{name}{''.join(attributes)}>{closed}"

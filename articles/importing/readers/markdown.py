"""Markdown, with front matter."""

import re

from markdown_it import MarkdownIt

from ..source import Hints, SourceText, UnreadableFile
from .columns import hints_of
from .encoding import decode
from .markup import Flow, ordered, parse

_FRONT = re.compile(
    r"\A---[ \t]*\r?\n(?P<fields>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_FIELD = re.compile(r"(?P<name>[^\s:#-][^:]{0,30}?)\s*:(?:\s+(?P<value>.*)|\s*)")

_MOST = 500_000
"""Largest Markdown read, in characters: the parser takes 10 s for so many open brackets."""

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_markdown(raw: bytes, encoding: str | None = None) -> SourceText:
    """Read Markdown; HTML in it is read as HTML, and as safely."""
    source = decode(raw, encoding)
    text = source.text
    if len(text) > _MOST:
        raise UnreadableFile("The Markdown is longer than 500,000 characters. Split it.")
    hints = Hints()
    if match := _FRONT.match(text):
        fields = _fields(match["fields"])
        if fields:
            hints = hints_of(fields, "front-matter")
            text = text[match.end() :]
    flow = Flow()
    flow.headed(hints.title, parse(_MARKDOWN.render(text)))
    return SourceText(
        flow.text(), source.encoding, source.certain, ordered(flow.marks), hints, flow.flags()
    )


def _fields(block: str) -> dict[str, str | list[str]]:
    """Return the fields of front matter, or none where it is none: a rule can open a page too.

    The plain subset of YAML that essays use: `name: value`, `[a, b]` and lists of `- a`.
    """
    fields: dict[str, str | list[str]] = {}
    name = ""
    for line in block.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if match := re.match(r"\s*-\s+(.*)", line):
            if not name:
                return {}
            value = fields.get(name)
            fields[name] = [*(value if isinstance(value, list) else []), _unquoted(match[1])]
        elif match := _FIELD.fullmatch(line):
            name, value = match["name"].strip(), (match["value"] or "").strip()
            if value.startswith("[") and value.endswith("]"):
                fields[name] = [_unquoted(part) for part in re.split("[,，]", value[1:-1])]
            else:
                fields[name] = _unquoted(value)
        elif not line.startswith((" ", "\t")):  # else the rest of a nested value
            return {}
    return fields


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value

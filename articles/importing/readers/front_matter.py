"""Front matter: what Markdown files state of themselves above their text, in YAML, TOML or JSON."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass

import yaml

from .columns import field_of

_LONGEST = 20_000
"""Characters of front matter that are read; a longer block is a mistake or a trap."""

_END = r"[ \t]*(?:\r?\n|\Z)"
_LINES = r"(?P<fields>(?:.*\n)*?)"
_BLOCKS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (language, closed, re.compile(r"\ufeff?\s*+" + pattern))
    for language, closed, pattern in (
        ("toml", "fenced", rf"\+\+\+{_END}{_LINES}\+\+\+{_END}"),
        ("toml", "fenced", rf"---[ \t]*toml{_END}{_LINES}---{_END}"),
        ("json", "fenced", rf"---[ \t]*json{_END}{_LINES}---{_END}"),
        ("json", "fenced", rf"(?:;;;{_END})?{_LINES};;;{_END}"),
        ("json", "fenced", rf"(?P<fields>\{{[ \t]*\r?\n(?:.*\n)*?\}}){_END}"),
        ("yaml", "fenced", rf"---[ \t]*(?:yaml)?{_END}{_LINES}(?:---+|\.\.\.){_END}"),
        # Hexo may leave the first --- out, Pelican both, and others forget the last.
        ("yaml", "below", rf"(?P<fields>(?:(?!---).*\n)+?)---+{_END}"),
        ("yaml", "open", rf"---{_END}(?P<fields>(?:[ \t]*+\S.*+\n)++)[ \t]*\r?\n"),
        ("yaml", "blank", r"(?P<fields>(?:[A-Za-z][\w -]*:.*+\n)++)[ \t]*\r?\n"),
    )
)
"""How front matter is fenced: its language, and whether by marks, one below, or none."""

_PANDOC = re.compile(
    rf"%[ \t]*(?P<title>\S.*(?:\n[ \t]+\S.*)*)\n%(?P<authors>.*(?:\n[ \t]+\S.*)*)"
    rf"(?:\n%(?P<date>.*))?{_END}"
)
"""Title, authors and date in three lines."""

_LINE = re.compile(r"(?P<name>[^\W\d_][\w .-]{0,30}?)[ \t]*[:：=][ \t]*(?P<value>.*)")
_OF_SITES = re.compile(
    r"layout|draft|slug|permalink|toc|comments?|lang|weight|alias(?:es)?|cover|image|updated|lastmod"
    r"|copyright|math(?:jax)?|top|sticky|series|type|uuid|published|hidden",
    re.IGNORECASE,
)
"""Names of fields that say nothing of the essay, but that this is front matter."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says, where it ends in the text, and whether it was well formed."""

    fields: dict
    end: int
    whole: bool = True


def front_matter(text: str) -> FrontMatter | None:
    """Return the front matter a text opens with, or None: a rule can open a page too.

    What no parser takes is read line by line, as far as it goes.
    """
    opening = text[:_LONGEST].lstrip("\ufeff \t\r\n")
    if opening.startswith(("---", "+++", ";;;", "{", '"')):
        opening = text
    elif match := _PANDOC.match(opening):
        fields = {
            "title": " ".join(match["title"].split()),
            "authors": [
                name.strip() for name in re.split("[;\n]", match["authors"]) if name.strip()
            ],
            "date": (match["date"] or "").strip(),
        }
        return FrontMatter(fields, len(text) - len(text.lstrip("\ufeff \t\r\n")) + match.end())
    elif _LINE.match(opening):
        opening = text[:_LONGEST]
    else:
        return None
    for language, closed, pattern in _BLOCKS:
        if not (match := pattern.match(opening)):
            continue
        block = match["fields"]
        fields = _parsed(language, block)
        if fields and _is_known(fields):
            return FrontMatter(fields, match.end(), whole=closed != "open")
        fields = _parsed("yaml", _quoted(block)) if language == "yaml" else None
        if fields and _is_known(fields):
            return FrontMatter(fields, match.end(), whole=False)
        fields = _by_line(block[:_LONGEST], strict=closed != "fenced")
        if fields and _is_known(fields):
            return FrontMatter(fields, match.end(), whole=False)
    return None


def _is_known(fields: dict) -> bool:
    """Tell whether these are the fields of a file: its title, say, and not 王芳说: of a talk."""
    names = [str(name) for name in fields]
    known = [n for n in names if field_of(n) not in ("", "body", "id") or _OF_SITES.fullmatch(n)]
    return bool(known) and 2 * len(known) >= sum(not name.isascii() for name in names)


def _parsed(language: str, block: str) -> dict | None:
    """Return the fields of a block, all of them texts as far as YAML goes, or None."""
    if len(block) > _LONGEST:
        return None
    try:
        found = _PARSERS[language](block)
    except (ValueError, RecursionError, yaml.YAMLError):
        return None
    return found if isinstance(found, dict) else None


def _yaml(block: str) -> object:
    """Return what YAML says, every scalar as it is written: 5:30 is no number, no is no False.

    Nothing but texts, lists and maps can come of it. Aliases stand for the same list, so that
    thousands of them take no memory; whoever walks through must count.
    """
    block = _TAG.sub("", block)
    if _TAGGED.search(block):
        return None
    block = _FOLDED.sub(r"\1|", block.replace("\t", "    ").replace("\xa0", " "))
    loader = _LOADER(block)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


_TAG = re.compile(r"(?<=[:\-][ \t])!!(?:str|timestamp|int|float|bool|null|seq|map)\b[ \t]*")
"""What says of which kind a value is; to us all are texts."""

_TAGGED = re.compile(r"[:\-][ \t]+!")
_FOLDED = re.compile(r"^(\w[^\n:]*:[ \t]*)>(?=[-+\d]{0,2}[ \t]*$)", re.MULTILINE)
"""Texts whose line ends YAML turns into spaces; `columns` knows that Chinese has none there."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


_BARE = re.compile(
    r"(?P<name>[^\W\d_][\w .-]{0,30})[ \t]*[:：][ \t]*(?P<value>[^\s\"'|>\[{].*|\[.*[^\]\s])\s*"
)


def _quoted(block: str) -> str:
    """Return YAML with its plain values in quotes: `title: 夜班: 一本账` is what people write."""
    lines = []
    for line in block.splitlines():
        match = _BARE.fullmatch(line)
        if match:
            value = match["value"].replace("\\", "\\\\").replace('"', '\\"')
            line = f'{match["name"].strip()}: "{value}"'
        lines.append(line)
    return "\n".join(lines)


def _json(block: str) -> object:
    block = block.strip().rstrip(",")
    return json.loads(block if block.startswith("{") else f"{{{block}}}")


_PARSERS: dict[str, Callable[[str], object]] = {
    "yaml": _yaml,
    "toml": tomllib.loads,
    "json": _json,
}


_LONGEST_LINE = 60
"""Characters of a line that may stand in front matter by mistake; a longer one is prose."""


def _by_line(block: str, strict: bool) -> dict[str, str | list[str]]:
    """Return the fields of front matter that is not well formed, or none where it is none.

    `title: 夜班: 一本账` and `title:夜班` are what people write and no parser takes.
    """
    fields: dict[str, str | list[str]] = {}
    name = ""
    for line in block.splitlines():
        stripped = line.strip().rstrip(",")
        if not stripped or stripped.startswith("#") or stripped in "{}[]":
            continue
        if name and (match := re.match(r"\s*-\s+(.*)", line)):
            value = fields[name]
            known = value if isinstance(value, list) else [value] if value else []
            fields[name] = [*known, _unquoted(match[1])]
        elif line.startswith((" ", "\t")) and name and not line.lstrip().startswith('"'):
            value = fields[name]
            if isinstance(value, str):
                value = "" if re.fullmatch(r"[>|][+-]?\d?", value) else value
                fields[name] = f"{value}\n{stripped}".strip()
        elif match := _LINE.fullmatch(stripped.lstrip('"').replace('":', ":", 1)):
            name, value = match["name"].strip(), match["value"].strip()
            if fields.get(name):
                continue
            if value.startswith("[") and value.endswith("]") and field_of(name) != "title":
                fields[name] = [_unquoted(part) for part in re.split("[,，]", value[1:-1])]
            else:
                fields[name] = _unquoted(value)
        elif strict or not fields or len(stripped) > _LONGEST_LINE:
            return {}
        else:
            name = ""
    return fields


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value

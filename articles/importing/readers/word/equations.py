"""EQ fields: numbers in circles, readings above characters, and the formulas of old files."""

import re
from dataclasses import dataclass

from ..raised import on_the_line
from .counting import circled

_TOKEN = re.compile(
    r"\\(?P<switch>[a-zA-Z]+) ?(?P<by>-?[\d.]+)?\s*(?=\\|\()|\\(?P<sign>.)|(?P<mark>[(),;])"
    r"|(?P<text>[^\\(),;]+|\\)",
    re.DOTALL,
)
_SETTING = re.compile(r'\\\*\s*(?:"[^"]*"|[\w.]+)')
_RINGS = "○〇◯\u20dd"
_FRAMES = f"{_RINGS}□△◇☆"
_CHINESE = dict(zip("一二三四五六七八九十", "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", strict=True)) | dict(
    zip("上中下左右男女正秘", "㊤㊥㊦㊧㊨㊚㊛㊣㊙", strict=True)
)
_MOST_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Equation:
    """What a field shows as a line: its text, a reading that stood above, and whether the line
    says all that the field showed."""

    text: str
    reading: str = ""
    whole: bool = True


def equation(instruction: str) -> Equation:
    """Return what an EQ field shows: `EQ \\o\\ac(○,3)` is ③."""
    body = _SETTING.sub("", re.sub(r"\A\s*EQ\b", "", instruction, flags=re.IGNORECASE))
    tokens = list(_TOKEN.finditer(body))
    if len(tokens) > _MOST_TOKENS:
        return Equation(body.strip(), whole=False)
    parts, _ = _sequence(tokens, 0)
    found = _joined(parts)
    return Equation(found.text.strip(), found.reading, found.whole)


@dataclass(frozen=True, slots=True)
class _Part(Equation):
    raised: bool = False
    bare: str = ""  # what is raised, as it was written


def _joined(parts: list[_Part], by: str = "") -> _Part:
    return _Part(
        by.join(part.text for part in parts),
        "".join(part.reading for part in parts),
        all(part.whole for part in parts),
    )


def _sequence(tokens: list[re.Match[str]], at: int) -> tuple[list[_Part], int]:
    """Return the parts up to the mark that ends them, and where that stands."""
    parts: list[_Part] = []
    switches: list[str] = []
    while at < len(tokens):
        token = tokens[at]
        if token["switch"]:
            switches.append(token["switch"].lower())
        elif token["mark"] == "(":
            arguments, at = _arguments(tokens, at + 1)
            parts.append(_shape(switches, arguments))
            switches = []
        elif token["mark"]:
            break
        else:
            parts.append(_Part(token["sign"] or token["text"] or ""))
        at += 1
    return parts, at


def _arguments(tokens: list[re.Match[str]], at: int) -> tuple[list[_Part], int]:
    """Return what stands in brackets, one part an argument, and where the bracket closes."""
    arguments = []
    while True:
        parts, at = _sequence(tokens, at)
        raised = bool(parts) and all(p.raised for p in parts if p.text.strip())
        whole = _joined(parts)
        bare = "".join(part.bare or part.text for part in parts).strip()
        arguments.append(_Part(whole.text.strip(), whole.reading, whole.whole, raised, bare))
        if at >= len(tokens) or tokens[at]["mark"] == ")":
            return arguments, at
        at += 1


def _shape(switches: list[str], arguments: list[_Part]) -> _Part:
    kind = switches[0][0] if switches else ""
    inner = _joined(arguments)
    if kind == "o":
        return _overlaid(arguments)
    if kind == "s":
        position = "subscript" if "do" in switches else "superscript"
        above = _joined(arguments, " ")
        if len(arguments) == 1:
            text = on_the_line(above.text, position)
            return _Part(text, above.reading, above.whole, True, above.text)
        return _Part(f"({above.text})", above.reading, False)
    if kind == "f" and len(arguments) == 2:
        above, below = (_held(part.text) for part in arguments)
        return _Part(f"{above}/{below}", inner.reading, False)
    if kind == "r":
        degree = on_the_line(arguments[0].text, "superscript") if len(arguments) > 1 else ""
        return _Part(f"{degree}√({arguments[-1].text})", inner.reading, False)
    if kind in ("b", ""):
        text = _joined(arguments, ",").text
        return _Part(f"({text})", inner.reading, inner.whole and not kind)
    if kind == "d":
        return _Part("")
    text = _joined(arguments, ", " if kind in ("a", "l") else " ").text
    return _Part(f"∫{text}" if kind == "i" else text, inner.reading, kind == "l" and inner.whole)


def _overlaid(arguments: list[_Part]) -> _Part:
    """Return one sign for several that stand in one place: a ring and a number, say."""
    frames = [part.text for part in arguments if part.text and part.text in _FRAMES]
    others = [part for part in arguments if part.text not in frames]
    above = [part for part in others if part.raised]
    base = [part for part in others if not part.raised]
    if frames and len(others) == 1:
        text = others[0].bare
        if frames[0] in _RINGS and (ringed := _ringed(text)):
            return _Part(ringed)
        return _Part(f"（{text}）", whole=False)
    if above and base:
        text = _joined(base).text
        return _Part(text, f"{text}（{''.join(part.bare for part in above)}）")
    whole = _joined(others)
    return _Part(whole.text, whole.reading, len(others) <= 1)


def _ringed(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) < 3 and not circled(int(text)).isdecimal():
        return circled(int(text))
    if len(text) == 1 and text.isascii() and text.isalpha():
        return chr(ord(text) - 65 + 0x24B6) if text.isupper() else chr(ord(text) - 97 + 0x24D0)
    return _CHINESE.get(text, "")


def _held(text: str) -> str:
    return f"({text})" if re.search(r"[+\-−×÷/=\s]", text) else text

"""A clipboard to markup of the body: what was pasted, read as an import would read it."""

import re
from dataclasses import dataclass, field
from html import unescape

from ..text import html
from .readers.clipboard import MISSING, read_clipboard
from .structure.as_html import from_blocks
from .structure.blocks import Structure, carried

_PICTURE = re.compile(rf'<img src="{MISSING}(\d+)" alt="([^"]*)">')
_BARE = re.compile(r"<(p|li)>\s*</\1>")
_BLANK = re.compile(r"\n{2,}")
_CONTEXT = 24
"""Characters of the line in front of a missing picture, which tell where it stood."""


@dataclass(frozen=True, slots=True)
class MissingPicture:
    """A picture the clipboard only names: what it shows, the text in front of it, and where on the
    web it lies, if there."""

    alt: str
    after: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """Sanitised markup of a clipboard, and what of it is not in there."""

    markup: str
    missing: list[MissingPicture] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def paste(markup: str) -> Pasted:
    """Return what a clipboard's markup comes to in a body; raises UnreadableFile."""
    found = read_clipboard(markup)
    structure = Structure(found.text, carried(found.record, found.marks))
    made = from_blocks(structure.blocks(set()))
    missing, out, done = [], [], 0
    for picture in _PICTURE.finditer(made):
        out.append(made[done : picture.start()])
        done = picture.end()
        before = html.plain_text("".join(out)).rpartition("\n")[2]
        address = found.missing[int(picture[1])]
        missing.append(MissingPicture(unescape(picture[2]), before[-_CONTEXT:], address))
    out.append(made[done:])
    kept = "".join(out)
    bare = _BLANK.sub("\n", _BARE.sub("", kept)) if missing else kept
    left_out = {kind: count for kind, count in found.left_out.items() if count}
    return Pasted(html.sanitise(bare), missing, left_out)

"""Line ends and characters that stand for nothing."""

import re
from collections.abc import Iterator

from .frame import Finding, Page, repair

_NEWLINE = re.compile("\r\n?|[\u0085\u2028\u2029\f]")
_INVISIBLE = re.compile(
    "[\x01-\x08\x0b\x0e-\x1f\x7f\u200b\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u061c\u180e\u200e\u200f"
    "\u202a-\u202e]+"
    # Joiners make one of two emoji; beside Chinese they join nothing.
    "|(?<=[\u3001-\u9fff\uff00-\uff60])[\u200c\u200d]+|[\u200c\u200d]+(?=[\u3001-\u9fff\uff00-\uff60])"
)
_MARGIN = re.compile(r"(?m)^[^\S\n]+|(?<![^\S\n])[^\S\n]+$")


@repair(
    seen="files from Windows; pages copied out of a browser",
    before="工会\r\n　　职工\u200b之家，\u200d好 \n",
    after="工会\n职工之家，好\n",
    untouched=("一行\n\n又一行\n", "中 文 里 的 空 格", "师傅👨\u200d🏭"),
)
def unify_newlines(page: Page) -> Iterator[Finding]:
    """End every line with \\n; drop invisible characters and white space at the line's margins.

    The indent of a Chinese paragraph is the stylesheet's business; directional marks can hide
    what a text says. Space inside a line can be the author's own and stays.
    """
    places = [(match, "newline", "\n") for match in _NEWLINE.finditer(page.text)]
    places += [(match, "space", "") for match in _INVISIBLE.finditer(page.text)]
    places += [(match, "space", "") for match in _MARGIN.finditer(page.text)]
    done = 0
    for match, kind, after in sorted(places, key=lambda place: place[0].span()):
        if match.start() >= done:
            yield page.edit(kind, match.start(), match.end(), after)
            done = match.end()

"""Question marks that stand for characters a conversion had no code for: 朱?基, 細??車間."""

import re
from collections.abc import Iterator

from ...text import script
from ..edits import Flag
from ..lexicon.language import is_common_pair
from .frame import Finding, Page, covered, repair
from .spacing import is_asked

_HAN = r"\u3400-\u9fff"
_MARKS = re.compile("[?？]+")
_BEFORE, _BEHIND = (
    re.compile(rf"[{_HAN}，。、；：“（《,;:\n]"),
    re.compile(rf"[{_HAN}，、；：）》,;:]"),
)
_NO_QUESTION = re.compile(
    rf"(?<=[，。、；：“（《,;:])[?？]+(?=[{_HAN}])|(?<=[{_HAN}])[?？]+(?=[，、；：,;:])|[?？]+(?=们|們)"
)
"""A question does not end where nothing was asked yet, nor goes on behind its mark."""

_WIDE, _NARROW = re.compile("[，；：！？]"), re.compile(rf"(?<=[{_HAN}])[,;:!](?![-)(])")
_GOES_ON = re.compile("[我你您他她它咱谁這这那不没沒是就都也还還大当當因但可而所只怎什好对對]")
"""How the answer to a question begins, or the next."""

_LEAST_CERTAIN, _LEAST_WIDE, _MOST = 2, 5, 200
_LEAST_LINE = 6
"""Question marks that are a line: nobody asks so much."""


@repair(
    seen="traditional text saved as GB 2312, and simplified text saved as Big5",
    before="紗廠的細??間裡，?工的人說，?大家別走。",
    after="紗廠的細??間裡，?工的人說，?大家別走。",
    untouched=(
        "真的吗?我不信。他走了?走了。谁说的?没人说。",
        "他走了？我问。走了，她说。",
        "“？”表示疑问，“?”是半角的，（?）也见过。",
        "热??你说呢?你去不去??我去。",
        "???",
        "你去?我也去!他去?他不去!",
        "你去?我去。大家都去?都去，一个不少，谁也不落下；车间空了，机器停了，门锁了，灯灭了。",
    ),
)
def flag_lost_characters(page: Page) -> Iterator[Finding]:
    """Flag them: what stood there is not in the file.

    Two that no question can end in show what a page's marks are. Where all other marks are
    full-width, so would a question's be.
    """
    text = page.text
    if "?" not in text and "？" not in text:
        return
    found = {match.start(): match for match in _MARKS.finditer(text) if _is_place(text, match)}
    for taken in covered([(e.start, e.end) for e in page.flags if e.kind == "lost-text"], found):
        del found[taken]
    unasked = [match for match in found.values() if not is_asked(text, match)]
    if not unasked:
        return
    lines = [match for match in unasked if len(match[0]) >= _LEAST_LINE]
    certain = sum(bool(_NO_QUESTION.match(text, match.start())) for match in unasked)
    if certain < _LEAST_CERTAIN:
        wide = len(_WIDE.findall(text)) >= _LEAST_WIDE and not _NARROW.search(text)
        unasked = [m for m in unasked if "?" in m[0] and _is_inside(text, m)] if wide else lines
    for match in unasked[:_MOST]:
        message = "此處的問號像是存檔時丟失的字；請查原文補回。"
        yield Flag("lost-text", match.start(), match.end(), message, blocking=True)


def _is_place(text: str, match: re.Match[str]) -> bool:
    """Tell whether Chinese text stands on both sides, or nothing."""
    before = text[match.start() - 1 : match.start()] or "\n"
    behind = text[match.end() : match.end() + 1] or "\n"
    if before == behind == "\n":
        return len(match[0]) >= _LEAST_LINE
    return bool(_BEFORE.match(before) and _BEHIND.match(behind))


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """Tell whether a mark stands within a sentence, or is a whole line."""
    before, behind = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return len(match[0]) >= _LEAST_LINE or (
        all(re.fullmatch(f"[{_HAN}]", char) for char in (before, behind))
        and not _GOES_ON.match(behind)
        and not _is_answered(text, match)
    )


_ENDS = re.compile("[了的过過着著呢吧啊嘛么麼吗嗎]$")
"""How a question ends that has no word of one."""

_LONGEST_BARE = 5
"""Characters of a whole clause that may be a question: 互助金?"""


def _is_answered(text: str, match: re.Match[str]) -> bool:
    """Tell whether the words on both sides are whole, as at the end of a question: what follows
    says one of its words again, or is a word and stands behind one, or behind a short clause."""
    clause = re.split(r"[^\u3400-\u9fff]", text[max(0, match.start() - 30) : match.start()])[-1]
    behind = text[match.end() : match.end() + 2]
    if len(clause) < 2 or not re.fullmatch(f"[{_HAN}]{{2}}", behind):
        return False
    if _ENDS.search(clause) or any(char in clause for char in behind):
        return True
    whole = len(clause) <= _LONGEST_BARE or is_common_pair(script.fold(clause[-2:]))
    return whole and is_common_pair(script.fold(behind))

"""Official documents: letterhead, number, 关于…的通知 over one or two lines, signature, copies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...text import script
from .dates import StatedDate, first_date
from .lines import Line

KINDS = (
    r"(?:通知|意见|决定|决议|方案|办法|函|复函|报告|请示|批复|公告|通报|纪要|规定|细则|通告"
    r"|倡议书|规划|计划|要点|安排|条例|章程|公示|简章|指引|情况说明|建议)"
)
"""What an office calls its papers."""

_TITLE = re.compile(
    rf"(?P<who>[\u3400-\u9fff、（）()]{{0,40}})关于.{{2,70}}{KINDS}(?:[(（][^()（）]{{2,10}}[)）])?"
)
_BEGINS = re.compile(r"[\u3400-\u9fff、（）()]{0,40}关于.{1,60}")
_ENDS = re.compile(rf".{{0,40}}{KINDS}(?:[(（][^()（）]{{2,10}}[)）])?")


@dataclass(frozen=True, slots=True)
class OfficialTitle:
    """A document's title put together, and the lines it stands on."""

    text: str
    lines: frozenset[int]


def official_title(head: Sequence[Line]) -> OfficialTitle | None:
    """Return the title of an official document, below its letterhead or number, or None.

    The office may stand on a line of its own above 关于…, and the title may be cut in two or
    three. Without a letterhead or a number a page that begins so is weighed like any other.
    """
    marks = [n for n, line in enumerate(head) if line.kind in ("number", "letterhead")]
    start = marks[-1] + 1 if marks and marks[-1] + 1 < len(head) else 0
    for first in range(start, min(start + (6 if marks else 3), len(head))):
        parts: list[Line] = []
        for line in head[first : first + 4]:
            if len(line.text) > 70 or line.kind in ("salutation", "meta", "number"):
                break
            parts.append(line)
            text = "".join(re.sub(r"\s", "", part.text) for part in parts)
            folded = script.fold(text)
            closed = text.count("《") == text.count("》")
            if closed and _TITLE.fullmatch(folded) and (marks or len(parts) > 1):
                return OfficialTitle(text, frozenset(part.number for part in parts))
            if len(text) > 90 or (len(parts) > 2 and "关于" not in folded):
                break
    return None


_ADOPTED = re.compile(r"[^，,。；;!?()（）]{0,40}?(?:通过|议定)(?:[，,；;\s].{0,30})?")
_CHANGED = re.compile("修订|修正|修改|废止|不予|未[能获予]?通过|没有通过")


def day_told(text: str) -> StatedDate | None:
    """Return the day on which a speech was given or rules were adopted, where a line below the
    title tells that: （2016年5月1日在厂部）, （2016年5月1日职代会通过）.

    Rules that were changed since have several days: which is theirs a curator says.
    """
    found = first_date(text)
    if not found:
        return None
    stated, start, end = found
    bracketed = text[0] in "(（" and text[-1] in ")）"
    behind = script.fold(text[end : -1 if bracketed else None]).strip(" ，,")
    if bracketed and start == 1 and re.fullmatch("[在于].{2,30}", behind):
        return stated
    if start > _LONGEST_OFFICE or _CHANGED.search(behind) or not _ADOPTED.fullmatch(behind):
        return None
    return stated if bracketed or (not start and behind.endswith("通过")) else None


_LONGEST_OFFICE = 30
"""Characters of who adopted the rules, before the day."""

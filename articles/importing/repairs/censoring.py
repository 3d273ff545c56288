"""Words that a filter has blotted out."""

import re
from collections.abc import Iterator

from ..edits import Flag
from .frame import Finding, Page, repair

_HAN = r"\u3400-\u9fff"
_STARS = re.compile(
    rf"(?<=[{_HAN}，。、；：“”（,;:])\s?[*＊](?:\s?[*＊]){{1,9}}\s?(?=[{_HAN}，。、；：“”）,;:])"
)


@repair(
    seen="an essay with * * * where the filter disliked a name",
    before="在* * *的領導下,工會前進。",
    after="在* * *的領導下,工會前進。",
    untouched=("* * *", "**重點**是職工。", "3 * 4 = 12"),
)
def flag_censored(page: Page) -> Iterator[Finding]:
    """Flag runs of stars between Chinese characters; what stood there is not in the file."""
    for start, _, line in page.lines():
        if re.search(rf"[*]{{2}}[{_HAN}][^*]*[*]{{2}}", line):
            continue  # Markdown emphasis
        for match in _STARS.finditer(line):
            yield Flag(
                "censored",
                start + match.start(),
                start + match.end(),
                "此處的字被星號遮去，請查原文補回。",
            )

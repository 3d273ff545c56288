"""The name of a paper or a site, and who wrote for it, where both stand beside a date."""

import re
from dataclasses import replace

from ...text import script
from .people import CERTAIN, OF_A_PLACE, Names, names_of

SOURCE = re.compile(
    r"[\u3400-\u9fffA-Za-z·]{2,16}(?:报|报社|网|网站|社|台|杂志|在线|新闻|公众号|学报|之声|之家"
    r"|工会|客户端|周刊|月刊|出版社|中心|观察|周末|参考|传媒)"
)
"""How the name of a paper or a site ends."""

_PAPER_AND_WHO = re.compile(r"(?:(?:来源|稿源|出处)\s+)?(?P<paper>\S+)(?:\s+\S.*)?")


def paper_of(text: str) -> tuple[str, str]:
    """Return the paper that words beside a date begin with, and what stands behind it:
    清河工人报 作者 吴小满."""
    match = _PAPER_AND_WHO.fullmatch(script.fold(text))
    if not match or not SOURCE.fullmatch(match["paper"]):
        return "", ""
    return text[slice(*match.span("paper"))], text[match.end("paper") :].strip()


def names_behind_paper(text: str) -> Names | None:
    """Return the names behind a paper's: labelled, or three characters that are no place."""
    who = paper_of(text)[1]
    names = names_of(who)
    told = names and {"label", "role", "bullet"} & set(names.reasons)
    alone = names and names.sure == CERTAIN and re.fullmatch(r"[\u3400-\u9fff]{3}", who)
    if told or (alone and not OF_A_PLACE.search(script.fold(who))):
        return replace(names, unit="")
    return None

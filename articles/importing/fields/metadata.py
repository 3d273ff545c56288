"""Title, authors, date, summary, keywords, source and genre, read from the clean text.

A blank beats a guess: what is not stated stays blank, and the pipeline flags it. Lines that hold
metadata are taken out of the body, but they are no edits: the clean text keeps them.

The head and the tail of the page are typed line by line (`lines`, `pieces`); then the title is
chosen among all lines of the head (`candidates`, `heading`), the byline by what stands round it
(`authorship`), and the dates by who states them.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from ...text import script
from ..draft import Evidence
from ..source import OBJECT, Hints
from ..structure.blocks import Structure
from .authorship import read_names
from .bylines import split_names
from .candidates import without_note_mark
from .clocks import is_news
from .dates import first_date
from .genre import genre_of, is_essay
from .heading import read_title
from .hints import bylines_of, date_of
from .labelled import labels_in, sections_in
from .lines import Line, date_alone, line_of
from .people import UNSURE, names_of
from .stated import LONGEST, Dated, Metadata, day_of
from .tail import read_tail

_SHORT = 60
"""Characters of a line whose date is offered where no date is stated."""

_OF_MENUS = re.compile(
    r"(?:网站)?首页|主页|新闻|要闻|时政|视频|图片|专题|订阅|登录|注册|论坛|博客|评论|理论|财经|体育|娱乐"
    r"|邮箱|搜索|导航|关于|联系我们|会员|下载|投稿|留言|服务|公告|动态"
)
_SAME_DATE = 31
"""Days by which two dates of one page differ and still tell of the same thing: a paper's and its
site's, a speech's and its document's."""

_MOST_LINES = 30
"""Lines from the top among which a page states what it states."""


def extract(
    text: str,
    structure: Structure | None = None,
    hints: Hints | None = None,
    dropped: Sequence[str] = (),
) -> Metadata:
    """Read the metadata of a clean text; its structure says which lines can hold any.

    `hints` are what the file states outside its text, taken where the text states nothing.
    `dropped` is what the repairs took away as the site's: a breadcrumb says the title again.
    """
    found = Metadata()
    structure, hints = structure or Structure(text), hints or Hints()
    captions = structure.numbers("caption")  # who took a picture did not write the essay
    lines = [
        "" if number in captions else line.replace(OBJECT, "").strip()
        for number, line in enumerate(text.split("\n"))
    ]
    if not is_essay(lines):
        found.essay = False
        return found
    own = {
        n: kind for kind in ("heading", "item", "quote", "table") for n in structure.numbers(kind)
    }
    head = _head(lines, own)
    sections_in(found, head, lines)
    labels_in(found, head, lines)
    read_title(found, head, lines, structure, hints, dropped)
    found.title = without_note_mark(found.title, lines)
    read_names(found, head, text)
    below = [n for n, line in enumerate(lines) if line and head and n > head[-1].number]
    tail = [line_of(n, lines[n], own.get(n, "")) for n in below[-_MOST_LINES:]]
    read_tail(found, head, tail)
    _take_hints(found, hints)
    _take_date(found, lines, dropped)
    units = {line.number for line in (*head, *tail) if _is_unit_label(line)}
    if not found.authors and found.lines & units:  # whose unit would it be?
        found.unit = ""
        found.lines -= units
    found.unit = found.unit or found.office
    if found.source_name:
        reason = "stated" if found.source_name == hints.source_name else "label"
        found.evidence.append(Evidence("source", found.source_name, (reason,)))
    labelled_summary = bool(found.summary)
    _take_lead(found, lines)
    _leave_something(found, lines)
    found.genre = genre_of(
        found.title, text, keywords=bool(found.keywords), summary=labelled_summary
    )
    return found


def _head(lines: list[str], own: dict[int, str]) -> list[Line]:
    """Return the lines down to the second paragraph, or to the second one after a heading."""
    head: list[Line] = []
    paragraphs = words = 0
    for number, text in enumerate(lines):
        if not text:
            continue
        line = line_of(number, text, own.get(number, ""))
        head.append(line)
        paragraphs += line.kind == "prose" and len(text) > 16
        words += bool(len(text) <= _MENU_WORD and _OF_MENUS.fullmatch(script.fold(text)))
        if paragraphs > 1 or len(head) - min(words, _LONGEST_MENU) == _MOST_LINES:
            break
    _mark_bullets(head)
    _mark_menu(head)
    return head


_BULLET = re.compile(r"[•·▪●◦*-]\s+\S.{0,15}$")


def _mark_bullets(head: list[Line]) -> None:
    """Mark the points of a list that stands among a page's labels, or above another short line:
    a menu, the tags of an article. One right above the text is its author's.
    """
    at = 0
    while at < len(head) and head[at].kind != "prose":
        run = list(takewhile(lambda line: _BULLET.match(line.text), head[at:]))
        below = head[at + len(run)] if at + len(run) < len(head) else None
        at += len(run) or 1
        if len(run) < 2 or not below:
            continue
        labelled = below.kind in ("meta", "names", "date")
        labelled |= any(line.kind in ("meta", "date") for line in run)
        if labelled or below.kind == "short":
            for line in run:
                if line.kind in ("short", "unit", "english"):
                    line.kind, line.section = "bullet", "labels" if labelled else ""


def _mark_menu(head: list[Line]) -> None:
    """Take short lines on top for the site's menu: 首页, 时政, 视频.

    Two of three have to be words of menus, or the first the word for home: a poem has short lines
    too. Many short lines above a line of labels are one as well, but for the last: the title.
    """
    menu = list(takewhile(lambda line: line.kind == "short" and len(line.text) <= 6, head))
    known = [bool(_OF_MENUS.fullmatch(script.fold(line.text))) for line in menu]
    if len(menu) > 2 and (sum(known) > 1 or known[0]) and len(head) > len(menu):
        if len(menu) > _FEWEST_OF_A_MENU and not known[-1] and len(menu[-1].text) > _MENU_WORD:
            menu = menu[:-1]  # the title
        for line in menu:
            line.kind = "crumb"
        return
    above = list(
        takewhile(
            lambda line: (
                line.kind in ("short", "english", "unit")
                or (line.names and line.names.sure <= UNSURE)
                or (line.kind == "meta" and {piece.kind for piece in line.pieces} == {"button"})
            ),
            head,
        )
    )
    below = head[len(above)] if len(above) < len(head) else None
    labelled = below and (
        below.kind in ("date", "crumb")
        or (below.kind == "meta" and any(p.kind not in ("rest", "button") for p in below.pieces))
    )
    menu = above if labelled and below.kind == "crumb" else above[:-1]
    prose = any(line.paragraph for line in head[len(above) :])  # a poem has none below its date
    words = sum(line.kind != "unit" for line in menu)
    enough = len(menu) >= _FEWEST_OF_A_MENU and words >= _FEWEST_OF_A_MENU - 1
    enough &= all(len(line.text) <= 12 for line in menu)
    if labelled and prose and enough:
        for line in menu:
            line.kind = "crumb"


_MENU_WORD = 4
_LONGEST_MENU = 40
"""Characters of a menu's word; lines of one that do not count among those of a page's head."""

_FEWEST_OF_A_MENU = 4
"""Short lines above a page's labels that are no title over several lines any more."""


def _is_unit_label(line: Line) -> bool:
    return bool(line.pieces) and line.pieces[0].kind == "unit"


def _take_hints(found: Metadata, hints: Hints) -> None:
    """Take what the file states beside its text where the text states nothing itself."""
    if not found.authors:
        # The head of a page often names the site for the author.
        names = [
            name
            for byline in bylines_of(hints)
            for name in (_bare(byline) if hints.origin == "title-tag" else split_names(byline))
        ]
        found.authors = list(dict.fromkeys(names))
        if found.authors:
            found.perhaps_authors = []
            found.evidence.append(Evidence("authors", "、".join(found.authors), ("stated",)))
    if stated := date_of(hints):
        # A web page's head knows when the site put it up.
        role = "upload" if hints.origin == "title-tag" else "own"
        if not found.dates:
            found.dates.append(Dated(stated, role, "stated"))
    found.impossible_date = found.impossible_date or ("" if found.dates else hints.date.strip())
    found.summary = found.summary or hints.summary
    found.keywords = found.keywords or list(hints.keywords)
    found.source_name = found.source_name or hints.source_name[: LONGEST["source_name"]]
    found.unit = found.unit or hints.unit[: LONGEST["unit"]]
    if not found.source_url and re.match(r"https?://\S+$", hints.source_url):
        found.source_url = hints.source_url


def _bare(byline: str) -> list[str]:
    read = names_of(byline)
    return list(read.names) if read and read.sure > UNSURE else []


def _take_date(found: Metadata, lines: list[str], dropped: Sequence[str]) -> None:
    """Choose among the dates that were found: the essay's own, then a page's, then an upload's.

    A clock on a page of news, a blog or a public account tells when the essay came out; on a site
    that collects essays, when it was collected.
    """
    if said := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})", found.impossible_date):
        # A day that the page labels without its year: another day on it is not the text's.
        day = (int(said[1]), int(said[2]))
        found.dates = [
            dated
            for dated in found.dates
            if dated.reason != "alone" or (dated.stated.date.month, dated.stated.date.day) == day
        ]
    if not found.dates:
        found.perhaps_dates = _mentioned(lines)
        return
    if all(dated.reason == "closing" for dated in found.dates) and _is_list(lines):
        found.dates = []
        return
    order = {"own": 0, "site": 1, "upload": 2}
    found.dates.sort(key=lambda dated: (order[dated.role], -dated.rank))
    best = found.dates[0]
    found.stated = best.stated
    found.perhaps_dates = list(dict.fromkeys(day_of(dated.stated) for dated in found.dates))[:3]
    found.doubtful_date = any(
        (dated.role, dated.rank) == (best.role, best.rank)
        and abs(dated.stated.date - best.stated.date).days > _SAME_DATE
        and not day_of(best.stated).startswith(day_of(dated.stated))
        for dated in found.dates[1:]
    )
    found.upload_date = best.role == "upload" or (
        best.role == "site" and not is_news(found, lines, dropped)
    )
    reasons = tuple(dict.fromkeys((best.reason, *(["clock"] if best.stated.time else []))))
    found.evidence.append(Evidence("date", best.stated.date.isoformat(), reasons))


def _is_list(lines: list[str]) -> bool:
    """Tell whether several clocks stand on lines of their own: teasers, each with its own."""
    alone = [date_alone(line) for line in lines if len(line) <= _CLOCK]
    return len({stated.time for stated in alone if stated and stated.time}) > 1


_CLOCK = 24
"""Characters of a line that may be a clock and nothing else."""


def _mentioned(lines: list[str]) -> list[str]:
    """Return the full dates in short lines at the rims of a page that states none."""
    shown = [line for line in lines if line]
    rims = [line for line in (*shown[:6], *shown[-4:]) if len(line) <= _SHORT]
    dates = []
    for line in rims:
        at = 0
        while found := first_date(line, at):
            stated, _, at = found
            dates.append(day_of(stated))
    return list(dict.fromkeys(dates))[:3]


def _leave_something(found: Metadata, lines: list[str]) -> None:
    """Put the abstract back into the body where the page has nothing else."""
    if any(line for n, line in enumerate(lines) if n not in found.lines):
        return
    for number, line in enumerate(lines):
        if found.summary and line.endswith(found.summary):
            found.lines.discard(number)
            found.cuts[number] = (len(line) - len(found.summary), len(line))
            found.summary = ""
            return


def _take_lead(found: Metadata, lines: list[str]) -> None:
    """Take the first paragraph as the summary where a later one repeats it: it is a lead."""
    if found.summary:
        return
    body = [(n, line) for n, line in enumerate(lines) if line and n not in found.lines]
    if not body:
        return
    number, first = body[0]
    if 30 <= len(first) <= 300 and any(line.startswith(first) for _, line in body[1:]):
        found.summary = first
        found.lines.add(number)

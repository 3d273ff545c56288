"""The end of a page: credits, the author's name, a signature with its date, what a site adds."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ...text import script
from ..draft import Evidence
from ..lexicon.surnames import is_certainly_name
from .bylines import is_unit, reporters
from .candidates import is_furniture
from .dates import parse_date
from .labelled import MAY_BE_SOURCE, take_below, take_line
from .lines import Line
from .people import LIKELY, RARE, UNSURE, Names, certainty, names_of
from .pieces import cut
from .stated import Dated, Metadata
from .values import take_piece, take_source

_CLOSING = re.compile(
    r"[(（【\[]\s*(?P<inner>[^()（）【】\[\]]{2,80})[)）】\]]\s*[。.?？]?$"
    r"|(?<=[。！？!?”」])\s*(?P<name>[\u3400-\u9fff]{2,3})$"
)
_SIGNED = re.compile(r"(?<=[。！？!?”」…])\s*[\u3400-\u9fff][\u3400-\u9fff·、，\s:：/／]{3,38}$")
"""What stands behind the last sentence without brackets: 本报记者 李明, 读者 王芳."""

_UNIT_NOTE = re.compile(r"作者(?:单位|系)\s*[:：]?\s*(?P<unit>.{2,60})")
_WHO_IS = re.compile(
    r"(?:本文)?作者(?P<who>[\u3400-\u9fff]{2,4}?)(?:系|为|是|现任|现为|[,，])(?P<unit>[^。！？]{2,40})"
)
_FAREWELL = re.compile(r"(?:此致|敬礼|祝.{1,12}|谢谢(?:大家)?)[!！。]?")
_OFFICIAL = re.compile(
    r"(?:报|送|发)\s*[:：][^。！？]{2,40}(?:办公室|工会|部门|单位|领导|委|局|处|科)[。.]?|[(（]\s*此件(?:公开发布|主动公开|依申请公开|不予公开)\s*[)）]|(?:抄送|抄报"
    r"|主送)\s*[:：].{2,120}|.{2,40}(?:办公室|工会)\s*\d{4}年\d{1,2}月\d{1,2}日印发"
    r"|(?:信息)?公开(?:选项|方式|属性)\s*[:：].{2,12}"
)
_NOTED = re.compile(r"[¹²³\u2070\u2074-\u2079]|[\[〔【]\d{1,2}[\]〕】]")
"""The mark of a note: what stands below a text that has some is what it quotes."""

_NEAR = 4
"""Lines from the end, without what the site adds, in which labels are read."""

_MOST = 14
"""Lines from the end that may be something else than the author's text."""


def read_tail(found: Metadata, head: Sequence[Line], tail: Sequence[Line]) -> None:
    """Read the lines behind the last paragraph, and what closes that paragraph in brackets."""
    lines = [*[line for line in head if line.kind != "blank"], *tail]
    closing: list[Line] = []
    for line in reversed(lines[-_MOST:]):
        if line.number in found.lines and line in head:
            break
        closing.insert(0, line)
        if line.kind == "prose" and len(line.text) > 30 and not _is_credit(line.text):
            if any(other.text.endswith(line.text) for other in lines if other is not line):
                continue  # the site's summary once more
            break
    if not closing or (len(closing) == len(lines) and len(closing) < 2):
        return
    signed = _signature(closing)
    if signed and signed[0].kind == "unit":
        found.office = found.office or signed[0].text
    for line, below in pairwise(closing):
        take_below(found, line, below)
    noted = any(_NOTED.search(line.text) for line in closing)
    for line in reversed(closing):
        later = [o for o in closing[closing.index(line) + 1 :] if o.number not in found.lines]
        last, near = not any(map(_of_the_text, later)), len(later) < _NEAR
        if line.number in found.lines:
            continue
        labelled = any(piece.kind not in ("rest", "button") for piece in line.pieces)
        furniture = is_furniture(line.text) and line.kind != "prose" and not labelled
        furniture &= line in tail
        if furniture or _OFFICIAL.fullmatch(script.fold(line.text)):
            found.lines.add(line.number)
        elif line.kind in ("meta", "summary") and (near or line in tail):
            if not take_line(found, line) and near:
                _take_closing(found, line, last)
        elif line in tail and (line.kind == "code" or (line.kind == "crumb" and ">" in line.text)):
            found.lines.add(line.number)
        elif line.kind == "date":
            _take_closing_date(found, line, keep=line in signed)
        elif near and _may_be_source(line, noted) and take_source(found, line.text):
            found.lines.add(line.number)
        elif line.kind == "names":
            _take_signature(found, line, last, keep=line in signed)
        elif near:
            _take_closing(found, line, last)


def _may_be_source(line: Line, noted: bool) -> bool:
    """Tell whether a line without a label may say where the text stood first: one of a list, or
    below marks of notes, says what it goes by."""
    return line.kind in MAY_BE_SOURCE and line.own != "item" and not noted


def _of_the_text(line: Line) -> bool:
    """Tell whether a line below a signature may be more of the text, and no button or leftover."""
    return line.kind in ("prose", "numbered", "names", "salutation", "subtitle", "unit") or (
        len(line.text) > _LONGEST_LEFTOVER and line.kind != "meta"
    )


_LONGEST_LEFTOVER = 30
"""Characters of what a site may leave below an essay that nobody knows for its own."""


def _is_credit(text: str) -> bool:
    return any(piece.kind in ("authors", "editor", "source_name") for piece in cut(text))


def _signature(closing: Sequence[Line]) -> list[Line]:
    """Return the lines of a signature that belongs to a letter or a document, and stay in it."""
    for number, line in enumerate(closing):
        above = closing[number - 1] if number else None
        if line.kind == "date" and above and (above.kind == "unit" or is_unit(above.text)):
            return [above, line]
        if line.kind == "date" and above and above.kind == "names":
            farewell = any(_FAREWELL.fullmatch(script.fold(o.text)) for o in closing[:number])
            if farewell:
                return [above, line]
    return []


def _take_closing_date(found: Metadata, line: Line, *, keep: bool) -> None:
    role = "site" if line.stated.time else "own"
    own = [dated for dated in found.dates if dated.role == "own"]
    if role == "own" and own and all(dated.stated != line.stated for dated in own):
        return
    found.dates.append(Dated(line.stated, role, "closing", 1))
    if not keep:
        found.lines.add(line.number)


def _take_signature(found: Metadata, line: Line, last: bool, *, keep: bool) -> None:
    """Take a line of names that closes the essay: surely where it is signed, else for a curator."""
    names = line.names
    if found.authors:
        if set(names.names) <= set(found.authors) and last:
            found.lines.add(line.number)
        return
    marked = "role" in names.reasons or "bullet" in names.reasons or "label" in names.reasons
    sure = last and len(line.text) <= 12 and all(is_certainly_name(n) for n in names.names)
    sure &= names.sure >= LIKELY
    sure |= names.names == (found.sender,)
    if (marked or keep or names.unit or sure) and names.sure >= RARE:
        _name(found, names)
        if not keep:
            found.lines.add(line.number)
        return
    if len(line.text) <= 12 and not _FAREWELL.fullmatch(script.fold(line.text)):
        found.perhaps_authors.append("、".join(names.names))


def _name(found: Metadata, names: Names) -> None:
    found.authors = list(names.names)
    found.unit = found.unit or names.unit
    found.perhaps_authors = []
    found.evidence.append(
        Evidence("authors", "、".join(found.authors), ("closing", *names.reasons))
    )


def _take_closing(found: Metadata, line: Line, last: bool) -> None:
    """Take `…好。（作者：王芳 编辑：李明）` off the end of the last sentence."""
    text = line.text
    match = _CLOSING.search(text)
    if not match:
        signed = _SIGNED.search(text) if last and not found.authors else None
        if signed and (who := reporters(signed[0].strip())):
            _name(found, Names(tuple(who), "", LIKELY, ("role",)))
            _drop(found, line, False, (0, signed.start()))
        return
    kept = (0, match.start())
    inner = match["inner"] or match["name"]
    whole = not text[: match.start()].strip()
    if unit := _UNIT_NOTE.fullmatch(script.fold(inner)):
        said = inner[slice(*unit.span("unit"))].strip()
        place, _, name = said.replace("　", " ").rpartition(" ")
        named = names_of(name) if place and not found.authors else None
        if named and named.sure >= RARE:
            _name(found, named)
            said = place
        if found.authors and not found.unit:
            found.unit = said.strip()[:60]
            _drop(found, line, whole, kept)
        return
    if who := _WHO_IS.fullmatch(script.fold(inner)):
        named = names_of(inner[slice(*who.span("who"))])
        if named and named.sure >= RARE and not found.authors:
            _name(found, named)
            found.unit = found.unit or inner[slice(*who.span("unit"))]
        if named and set(named.names) <= set(found.authors):
            _drop(found, line, whole, kept)
        return
    pieces = cut(inner)
    labels = [piece for piece in pieces if piece.kind not in ("rest", "button", "date")]
    if labels and labels[0].kind in ("authors", "editor", "source_name") and pieces[0] is labels[0]:
        before = list(found.authors)
        taken = [take_piece(found, piece) for piece in labels]
        if all(taken) and len(labels) == len(pieces):
            if found.authors != before:
                found.evidence.append(
                    Evidence("authors", "、".join(found.authors), ("label", "closing"))
                )
            _drop(found, line, whole, kept)
        return
    if whole and take_source(found, text):
        _drop(found, line, whole, kept)
        return
    if bare := _take_day_of_writing(found, inner, last):
        inner = bare
    names = names_of(inner)
    if found.authors or not names or not last:
        if bare and found.authors and names and set(names.names) <= set(found.authors):
            _drop(found, line, whole, kept)
        return
    bracketed = bool(match["inner"])
    enough = names.sure >= (RARE if bracketed and not whole else LIKELY)
    behind = bracketed and text[: match.start()].rstrip()[-1:] in _ENDED
    if (
        "role" in names.reasons
        or names.unit
        or (bare and names.sure >= RARE)
        or (behind and len(names.names) > 1 and all(certainty(n) >= LIKELY for n in names.names))
        or (
            enough
            and all(is_certainly_name(n) or n[0] in "·" or names.sure == RARE for n in names.names)
        )
    ):
        _name(found, names)
        _drop(found, line, whole, kept)


_WRITTEN = re.compile(
    r"(?P<who>[\u3400-\u9fff·]{2,4})[\s,，、;；]+(?P<when>\S{6,12}?)(?:[写寫記记作]?[于於]\S{2,10}|[写寫記记作])?"
)


def _take_day_of_writing(found: Metadata, inner: str, last: bool) -> str:
    """Take the day behind the author's name where an essay is signed, and return the name:
    （王芳，1998年5月20日于厂部）."""
    match = _WRITTEN.fullmatch(inner) if last else None
    stated = parse_date(match["when"]) if match else None
    if not stated or certainty(match["who"]) < UNSURE:
        return ""
    if not any(dated.role == "own" for dated in found.dates):
        found.dates.append(Dated(stated, "own", "closing", 1))
    return match["who"]


_ENDED = tuple("。！？!?”」』")


def _drop(found: Metadata, line: Line, whole: bool, kept: tuple[int, int]) -> None:
    if whole:
        found.lines.add(line.number)
    else:
        found.cuts[line.number] = kept

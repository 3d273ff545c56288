"""The text of an import with its marks: what was repaired, what is flagged, what was left out."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ...intake import source_view
from ...intake.repair_record import EDIT_NAMES
from ...intake.site_lines import lines_of
from ...models import Source

MOST_CHARACTERS, MOST_LINES = 12_000, 400
"""Of the text that is shown; the rest stands on the page of the import."""

_SHOWN = 60
"""Characters of what was taken out that are shown at its place."""


@dataclass
class Line:
    """A line of the text as it is now; one that was cut altogether `is_gone`, one that was read as
    title, date and the like `is_meta`."""

    html: SafeString
    start: int
    end: int
    text: str
    is_gone: bool
    is_meta: bool

    @property
    def place(self) -> str:
        """Return what names it in a form."""
        return f"{self.start}-{self.end}"


@dataclass
class Marked:
    """The lines that are shown, all lines with their places and pieces, and whether more follow."""

    lines: list[Line]
    all: list
    has_more: bool

    @property
    def groups(self) -> list[tuple[bool, list[Line]]]:
        """The lines shown, those left out together."""
        return [(gone, list(lines)) for gone, lines in groupby(self.lines, lambda one: one.is_gone)]


def marked(source: Source) -> Marked:
    """Return the text of an import with marks where edits and open flags are."""
    opened = {number for number, _flag in source.open_flags()}
    flags = [flag if n in opened else flag | {"end": 0} for n, flag in enumerate(source.flags)]
    lines = lines_of(list(source_view.pieces(source.text, source.edits, flags)))
    meta = {line.strip() for line in source.extracted}
    shown, characters = [], 0
    for start, end, parts in lines:
        if characters > MOST_CHARACTERS or len(shown) >= MOST_LINES:
            break
        text = "".join(part.after for part in parts).strip()
        before = "".join(part.before for part in parts).strip()
        if not text and not before:
            continue
        characters += len(text) + 20
        html = _gone(before) if not text else mark_safe("".join(map(_html, parts)))  # noqa: S308
        shown.append(Line(html, start, end, text, not text, text in meta))
    return Marked(shown, lines, len(shown) < len(lines) and characters > MOST_CHARACTERS)


def _gone(before: str) -> SafeString:
    return format_html("<del>{}</del>", source_view.shortened(before, _SHOWN))


def _html(part: source_view.Piece) -> str:
    opens = "".join(f'<span id="place-{number}" class="q-place"></span>' for number in part.opens)
    inner = _edit(part) if part.edit else format_html("{}", part.after.rstrip("\n"))
    if part.flag is not None:
        inner = format_html('<a class="q-flagged" href="#flag-{}">{}</a>', part.flag, inner or "‸")
    return opens + inner


def _edit(part: source_view.Piece) -> str:
    before = source_view.visible(part.before, _SHOWN)
    name = EDIT_NAMES.get(part.edit["kind"], part.edit["kind"])
    after = part.after.rstrip("\n")
    if not part.before.strip() and not after.strip():
        return format_html("{}", after)
    told = _("%(kind)s: %(before)s") % {"kind": name, "before": before}
    if not after:
        return format_html('<i class="q-cut" title="{}">‸</i>', told)
    doubt = "" if part.edit["certain"] else " unsure"
    return format_html('<ins class="q-edit{}" title="{}">{}</ins>', doubt, told, after)

"""What the importer put right in a text: the names of its kinds, and what readers may see of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ..models import Author, Redirect, Source
from . import source_view
from .source_view import Piece

EDIT_NAMES = {
    "newline": _("line end"),
    "line-join": _("broken lines"),
    "pinyin-annotation": _("pinyin annotation"),
    "byte-shift": _("bytes out of step"),
    "numeral-yi": _("壹 for 一"),
    "variant": _("wrong conversion"),
    "code-point": _("character under another code"),
    "punctuation": _("punctuation"),
    "space": _("white space"),
    "boilerplate": _("the site's own text"),
    "contents": _("table of contents"),
    "duplicate-body": _("pasted twice"),
    "mojibake": _("wrong decoding"),
    "markup": _("markup"),
    "restored": _("put in by a curator"),
}

EXPLAINED = {
    "newline": _("Lines ended in the way of another system."),
    "line-join": _("A paragraph had been broken into lines of one width."),
    "pinyin-annotation": _("A web site had put the reading behind characters; it was taken out."),
    "byte-shift": _("Bytes had been lost in copying, and what followed turned into other signs."),
    "numeral-yi": _("Every 一 had been turned into the 壹 of banknotes."),
    "variant": _("A conversion between the scripts had taken the wrong character."),
    "code-point": _("Characters stood under codes that only some fonts and programs know."),
    "punctuation": _("Marks were half-width or of another language."),
    "space": _("Spaces and invisible characters stood where none belong."),
    "boilerplate": _("Share bars, notices and the like of the site it was copied from."),
    "contents": _("A list of the headings; the page makes one itself."),
    "duplicate-body": _("The same text stood there a second time."),
    "mojibake": _("The text had been read in the wrong encoding."),
    "markup": _("Remains of a web page or a text editor."),
    "restored": _("Characters that were lost; an editor put them in."),
}

_SHOWN = 600
"""Characters at the most of what was taken out or put in, as a page shows it."""
_FOLDED = 1500


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the text as it came, cut at its repairs; or a stretch without any, folded."""

    marks: list[dict] = field(default_factory=list)
    folded: str = ""
    characters: int = 0


def is_as_imported(source: Source) -> bool:
    """Tell whether the article still says what its file said.

    What an editor took out of it, a telephone number or a name, is not to be read in the source
    instead: from then on readers see only how often what was repaired. Space between tags does not
    count, which a rich-text editor sets as it likes.
    """
    article, written = source.article, source.written
    authors = Redirect.objects.standing(Author, map(str, written.get("authors", ())))
    return (
        "".join(article.body.split()) == "".join(written.get("body", "").split())
        and article.summary == written.get("summary")
        and [str(key) for key in article.authorships.values_list("author", flat=True)] == authors
    )


def pieces_of(source: Source) -> list[Piece]:
    """Return the whole text of a source, cut at its edits; flags are the curators' business."""
    return list(source_view.pieces(source.text, source.edits, ()))


def paragraphs(parts: list[Piece], *, at_start: bool, at_end: bool) -> Iterator[Paragraph]:
    """Yield pieces as paragraphs, repairs with their text before and after."""
    paragraph = Paragraph()
    for row in source_view.rows(parts, at_start, at_end):
        if row.fold:
            if paragraph.marks:
                yield paragraph
            folded = source_view.shortened(row.fold, _FOLDED).strip("\n")
            yield Paragraph(folded=folded, characters=len(row.fold))
            paragraph = Paragraph()
            continue
        paragraph.marks += map(_mark, row.pieces)
        if row.ends_line:
            yield paragraph
            paragraph = Paragraph()
    if paragraph.marks:
        yield paragraph


def _mark(part: Piece) -> dict:
    if part.edit is None:
        return {"text": part.after}
    return {
        "kind": part.edit["kind"],
        "name": EDIT_NAMES.get(part.edit["kind"], part.edit["kind"]),
        "before": _visible(part.before),
        "after": _visible(part.after),
        "text": part.after,
    }


def _visible(text: str) -> str:
    """Return a text with signs for what nobody sees; fonts of telephones lack that of a return."""
    return source_view.visible(text, _SHOWN).replace("␍", "↵")

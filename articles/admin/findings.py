"""What the desk calls kinds of edits, flags and outcomes, and the importer's reasons."""

import re

from django.utils.translation import gettext_lazy as _

from .contents import FIELD_NAMES

FLAG_NAMES = {
    "missing-title": _("no title"),
    "missing-author": _("no author"),
    "missing-date": _("no date"),
    "upload-date": _("upload date"),
    "censored": _("censored"),
    "lost-text": _("lost text"),
    "mixed-script": _("mixed scripts"),
    "doubtful-variant": _("doubtful character"),
    "markup": _("markup"),
    "possible-rewrite": _("possibly rewritten"),
    "unpaired-quotes": _("unpaired quotes"),
    "near-duplicate": _("similar article"),
    "encoding-doubt": _("encoding in doubt"),
    "pinyin-doubt": _("pinyin in doubt"),
    "numeral-doubt": _("numeral in doubt"),
    "duplicate-part": _("passage twice"),
    "paragraph-break": _("break suggested"),
    "beyond-repair": _("beyond repair"),
    "doubtful-title": _("title in doubt"),
    "doubtful-author": _("author in doubt"),
    "doubtful-date": _("date in doubt"),
    "doubtful-source": _("source in doubt"),
    "missing-source": _("no source"),
    "not-an-essay": _("not an essay"),
    "dropped": _("content left out"),
    "images-dropped": _("pictures left out"),
    "drawing-text": _("text of drawings left out"),
    "reading-order": _("order of reading in doubt"),
    "scanned-pages": _("pages without text"),
    "table-lines": _("table told as lines"),
    "turned-text": _("turned text"),
    "vertical-text": _("vertical text"),
    "watermark": _("watermark left out"),
}

OUTCOME_NAMES = {
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "duplicate": _("duplicate"),
    "failed": _("failed"),
}

_REASONS = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (
            r"(The|the) file has changed since",
            _("A file of this name with another text was imported before; it was left out."),
        ),
        (
            r"article (?P<n>\d+) is in the recycle bin",
            _("Its article (%(n)s) is in the recycle bin. Restore it there if you want it."),
        ),
        (
            r"called 《(?P<title>.*)》 by (?P<by>.+) in this file",
            _("In this file the same text is called 《%(title)s》, by %(by)s."),
        ),
        (
            r"called 《(?P<title>.*)》 in this file",
            _("In this file the same text is called 《%(title)s》."),
        ),
        (
            r"moved or renamed, it was (?P<place>.+)",
            _("The file was moved or renamed; it was %(place)s."),
        ),
        (
            r"the text stays as it was, the update is damaged",
            _("The text stays as it was; the update is damaged and lies over it as a draft."),
        ),
        (
            r"the text stays as a curator changed it",
            _("The text stays as a curator changed it; the update lies over it as a draft."),
        ),
        (
            r"the text stays as it was, the update is taken",
            _("The text stays as it was; the update is taken into the draft that waits over it."),
        ),
        (
            r"kept what a curator changed: (?P<fields>[\w, ]+)",
            _("What a curator changed was kept: %(fields)s."),
        ),
        (
            r"(?P<n>\d+) decisions of curators have no place",
            _("%(n)s decisions of curators have no place in the changed text."),
        ),
        (r"There is no essay among", _("There is no essay among the files.")),
        (r"The article could not be stored", _("The article could not be stored.")),
        (
            r"the same text as (?P<path>.+), earlier in",
            _("the same text as %(path)s, of this upload"),
        ),
        (
            r"Whoever confirmed the import",
            _(
                "Whoever confirmed the import may no longer import, or not in this way. Somebody "
                "who may can go on with it."
            ),
        ),
        (
            r"perhaps the changed file of article (?P<n>\d+)",
            _("Perhaps this is the changed file of article %(n)s."),
        ),
        (
            r"left out in the table",
            _("It was left out in the table before the import."),
        ),
        (
            r"The article that was to be updated",
            _("The article that was to be updated is there no more; upload the file again."),
        ),
        (r"a link; name its target", _("a link, not a file")),
        (r"not an essay by its name", _("not an essay by its name")),
        (r"no reader for this format", _("no reader for this format")),
        (r"a picture; the page", _("a picture; it comes with the page that shows it")),
        (r"part of a saved page", _("part of a saved web page")),
        (r"(Operational|Interface)Error", _("The database did not answer in time.")),
        (r"(OSError|.*No space left)", _("The disk of the server is full.")),
    )
)


_ADVICE = ("restore it there", "--on-conflict update takes the change")
"""What reports add for whoever uses the command."""


def reason(text: str) -> str:
    """Return the importer's English reasons, as reports have them, in the words of the desk; one
    not known here is shown as it is."""
    told = [_in_words(part) for part in text.split("; ") if part not in _ADVICE]
    return " ".join(map(str, told)) if all(told) else _in_words(text) or text


def _in_words(text: str) -> str:
    for pattern, words in _REASONS:
        if match := pattern.match(text):
            values = match.groupdict()
            if fields := values.get("fields"):
                named = [str(FIELD_NAMES.get(name, name)) for name in fields.split(", ")]
                values["fields"] = "、".join(named)
            return words % values
    return ""

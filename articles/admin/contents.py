"""What revisions say, for people: names and values of fields, and two bodies side by side."""

from datetime import date, datetime
from itertools import groupby

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ..curation.revisions import Content, changed
from ..models import DatePrecision, Genre, Picture, Script, Status
from ..text import html, script
from ..text.comparison import Row, Run, compare
from ..text.names import current_script

FIELD_NAMES = {
    "title": _("title"),
    "summary": _("summary"),
    "body": _("body"),
    "authors": _("authors"),
    "tags": _("tags"),
    "stated_date": _("stated date"),
    "date_precision": _("precision"),
    "date_is_upload": _("the date is a web site's upload date"),
    "source_name": _("source"),
    "source_url": _("source address"),
    "genre": _("genre"),
    "cover_id": _("cover"),
    "original_script": _("original script"),
    "status": _("status"),
    "published_at": _("published at"),
    "expires_at": _("expires at"),
}

_CHOICES = {
    "genre": Genre,
    "original_script": Script,
    "status": Status,
    "date_precision": DatePrecision,
}

UNFOLDED = 3
"""Unchanged paragraphs in a row from which on they are folded away."""

_END = "¶"


def shown(name: str, content: Content):
    """Return a field of a state as people read it."""
    value = content[name]
    if not value:
        return ""
    if name in ("authors", "tags"):
        in_script = 2 if current_script() == script.HANT else 1
        return "、".join(entry[in_script] for entry in value)
    if name == "cover_id":
        return str(Picture.objects.filter(pk=value).first() or "")
    if name in _CHOICES:
        return _CHOICES[name](value).label
    if name in ("published_at", "expires_at"):
        return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if name == "stated_date":
        return date.fromisoformat(value).isoformat()
    return _("yes") if value is True else value


def facts(left: Content, right: Content) -> list[dict]:
    """Return what two states differ in but for their bodies, below their titles."""
    differing = changed(left, right)
    return [
        {
            "name": label,
            "values": [shown(name, left), shown(name, right)],
            "same": name not in differing,
        }
        for name, label in FIELD_NAMES.items()
        if name != "body" and (name in differing or name == "title")
    ]


def body_rows(left: str, right: str) -> list[Row]:
    """Return two bodies side by side; where a paragraph ends counts, and is shown if it changed."""
    texts = (html.signed_text(body) for body in (left, right))
    rows = compare(*(_with_ends(text) for text in texts), exact=True)
    for row in rows:
        row.left, row.right = (list(map(_without_end, runs)) for runs in (row.left, row.right))
    return rows


def _with_ends(text: str) -> str:
    return "\n".join(f"{line}{_END}" for line in text.split("\n") if line)


def _without_end(run: Run) -> Run:
    """Show the sign of a paragraph's end only where it came or went by itself."""
    return run if run == Run(_END, own=True) else Run(run.text.replace(_END, ""), run.own)


def groups(rows) -> list[dict]:
    """Return the rows in groups; many unchanged ones in a row are to be folded."""
    together = [(equal, list(group)) for equal, group in groupby(rows, key=lambda row: row.equal)]
    return [
        {"folded": equal and len(group) >= UNFOLDED, "rows": group} for equal, group in together
    ]

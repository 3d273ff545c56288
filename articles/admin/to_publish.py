"""What is about to be published at once: title, authors and date of each, to be looked over."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from ..curation.bulk import choosing
from ..models import Authorship, BulkRun, Status
from ..text import script
from ..text.names import current_script
from .findings import FLAG_NAMES
from .import_fields import shown_day

LISTED = 1000
"""Articles listed; whoever publishes more of them at once has looked at them before."""

OF_FIELDS = ("doubtful-title", "doubtful-author", "doubtful-date", "doubtful-source", "upload-date")
"""Kinds of flags on what the list shows, which hold nothing back."""


def listed(run: BulkRun) -> list[dict]:
    """Return what readers would see first of the articles of a run: two queries."""
    items = choosing.with_fates(run, run.items.filter(article__isnull=False)).order_by("pk")
    names = ("title", "status", "stated_date", "date_precision", "source__flag_kinds")
    found = list(
        items.values_list("article", "fate", *(f"article__{one}" for one in names))[:LISTED]
    )
    authors = defaultdict(list)
    signed = Authorship.objects.filter(article__in=[one[0] for one in found])
    in_script = "author__name_hant" if current_script() == script.HANT else "author__name"
    for article, name in signed.order_by("position", "pk").values_list("article", in_script):
        authors[article].append(name)
    return [
        {
            "pk": pk,
            "title": title,
            "authors": "、".join(authors[pk]),
            "date": shown_day(day, precision),
            "badge": status,
            "status": Status(status).label,
            "doubts": [FLAG_NAMES[kind] for kind in OF_FIELDS if kind in (kinds or ())],
            "why": choosing.REASONS.get(fate, ""),
        }
        for pk, fate, title, status, day, precision, kinds in found
    ]


def doubtful(rows: list[dict]) -> str:
    """Return in words of how many of the listed articles something is in doubt."""
    count = sum(bool(row["doubts"]) and not row["why"] for row in rows)
    return (
        _("Of %(n)d of them title, author, date or source is in doubt.") % {"n": count}
        if count
        else ""
    )

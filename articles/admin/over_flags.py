"""Before a text goes out over blocking flags of its import: the flags by name, and the question."""

from collections import Counter

from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from ..curation.publishing import Held
from ..models import Article
from .findings import FLAG_NAMES
from .open_flags import shown_flags

_NAMED = 60
"""Flags named with their passages; of the others the kinds."""

_OWN = ("csrfmiddlewaretoken", "over")


def confirmed(request) -> list[str]:
    """Return the flags that whoever sent this was asked about, and confirmed."""
    return request.POST.getlist("over")


def ask(model_admin, request, article: Article, held: Held, *, back: str = "", do=""):
    """Return the page that asks: it names the flags, and sends again what was sent.

    `back` is where to go instead; without it, back to the form with all that was typed. `do` is
    what the button says.
    """
    flags = held.flags[article.pk]
    opened = [(flag["number"], flag) for flag in flags]
    rest = Counter(flag["kind"] for flag in flags[_NAMED:])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Blocking flags of the import are left"),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "article": article,
        "flags": shown_flags(article.pk, opened[:_NAMED]),
        "without_text": not request.user.has_perm("articles.view_source"),
        "count": len(flags),
        "rest": [(FLAG_NAMES.get(kind, kind), count) for kind, count in rest.items()],
        "over": [flag["seen"] for flag in flags],
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in _OWN
            for value in values
        ],
        "address": request.get_full_path(),
        "back": back,
        "do": do or _("Publish it all the same"),
    }
    return TemplateResponse(request, "admin/articles/article/over_flags.html", context)

"""Whether readers see an article, in words: now, from some time on, no more, or not at all."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from ..models import Article, Source
from ..text.names import current_script

BADGES = {
    "scheduled": pgettext_lazy("state of an article", "Scheduled"),
    "expired": pgettext_lazy("state of an article", "Expired"),
}
"""What is published and not seen, by the name of its standing."""

_SEEN_OR_NOT = {
    "seen": _("Readers see this text."),
    "scheduled": _("Readers see this text from %(when)s on, and not before."),
    "expired": _("Expired since %(when)s: readers find this text no more."),
    "archived": _("Archived: readers find this text no more."),
}

_PUBLISHED = {
    "seen": _("Published: this is what readers see now."),
    "scheduled": _("Saved. Readers see it from %(when)s on, and not before."),
    "expired": _("Saved. It has expired, %(when)s: readers find it no more."),
}


def moment(time) -> str:
    """Return a time as the desk writes it."""
    return f"{localtime(time):%Y-%m-%d %H:%M}" if time else ""


def seen_or_not(standing: Article.Standing) -> str:
    """Return the sentence on whether readers see what is released; empty of anything else."""
    return _in_words(_SEEN_OR_NOT, standing)


def told_published(article: Article) -> str:
    """Return what is told after publishing: seen now only if that is so."""
    return _in_words(_PUBLISHED, article.standing) or str(_("Saved."))


def page_of(article: Article) -> str:
    """Return a link to the article as readers see it, by its title; the title where they do not."""
    if not article.is_public:
        return format_html("《{}》", article.title)
    address = article.url_in(current_script())
    return format_html('<a href="{}">《{}》</a>', address, article.title)


def flags_left(article: Article) -> str:
    """Return a warning of the import's blocking flags that nobody has settled; empty if none."""
    counts = Source.objects.filter(article=article).values_list("blocking_count", flat=True)
    if not (count := counts.first()):
        return ""
    told = ngettext(
        "%(n)s blocking flag of the import is left.",
        "%(n)s blocking flags of the import are left.",
        count,
    )
    address = reverse("admin:articles_article_import", args=[article.pk])
    return format_html('{} <a href="{}">{}</a>', told % {"n": count}, address, _("Look at them"))


def badge(article: Article, standing: Article.Standing | None = None) -> str:
    """Return the mark of an article in lists: of what waits or has expired, with the time.
    `standing` is how it stood before a draft was filled in."""
    name, at = standing or article.standing
    if name not in BADGES:
        return format_html(
            '<span class="badge {}">{}</span>', article.status, article.get_status_display()
        )
    return format_html(
        '<span class="badge {}">{}</span> <small>{}</small>', name, BADGES[name], moment(at)
    )


def _in_words(sentences: dict, standing: Article.Standing) -> str:
    return str(sentences.get(standing.name, "")) % {"when": moment(standing.at)}

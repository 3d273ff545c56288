"""The page of one article."""

import segno
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.page_store import no_longer_than

from ...intake.lost_text import lost_passages
from ...models import Article, Rendition
from ...text.names import current_script
from ...text.reading_time import minutes
from ..cards import cards
from ..citation import Citation
from ..cover import cover
from ..whole_article import WholeArticle, beside, whole_article
from .within import list_of

SHOWN = 6
"""Related articles on the page."""

_NEWEST = 60
"""Seconds the page of the newest article is kept."""

_HEAVY = (
    *("raw", "text", "edits", "flags", "written", "evidence", "marks", "hints", "keywords"),
    "extracted",
)


def public_rendition(pk: int) -> Rendition:
    """Return a public article in the script of the page, with its source and its length, in one
    query; raise Http404 where there is none."""
    renditions = (
        Rendition.objects.filter(script=current_script())
        .filter(article__in=Article.objects.published().filter(pk=pk))
        .select_related("article__source")
        .annotate(length=Length("article__search_text"))
        .defer("article__body", "article__search_text")
        .defer(*(f"article__source__{name}" for name in _HEAVY))
    )
    return get_object_or_404(renditions)


def moved(request: HttpRequest, page: str, article: Article | WholeArticle) -> HttpResponseRedirect:
    """Send a reader with an old address to the page at its own; the list he came from goes with
    him."""
    response = redirect(page, article.pk, article.slug, permanent=True)
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response


@require_safe
def qr(request, pk):
    """Show the address of an article as a QR code, to be read off a screen by a phone."""
    rendition = public_rendition(pk)
    address = request.build_absolute_uri(rendition.article.get_absolute_url())
    response = HttpResponse(content_type="image/svg+xml")
    drawn = segno.make(address, error="m", micro=False)
    drawn.save(response, kind="svg", omitsize=True, border=2, dark="#000", light="#fff")
    patch_cache_control(response, public=True, max_age=3600)
    return response


@require_safe
def article_cover(request: HttpRequest, pk: str, slug: str) -> HttpResponse:
    """Give the cover that is made of an article's title, and of the first thing it is about."""
    found = next(iter(cards([int(pk)], current_script())), None)
    if found is None:
        raise Http404
    about = str(next(iter(found.tags), "")) or found.get_genre_display()
    made = cover(found.title, about, f"article {found.pk}")
    return HttpResponse(made, content_type="image/svg+xml")


@require_safe
def article(request, pk, slug=None):
    in_script = current_script()
    found = whole_article(int(pk), in_script)
    if found is None:
        raise Http404
    if slug != found.slug:
        return moved(request, "article", found)
    within = list_of(request, found)
    leads_to = beside(found, in_script, within.facet, within.beside)
    if leads_to.newer is None:  # of two that come at one moment, neither knows of the other
        no_longer_than(_NEWEST)
    accessed = timezone.localdate()
    context = {
        "article": found,
        "lost": lost_passages([found.pk]).get(found.pk, ()) if found.is_torn else (),
        "rendition": found,
        "byline": found.authors,
        "tags": found.tags,
        "within": within,
        "newer": leads_to.newer,
        "older": leads_to.older,
        "related": leads_to.related[:SHOWN],
        "minutes": minutes(found.length),
        "accessed": f"{accessed.year}年{accessed.month}月{accessed.day}日",
        "citation": Citation(
            title=found.title,
            authors=tuple(map(str, found.authors)),
            stated=found.stated_date,
            precision=found.date_precision,
            is_upload=found.date_is_upload,
            url=request.build_absolute_uri(request.path),
            accessed=accessed,
            number=found.pk,
        ),
    }
    return render(request, "reading/article.html", context)

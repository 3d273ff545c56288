"""The page of one article."""

from django.db.models import Prefetch, prefetch_related_objects
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ...intake.lost_text import LOST, lost_passages
from ...models import Article, Authorship, Related, Rendition
from ...search.related import KEPT
from ...text.names import current_script
from ...text.reading_time import minutes
from ..citation import Citation
from .within import list_of

SHOWN = 6
"""Related articles on the page."""

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


def moved(request: HttpRequest, page: str, article: Article) -> HttpResponseRedirect:
    """Send a reader with an old address to the page at its own; the list he came from goes with
    him."""
    response = redirect(page, article.pk, article.slug, permanent=True)
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response


@require_safe
def article(request, pk, slug=None):
    rendition = public_rendition(pk)
    found = rendition.article
    if slug != found.slug:
        return moved(request, "article", found)
    authorships = Authorship.objects.select_related("author")
    prefetch_related_objects([found], Prefetch("authorships", authorships), "tags")
    within = list_of(request, found)
    related = list(
        Related.objects.filter(article=found)
        .order_by("-score", "-other")
        .values_list("other_id", flat=True)[:KEPT]
    )
    beside = [one for one in (within.newer, within.older) if one]
    links = Article.objects.published().for_links(current_script()).in_bulk({*related, *beside})
    is_torn = LOST in getattr(getattr(found, "source", None), "flag_kinds", ())
    context = {
        "article": found,
        "lost": lost_passages([found.pk]).get(found.pk, ()) if is_torn else (),
        "rendition": rendition,
        "byline": found.byline,
        "tags": found.tags.all(),
        "within": within,
        "newer": links.get(within.newer),
        "older": links.get(within.older),
        "related": [links[one] for one in related if one in links and one not in beside][:SHOWN],
        "minutes": minutes(rendition.length),
        "citation": Citation(
            title=rendition.title,
            authors=tuple(map(str, found.byline)),
            stated=found.stated_date,
            precision=found.date_precision,
            is_upload=found.date_is_upload,
            url=request.build_absolute_uri(request.path),
            accessed=timezone.localdate(),
            number=found.pk,
        ),
    }
    return render(request, "reading/article.html", context)

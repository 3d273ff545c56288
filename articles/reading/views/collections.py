"""Collections: all of them, and one with its articles in their order."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...models import Article, Collection, Rendition, Tag
from ...text.names import current_script
from ..cards import cards
from ..cover import cover
from .filters import page_of


@require_safe
def collections(request):
    shown = Collection.objects.published().newest_first()
    page = page_of(
        request,
        shown.defer("introduction", "introduction_hant").with_sizes().select_related("cover"),
    )
    return render(request, "reading/collections.html", {"page": page})


@require_safe
def collection(request, slug):
    public = Collection.objects.published().with_sizes().select_related("cover")
    found = public.filter(slug=slug).first()
    if found is None:
        return redirect(get_object_or_404(public.named(slug)[:1]), permanent=True)
    return render(request, "reading/collection.html", _context(found))


@require_safe
def collection_cover(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the cover that is made of a collection's title, and of what most of it is about."""
    found = get_object_or_404(Collection.objects.published(), slug=slug)
    public = Article.objects.published().filter(collected__collection=found)
    tags = Tag.objects.filter(tagged__content_object__in=public)
    about = tags.annotate(n=Count("pk")).order_by("-n", "pk").first()
    made = cover(str(found), str(about or _("Collection")), found.slug)
    return HttpResponse(made, content_type="image/svg+xml")


def _context(collection: Collection) -> dict:
    """Return what the page shows: each article readers see, with the curator's note on it."""
    items = list(collection.items.public())
    by_id = {card.pk: card for card in cards([one.article_id for one in items], current_script())}
    entries = [(by_id[one.article_id], one) for one in items if one.article_id in by_id]
    return {"collection": collection, "entries": entries}


def preview(request: HttpRequest, collection: Collection):
    """Show a curator the page as it will be, with what readers do not see of it marked."""
    context = _context(collection)
    shown = {item.pk: (card, item) for card, item in context["entries"]}
    items = list(collection.items.with_state())
    renditions = Rendition.objects.filter(
        article__in=[one.article_id for one in items], script=current_script()
    )
    titles = dict(renditions.values_list("article_id", "title"))
    context["entries"] = [
        shown.get(one.pk) or ({"title": titles.get(one.article_id, "")}, one) for one in items
    ]
    return render(request, "reading/collection.html", context | {"is_preview": True})

"""What was repaired in an article on import, for everybody to see."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ...intake import source_view
from ...intake.repair_record import EDIT_NAMES, EXPLAINED, is_as_imported, paragraphs, pieces_of
from ...models import Source
from .article import moved, public_rendition
from .filters import given


@require_safe
def repairs(request, pk, slug=None):
    """The text as it came with each correction in its place, 200 a page; nothing else of the
    source: neither its file nor who decided what."""
    rendition = public_rendition(pk)
    article = rendition.article
    source = getattr(article, "source", None)
    if source is None or not source.edit_count:
        raise Http404
    if slug != article.slug:
        return moved(request, "repairs", article)
    counts = sorted(source.edit_kinds.items(), key=lambda item: (-item[1][0], item[0]))
    chosen = given(request, "kind")
    if chosen and chosen not in source.edit_kinds:
        raise Http404
    context = {
        "article": article,
        "rendition": rendition,
        "source": source,
        "kinds": [
            (kind, EDIT_NAMES.get(kind, kind), EXPLAINED.get(kind, ""), n)
            for kind, (n, _) in counts
        ],
        "chosen": chosen,
        "chosen_name": EDIT_NAMES.get(chosen, chosen),
    }
    fields = ("text", "edits", "written", "article__body", "article__summary")
    whole = Source.objects.select_related("article").only(*fields).get(pk=source.pk)
    if is_as_imported(whole):
        parts = pieces_of(whole)
        spans = source_view.pages(parts, set(source.edit_kinds) - {chosen} if chosen else ())
        try:
            page = Paginator(spans, 1).page(request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        begin, end = page.object_list[0]
        at_start, at_end = page.number == 1, page.number == len(spans)
        shown = paragraphs(parts[begin:end], at_start=at_start, at_end=at_end)
        context |= {"page": page, "paragraphs": shown}
    return render(request, "reading/repairs.html", context)

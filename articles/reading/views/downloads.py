"""An article or a collection to take away, as a file."""

from datetime import datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...models import Collection
from ...text.names import current_script
from ..cards import cards
from ..conditional import etag_of, unless_known
from ..exports import FORMATS, Book
from ..takeaway import TooLarge, book_of_article, book_of_collection

_EDITION = 3
"""Goes up when the formats change, so that nobody keeps a file of the old kind."""

_NOT_IN_NAMES = dict.fromkeys(map(ord, '\\/:*?"<>|\r\n\t'), " ") | dict.fromkeys(
    [*range(32), 127, 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


@require_safe
def article_file(request: HttpRequest, pk: int, slug: str, kind: str) -> HttpResponse:
    """The article as EPUB, Word or Markdown, made when it is asked for."""
    script = current_script()
    found = cards([int(pk)], script, with_bodies=True)
    if not found:
        raise Http404
    [card] = found
    if slug != card.slug:
        return redirect("article-file", pk=pk, slug=card.slug, kind=kind, permanent=True)
    site = request.build_absolute_uri("/")
    etag = etag_of(_EDITION, kind, script, site, card)

    def make() -> HttpResponse:
        book = book_of_article(card, script, request.build_absolute_uri)
        return as_file(book, kind, card.slug)

    return _made_unless_known(request, etag, card.modified_at, make)


@require_safe
def collection_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """All that readers see of a collection, in its order, as one book."""
    script = current_script()
    found = get_object_or_404(Collection.objects.published(), slug=slug)
    ids = found.public_article_ids()
    site = request.build_absolute_uri("/")
    shown = (str(found), found.introduction_in_script, cards(ids, script))
    etag = etag_of(_EDITION, kind, script, site, *shown)
    changed = max([found.modified_at, *(card.modified_at for card in shown[2])])

    def make() -> HttpResponse:
        absolute = request.build_absolute_uri
        address = absolute(found.get_absolute_url())
        return as_file(book_of_collection(*shown[:2], ids, address, script, absolute), kind, slug)

    return _made_unless_known(request, etag, changed, make)


def _made_unless_known(request, etag: str, changed: datetime, make) -> HttpResponse:
    try:
        return unless_known(request, etag, changed, make, no_cache=True)
    except TooLarge:
        message = _("This text is too long to be made into a file. Print it from its page instead.")
        return HttpResponse(message, status=413, content_type="text/plain; charset=utf-8")


def as_file(book: Book, kind: str, slug: str) -> HttpResponse:
    """Return a book as a file to save, named in Latin letters and in Chinese."""
    response = HttpResponse(FORMATS[kind].write(book), content_type=FORMATS[kind].content_type)
    name = " ".join(book.title.translate(_NOT_IN_NAMES).split()).strip(". ")[:80] or slug
    response["Content-Disposition"] = (
        f"attachment; filename=\"{slug}.{kind}\"; filename*=UTF-8''{quote(f'{name}.{kind}')}"
    )
    response["Content-Length"] = len(response.content)
    response["Link"] = f'<{book.address}>; rel="canonical"'
    response["X-Robots-Tag"] = "noindex"
    return response

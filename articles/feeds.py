"""Feeds of the newest articles: RSS, Atom and JSON Feed, of all or of one tag, in both scripts."""

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Tag
from .names import current_script
from .search.lists import Shelf

LENGTH = 30


def newest(tag: Tag | None):
    """Return the newest public articles, of one tag where one is given."""
    return Shelf(current_script(), *([f"t{tag.pk}"] if tag else []))[:LENGTH]


def _tag(slug: str | None) -> Tag | None:
    if not slug:
        return None
    tag = get_object_or_404(Tag, slug=slug)
    if not Shelf(current_script(), f"t{tag.pk}").count():
        raise Http404
    return tag


class LatestRSS(Feed):
    """The newest articles as RSS 2.0."""

    feed_type = Rss201rev2Feed

    def get_object(self, request, slug=None):
        return _tag(slug)

    def title(self, tag):
        return f"{_('Union reading room')}{_(': ') + str(tag) if tag else ''}"

    def link(self, tag):
        return tag.get_absolute_url() if tag else reverse("home")

    def description(self, tag):
        return _("Essays on union work, in both scripts")

    def language(self, tag):
        return current_script()

    def items(self, tag):
        return newest(tag)

    def item_title(self, item):
        return item.rendition.title

    def item_description(self, item):
        return item.rendition.excerpt

    def item_pubdate(self, item):
        return item.published_at

    def item_updateddate(self, item):
        return item.modified_at

    def item_author_name(self, item):
        return "、".join(map(str, item.byline)) or None

    def item_categories(self, item):
        return [str(tag) for tag in item.tags.all()]


class LatestAtom(LatestRSS):
    """The same as Atom 1.0."""

    feed_type = Atom1Feed
    subtitle = LatestRSS.description


def latest_json(request: HttpRequest, slug: str | None = None) -> JsonResponse:
    """The same as JSON Feed 1.1 (jsonfeed.org)."""
    tag = _tag(slug)
    feed = LatestRSS()
    absolute = request.build_absolute_uri
    items = []
    for article in newest(tag):
        url = absolute(article.get_absolute_url())
        items.append(
            {
                "id": url,
                "url": url,
                "title": article.rendition.title,
                "content_text": article.rendition.excerpt,
                "date_published": article.published_at.isoformat(),
                "date_modified": article.modified_at.isoformat(),
                "authors": [{"name": str(author)} for author in article.byline],
                "tags": [str(tag) for tag in article.tags.all()],
            }
        )
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title(tag),
        "home_page_url": absolute(feed.link(tag)),
        "feed_url": absolute(),
        "language": get_language(),
        "items": items,
    }
    return JsonResponse(
        content, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
    )

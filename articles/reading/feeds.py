"""Feeds of the newest articles, in both scripts: of all, of a tag, an author or a collection.

A feed tells what is new: title, authors, tags and summary; with FEEDS_FULL_TEXT the text too. An
item is known by its address without the title's pinyin, which leads on to the article and stays
the same when the title is corrected; each script is a feed of its own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from ..models import Author, Collection, Tag
from ..models.redirect import at_address
from ..text.names import article_address, current_script
from .cards import Card, Shelf, cards
from .conditional import etag_of, unless_known
from .exports.book import line

LENGTH = 30
FRESH = 300
"""Seconds a feed may be kept unasked: readers' programs ask often."""

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed was changed last


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is of: its name, where its page is, and its articles."""

    name: str
    link: str
    cards: list[Card]


def _cards(ids: Sequence[int]) -> list[Card]:
    return cards(ids, current_script(), with_bodies=settings.FEEDS_FULL_TEXT)


def _newest(*facets: str) -> list[Card]:
    return _cards(Shelf(current_script(), *facets).ids(0, LENGTH))


def _of_tag(slug: str) -> Subject:
    return _of_list(at_address(Tag, slug)[0], "t")


def _of_author(slug: str) -> Subject:
    return _of_list(at_address(Author, slug)[0], "a")


def _of_list(found: Tag | Author | None, letter: str) -> Subject:
    newest = found and _newest(f"{letter}{found.pk}")
    if not newest:
        raise Http404
    return Subject(str(found), found.get_absolute_url(), newest)


def _of_collection(slug: str) -> Subject:
    """Return a collection, in its own order: it is read from the first article on."""
    found = get_object_or_404(Collection.objects.published(), slug=slug)
    shown = _cards(found.public_article_ids()[:LENGTH])
    return Subject(str(found), found.get_absolute_url(), shown)


SUBJECTS: dict[str, Callable[[str], Subject]] = {
    "tag": _of_tag,
    "author": _of_author,
    "collection": _of_collection,
}
"""What has feeds of its own, by the name of its page: `feeds/tags/weiquan.rss`."""


class _Quick:
    """Writes elements as Django's own writer does, each in one step: a feed has three hundred."""

    def __init__(self, handler: SimplerXMLGenerator):
        self.startElement, self.endElement = handler.startElement, handler.endElement
        self._write = handler.ignorableWhitespace  # as it is

    def addQuickElement(self, name, contents=None, attrs=None):
        told = "".join(f" {key}={quoteattr(value)}" for key, value in (attrs or {}).items())
        # `line` has taken out what XML cannot hold.
        text = f">{xml_escape(contents)}</{name}>" if contents else "/>"
        self._write(f"<{name}{told}{text}")


class _RSS(Rss201rev2Feed):
    """RSS 2.0 with what its validators ask for besides, and whole texts where those are given."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/"
        }

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content:encoded", item["text"])

    def write_items(self, handler):
        super().write_items(_Quick(handler))

    def latest_post_date(self):
        return _latest(self.items)


class _Atom(Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content", item["text"], {"type": "html"})

    def write_items(self, handler):
        super().write_items(_Quick(handler))

    def latest_post_date(self):
        return _latest(self.items)


def _latest(items: list[dict]) -> datetime:
    return max((item["updateddate"] for item in items), default=_NEVER)


_GENERATORS = {"rss": _RSS, "atom": _Atom}
KINDS = ("rss", "atom", "json")


def changed_at(card: Card) -> datetime:
    """Return when readers could first see the article as it is: publication may come later than
    the last change."""
    return max(card.modified_at, card.published_at)


@require_safe
def feed(request: HttpRequest, kind: str, subject: str = "", slug: str = "") -> HttpResponse:
    """The newest articles of a subject, or of all, as RSS 2.0, Atom 1.0 or JSON Feed 1.1."""
    shown = SUBJECTS[subject](slug) if subject else Subject("", reverse("home"), _newest())
    write = _as_json if kind == "json" else _as_xml
    response = write(request, shown, kind)
    # By its content: also the name of an author or tag may have changed.
    return unless_known(
        request,
        etag_of(response.content),
        max(map(changed_at, shown.cards), default=None),
        lambda: response,
        public=True,
        max_age=FRESH,
    )


def _absolute(request: HttpRequest) -> Callable[[str], str]:
    """Return what makes a whole address of one of ours."""
    root = request.build_absolute_uri("/").removesuffix("/")
    return lambda path: f"{root}{path}"


def _title(shown: Subject) -> str:
    return f"{_('Union reading room')}{_(': ') + line(shown.name) if shown.name else ''}"


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _whole(card: Card) -> str:
    """Return the text of an article as markup, where feeds are to have it; else nothing."""
    return _NOT_IN_XML.sub("", card.body) if settings.FEEDS_FULL_TEXT else ""


def _id(card: Card) -> str:
    return article_address(card.pk, "").replace("-/", "/")


def _as_xml(request: HttpRequest, shown: Subject, kind: str) -> HttpResponse:
    absolute = _absolute(request)
    made = _GENERATORS[kind](
        title=_title(shown),
        link=absolute(shown.link),
        description=_("Essays on union work, in both scripts"),
        subtitle=_("Essays on union work, in both scripts"),
        language=current_script(),
        author_name=_("Union reading room"),
        feed_url=absolute(request.path),
        feed_guid=absolute(request.path),
        ttl=FRESH // 60,
    )
    for card in shown.cards:
        made.add_item(
            title=line(card.title),
            link=absolute(card.get_absolute_url()),
            description=escape(line(card.excerpt)),  # where both formats have markup
            unique_id=absolute(_id(card)),
            unique_id_is_permalink=True,
            pubdate=card.published_at,
            updateddate=changed_at(card),
            author_name=line("、".join(map(str, card.authors))) or None,
            categories=[line(str(tag)) for tag in card.tags],
            text=_whole(card),
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)


def _as_json(request: HttpRequest, shown: Subject, kind: str) -> HttpResponse:
    absolute = _absolute(request)
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(shown),
        "description": _("Essays on union work, in both scripts"),
        "home_page_url": absolute(shown.link),
        "feed_url": absolute(request.path),
        "language": current_script(),
        "authors": [{"name": _("Union reading room"), "url": absolute(reverse("home"))}],
        "items": [_json_item(card, absolute) for card in shown.cards],
    }
    return JsonResponse(
        content, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
    )


def _json_item(card: Card, absolute: Callable[[str], str]) -> dict:
    return {
        "id": absolute(_id(card)),
        "url": absolute(card.get_absolute_url()),
        "title": line(card.title),
        "summary": line(card.excerpt),
        **(
            {"content_html": card.body}
            if settings.FEEDS_FULL_TEXT
            else {"content_text": line(card.excerpt)}
        ),
        "date_published": card.published_at.isoformat(),
        "date_modified": changed_at(card).isoformat(),
        "language": current_script(),
        "authors": [
            {"name": line(str(author)), "url": absolute(author.url)} for author in card.authors
        ],
        "tags": [line(str(tag)) for tag in card.tags],
    }

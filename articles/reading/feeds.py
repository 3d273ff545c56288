"""Feeds of the newest articles, in both scripts: of all, of a tag, an author or a collection.

A feed tells what is new: title, authors, tags and summary; with FEEDS_FULL_TEXT the text too. An
item is known by its address without the title's pinyin, which leads on to the article and stays
the same when the title is corrected; each script is a feed of its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape
from io import StringIO
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
from .card_lines import kept_parts
from .cards import Card, Shelf, cards
from .conditional import etag_of, unless_known
from .exports.book import line

LENGTH = 30
FRESH = 300
"""Seconds a feed may be kept unasked: readers' programs ask often."""

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when an empty feed was changed last


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is of: its name, where its page is, and its articles by their keys."""

    name: str
    link: str
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Item:
    """An article as a feed has it, as XML or for JSON, and when readers could first see it so."""

    written: str | dict
    changed: datetime


def _newest(*facets: str) -> list[int]:
    return Shelf(current_script(), *facets).ids(0, LENGTH)


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
    return Subject(str(found), found.get_absolute_url(), found.public_article_ids()[:LENGTH])


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


class _InParts:
    """A feed of items that are written apart, each once."""

    parts: Sequence[_Item] = ()

    def write_items(self, handler):
        handler.ignorableWhitespace("".join([one.written for one in self.parts]))

    def latest_post_date(self):
        return max((one.changed for one in self.parts), default=_NEVER)

    def written(self, **item: object) -> str:
        """Return an item as the feed has it."""
        self.items.clear()
        self.add_item(**item)
        out = StringIO()
        handler = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
        super().write_items(_Quick(handler))
        return out.getvalue()


class _RSS(_InParts, Rss201rev2Feed):
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


class _Atom(_InParts, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content", item["text"], {"type": "html"})


KINDS = ("rss", "atom", "json")


def changed_at(card: Card) -> datetime:
    """Return when readers could first see the article as it is: publication may come later than
    the last change."""
    return max(card.modified_at, card.published_at)


@require_safe
def feed(request: HttpRequest, kind: str, subject: str = "", slug: str = "") -> HttpResponse:
    """The newest articles of a subject, or of all, as RSS 2.0, Atom 1.0 or JSON Feed 1.1."""
    shown = SUBJECTS[subject](slug) if subject else Subject("", reverse("home"), _newest())
    root = request.build_absolute_uri("/").removesuffix("/")
    in_script, full = current_script(), settings.FEEDS_FULL_TEXT

    def absolute(path: str) -> str:
        return f"{root}{path}"

    item, whole = _FORMATS[kind](shown, request.path, absolute)

    def write(missing: list[int]) -> Iterator[tuple[int, _Item]]:
        for card in cards(missing, in_script, with_bodies=full):
            yield card.pk, _Item(item(card), changed_at(card))

    found = kept_parts(shown.ids, f"{in_script} {kind} {full} {root}", write)
    items = [found[pk] for pk in shown.ids if pk in found]
    response = whole(items)
    # By its content: also the name of an author or tag may have changed.
    return unless_known(
        request,
        etag_of(response.content),
        max((one.changed for one in items), default=None),
        lambda: response,
        public=True,
        max_age=FRESH,
    )


Absolute = Callable[[str], str]
"""What makes a whole address of one of ours."""

Written = tuple[Callable[[Card], str | dict], Callable[[list[_Item]], HttpResponse]]
"""What writes an item of a feed, and what writes a feed of these."""


def _title(shown: Subject) -> str:
    return f"{_('Union reading room')}{_(': ') + line(shown.name) if shown.name else ''}"


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _whole(card: Card) -> str:
    """Return the text of an article as markup, where feeds are to have it; else nothing."""
    return _NOT_IN_XML.sub("", card.body) if settings.FEEDS_FULL_TEXT else ""


def _id(card: Card) -> str:
    return article_address(card.pk, "").replace("-/", "/")


def _as_xml(made_as: type[_InParts], shown: Subject, path: str, absolute: Absolute) -> Written:
    made = made_as(
        title=_title(shown),
        link=absolute(shown.link),
        description=_("Essays on union work, in both scripts"),
        subtitle=_("Essays on union work, in both scripts"),
        language=current_script(),
        author_name=_("Union reading room"),
        feed_url=absolute(path),
        feed_guid=absolute(path),
        ttl=FRESH // 60,
    )

    def item(card: Card) -> str:
        return made.written(
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

    def whole(items: list[_Item]) -> HttpResponse:
        made.parts = items
        return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)

    return item, whole


def _as_json(shown: Subject, path: str, absolute: Absolute) -> Written:
    def item(card: Card) -> dict:
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

    def whole(items: list[_Item]) -> HttpResponse:
        content = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(shown),
            "description": _("Essays on union work, in both scripts"),
            "home_page_url": absolute(shown.link),
            "feed_url": absolute(path),
            "language": current_script(),
            "authors": [{"name": _("Union reading room"), "url": absolute(reverse("home"))}],
            "items": [one.written for one in items],
        }
        return JsonResponse(
            content, content_type="application/feed+json", json_dumps_params={"ensure_ascii": False}
        )

    return item, whole


_FORMATS: dict[str, Callable[[Subject, str, Absolute], Written]] = {
    "rss": partial(_as_xml, _RSS),
    "atom": partial(_as_xml, _Atom),
    "json": _as_json,
}

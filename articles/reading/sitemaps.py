"""What search engines are told: every public page in both scripts, and where the other one is.

Articles come in blocks of their keys, so that no page of the sitemap is found by counting off what
stands before it, and a block changes only when one of its articles does.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.core.cache import cache
from django.db import connection
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from ..models import Article, Author, Collection, Tag
from ..search.lists import are_kept, counts
from ..text.names import address, article_address
from ..text.script import HANT, SCRIPTS
from .conditional import etag_of, unless_known

BLOCK = 1000
"""Keys in a page of the sitemap: 2,000 addresses and some 1.2 MB, made within a moment and whole in
memory. 50,000 and 50 MB would be allowed, and as many pages in the index."""

FRESH = 3600
_TEXT_CHANGED = Coalesce("text_changed_at", "modified_at")
_KEPT_FOR = 600  # seconds; it takes 2 s to read all of 100,000 articles
DEFAULT_SCRIPT = HANT
"""The script of who asks for neither: what `x-default` names."""

_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
Entry = tuple[str, datetime | None]  # a path below /zh-hant/, and when it changed
Blocks = Iterable[tuple[int, datetime | None]]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of page: which blocks of keys there are, and the entries of one."""

    blocks: Callable[[], Blocks]
    entries: Callable[[int], Iterable[Entry]]


def _one_block() -> Blocks:
    return [(0, None)]


def _pages(block: int) -> Iterator[Entry]:
    for name in ("home", "articles", "collections", "tags", "authors", "archive"):
        yield _below(reverse(name)), None


def _collections(block: int) -> Iterator[Entry]:
    public = Collection.objects.published().order_by("pk")
    for slug, modified_at in public.values_list("slug", "modified_at"):
        yield _below(address("collection", slug)), modified_at


def _archive(block: int) -> Iterator[Entry]:
    years = set()
    for year, month in _kept("months", _months):
        if year not in years:
            years.add(year)
            yield _below(reverse("archive-year", args=[year])), None
        yield _below(reverse("archive-month", args=[year, month])), None


def _months() -> list[tuple[int, int]]:
    months = Article.objects.published().values_list("dated__year", "dated__month")
    return list(months.order_by("dated__year", "dated__month").distinct())


def _articles(block: int) -> Iterator[Entry]:
    public = Article.objects.published().filter(pk__range=_keys(block)).order_by("pk")
    before, after = _below(article_address(0, "\0")).split("0-\0")
    for pk, slug, modified_at, published_at in public.values_list(
        "pk", "slug", _TEXT_CHANGED, "published_at"
    ):
        yield f"{before}{pk}-{slug}{after}", max(modified_at, published_at)


def _blocks_of_articles() -> Blocks:
    return _kept("blocks", _count_blocks)


def _count_blocks() -> list[tuple[int, datetime]]:
    public = Article.objects.published().order_by()
    grouped = public.annotate(block=F("pk") / BLOCK).values_list("block")
    rows = grouped.annotate(changed=Max(_TEXT_CHANGED), entered=Max("published_at"))
    return [(block, max(changed, entered)) for block, changed, entered in rows.order_by("block")]


def _listed(letter: str, page: str, model: type[Tag | Author]) -> Section:
    """Return the section of those that readers see an article of."""

    def blocks() -> Blocks:
        keys = (int(facet[1:]) for facet, n in counts().items() if n and facet[:1] == letter)
        return [(block, None) for block in sorted({key // BLOCK for key in keys})]

    def entries(block: int) -> Iterator[Entry]:
        listed = counts()
        found = model.objects.filter(pk__range=_keys(block)).order_by("pk")
        for pk, slug in found.values_list("pk", "slug"):
            if listed[f"{letter}{pk}"]:
                yield _below(address(page, slug)), None

    return Section(blocks, entries)


SECTIONS = {
    "pages": Section(_one_block, _pages),
    "collections": Section(_one_block, _collections),
    "tags": _listed("t", "tag", Tag),
    "authors": _listed("a", "author", Author),
    "archive": Section(_one_block, _archive),
    "articles": Section(_blocks_of_articles, _articles),
}


def _kept(name: str, make: Callable[[], list]) -> list:
    """Return what is read from all articles, of a larger library kept for a while."""
    key = f"sitemap-{name}-{BLOCK}-{connection.settings_dict['NAME']}".replace(" ", "")
    found = cache.get(key)
    if found is None:
        found = make()
        if are_kept(counts()):
            cache.set(key, found, _KEPT_FOR)
    return found


def _keys(block: int) -> tuple[int, int]:
    return block * BLOCK, (block + 1) * BLOCK - 1


def _below(path: str) -> str:
    return path.partition("/zh-hant/")[2]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sitemap of sitemaps."""
    root = request.build_absolute_uri("/")
    lines = []
    for name, section in SECTIONS.items():
        for block, changed in section.blocks():
            page = f"sitemap-{name}-{block + 1}.xml" if block else f"sitemap-{name}.xml"
            lastmod = f"<lastmod>{_time(changed)}</lastmod>" if changed else ""
            lines.append(f"<sitemap><loc>{root}{page}</loc>{lastmod}</sitemap>")
    body = "\n".join(lines)
    content = f'{_OPENING}<sitemapindex xmlns="{_NAMESPACE}">\n{body}\n</sitemapindex>\n'
    return _answer(request, content)


@require_safe
def page(request: HttpRequest, name: str, number: int = 1) -> HttpResponse:
    """The addresses of one block of one kind of page; the first is number 1."""
    section = SECTIONS[name]
    if not 1 <= number <= (1 if section.blocks is _one_block else 10**12):
        raise Http404
    with override(DEFAULT_SCRIPT.lower()):
        entries = list(section.entries(number - 1))
    if number > 1 and not entries:
        raise Http404
    return _answer(request, _urlset(request, entries))


def _urlset(request: HttpRequest, entries: Iterable[Entry]) -> str:
    root = request.build_absolute_uri("/")
    below = {name: f"{root}{name.lower()}/" for name in SCRIPTS}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{at}\0"/>'
        for name, at in (*below.items(), ("x-default", below[DEFAULT_SCRIPT]))
    )
    entry = "\n".join(f"<url><loc>{at}\0</loc>\1{links}</url>" for at in below.values())
    lines = [
        entry.replace("\1", f"<lastmod>{_time(changed)}</lastmod>" if changed else "").replace(
            "\0", escape(path)
        )
        for path, changed in entries
    ]
    body = "\n".join(lines)
    spaces = f'xmlns="{_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return f"{_OPENING}<urlset {spaces}>\n{body}\n</urlset>\n"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _answer(request: HttpRequest, content: str) -> HttpResponse:
    return unless_known(
        request,
        etag_of(content),
        None,
        lambda: HttpResponse(content, content_type="application/xml; charset=utf-8"),
        public=True,
        max_age=FRESH,
    )

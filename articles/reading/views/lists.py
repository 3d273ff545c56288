"""Home, and the lists: all articles, by tag, by author, by year and month."""

from collections import Counter

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from ...models import Author, Collection, Tag, TagGroup
from ...models.article_queries import titles_of
from ...models.page_version import COLLECTIONS, LISTS, of_list
from ...models.redirect import at_address
from ...search.lists import counts, kept
from ...text.names import article_address, current_script
from ..card_lines import ShelfOfLines, lines
from ..cards import Link, Shelf
from ..read_counts import most_read
from .filters import FILTERS, choices_of, filters_of, given, must_be_seen, page_of, without
from .within import link_in, link_in_page

ON_HOME, READ_ON_HOME, COLLECTED_ON_HOME = 6, 5, 4
SHELVES_ON_HOME = 5
FEWEST_READ = 3
"""Articles below which no list of the most read is shown: it would say nothing."""

RELATED = 8
"""Tags named beside a tag."""

AUTHORS_ON_ONE_PAGE = 120
"""Authors up to which they all stand on one page, and of one initial on one page."""


@require_safe
def home(request):
    newest = Shelf(current_script(), count=0).ids(0, ON_HOME)
    read = most_read(READ_ON_HOME)
    featured = kept("on-home", COLLECTIONS, _on_home, shared=False)
    collection, collected = featured or (None, [])
    shelves = kept("home-shelves", COLLECTIONS, _shelves, shared=False)
    found = titles_of({*read, *collected}, current_script())
    shown = {pk: Link(title, article_address(pk, slug), pk) for pk, (slug, title) in found.items()}
    read = [shown[pk] for pk in read if pk in shown]
    context = {
        "articles": lines(newest, current_script(), came=True),
        "read": read if len(read) >= FEWEST_READ else [],
        "collection": collection,
        "shelves": [one for one in shelves if collection is None or one.pk != collection.pk],
        "collected": [shown[pk] for pk in collected if pk in shown],
        # What follows is asked for when a list has changed.
        "groups": lambda: _grouped(counts()),
        "article_count": lambda: counts()[""],
        "author_count": lambda: sum(facet.startswith("a") for facet in counts()),
        "tag_count": lambda: sum(facet.startswith("t") for facet in counts()),
        "years": lambda: _years(counts())[:12],
    }
    return render(request, "reading/home.html", context)


def _on_home() -> tuple[Collection, list[int]] | None:
    return Collection.on_home(COLLECTED_ON_HOME)


def _shelves() -> list[Collection]:
    shown = Collection.objects.published().newest_first().with_sizes().select_related("cover")
    return list(shown.defer("introduction", "introduction_hant")[:SHELVES_ON_HOME])


@require_safe
def article_list(request):
    chosen = filters_of(request)
    facets = [facet for _, _, facet in chosen]
    by_date = given(request, "sort") == "date"
    if len(facets) < 2:
        listed = counts()
        must_be_seen(chosen, listed)
        shelf = ShelfOfLines(
            current_script(), *facets, count=listed["".join(facets)], by_date=by_date
        )
    else:
        shelf = ShelfOfLines(current_script(), *facets, by_date=by_date)
        if not shelf.count():
            must_be_seen(chosen, counts())

    def beside() -> tuple[Counter[str], bool]:
        return shelf.beside if facets else (listed, True)

    page = page_of(request, shelf)
    within = link_in(facets[0]) if len(facets) == 1 else ""
    if len(facets) > 1:
        within = link_in_page(request, [card.pk for card in page.object_list])
    context = {
        "page": page,
        "shelf": shelf,
        "by_date": by_date and shelf.can_go_by_date,
        "filters": [(name, value, without(request, name)) for name, value, _ in chosen],
        "version": of_list(facets[0]) if len(facets) == 1 else LISTS,
        "asked": "&".join(f"{name}={given(request, name)}" for name in (*FILTERS, "sort")),
        "narrowed": lambda: choices_of(request, chosen, beside()[0], shelf.count()),
        "is_exact": lambda: beside()[1],
        "within": within,
    }
    return render(request, "reading/list.html", context)


@require_safe
def tags(request):
    return render(request, "reading/tags.html", {"groups": lambda: _grouped(counts())})


@require_safe
def tag(request, slug):
    found, is_old = at_address(Tag, slug)
    if found is None or is_old:
        return _to_its_own(request, found or Tag.objects.named(slug), "t")
    shelf = ShelfOfLines(current_script(), f"t{found.pk}")
    if not shelf.count():
        raise Http404
    context = {
        "tag": found,
        "page": page_of(request, shelf),
        "version": of_list(f"t{found.pk}"),
        "related": lambda: _related(found, shelf),
        "within": link_in(f"t{found.pk}"),
    }
    return render(request, "reading/tag.html", context)


def _related(found: Tag, shelf: Shelf) -> list[Tag]:
    """Return the tags that stand most often beside one."""
    beside, _ = shelf.beside
    near = [int(one[1:]) for one, _ in beside.most_common() if one[0] == "t"]
    near = [pk for pk in near if pk != found.pk][:RELATED]
    related = Tag.objects.defer("description", "description_hant").in_bulk(near)
    return [related[pk] for pk in near if pk in related]


def _to_its_own(request, found: Tag | Author | None, letter: str):
    """Lead from an old address or another name to the address of today, with what else was asked
    for, if readers see an article there.

    Browsers are to ask each time: a merge that is undone gives the old address back its own page.
    """
    if found is None or not Shelf(current_script(), f"{letter}{found.pk}").count():
        raise Http404
    query = request.GET.urlencode()
    answer = redirect(found.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def authors(request):
    """All authors; where they are many, those of one initial, and first those who wrote most."""
    wrote, by_initial, first = kept("authors", LISTS, _all_authors, shared=False)
    initial = given(request, "initial").upper()
    context = {"author_count": len(wrote), "asked": ""}
    if len(wrote) <= AUTHORS_ON_ONE_PAGE:
        context["groups"] = lambda: [
            (letter, _authors({pk: wrote[pk] for pk in members}))
            for letter, members in by_initial.items()
        ]
        return render(request, "reading/authors.html", context)
    context["initials"] = [(one, len(members)) for one, members in by_initial.items()]
    if initial:
        if initial not in by_initial:
            raise Http404
        page = page_of(request, by_initial[initial], AUTHORS_ON_ONE_PAGE)
        context |= {"page": page, "initial": initial, "asked": f"{initial}{page.number}"}
        chosen = page.object_list
    else:
        chosen = first

    def groups() -> list[tuple[str, list[Author]]]:
        found = _authors({pk: wrote[pk] for pk in chosen})
        if not initial:
            found.sort(key=lambda one: -one.article_count)
        return [(initial, found)]

    return render(request, "reading/authors.html", context | {"groups": groups})


def _all_authors() -> tuple[dict[int, int], dict[str, list[int]], list[int]]:
    """Return how much each author wrote, by his key, the keys by initial and name, and those who
    wrote most."""
    wrote = {int(facet[1:]): n for facet, n in counts().items() if facet.startswith("a")}
    by_initial: dict[str, list[int]] = {}
    for pk, slug in Author.objects.order_by("slug").values_list("pk", "slug"):
        if pk in wrote:
            by_initial.setdefault(_initial(slug), []).append(pk)
    first = sorted(wrote, key=lambda pk: (-wrote[pk], pk))[:AUTHORS_ON_ONE_PAGE]
    return wrote, by_initial, first


def _initial(slug: str) -> str:
    """Return the letter of the alphabet a name is looked up under."""
    return slug[0].upper() if slug[0].isalpha() else "#"


@require_safe
def author(request, slug):
    found, is_old = at_address(Author, slug)
    if found is None or is_old:
        namesakes = [found] if found else Author.objects.named(slug)
        return _to_its_own(request, namesakes[0] if len(namesakes) == 1 else None, "a")
    shelf = ShelfOfLines(current_script(), f"a{found.pk}")
    if not shelf.count():
        raise Http404
    context = {
        "author": found,
        "page": page_of(request, shelf),
        "within": link_in(f"a{found.pk}"),
    }
    return render(request, "reading/author.html", context)


@require_safe
def archive(request):
    return render(request, "reading/archive.html", {"overview": _overview})


def _overview() -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Return the years, each with how many articles it has, and its months."""
    listed = counts()
    return [
        (one["year"], one["article_count"], _months(listed, one["year"])) for one in _years(listed)
    ]


@require_safe
def archive_year(request, year):
    return _archive(request, year)


@require_safe
def archive_month(request, year, month):
    return _archive(request, year, month)


def _archive(request, year, month=None):
    listed = counts()
    facet = f"m{year}{month:02}" if month else f"y{year}"
    if not listed[facet]:
        raise Http404
    page = page_of(
        request, ShelfOfLines(current_script(), facet, count=listed[facet], by_date=True)
    )
    context = {
        "year": year,
        "month": month,
        "months": _months(listed, year),
        "years": _years(listed),
        "page": page,
        "within": link_in(f"d{year}{month:02}" if month else f"d{year}"),
    }
    return render(request, "reading/archive.html", context)


def _months(listed: Counter[str], year: int) -> list[tuple[int, int]]:
    """Return the months of a year, each with how many articles are filed under it."""
    return [(month, listed[f"m{year}{month:02}"]) for month in range(1, 13)]


def _grouped(listed: Counter[str]) -> list[tuple[str, list[Tag]]]:
    """Return the tags readers see an article of, by group, the groups in their own order."""
    groups: dict[str, list[Tag]] = {value: [] for value in TagGroup.values}
    for tag in Tag.objects.order_by("slug"):
        tag.article_count = listed[f"t{tag.pk}"]
        if tag.article_count:
            groups[tag.group].append(tag)
    for members in groups.values():
        members.sort(key=lambda tag: -tag.article_count)
    return [(TagGroup(value).label, members) for value, members in groups.items() if members]


def _authors(wrote: dict[int, int]) -> list[Author]:
    """Return these authors by name, with how much they wrote."""
    authors = Author.objects.defer("biography", "biography_hant").filter(pk__in=list(wrote))
    found = list(authors.order_by("slug"))
    for author in found:
        author.article_count = wrote[author.pk]
    return found


def _years(listed: Counter[str]) -> list[dict]:
    years = ((int(facet[1:]), n) for facet, n in listed.items() if facet.startswith("y"))
    return [{"year": year, "article_count": n} for year, n in sorted(years, reverse=True)]

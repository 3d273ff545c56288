"""Which articles a list of the API has, the newest first, and where it goes on.

It goes by the place of each in the order of publication, which stays when others come or go: what
is published while a program reads moves nothing from one page to another.
"""

from ..models import Article, Author, Collection, Listing, Tag
from ..models.redirect import at_address
from ..search.find import newest_with
from ..search.list_steps import entries
from ..search.lists import counts
from ..search.rows import position_of
from .problems import not_found

_EVERY_MATCH = 1000

Place = tuple[int, int]
"""An article's key, and its place in the order of publication."""


def facets_of(asked: dict) -> list[str]:
    """Return the lists that are asked for, by their markers; raise Problem of those readers see
    nothing of, which are like those there are not."""
    facets = []
    for name, model in (("tag", Tag), ("author", Author)):
        if slug := asked.get(name):
            found, _moved = at_address(model, slug)
            facet = f"{name[0]}{found.pk}" if found else None
            if facet is None or not counts()[facet]:
                raise not_found(f"There is no such {name}.")
            facets.append(facet)
    if year := asked.get("year"):
        facets.append(f"y{year}")
    if genre := asked.get("genre"):
        facets.append(f"g{genre}")
    return facets


def collection_of(slug: str) -> Collection:
    """Return a collection that readers see, by its address; raise Problem where there is none."""
    found = (
        Collection.objects.published()
        .with_sizes()
        .select_related("cover")
        .filter(slug=slug)
        .first()
    )
    if found is None:
        raise not_found("There is no such collection.")
    return found


def newest(asked: dict, before: int | None, most: int) -> list[Place]:
    """Return the newest articles of all that is asked for, of those that stand before a place."""
    facets = facets_of(asked)
    among = None
    if "collection" in asked:
        among = collection_of(asked["collection"]).public_article_ids()
    if "q" in asked:
        found = newest_with(
            asked["q"], facets=facets, before=before, most=most if among is None else _EVERY_MATCH
        )
        places = [(match.article_id, match.position) for match in found]
        return [one for one in places if among is None or one[0] in among][:most]
    if among is not None:
        return _of_few(among, facets, before)[:most]
    return _of_lists(facets, before, most)


def _of_few(among: list[int], facets: list[str], before: int | None) -> list[Place]:
    for facet in facets:
        listed = Listing.objects.filter(facet=facet, article__in=among)
        among = list(listed.values_list("article_id", flat=True))
    published = Article.objects.filter(pk__in=among).values_list("pk", "published_at")
    places = [(pk, position_of(pk, at)) for pk, at in published]
    places.sort(key=lambda place: -place[1])
    return [place for place in places if before is None or place[1] < before]


_ALSO = (
    " AND EXISTS (SELECT 1 FROM articles_listing other WHERE other.facet = %s "
    "AND other.position = articles_listing.position)"
)


def _of_lists(facets: list[str], before: int | None, most: int) -> list[Place]:
    """Return what stands in all lists, going through the shortest of them."""
    first, *others = sorted(facets, key=lambda facet: counts()[facet]) or [""]
    then = f"{_ALSO * len(others)} ORDER BY position DESC LIMIT %s"
    if before is not None:
        then = f"AND position < %s {then}"
    values = [*([before] if before is not None else []), *others, most]
    return entries(first, "article_id, position", then, *values)


def after_newest() -> int:
    """Return the place behind the newest article: whatever is published from now on stands there or
    later, in the same second too."""
    found = entries("", "position", "ORDER BY position DESC LIMIT %s", 1)
    return found[0][0] + 1 if found else 0

"""Which pages are kept, by their addresses, and which versions each is made of.

Whatever a page shows is named here before it is made. What is counted or limited by visitor, shows
who is signed in, or is sent with a form is not in the table, and so never kept: searches, which
curators see counted, previews, reports, a reader's own pages, and the desk.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from portal.middleware import PUBLIC

from ..models.page_version import (
    COLLECTIONS,
    EVERYTHING,
    LISTS,
    WORDS,
    of_article,
    of_list,
)
from ..models.plain_sql import rows

KNOWN = frozenset(
    ("tag", "author", "year", "genre", "q", "sort", "page", "initial", "in", "kind", "format")
)
"""What an address can ask of a page. Anything else, such as what newsletters add to count their
readers, changes no page and is left out."""

_KNOWN_TO_API = frozenset(
    ("script", "cursor", "limit", "tag", "author", "year", "genre", "collection", "q")
)
"""What an address can ask of the API, which refuses anything else: that is not kept."""

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Kind:
    """Pages of one kind: which versions they are made of, by the parts of their address and what is
    asked behind it, or None where there is no such page; and for how many seconds they are kept at
    most."""

    names: Callable[[dict[str, str], dict[str, str]], tuple[str, ...] | None]
    seconds: int = DAY
    cache_control: str = PUBLIC


def _always(*names: str) -> Callable[[dict, dict], tuple[str, ...]]:
    return lambda parts, query: (EVERYTHING, *names)


_WITHIN = re.compile(r"([tay])([0-9]{1,18})|d([0-9]{4})|d([0-9]{6})|(c)[0-9]{1,18}")


def _of_article(parts: dict[str, str], query: dict[str, str]) -> tuple[str, ...]:
    names = (EVERYTHING, of_article(int(parts["pk"])))
    within = _WITHIN.fullmatch(query.get("in", ""))
    if within is None:
        return names
    letter, number, year, month, collection = within.groups()
    if collection:
        return (*names, COLLECTIONS)
    return (*names, of_list(f"y{year}" if year else f"m{month}" if month else f"{letter}{number}"))


def _of_list(table: str) -> Callable[[dict, dict], tuple[str, ...] | None]:
    def names(parts: dict[str, str], query: dict[str, str]) -> tuple[str, ...] | None:
        statement = f"SELECT id FROM articles_{table} WHERE slug = %s"  # noqa: S608 - our own names
        found = rows(statement, [parts["slug"]])
        return (EVERYTHING, of_list(f"{table[0]}{found[0][0]}")) if found else None

    return names


_ALL = Kind(_always(LISTS))
_of_collections = _always(LISTS, COLLECTIONS)
_COLLECTED = Kind(_of_collections)
_FILE = r"download\.(?:epub|docx|md)"
_FRESH = "public, max-age=300"
_FEED = r"\.(?:rss|atom|json)"

BELOW_SCRIPT = {
    r"": Kind(_always(LISTS, COLLECTIONS), seconds=300),  # it shows what is read most
    r"articles/": _ALL,
    r"articles/(?P<pk>[0-9]{1,18})-[-\w]*/(?:repairs/)?": Kind(_of_article),
    rf"articles/(?P<pk>[0-9]{{1,18}})-[-\w]*/{_FILE}": Kind(_of_article, cache_control="no-cache"),
    r"articles/(?P<pk>[0-9]{1,18})-[-\w]*/cover\.svg": Kind(_of_article),
    r"tags/(?P<slug>[^/]{1,90})/": Kind(_of_list("tag")),
    r"authors/(?P<slug>[^/]{1,90})/": Kind(_of_list("author")),
    r"(?:tags|authors|archive)/": _ALL,
    r"archive/[0-9]{4}/(?:[0-9]{2}/)?": _ALL,
    r"collections/(?:[^/]{1,90}/)?": _COLLECTED,
    r"(?:about|contact|copyright|privacy)/": Kind(_always()),
    r"collections/[-\w]{1,90}/cover\.svg": _COLLECTED,
    rf"collections/[-\w]{{1,90}}/{_FILE}": Kind(_of_collections, cache_control="no-cache"),
    rf"feeds/latest{_FEED}": Kind(_always(LISTS), cache_control=_FRESH),
    rf"feeds/tags/(?P<slug>[-\w]+){_FEED}": Kind(_of_list("tag"), cache_control=_FRESH),
    rf"feeds/authors/(?P<slug>[-\w]+){_FEED}": Kind(_of_list("author"), cache_control=_FRESH),
    rf"feeds/collections/[-\w]+{_FEED}": Kind(_of_collections, cache_control=_FRESH),
    r"api/": Kind(_always()),
    r"search/suggest": Kind(_always(LISTS, WORDS), seconds=3600),
}


def _of_api_list(parts: dict[str, str], query: dict[str, str]) -> tuple[str, ...] | None:
    return None if "q" in query else (EVERYTHING, LISTS, COLLECTIONS)


ELSEWHERE = {r"sitemap(?:-[a-z]+(?:-[0-9]+)?)?\.xml": Kind(_of_collections, cache_control=_FRESH)}

_OF_API = {
    r"articles": Kind(_of_api_list),
    r"articles/(?P<pk>[0-9]{1,18})": Kind(_of_article),
    r"(?:tags|authors)": _ALL,
    r"collections(?:/[-\w]{1,90})?": _COLLECTED,
}
_API = "/api/v1/"

_KINDS = [
    *((re.compile(rf"/zh-han[st]/{pattern}"), kind) for pattern, kind in BELOW_SCRIPT.items()),
    *((re.compile(rf"/{pattern}"), kind) for pattern, kind in ELSEWHERE.items()),
    *((re.compile(rf"{_API}{pattern}", re.ASCII), kind) for pattern, kind in _OF_API.items()),
]


def kind_of(path: str) -> tuple[Kind, dict[str, str]] | None:
    """Return the kind of page at a path, and the parts of its address that matter."""
    for pattern, kind in _KINDS:
        if match := pattern.fullmatch(path):
            return kind, match.groupdict()
    return None


_MOST_ASKED, _LONGEST = 20, 600


def normalised(query: str, *, of_api: bool = False) -> str | None:
    """Return what stands behind an address in one order, without what no page asks for; None where
    it is not worth it: too long, no text, or what the API refuses."""
    if not query:
        return ""
    if len(query) > _LONGEST:
        return None
    try:
        query = query.encode("iso-8859-1").decode()  # as a server hands on what is not ASCII
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_ASKED)
    except ValueError:
        return None
    asked = dict(pairs)
    if of_api:
        is_refused = len(asked) < len(pairs) or not asked.keys() <= _KNOWN_TO_API
        return None if is_refused else urlencode(sorted(asked.items()))
    return urlencode(sorted((name, value) for name, value in asked.items() if name in KNOWN))

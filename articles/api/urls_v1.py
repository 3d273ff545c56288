"""The addresses below /api/v1/."""

from django.urls import path, re_path

from ..models import Scope
from . import reads, writes
from .calls import Answer, Way, nowhere, resource
from .openapi import document
from .parameters import COLLECTION, CURSOR, FILTERS, LIMIT, SCRIPT, SEARCHED, WORDS

_LIST = (SCRIPT, CURSOR, LIMIT)
_READ, _WRITE = Scope.READ_DRAFTS, Scope.WRITE_ARTICLES
_KEY = "(?P<pk>[0-9]{1,18})"

urlpatterns = [
    path("openapi.json", resource(get=Way(lambda call: Answer(document()))), name="api-document"),
    path(
        "articles",
        resource(
            get=Way(reads.articles, (*_LIST, *FILTERS, COLLECTION, WORDS)),
            post=Way(writes.begin, scope=_WRITE),
        ),
        name="api-articles",
    ),
    re_path(
        rf"^articles/{_KEY}$",
        resource(get=Way(reads.article, (SCRIPT,)), patch=Way(writes.change, scope=_WRITE)),
        name="api-article",
    ),
    path("tags", resource(get=Way(reads.tags, _LIST)), name="api-tags"),
    path("authors", resource(get=Way(reads.authors, _LIST)), name="api-authors"),
    path("collections", resource(get=Way(reads.collections, _LIST)), name="api-collections"),
    re_path(
        r"^collections/(?P<slug>[-a-zA-Z0-9_]{1,90})$",
        resource(get=Way(reads.collection, (SCRIPT,))),
        name="api-collection",
    ),
    path(
        "search",
        resource(get=Way(reads.search, (SCRIPT, CURSOR, *FILTERS, SEARCHED))),
        name="api-search",
    ),
    path(
        "drafts",
        resource(get=Way(writes.drafts_listed, (CURSOR, LIMIT), _READ)),
        name="api-drafts",
    ),
    re_path(rf"^drafts/{_KEY}$", resource(get=Way(writes.draft, scope=_READ)), name="api-draft"),
    re_path(r"^.*$", nowhere, name="api-nowhere"),
]

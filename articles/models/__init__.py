"""The library: articles, who wrote them, what they are about, and where they came from."""

from .article import (
    Article,
    Authorship,
    DatePrecision,
    Genre,
    Rendition,
    Script,
    Status,
    TaggedArticle,
)
from .author import Author
from .decision import Decision
from .search import DomainWord, Listing, SearchLog, SearchRow, SearchVersion, Synonym, Term
from .similar import Fingerprint, Similarity
from .source import ImportRun, RunFile, RunState, Source
from .tag import Tag, TagAlias, TagGroup

__all__ = [
    "Article",
    "Author",
    "Authorship",
    "DatePrecision",
    "Decision",
    "DomainWord",
    "Fingerprint",
    "Genre",
    "ImportRun",
    "Listing",
    "Rendition",
    "RunFile",
    "RunState",
    "Script",
    "SearchLog",
    "SearchRow",
    "SearchVersion",
    "Similarity",
    "Source",
    "Status",
    "Synonym",
    "Tag",
    "TagAlias",
    "TagGroup",
    "TaggedArticle",
    "Term",
]

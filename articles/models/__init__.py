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
from .similar import Fingerprint, Similarity
from .source import ImportRun, RunFile, RunState, Source
from .tag import Tag, TagAlias, TagGroup

__all__ = [
    "Article",
    "Author",
    "Authorship",
    "DatePrecision",
    "Decision",
    "Fingerprint",
    "Genre",
    "ImportRun",
    "Rendition",
    "RunFile",
    "RunState",
    "Script",
    "Similarity",
    "Source",
    "Status",
    "Tag",
    "TagAlias",
    "TagGroup",
    "TaggedArticle",
]

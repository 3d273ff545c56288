"""The library: articles, who wrote them, what they are about, and where they came from."""

from .api_token import ApiAnswer, ApiToken, Scope
from .article import Article
from .article_parts import Authorship, Rendition
from .audit import AuditedObject, AuditEntry
from .author import Author, AuthorAlias
from .bulk import BulkItem, BulkRun
from .choices import DatePrecision, Genre, Script, Status
from .collection import Collection, CollectionItem
from .decision import Decision
from .keys import KeyIn
from .look import LEFT, Look, SiteLine
from .merge import Merge
from .near_duplicates import Fingerprint, Similarity
from .page_version import PageVersion
from .picture import Picture
from .read_count import ReadCount
from .reader import Bookmark, ReaderSettings, Reading, forget_all
from .redirect import Redirect
from .related import Related
from .rendition_correction import RenditionCorrection
from .report import Report
from .review import PreviewLink, ReviewComment, ReviewRequest
from .revision import Presence, Revision, RevisionText
from .search_rows import ListChange, Listing, ListStep, SearchLog, SearchRow, Term
from .search_words import DomainWord, SearchVersion, SuppliedWords, Synonym
from .site_page import SitePage
from .source import ImportRun, RunFile, RunState, Source
from .tag import Tag, TagAlias, TaggedArticle, TagGroup

__all__ = [
    "LEFT",
    "ApiAnswer",
    "ApiToken",
    "Article",
    "AuditEntry",
    "AuditedObject",
    "Author",
    "AuthorAlias",
    "Authorship",
    "Bookmark",
    "BulkItem",
    "BulkRun",
    "Collection",
    "CollectionItem",
    "DatePrecision",
    "Decision",
    "DomainWord",
    "Fingerprint",
    "Genre",
    "ImportRun",
    "KeyIn",
    "ListChange",
    "ListStep",
    "Listing",
    "Look",
    "Merge",
    "PageVersion",
    "Picture",
    "Presence",
    "PreviewLink",
    "ReadCount",
    "ReaderSettings",
    "Reading",
    "Redirect",
    "Related",
    "Rendition",
    "RenditionCorrection",
    "Report",
    "ReviewComment",
    "ReviewRequest",
    "Revision",
    "RevisionText",
    "RunFile",
    "RunState",
    "Scope",
    "Script",
    "SearchLog",
    "SearchRow",
    "SearchVersion",
    "Similarity",
    "SiteLine",
    "SitePage",
    "Source",
    "Status",
    "SuppliedWords",
    "Synonym",
    "Tag",
    "TagAlias",
    "TagGroup",
    "TaggedArticle",
    "Term",
    "forget_all",
]

"""What an export of everything holds of the library: `portal/whole/kinds.py` says what that means.

Left out is what is made of the rest, and what only tells who is at work at this moment.
"""

import json
import zlib
from types import MappingProxyType

from taggit.models import Tag as OtherTag
from taggit.models import TaggedItem

from portal.whole.kinds import Kind, Part

from .api_token import ApiAnswer, ApiToken
from .article import Article
from .article_parts import Authorship, Rendition
from .audit import AuditedObject, AuditEntry
from .author import Author, AuthorAlias
from .bulk import BulkItem, BulkRun
from .collection import Collection, CollectionItem
from .decision import Decision
from .look import Look, SiteLine
from .merge import Merge
from .near_duplicates import Fingerprint, Similarity
from .page_version import PageVersion
from .picture import Picture
from .read_count import ReadCount
from .reader import Bookmark, ReaderSettings, Reading
from .redirect import Redirect
from .related import Related
from .rendition_correction import RenditionCorrection
from .report import Report
from .review import PreviewLink, ReviewComment, ReviewRequest
from .revision import TEXT, Presence, Revision, RevisionText
from .search_rows import ListChange, Listing, ListStep, SearchLog, SearchRow, Term
from .search_words import DomainWord, SearchVersion, SuppliedWords, Synonym
from .site_page import SitePage
from .source import ImportRun, RunFile, Source
from .tag import Tag, TagAlias, TaggedArticle

AT_WORK = MappingProxyType(
    dict.fromkeys(
        ("alive_until", "worker", "cancel_requested"), "tells who works on it at this moment"
    )
)


def _unpacked(packed: bytes) -> dict:
    return dict(zip(TEXT, json.loads(zlib.decompress(packed)), strict=True))


def _packed(text: dict) -> bytes:
    return bytes(RevisionText.of(0, text).packed)


WHOLE = Part(
    kinds=(
        Kind(Tag, is_given=True),
        Kind(TagAlias, is_given=True),
        Kind(Picture, has_files=True),
        Kind(Author),
        Kind(AuthorAlias),
        Kind(Redirect),
        Kind(DomainWord, is_given=True),
        Kind(Synonym, is_given=True),
        Kind(SuppliedWords, is_given=True),
        Kind(SitePage, is_given=True),
        Kind(RenditionCorrection),
        Kind(Article, left_out={"search_text": "made of title, summary and body"}),
        Kind(Picture.articles.through),
        Kind(Authorship),
        Kind(TaggedArticle),
        Kind(RevisionText, plain={"packed": (_unpacked, _packed)}),
        Kind(Revision),
        Kind(ImportRun, left_out=AT_WORK),
        Kind(RunFile),
        Kind(Source, original="raw"),
        Kind(Source.earlier_runs.through),
        Kind(Decision),
        Kind(Look),
        Kind(SiteLine),
        Kind(Similarity),
        Kind(Merge),
        Kind(Collection),
        Kind(CollectionItem),
        Kind(Report),
        Kind(ReviewRequest),
        Kind(ReviewComment),
        Kind(PreviewLink),
        Kind(AuditEntry),
        Kind(AuditedObject),
        Kind(BulkRun, left_out=AT_WORK),
        Kind(BulkItem),
        Kind(SearchLog),
        Kind(ReadCount),
        Kind(ReaderSettings),
        Kind(Bookmark),
        Kind(Reading),
    ),
    left_out=MappingProxyType(
        {
            ApiToken: "as good as passwords: make new ones",
            ApiAnswer: "answers of a day, by tokens that are left out",
            Rendition: "made of articles and corrections",
            Fingerprint: "made of the texts",
            Related: "made of the texts and the index",
            SearchRow: "the index is made of what stands here",
            Listing: "the index is made of what stands here",
            ListStep: "the index is made of what stands here",
            ListChange: "the index is made of what stands here",
            Term: "the index is made of what stands here",
            SearchVersion: "counts what this database's index was made with",
            PageVersion: "marks of pages kept by this database's servers",
            Presence: "tells who has a form open at this moment",
            OtherTag: "not used: the library has tags of its own",
            TaggedItem: "not used: the library has tags of its own",
        }
    ),
)

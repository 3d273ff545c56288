"""The public pages, below /zh-hans/ and /zh-hant/."""

from django.urls import path, re_path, register_converter

from . import feeds
from .views import (
    about,
    account,
    article,
    collections,
    downloads,
    lists,
    own,
    preview,
    read_counts,
    repair_record,
    reports,
    search_page,
    site,
)


class YearConverter:
    regex = "(?:19|20)[0-9]{2}"  # FIRST_YEAR to LAST_YEAR

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class MonthConverter:
    regex = "0[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class NameConverter:
    """What a tag, an author or a collection goes by: its slug, or a name that leads there."""

    regex = r"[^/\x00-\x1f\x7f]{1,90}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NameConverter, "name")
register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

urlpatterns = [  # what is asked for most stands first, as one after the other is tried
    path("", lists.home, name="home"),
    path("articles/", lists.article_list, name="articles"),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})(?:-(?P<slug>[-\w]*))?/$", article.article, name="article"
    ),
    path("search/", search_page.search_page, name="search"),
    path("search/suggest", search_page.suggestions, name="suggest"),
    path("tags/", lists.tags, name="tags"),
    path("tags/<name:slug>/", lists.tag, name="tag"),
    path("authors/", lists.authors, name="authors"),
    path("authors/<name:slug>/", lists.author, name="author"),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})-(?P<slug>[-\w]*)/cover\.svg$",
        article.article_cover,
        name="article-cover",
    ),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})-(?P<slug>[-\w]*)/report/$", reports.report, name="report"
    ),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})-(?P<slug>[-\w]*)/report/thanks/$",
        reports.thanks,
        name="report-thanks",
    ),
    path("mine/", own.mine, name="mine"),
    path("mine/bookmarks/", own.bookmarks, name="bookmarks"),
    path("mine/history/", own.history, name="history"),
    path("mine/export", own.export, name="export"),
    path("mine/state", own.state, name="mine-state"),
    path("mine/read", own.read, name="mine-read"),
    path("mine/shelf", own.shelf, name="mine-shelf"),
    re_path(r"^mine/bookmark/(?P<pk>[0-9]{1,18})/$", own.bookmark, name="bookmark"),
    re_path(r"^mine/place/(?P<pk>[0-9]{1,18})/$", own.place, name="place"),
    path("account/sign-in/", account.sign_in, name="sign-in"),
    path("account/sign-out/", account.sign_out, name="sign-out"),
    path("account/welcome/", account.welcome, name="welcome"),
    path("account/forgotten/", account.forgotten, name="forgotten"),
    path("account/password/", account.change_password, name="change-password"),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})-(?P<slug>[-\w]*)/download\.(?P<kind>epub|docx|md)$",
        downloads.article_file,
        name="article-file",
    ),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})(?:-(?P<slug>[-\w]*))?/repairs/$",
        repair_record.repairs,
        name="repairs",
    ),
    path("articles/<int:pk>/read", read_counts.read, name="read"),
    path("articles/<int:pk>/qr.svg", article.qr, name="qr"),
    path("collections/", collections.collections, name="collections"),
    path("collections/<name:slug>/", collections.collection, name="collection"),
    re_path(
        r"^collections/(?P<slug>[-\w]+)/cover\.svg$",
        collections.collection_cover,
        name="collection-cover",
    ),
    re_path(
        r"^collections/(?P<slug>[-\w]+)/download\.(?P<kind>epub|docx|md)$",
        downloads.collection_file,
        name="collection-file",
    ),
    path("archive/", lists.archive, name="archive"),
    path("archive/<yyyy:year>/", lists.archive_year, name="archive-year"),
    path("archive/<yyyy:year>/<mm:month>/", lists.archive_month, name="archive-month"),
    path("preview/", preview.preview, name="preview"),
    path("api/", site.api, name="api"),
    re_path(r"^(?P<key>about|contact|copyright|privacy)/$", about.site_page, name="site-page"),
    path("manifest.webmanifest", about.manifest, name="manifest"),
    path("choose/", site.choose_script, name="choose-script"),
    path("reading/opensearch.xml", site.opensearch, name="opensearch"),
    *(
        path(f"feeds/latest.{kind}", feeds.feed, {"kind": kind}, name=f"feed-{kind}")
        for kind in feeds.KINDS
    ),
    *(
        path(
            f"feeds/{subject}s/<slug:slug>.{kind}",
            feeds.feed,
            {"kind": kind, "subject": subject},
            name=f"{subject}-feed-{kind}",
        )
        for subject in feeds.SUBJECTS
        for kind in feeds.KINDS
    ),
]

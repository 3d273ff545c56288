"""The public pages, below /zh-hans/ and /zh-hant/."""

from django.urls import path, re_path, register_converter

from . import feeds, views


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


register_converter(YearConverter, "yyyy")
register_converter(MonthConverter, "mm")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.article_list, name="articles"),
    re_path(
        r"^articles/(?P<pk>[0-9]{1,18})(?:-(?P<slug>[-\w]*))?/$", views.article, name="article"
    ),
    path("tags/", views.tags, name="tags"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("authors/", views.authors, name="authors"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("archive/", views.archive, name="archive"),
    path("archive/<yyyy:year>/", views.archive_year, name="archive-year"),
    path("archive/<yyyy:year>/<mm:month>/", views.archive_month, name="archive-month"),
    path("search/", views.search_page, name="search"),
    path("search/suggest", views.suggestions, name="suggest"),
    path("choose/", views.choose_script, name="choose-script"),
    path("feeds/latest.rss", feeds.LatestRSS(), name="feed-rss"),
    path("feeds/latest.atom", feeds.LatestAtom(), name="feed-atom"),
    path("feeds/latest.json", feeds.latest_json, name="feed-json"),
    path("feeds/tags/<slug:slug>.rss", feeds.LatestRSS(), name="tag-feed-rss"),
    path("feeds/tags/<slug:slug>.atom", feeds.LatestAtom(), name="tag-feed-atom"),
    path("feeds/tags/<slug:slug>.json", feeds.latest_json, name="tag-feed-json"),
]

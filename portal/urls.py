"""Addresses: readers' pages once for each script, curators and machines without a prefix."""

from django.contrib import admin
from django.urls import LocalePrefixPattern, URLResolver, include, path, re_path

from articles.reading import sitemaps
from articles.reading.views import about, site
from articles.reading.views.picture_file import picture_file
from articles.text.names import current_script
from training.views.own_records import seal_keys

from .outside import metrics_page

admin.autodiscover()


class ScriptPrefix(LocalePrefixPattern):
    """The script readers' addresses begin with: the traditional one for a desk in English."""

    @property
    def language_prefix(self) -> str:
        return f"{current_script().lower()}/"


urlpatterns = [
    URLResolver(  # what is asked for most stands first, as one after the other is tried
        ScriptPrefix(),
        [path("", include("articles.reading.urls")), path("", include("training.urls"))],
    ),
    path("", site.root, name="root"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("articles.api.urls_v1")),
    path("api/", site.api_root),
    path("metrics", metrics_page, name="metrics"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    *(
        path(f"sitemap-{name}{number}.xml", sitemaps.page, {"name": name})
        for name in sitemaps.SECTIONS
        for number in ("", "-<int:number>")
    ),
    path("worker.js", about.worker, name="worker"),
    re_path(
        r"^pictures/(?P<name>[0-9a-f]{32}-[0-9]{1,5}x[0-9]{1,5}(?:-[0-9]{1,5})?\.webp)$",
        picture_file,
        name="picture",
    ),
    path("robots.txt", site.robots, name="robots"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
    path(".well-known/urr-keys.json", seal_keys, name="seal-keys"),
]

handler400 = "articles.reading.views.site.bad_request"
handler403 = "articles.reading.views.site.permission_denied"
handler404 = "articles.reading.views.site.page_not_found"
handler500 = "articles.reading.views.site.server_error"

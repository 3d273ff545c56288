"""Addresses: readers' pages once for each script, curators and machines without a prefix."""

from django.contrib import admin
from django.urls import LocalePrefixPattern, URLResolver, include, path

from articles import sitemaps
from articles.names import current_script
from articles.views import site


class ScriptPrefix(LocalePrefixPattern):
    """The script readers' addresses begin with: the traditional one for a desk in English."""

    @property
    def language_prefix(self) -> str:
        return f"{current_script().lower()}/"


urlpatterns = [
    path("", site.root, name="root"),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    *(
        path(f"sitemap-{name}{number}.xml", sitemaps.page, {"name": name})
        for name in sitemaps.SECTIONS
        for number in ("", "-<int:number>")
    ),
    path("robots.txt", site.robots, name="robots"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
    URLResolver(ScriptPrefix(), [path("", include("articles.urls"))]),
]

handler400 = "articles.views.site.bad_request"
handler403 = "articles.views.site.permission_denied"
handler404 = "articles.views.site.page_not_found"
handler500 = "articles.views.site.server_error"

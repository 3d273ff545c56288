"""Links within the library: articles to choose from while one is written."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path

from ..search.find import matching
from ..text import script
from ..text.names import in_desk_script

OFFERED = 12
"""Articles offered at once."""


class Linking(admin.ModelAdmin):
    """The address at the desk that the picker of links asks."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.offer_links)
        return [path("links/", view, name="articles_article_links"), *super().get_urls()]

    def offer_links(self, request: HttpRequest) -> JsonResponse:
        """Offer articles by words: those whose title has them first, then the newest. An address
        is without a script, so that each reader is led to their own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("q", "").strip()[:100]
        rows = self.model.objects.filter(deleted_at=None).order_by("-modified_at")
        if asked:
            found, _is_all = matching(rows, asked)
            rows = found.order_by("-modified_at")
        wanted = [script.comparable(asked)] if asked else []
        chosen = list(rows.only("title", "slug", "status", "original_script")[: 4 * OFFERED])
        chosen.sort(key=lambda one: not any(w in script.comparable(one.title) for w in wanted))
        offered = [
            {
                "title": in_desk_script(one.title, one.original_script),
                "address": one.url_in(script.HANT).removeprefix("/zh-hant"),
                "state": "" if one.is_public else str(one.get_status_display()),
            }
            for one in chosen[:OFFERED]
        ]
        return JsonResponse({"articles": offered})

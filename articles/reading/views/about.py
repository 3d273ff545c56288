"""The pages about the portal, and what a browser asks to keep it, or some of it for offline."""

from django.http import JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ...models import SitePage
from ...text.names import current_script


@require_safe
def site_page(request, key: str):
    """Who runs the portal, how to reach them, whose the texts are, what is kept of readers."""
    page = SitePage.objects.filter(key=key).first() or SitePage(key=key)
    context = {"page": page, "key": key, "text": page.text("body")}
    return render(request, "reading/site_page.html", context)


@require_safe
def manifest(request):
    """The portal as a web app: its name, colours and icon."""
    home = reverse("home")
    content = {
        "name": _("Union reading room"),
        "short_name": _("Union reading room"),
        "description": _("Essays on union work, in both scripts"),
        "lang": current_script(),
        "id": home,
        "start_url": home,
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbf9f5",
        "theme_color": "#9c2f22",
        "icons": [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    response = JsonResponse(
        content,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    patch_cache_control(response, public=True, max_age=24 * 3600)
    return response


@require_safe
def worker(request):
    """The script that shows kept pages offline: it stands at the root, as it may show no others
    than those below its address."""
    response = render(request, "reading/worker.js", content_type="text/javascript; charset=utf-8")
    patch_cache_control(response, no_cache=True)
    return response

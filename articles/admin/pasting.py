"""What is pasted into an editor: the clipboard of another program, read as an import reads it."""

from dataclasses import asdict

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from ..importing.pasted import paste
from ..importing.refusals import UnreadableFile

MOST = 2_000_000
"""Characters of a clipboard: Word writes some twenty for each of a text's."""

_WHO = ("add_article", "change_article", "change_collection", "change_sitepage")

_LEFT_OUT = {
    "struck": ngettext_lazy(
        "%(n)s passage that was struck out", "%(n)s passages that were struck out", "n"
    ),
    "hidden": ngettext_lazy("%(n)s hidden passage", "%(n)s hidden passages", "n"),
    "embedded": ngettext_lazy("%(n)s video or frame", "%(n)s videos or frames", "n"),
    "links": ngettext_lazy(
        "the address of %(n)s link that leads nowhere",
        "the addresses of %(n)s links that lead nowhere",
        "n",
    ),
}


class Pasting(admin.ModelAdmin):
    """The address at the desk that clipboards are sent to."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.paste_view)
        return [path("paste/", view, name="articles_article_paste"), *super().get_urls()]

    def paste_view(self, request: HttpRequest) -> HttpResponseBase:
        """Return what the markup of a clipboard comes to, and what was left out of it. Nothing is
        kept."""
        if not any(request.user.has_perm(f"articles.{one}") for one in _WHO):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        markup = request.POST.get("markup", "")
        if len(markup) > MOST:
            return JsonResponse({"error": _("This is too much to paste. Import it as a file.")})
        try:
            found = paste(markup)
        except UnreadableFile:
            return JsonResponse({"error": _("The clipboard could not be read.")})
        left_out = [str(_LEFT_OUT[kind] % {"n": n}) for kind, n in found.left_out.items()]
        return JsonResponse(
            {
                "markup": found.markup,
                "missing": [asdict(one) for one in found.missing],
                "left_out": left_out,
            }
        )

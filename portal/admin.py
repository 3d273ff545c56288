"""The admin site, named for curators."""

import base64
import hashlib
import re

from csp.constants import UNSAFE_INLINE
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from django_prose_editor.widgets import importmap

from articles.curation import desk, desk_charts

from . import desk_language, desk_nav, handbook, own_sessions, second_step, single_sign_on
from .accounts import DeskPasswordForm, DeskSignInForm, know_browser, with_status
from .desk_search import find_page
from .outside import status_page
from .person_names import person_name


class PortalAdminSite(AdminSite):
    site_title = _("Union reading room")
    site_header = _("Union reading room: curators' desk")
    index_title = _("Start page")
    login_form = DeskSignInForm
    enable_nav_sidebar = False  # ours is grouped by work, and narrow: see desk_nav

    def index(self, request, extra_context=None):
        """Show what is to be done, and how the library fares."""
        sections = desk.sections(request.user)
        context = {
            "desk": sections,
            "quiet": [one for one in sections if not one.count],
            "charts": desk_charts.charts(request.user),
        } | (extra_context or {})
        return super().index(request, context)

    def get_urls(self):
        """Leave out the address that leads from any row to its page: it asks for no permission,
        and would tell the address of a draft."""
        kept = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        pages = {"site": self}
        return [
            path("language/", desk_language.choose, name="language"),
            path("find/", self.admin_view(find_page), name="find"),
            path("code/", second_step.code, name="code"),
            path("code/device/", second_step.device, name="code_device"),
            path("sign-on/", single_sign_on.start, name="sign_on"),
            path("sign-on/back/", single_sign_on.back, name="sign_on_back"),
            path("sessions/", self.admin_view(own_sessions.page), name="sessions"),
            path("handbook/", self.admin_view(handbook.page), pages, name="handbook"),
            path(
                "handbook/<slug:name>.jpg",
                self.admin_view(handbook.picture, cacheable=True),
                name="handbook_picture",
            ),
            path("status/", self.admin_view(status_page), name="status"),
            *kept,
        ]

    def register(self, model_or_iterable, admin_class=None, **options):
        """Leave out devices of the second step: they are secrets that nobody looks at, or makes
        for somebody else."""
        if getattr(admin_class, "__module__", "").startswith("django_otp."):
            return
        super().register(model_or_iterable, admin_class, **options)

    def login(self, request, extra_context=None):
        """Know the browser from now on, or say by the status too that there were too many tries."""
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            know_browser(request, response)
        elif form := (getattr(response, "context_data", None) or {}).get("form"):
            with_status(form, response)
        return response

    def password_change(self, request, extra_context=None):
        """Change one's password by a form that looks at the old one a few times only."""
        view = PasswordChangeView.as_view(
            form_class=DeskPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        response = view(request)
        form = (getattr(response, "context_data", None) or {}).get("form")
        return with_status(form, response) if form else response

    def i18n_javascript(self, request, extra_context=None):
        """Serve what scripts say from our catalogues too: Django serves the admin's alone."""
        return JavaScriptCatalog.as_view()(request)

    def each_context(self, request):
        context = super().each_context(request)
        return context | {
            "desk_languages": desk_language.LANGUAGES,
            "nav_groups": desk_nav.groups(request, context["available_apps"]),
            "start_page": reverse("admin:index"),
            "sign_on": bool(settings.OIDC_ISSUER),
            "called": person_name(request.user) if request.user.is_authenticated else "",
        }

    def admin_view(self, view, cacheable=False):
        """Take in what a request says as the database can hold it, and let the editor in: its
        import map by digest, and the styles it sets while it runs."""
        inner = super().admin_view(view, cacheable)

        def allowed(request, *args, **kwargs):
            if view != self.logout and (first := second_step.what_is_owed(request)):
                return redirect(first)
            request.GET, request.POST = map(_without_nul, (request.GET, request.POST))
            try:
                response = inner(request, *args, **kwargs)
            except IncorrectLookupParameters as error:  # where the view itself makes no more of it
                raise Http404 from error
            response._csp_update = getattr(response, "_csp_update", {}) | {
                "script-src": [_import_map_digest()],
                "style-src": [UNSAFE_INLINE],
            }
            return response

        return allowed


def _without_nul(sent: QueryDict) -> QueryDict:
    """Return what was sent without the one character that no text of PostgreSQL can have, and that
    no text means."""
    if not any("\0" in one for name in sent for one in (name, *sent.getlist(name))):
        return sent
    kept = QueryDict(mutable=True, encoding=sent.encoding)
    for name in sent:
        values = [one.replace("\0", "") for one in sent.getlist(name)]
        kept.setlist(name.replace("\0", ""), values)
    kept._mutable = False
    return kept


def _import_map_digest() -> str:
    """Return the CSP source of the one inline script: the editor's import map."""
    content = re.fullmatch(r"<script[^>]*>(.*)</script>", importmap.render(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"

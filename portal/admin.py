"""The admin site, named for curators."""

import base64
import hashlib
import re

from csp.constants import UNSAFE_INLINE
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import importmap


class PortalAdminSite(AdminSite):
    site_title = _("Union reading room")
    site_header = _("Union reading room: curators' desk")
    index_title = _("Library")
    enable_nav_sidebar = False  # the width belongs to the list, and to the source beside the form

    def admin_view(self, view, cacheable=False):
        """Let the editor in: its import map by digest, and the styles it sets while it runs."""
        inner = super().admin_view(view, cacheable)

        def allowed(request, *args, **kwargs):
            response = inner(request, *args, **kwargs)
            response._csp_update = {
                "script-src": [_import_map_digest()],
                "style-src": [UNSAFE_INLINE],
            }
            return response

        return allowed


def _import_map_digest() -> str:
    """Return the CSP source of the one inline script: the editor's import map."""
    content = re.fullmatch(r"<script[^>]*>(.*)</script>", importmap.render(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"

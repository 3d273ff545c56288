"""The admin site, named for curators."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    site_title = _("Union reading room")
    site_header = _("Union reading room: curators' desk")
    index_title = _("Library")

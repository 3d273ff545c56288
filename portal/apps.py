from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


def check_desk(app_configs, **kwargs):
    """Check the desk's pages, loaded for it."""
    autodiscover()
    return check_admin_app(app_configs, **kwargs)


class PortalAdminConfig(SimpleAdminConfig):
    """The desk, whose pages are loaded with the addresses (`portal/urls.py`): a command that has
    none to show starts without them."""

    default_site = "portal.admin.PortalAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_desk, checks.Tags.admin)

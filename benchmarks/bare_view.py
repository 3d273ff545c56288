"""What Django costs before anything is done: a view that says "ok", alone or behind the portal's
middleware (`BEHIND=portal.settings`). Served for `benchmarks.pages`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path


def ok(request):
    return HttpResponse("ok")


urlpatterns = [path("zh-hant/ok/", ok)]

if behind := os.environ.get("BEHIND"):
    os.environ["DJANGO_SETTINGS_MODULE"] = behind
    settings.ROOT_URLCONF = __name__
else:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="none")  # noqa: S106
application = get_wsgi_application()

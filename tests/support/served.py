"""The portal for gunicorn as it is served, but for static files, which no test here collects."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)

from portal.wsgi import application  # noqa: E402, F401 - gunicorn asks for it

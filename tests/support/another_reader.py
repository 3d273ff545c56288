"""A process that reads pages as it is told: a path a line, and a line of JSON for each answer."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402

settings.DEBUG = True  # so that pages say whether they were kept
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
settings.ALLOWED_HOSTS = ["testserver"]
for line in sys.stdin:
    answer = Client().get(line.strip())
    told = (answer.status_code, answer.get("X-Page-Cache", ""), answer.content.decode())
    print(json.dumps(told), flush=True)

"""What the settings need before pytest-django reads them. Loaded as a plugin, first of all."""

import os

os.environ.setdefault("SECRET_KEY", "tests only")
os.environ.setdefault("HTTPS", "off")
os.environ["DEBUG"] = "off"
os.environ.setdefault("PAGE_CACHE", "off")  # tests of pages see them made; those that keep say so

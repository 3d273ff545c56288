"""The curators' desk, on Django's own admin."""

import taggit.admin  # noqa: F401 - it registers what is taken out below
from django.contrib import admin
from taggit.models import Tag as TaggitTag

from . import (
    api_tokens,
    article,
    audit_log,
    collection,
    corrections,
    lines_of_sites,
    merging,
    picture,
    reports,
    runs,
    search_words,
    site_pages,
    users,
    vocabulary,
)

__all__ = [
    "api_tokens",
    "article",
    "audit_log",
    "collection",
    "corrections",
    "lines_of_sites",
    "merging",
    "picture",
    "reports",
    "runs",
    "search_words",
    "site_pages",
    "users",
    "vocabulary",
]

admin.site.unregister(TaggitTag)  # taggit's own tags are not used: the vocabulary is ours

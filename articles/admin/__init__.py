"""The curators' desk, on Django's own admin."""

from django.contrib import admin
from taggit.models import Tag as TaggitTag

from . import article, collection, log, merging, reports, runs, search, users, vocabulary

__all__ = [
    "article",
    "collection",
    "log",
    "merging",
    "reports",
    "runs",
    "search",
    "users",
    "vocabulary",
]

admin.site.unregister(TaggitTag)  # taggit's own tags are not used: the vocabulary is ours

"""What search engines are told: every public page in both scripts."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from .models import Article


class BothScripts(Sitemap):
    i18n = True
    alternates = True
    x_default = False
    limit = 5000


class Pages(BothScripts):
    def items(self):
        return ["home", "articles", "tags", "authors", "archive"]

    def location(self, item):
        return reverse(item)


class Articles(BothScripts):
    def items(self):
        return Article.objects.published().order_by("pk").only("pk", "slug", "modified_at")

    def lastmod(self, item):
        return item.modified_at


class Tags(BothScripts):
    def items(self):
        return Article.objects.published().tags_in_use().order_by("pk")


class Authors(BothScripts):
    def items(self):
        return Article.objects.published().authors_in_use().order_by("pk")


SITEMAPS = {"pages": Pages, "articles": Articles, "tags": Tags, "authors": Authors}

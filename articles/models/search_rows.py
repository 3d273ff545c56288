"""What search is made of: rows derived from the articles, and what was looked for.

Articles are listed and found by their `position`: the second they are published at and their key
in one number, so that newest first is one descending index. What is not published has a negative
one. Only `articles.search` writes the derived tables and their indexes of words.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..text.names import in_page_script


class SearchRow(models.Model):
    """One article as search knows it; its words are kept beside, as the database likes them."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, primary_key=True, related_name="search_row"
    )
    position = models.BigIntegerField(unique=True)
    expires = models.DateTimeField(null=True)
    title = models.CharField(max_length=600)  # as it is matched; NFKC can make it longer
    pinyin = models.CharField(max_length=120)  # of the title, run together, without tones
    facets = models.TextField()  # its markers: t5 t7 a12 y2026 m202605 gpaper
    version = models.PositiveIntegerField()  # of the domain words its text was cut with

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["title"], name="titles_by_beginning"),
            models.Index(fields=["pinyin"], name="titles_by_pinyin"),
            models.Index(fields=["expires"], name="search_rows_by_end"),
        ]

    def __str__(self) -> str:
        return self.title


class Listing(models.Model):
    """One list an article stands in: all (no facet), a tag's, an author's, a genre's, a year's or a
    month's. Each is read in the order of publication or of the texts' dates."""

    facet = models.CharField(max_length=24)
    position = models.BigIntegerField()
    dated = models.DateField(null=True)  # which the article is filed under
    expires = models.DateTimeField(null=True)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="listings")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["facet", "-position", "expires", "article"], name="lists_in_order"
            ),
            models.Index(
                fields=["facet", "-dated", "-position", "expires", "article"], name="lists_by_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.facet or 'all'}"


class ListStep(models.Model):
    """The position of one of the entries of a long list, and how many there are up to it from the
    oldest on; kept for a day."""

    facet = models.CharField(max_length=24)
    counted = models.PositiveIntegerField()
    position = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["facet", "counted"], name="a_step_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.facet or 'all'}"


class ListChange(models.Model):
    """An entry of a list came or went, by the transaction that wrote this row: the steps from its
    position on are no more to be gone by. The row goes once they are deleted."""

    facet = models.CharField(max_length=24)
    position = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["facet", "position"], name="list_changes_in_order")]

    def __str__(self) -> str:
        return f"{self.facet or 'all'} from {self.position}"


class Term(models.Model):
    """A Chinese word of the library's texts, to be found by its pinyin or one of its characters."""

    word = models.CharField(max_length=8, unique=True)
    pinyin = models.CharField(max_length=48, db_index=True)
    weight = models.PositiveIntegerField()  # how common it is in the language

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class SearchLog(models.Model):
    """How often something was looked for on a day, and what it found: nothing of who did."""

    day = models.DateField(_("day"))
    query = models.CharField(_("looked for"), max_length=60)
    hits = models.PositiveIntegerField(_("found"))
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-day", "-times"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["day", "query"], name="a_query_once_a_day"),
        ]

    def __str__(self) -> str:
        return in_page_script(self.query)

"""Merges of tags or authors: what was moved, so that it can be moved back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..text import script
from ..text.names import current_script
from .author import Author
from .tag import Tag


class Merge(models.Model):
    """Some tags, or authors, that were made one.

    `names` holds [simplified, traditional] of the survivor and of those that went; `moved` the
    rows, aliases, old addresses and articles as they were (`articles.curation.merging` writes it,
    `articles.curation.unmerging` reads it).
    """

    class Kind(models.TextChoices):
        TAG = "tag", _("tag")
        AUTHOR = "author", _("author")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    survivor = models.BigIntegerField()  # its key, which stays the same if it is merged and undone
    names = models.JSONField()
    moved = models.JSONField()
    article_count = models.PositiveIntegerField(_("articles"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "survivor"], name="merges_into")]

    def __str__(self) -> str:
        return f"{'、'.join(self.merged_names)} → {self.survivor_name}"

    @property
    def model(self) -> type[Tag] | type[Author]:
        return Tag if self.kind == self.Kind.TAG else Author

    @property
    def survivor_name(self) -> str:
        return self._shown(self.names["survivor"])

    @property
    def merged_names(self) -> list[str]:
        return [self._shown(pair) for pair in self.names["merged"]]

    @staticmethod
    def _shown(pair: list[str]) -> str:
        return pair[current_script() == script.HANT]

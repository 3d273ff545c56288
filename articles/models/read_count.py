"""How often articles are read, by day: nothing of who did."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadCount(models.Model):
    """How many times an article was read on a day."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="read_counts")
    day = models.DateField(_("day"))
    reads = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "article"], name="an_article_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.article_id}: {self.reads}"

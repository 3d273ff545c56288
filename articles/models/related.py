"""What to read after an article, made ready: derived, and made anew by `rebuild_related`."""

from django.db import models
from django.db.models import F, Q


class Related(models.Model):
    """An article that is worth reading after another one, and how much the two have in common.

    Written by `articles.search.related` only. More are kept than shown, whatever their state: who
    reads them goes through `published()`.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="related")
    other = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="related_once"),
            models.CheckConstraint(
                name="nothing_is_related_to_itself", condition=~Q(article=F("other"))
            ),
        ]
        indexes = [models.Index(fields=["article", "-score"], name="related_best_first")]

    def __str__(self) -> str:
        return f"{self.article_id} → {self.other_id}: {self.score:.2f}"

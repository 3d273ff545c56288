"""What an article has several of: authors in their order, and its text in both scripts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .author import Author
from .choices import Script


class Authorship(models.Model):
    """One author of one article, and the place in its byline."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="authorships")
    author = models.ForeignKey(
        Author, models.PROTECT, related_name="authorships", verbose_name=_("author")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="an_author_signs_once")
        ]

    def __str__(self) -> str:
        return str(self.author)


class Rendition(models.Model):
    """An article in one script: what pages show. Made on save, and by `rebuild_renditions`."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="renditions")
    script = models.CharField(max_length=7, choices=Script)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    excerpt = models.TextField(blank=True)
    body = models.TextField()
    outline = models.JSONField(default=list)
    source_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "script"], name="one_rendition_a_script")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.script})"

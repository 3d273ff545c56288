"""Training paths: what is to be read, in an order, in versions that never change."""

from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Collection
from articles.models.in_both_scripts import InBothScripts

from .edition import Edition


class PathStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("in use")
    CLOSED = "closed", _("no longer in use")


class PathLevel(models.TextChoices):
    NEW = "new", _("new officers")
    SERVING = "serving", _("serving officers")
    CORE = "core", _("core officers")
    ALL = "all", _("all members")


class Path(InBothScripts):
    """A course of reading. What it consists of stands in its versions."""

    in_both_scripts = with_marks = ("name", "summary")

    name = models.CharField(_("title (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("title (traditional)"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=90, unique=True, blank=True)
    summary = models.TextField(_("summary (simplified)"), blank=True)
    summary_hant = models.TextField(_("summary (traditional)"), blank=True)
    status = models.CharField(
        _("status"), max_length=6, choices=PathStatus, default=PathStatus.DRAFT
    )
    level = models.CharField(_("for"), max_length=7, choices=PathLevel, default=PathLevel.ALL)
    hours = models.DecimalField(
        _("credited hours"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    collection = models.ForeignKey(
        Collection,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("collection it follows"),
    )

    class Meta:
        verbose_name = _("training path")
        verbose_name_plural = _("training paths")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="paths_have_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="paths_have_a_known_status", condition=Q(status__in=PathStatus.values)
            ),
        ]

    __str__ = InBothScripts.__str__

    def save(self, *args, **kwargs):
        self.fill_scripts()
        self.save_with_slug(partial(super().save, *args, **kwargs))

    @property
    def version(self) -> "PathVersion | None":
        """Return what the path consists of now."""
        return self.versions.order_by("-number").first()


class PathItem(models.Model):
    """An article of a path as its authors work on it; what is asked of members are versions."""

    path = models.ForeignKey(Path, models.CASCADE, related_name="items")
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="+", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, blank=True)
    required = models.BooleanField(_("required"), default=True)

    class Meta:
        verbose_name = _("text of a path")
        verbose_name_plural = _("texts of a path")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "article"], name="an_article_stands_once_in_a_path"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"

    def save(self, *args, **kwargs):
        self.position = self.position or 0  # left blank: it comes last
        super().save(*args, **kwargs)


class PathVersion(models.Model):
    """What a path consisted of from one moment on. The database refuses to change it."""

    path = models.ForeignKey(Path, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_on = models.DateField()
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("version of a path")
        verbose_name_plural = _("versions of paths")
        ordering = ["path", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["path", "number"], name="versions_of_a_path_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.number})"


class Step(models.Model):
    """One text of a version, in the edition it had when the version was made."""

    version = models.ForeignKey(PathVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="steps")
    required = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("step of a path")
        verbose_name_plural = _("steps of paths")
        ordering = ["version", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="steps_of_a_version_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["version", "edition"], name="a_version_asks_for_a_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.edition}"

"""What articles were imported from, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article


class ImportRun(models.Model):
    """One run of the importer."""

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("started by")
    )
    operator = models.CharField(_("operator"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    options = models.JSONField(_("options"), default=dict)
    totals = models.JSONField(_("totals"), default=dict)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class Source(models.Model):
    """What an article was imported from: the bytes as they came, and every change made to them.

    `edits`, applied to `text`, give the clean text. `marks` are the structure of `text`, `hints`
    what the file states beside it: with them the body can be made again. `written` is what the
    importer put into the article, so that a later import can tell what a curator has changed.
    """

    article = models.OneToOneField(Article, models.CASCADE, verbose_name=_("article"))
    run = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, related_name="sources", verbose_name=_("import run")
    )
    raw = models.BinaryField(_("original bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    text_key = models.CharField(_("text key"), max_length=64, unique=True)
    origin = models.CharField(_("path"), max_length=1000, unique=True)
    file_name = models.CharField(_("file name"), max_length=255)
    encoding = models.CharField(_("encoding"), max_length=20)
    text = models.TextField(_("decoded text"))
    edits = models.JSONField(_("edits"), default=list)
    edit_count = models.PositiveIntegerField(_("edits"), default=0)
    flags = models.JSONField(_("flags"), default=list)
    flag_count = models.PositiveIntegerField(_("flags"), default=0, db_index=True)
    blocking_count = models.PositiveIntegerField(_("blocking flags"), default=0)
    extracted = models.JSONField(_("lines read as metadata"), default=list)
    keywords = models.JSONField(_("keywords"), default=list)
    marks = models.JSONField(_("structure of the source text"), default=list)
    hints = models.JSONField(_("what the file states beside its text"), default=dict)
    written = models.JSONField(default=dict)
    imported_at = models.DateTimeField(_("imported at"), auto_now=True)

    class Meta:
        verbose_name = _("import source")
        verbose_name_plural = _("import sources")
        constraints = [
            models.CheckConstraint(name="sources_have_a_digest", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.file_name

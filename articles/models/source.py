"""What articles were imported from, and when."""

import zlib
from collections import Counter
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.leases import Leased

from .article import Article


class RunState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Waiting for confirmation")
    IMPORTING = "importing", _("Importing")
    DONE = "done", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class ImportRun(Leased):
    """One run of the importer."""

    WORKING = (RunState.CHECKING, RunState.IMPORTING)

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("started by")
    )
    operator = models.CharField(_("operator"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    options = models.JSONField(_("options"), default=dict)
    totals = models.JSONField(_("totals"), default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=RunState, default=RunState.DONE, db_default=RunState.DONE
    )
    done = models.PositiveIntegerField(_("files done"), default=0, db_default=0)
    total = models.PositiveIntegerField(_("files"), default=0, db_default=0)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        name = self.first_file
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}{' · ' * bool(name)}{name}"

    @property
    def first_file(self) -> str:
        """The name of the first file or folder of the run, as it was uploaded or named."""
        uploaded = [entry["name"] for entry in self.options.get("uploaded", ())]
        named = [PurePath(path).name for path in self.options.get("paths", ())]
        return next(iter([*uploaded, *named]), "")[:60]

    @property
    def is_upload(self) -> bool:
        return "uploaded" in self.options

    @property
    def brought(self) -> "models.QuerySet[Source]":
        """The sources this run brought or changed, those too that a later run has changed since."""
        return Source.objects.filter(of_run(self.pk))


def of_run(run: int, of: str = "") -> Q:
    """Choose the sources that a run brought or changed; `of` is what leads to the source."""
    changed = Source.earlier_runs.through.objects.filter(importrun=run).values("source")
    return Q(**{f"{of}run": run}) | Q(**{f"{of}pk__in": changed})


class RunFile(models.Model):
    """One file of an upload: what checking it foretold and a curator decided in the table before
    the import, then what importing it did."""

    class Choice(models.TextChoices):
        UPDATE = "update", _("update that article")
        NEW = "new", _("another article")
        LEAVE = "leave", _("leave the file out")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    path = models.CharField(_("path"), max_length=1000)
    outcome = models.CharField(_("outcome"), max_length=9)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    stated_date = models.DateField(_("stated date"), null=True)
    edit_kinds = models.JSONField(default=dict)
    flag_kinds = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    error = models.TextField(blank=True)
    is_imported = models.BooleanField(default=False)
    source_name = models.CharField(
        _("source"), max_length=120, blank=True, default="", db_default=""
    )
    stated = models.CharField(
        max_length=10, blank=True, default="", db_default=""
    )  # the date as precisely
    begins = models.CharField(max_length=200, blank=True, default="", db_default="")
    cut = models.JSONField(default=list, db_default=[])  # lines taken out, the first of them
    cut_count = models.PositiveIntegerField(default=0, db_default=0)
    doubts = models.JSONField(default=dict, db_default={})  # {field: flag on it}
    weight = models.PositiveIntegerField(default=0, db_default=0)  # how much is to be looked at
    like = models.PositiveBigIntegerField(null=True)  # the article it may be a changed file of
    choice = models.CharField(max_length=6, choices=Choice, blank=True, default="", db_default="")
    typed = models.JSONField(default=dict, db_default={})  # {field: [text, who typed it]}
    refusal = models.JSONField(default=list, db_default=[])  # code and parameters of the reader
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # of workers to read it

    class Meta:
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="a_file_stands_once_in_a_run")
        ]

    def __str__(self) -> str:
        return self.path


class Source(models.Model):
    """What an article was imported from: the bytes as they came, and every change made to them.

    `edits`, applied to `text`, give the clean text. `marks` are the structure of `text`, `hints`
    what the file states beside it: with them the body can be made again. `written` is what the
    importer put into the article, so that a later import can tell what a curator has changed
    since; `evidence` is what spoke for it, field by field. A flag a curator has settled carries
    the number of the decision under "settled" and no longer counts.
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
    edit_kinds = models.JSONField(default=dict)  # {kind: [edits, certain ones]}
    flags = models.JSONField(_("flags"), default=list)
    flag_kinds = models.JSONField(default=dict)  # {kind: flags not settled}
    flag_count = models.PositiveIntegerField(_("flags"), default=0, db_index=True)
    blocking_count = models.PositiveIntegerField(_("blocking flags"), default=0)
    extracted = models.JSONField(_("lines read as metadata"), default=list)
    keywords = models.JSONField(_("keywords"), default=list)
    marks = models.JSONField(_("structure of the source text"), default=list)
    hints = models.JSONField(_("what the file states beside its text"), default=dict)
    written = models.JSONField(default=dict)
    evidence = models.JSONField(_("why fields got their values"), default=list, db_default=[])
    earlier_runs = models.ManyToManyField(ImportRun, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), auto_now=True)

    class Meta:
        verbose_name = _("import source")
        verbose_name_plural = _("import sources")
        indexes = [
            models.Index(
                fields=["-imported_at"], condition=Q(blocking_count__gt=0), name="sources_held"
            )
        ]
        constraints = [
            models.CheckConstraint(name="sources_have_a_digest", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.file_name

    def open_flags(self) -> list[tuple[int, dict]]:
        """Return the flags nobody has settled, each with its number: blocking ones first, then as
        they stand in the text."""
        return flags_by_weight(self.flags)

    def tally(self) -> None:
        """Count edits and open flags, for the lists that show no more than numbers."""
        edits = Counter(edit["kind"] for edit in self.edits)
        certain = Counter(edit["kind"] for edit in self.edits if edit["certain"])
        self.edit_count = len(self.edits)
        self.edit_kinds = {kind: [count, certain[kind]] for kind, count in edits.items()}
        opened = [flag for _number, flag in self.open_flags()]
        self.flag_kinds = Counter(flag["kind"] for flag in opened)
        self.flag_count = len(opened)
        self.blocking_count = sum(flag["blocking"] for flag in opened)


def flags_by_weight(flags: list[dict]) -> list[tuple[int, dict]]:
    """Return those of a source's flags that nobody has settled, as `Source.open_flags`."""
    opened = [(number, flag) for number, flag in enumerate(flags) if not flag.get("settled")]
    return sorted(opened, key=lambda one: (not one[1]["blocking"], one[1]["start"], one[0]))


def token(finding: dict) -> str:
    """Return what identifies an edit or flag: its place, and a sum over what it says."""
    parts = (
        finding["kind"],
        finding.get("before", ""),
        finding.get("after", finding.get("message", "")),
    )
    return f"{finding['start']}-{finding['end']}-{zlib.crc32(chr(0).join(parts).encode()):08x}"

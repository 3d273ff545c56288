"""The work queue of imports: who has which article before them, and what was looked through."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..text.line_keys import line_key
from .article import Article
from .choices import Status
from .source import ImportRun, of_run

IN_HAND = Q(status__in=(Status.DRAFT, Status.IN_REVIEW)) | Q(draft__isnull=False)
"""What curators work on: what is not before readers, or has a draft over it."""

LEFT = IN_HAND & (
    Q(look__done_at__isnull=True)
    | Q(look__done_at__lt=F("source__imported_at"))
    | Q(source__flag_count__gt=0)
)
"""What somebody has to look at: in hand, and not looked through since its import, or with a flag
that was opened again."""


class LookQuerySet(models.QuerySet):
    def imported(self, run: ImportRun | None):
        """Return the articles of a run, or all that were imported."""
        articles = Article.objects.outside_bin()
        if run is None:
            return articles.filter(source__isnull=False)
        return articles.filter(of_run(run.pk, "source__"))

    def left(self, articles):
        """Return those of the articles, all imported, that somebody has to look at."""
        return articles.filter(LEFT)

    def others(self, user):
        """Return what others than the user have before them now."""
        return self.filter(until__gt=timezone.now(), user__isnull=False).exclude(user=user)


class Look(models.Model):
    """An imported article in the work queue.

    `user` has it before them until `until`, unless a sign of life comes. `steps` are what was done
    to it there, the latest last: what undoing goes by.
    """

    article = models.OneToOneField(Article, models.CASCADE, related_name="look")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)
    stepped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    stepped_at = models.DateTimeField(null=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # who may change the article may look it through
        constraints = [
            models.CheckConstraint(
                name="looked_through_by_then",
                condition=Q(done_by__isnull=True) | Q(done_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"


class SiteLineQuerySet(models.QuerySet):
    def kept(self) -> frozenset[str]:
        """Return the lines that every import leaves out, as they are compared."""
        return frozenset(self.filter(is_kept=True).values_list("key", flat=True))


class SiteLine(models.Model):
    """A line a curator cut from a page as the site's own: offered on the other pages of its run,
    and, where it `is_kept`, cut by every import to come."""

    line = models.CharField(_("line"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)
    is_kept = models.BooleanField(
        _("cut by every import"),
        default=False,
        help_text=_("Imports to come leave this line out, on record as an edit; nothing else."),
    )
    learned_on = models.ForeignKey(
        Article, models.SET_NULL, null=True, editable=False, verbose_name=_("learned on")
    )
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = SiteLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a site")
        verbose_name_plural = _("lines of sites")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="site_lines_say_something", condition=~Q(key=""))
        ]

    def __str__(self) -> str:
        return self.line

    def clean(self):
        self.key = line_key(self.line)
        if not self.key:
            raise ValidationError(
                {"line": _("The line is too short, or too long, to be known again.")}
            )
        if SiteLine.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError({"line": _("This line is kept already.")})

"""What signed-in readers keep for themselves: bookmarks, and what they read and how far.

It is theirs alone: no page of the desk lists it, and its rows name nobody and nothing, because the
admin shows them when it asks whether an account or an article is to be deleted.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article

KEPT_READINGS = 500
"""Articles of a reader's history that are kept, the last ones read."""


class OwnQuerySet(models.QuerySet):
    def of(self, reader):
        return self.filter(reader_id=reader.pk)

    def public(self):
        """Leave out what is not public any more: it comes back when the article does."""
        return self.filter(article__in=Article.objects.published())


class Bookmark(models.Model):
    """An article a reader marked to find it again."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks")
    article = models.ForeignKey(Article, models.CASCADE, related_name="bookmarks")
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["reader", "-created_at", "-id"], name="bookmarks_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["reader", "article"], name="a_reader_marks_once")
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def put(cls, reader, article: Article, *, wanted: bool) -> None:
        """Set or take away a reader's bookmark; doing it twice changes nothing."""
        if wanted:
            cls.objects.bulk_create([cls(reader=reader, article=article)], ignore_conflicts=True)
        else:
            cls.objects.of(reader).filter(article=article).delete()


class ReadingQuerySet(OwnQuerySet):
    def unfinished(self):
        """Return what was begun and not read to its end."""
        return self.filter(percent__gt=0, percent__lt=100)


class Reading(models.Model):
    """An article a reader opened: when last, and how much of it lies behind them.

    `percent` is the furthest place, so that opening the article anew does not lose it; 100 once
    the end was seen.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    article = models.ForeignKey(Article, models.CASCADE, related_name="readings")
    percent = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-read_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["reader", "-read_at", "-id"], name="readings_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["reader", "article"], name="a_reading_an_article"),
            models.CheckConstraint(name="readings_are_percents", condition=Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def note(cls, reader, article: Article, percent: int) -> None:
        """Keep that a reader is at a place of an article, unless they want nothing kept."""
        if not ReaderSettings.wants_history(reader):
            return
        now = timezone.now()
        mine = cls.objects.of(reader)
        with transaction.atomic():
            known = mine.filter(article=article).update(
                percent=Greatest(F("percent"), percent), read_at=now
            )
            if known:
                return
            new = cls(reader=reader, article=article, percent=percent, read_at=now)
            cls.objects.bulk_create([new], ignore_conflicts=True)
            too_old = list(mine.values_list("pk", flat=True)[KEPT_READINGS:])
            cls.objects.filter(pk__in=too_old).delete()


class ReaderSettings(models.Model):
    """What a reader chose for themselves; without a row all is as it is for everyone."""

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reader_settings"
    )
    keeps_history = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("reader's settings")
        verbose_name_plural = _("readers' settings")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def wants_history(cls, reader) -> bool:
        """Tell whether a reader wants kept what they read; so it is unless they said no."""
        return not cls.objects.filter(reader_id=reader.pk, keeps_history=False).exists()


def forget_all(reader) -> None:
    """Delete all that is kept of a reader's reading; the account stays."""
    with transaction.atomic():
        for kept in (Bookmark, Reading):
            kept.objects.of(reader).delete()
        ReaderSettings.objects.filter(reader_id=reader.pk).delete()

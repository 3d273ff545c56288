"""Who has the form of an article open, so that two do not change it unawares."""

from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from portal.person_names import person_name

from ..models import Article, Presence

SEEN = timedelta(seconds=60)
"""How long somebody counts as present after a sign of life; pages give one every 20 seconds."""


def note_presence(article: Article, user) -> None:
    """Note that the user has the form of an article open."""
    now = timezone.now()
    mine = Presence.objects.filter(article=article, user=user)
    if mine.filter(seen_at__gte=now - SEEN).update(seen_at=now):
        return
    Presence.objects.filter(seen_at__lt=now - SEEN).exclude(article=article, user=user).delete()
    if not mine.update(opened_at=now, seen_at=now):
        with suppress(IntegrityError):  # opened in two windows at once
            Presence.objects.create(article=article, user=user, opened_at=now, seen_at=now)


def forget_presence(article: Article, user) -> None:
    """Note that the user has no form of the article open any more."""
    Presence.objects.filter(article=article, user=user).delete()


def present(article_id: int, user) -> list[str]:
    """Return who else has the form open, and since when, in words."""
    others = Presence.objects.filter(article=article_id, seen_at__gte=timezone.now() - SEEN)
    return [
        str(_since(one.opened_at))
        % {
            "who": person_name(one.user),
            "since": timesince(one.opened_at),
        }
        for one in others.exclude(user=user).select_related("user").order_by("opened_at")
    ]


def _since(opened_at):
    if timezone.now() - opened_at < timedelta(minutes=1):
        return _("%(who)s is editing this article (opened just now)")
    return _("%(who)s is editing this article (opened %(since)s ago)")

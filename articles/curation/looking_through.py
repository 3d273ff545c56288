"""Imports looked through one after the other: who has which before them, what was seen, what is
left.

To have an article before one is a courtesy and holds nobody off. What keeps two from undoing each
other's work is that each says which state was seen, and that this is compared under the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from ..models import Article, Decision, Look
from .drafts import CHANGED, Overtaken
from .revisions import version

HELD = timedelta(seconds=90)
"""How long somebody has an article before them after a sign of life; pages give one every 30 s."""


def shown_state(article: Article) -> str:
    """Return what identifies what is shown of an import: the version of its article, and the
    decisions on it."""
    made = Decision.objects.filter(source__article=article).aggregate(
        last=Max("pk"), undone=Count("pk", filter=Q(undone_at__isnull=False))
    )
    return f"{version(article)}.{made['last'] or 0}.{made['undone']}"


@contextmanager
def as_shown(number: int, seen: str) -> Iterator[Article]:
    """Lock an article and give it as it stands, if that is what the caller was shown; raise
    Overtaken where it is not. All in one transaction."""
    with transaction.atomic():
        Article.objects.filter(pk=number).lock()
        found = Article.objects.select_related("draft__text", "draft__created_by")
        standing = found.outside_bin().filter(pk=number).first()
        if standing is None or shown_state(standing) != seen:
            raise Overtaken(CHANGED)
        yield standing


def take(article: int, user) -> None:
    """Note that the user has an article before them, unless somebody else has; they have no other
    then."""
    now = timezone.now()
    Look.objects.filter(user=user).exclude(article=article).update(user=None, until=None)
    free = Q(user=user) | Q(user=None) | Q(until__lte=now)
    if Look.objects.filter(free, article=article).update(user=user, until=now + HELD):
        return
    if not Look.objects.filter(article=article).exists():
        with suppress(IntegrityError), transaction.atomic():  # somebody was quicker
            Look.objects.create(article_id=article, user=user, until=now + HELD)


def sign_of_life(article: int, user) -> None:
    """Note that the user still has an article before them."""
    Look.objects.filter(article=article, user=user).update(until=timezone.now() + HELD)


def note_step(article: Article, user, step: dict | None, *, through: bool = False) -> None:
    """Keep what was done to an article, for undoing, if it is anything that can be undone;
    `through` tells that it is looked through now. The caller holds the article."""
    look, _is_new = Look.objects.get_or_create(article=article)
    now = timezone.now()
    kept = [*look.steps, step | {"by": user.pk, "at": now.isoformat()}] if step else []
    look.steps = kept[-_KEPT:]
    look.stepped_by, look.stepped_at = user, now
    if through:
        look.done_by, look.done_at = user, now
    look.save(update_fields=["steps", "stepped_by", "stepped_at", "done_by", "done_at"])


_KEPT = 30
"""Steps kept of an article."""


def last_step(user, articles) -> Look | None:
    """Return the article the user did something to last, of those given, if that can be undone."""
    looks = Look.objects.filter(stepped_by=user, article__in=articles).exclude(steps=[])
    return looks.order_by("-stepped_at").select_related("article").first()


def forget_step(look: Look, user) -> None:
    """Take the latest step away, now that it is undone."""
    look.steps = look.steps[:-1]
    latest = look.steps[-1] if look.steps else None
    look.stepped_by_id = latest["by"] if latest else None
    look.stepped_at = latest["at"] if latest else None
    look.done_by, look.done_at = None, None
    look.save(update_fields=["steps", "stepped_by", "stepped_at", "done_by", "done_at"])

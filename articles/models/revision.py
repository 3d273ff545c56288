"""What an article said and when: each save that changed something leaves a revision behind."""

import json
import zlib
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .choices import Status

TEXT = ("title", "summary", "body")
"""What a text is made of; everything else of a revision are its facts."""


class RevisionText(models.Model):
    """Title, summary and body, packed: revisions in a row that say the same share one.

    A fifth of what JSON takes in SQLite, and a change of status alone costs no second text.
    """

    article = models.ForeignKey("Article", models.CASCADE, related_name="+")
    packed = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.text["title"]

    @classmethod
    def of(cls, article_id: int, content: dict) -> "RevisionText":
        """Return the texts of a content, packed and not yet saved."""
        text = json.dumps([content[name] for name in TEXT], ensure_ascii=False)
        return cls(article_id=article_id, packed=zlib.compress(text.encode(), 9))

    @cached_property
    def text(self) -> dict:
        return dict(zip(TEXT, json.loads(zlib.decompress(self.packed)), strict=True))


class RevisionQuerySet(models.QuerySet):
    def latest_of(self, article_ids):
        """Return of each article the newest revision, and the newest that is no draft over it."""
        own = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
        newest = Subquery(own.values("number")[:1])
        standing = Subquery(own.filter(is_draft=False).values("number")[:1])
        return self.filter(Q(number=newest) | Q(number=standing), article__in=article_ids)

    def prunable(self, keep: int, before):
        """Return what may be forgotten: neither first nor newest of its article, nor among its
        newest `keep`, nor what readers see or will see, nor a draft that waits or what it began
        from, nor what an open request for review or a live link to a preview is about, nor what
        another part of the portal cites."""
        own = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
        numbers = own.values("number")
        last = max(keep, 1) - 1
        return (
            self.annotate(
                last_kept=Subquery(numbers[last : last + 1]),
                standing=Subquery(numbers.filter(is_draft=False)[:1]),
                first=Subquery(numbers.order_by("number")[:1]),
            )
            .filter(
                ~Q(number__in=[F("first"), F("standing")]),
                number__lt=F("last_kept"),
                created_at__lt=before,
                draft_of=None,
            )
            .exclude(Exists(own.filter(draft_of__isnull=False, base=OuterRef("number"))))
            .exclude_asked_for()
            .exclude_cited()
        )

    def replaced(self, newest: "Revision"):
        """Return what was saved by itself for the same person right before `newest`, and is needed
        by nobody: a text that is being typed leaves one revision, not one a minute."""
        own = self.filter(article=newest.article_id, number__lt=newest.number)
        others = own.exclude(kind=self.model.Kind.BY_ITSELF, created_by=newest.created_by_id)
        since = others.values_list("number", flat=True).first() or 0
        based = self.filter(article=newest.article_id, draft_of__isnull=False).values("base")
        mine = own.filter(number__gt=since, draft_of=None).exclude(number__in=based)
        return mine.exclude_asked_for().exclude_cited()

    def exclude_cited(self):
        """Leave out what another part of the portal cites."""
        cited = (Exists(rows.filter(**{name: OuterRef("pk")})) for rows, name in _citing())
        return self.filter(*(~one for one in cited))

    def exclude_asked_for(self):
        """Leave out what an open request for review or a live link to a preview shows."""
        links = {"revoked_at": None, "expires_at__gt": timezone.now()}
        asked, linked = (
            self.model._meta.get_field(name).related_model for name in ("requests", "preview_links")
        )
        own = {"revision": OuterRef("pk")}
        return self.filter(
            ~Exists(asked.objects.filter(state="open", **own)),
            ~Exists(linked.objects.filter(**links, **own)),
        )


def _citing() -> list[tuple[models.QuerySet, str]]:
    """Return the rows of each model that protects the revisions it names, and its name for them.
    None of them is the library's own."""
    return [
        (relation.related_model._base_manager.all(), relation.field.name)
        for relation in Revision._meta.related_objects
        if relation.on_delete is models.PROTECT
    ]


def in_cited(article: str = "pk") -> Q:
    """Return what tells that another part of the portal cites a revision of an article, which is
    not deleted for good then; `article` names its key."""
    found = Q(pk__in=[])
    for rows, name in _citing():
        found |= Q(**{f"{article}__in": rows.values(f"{name}__article")})
    return found


class Revision(models.Model):
    """One state of one article. It is never changed.

    A draft over a text readers see is a revision with `is_draft`: the article's row does not know
    it but by `Article.draft`. Every other revision is what the row became; the newest of them is
    what it says now.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("as it stood")
        SAVED = "saved", _("saved")
        DRAFT = "draft", _("saved as a draft")
        BY_ITSELF = "by-itself", _("saved by itself")
        PUBLISHED = "published", _("published")
        MOVED = "moved", _("status changed")
        RESTORED = "restored", _("restored")
        DECIDED = "decided", _("decision on the import")
        IMPORTED = "imported", _("imported again")

    article = models.ForeignKey(
        "Article", models.CASCADE, related_name="revisions", verbose_name=_("article")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    is_draft = models.BooleanField(default=False)
    base = models.PositiveIntegerField(null=True)  # of a draft: the number of what it began from
    status = models.CharField(_("status"), max_length=9, choices=Status)
    text = models.ForeignKey(RevisionText, models.CASCADE, related_name="revisions")
    facts = models.JSONField(default=dict)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        default_permissions = ()  # who may see the article sees what it said
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="a_revision_has_its_number"),
            models.CheckConstraint(
                name="drafts_over_a_text_are_not_published",
                condition=Q(is_draft=False) | Q(status__in=[Status.DRAFT, Status.IN_REVIEW]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.number}"

    @property
    def content(self) -> dict:
        """Return all it keeps, as `revisions.state` describes an article."""
        before_covers = {"cover_id": None}
        return before_covers | self.text.text | self.facts | {"status": self.status}


class Presence(models.Model):
    """Somebody who has the form of an article open. In the database, because processes share
    nothing else for certain."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="one_presence_a_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.article_id}"

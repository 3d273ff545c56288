"""What goes before a reviewer: requests for review, comments on passages, and links to previews."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .article import Article
from .choices import Status
from .revision import Revision

_IN_REVIEW = Q(draft__status=Status.IN_REVIEW) | Q(draft=None, status=Status.IN_REVIEW)
_BACK_IN_DRAFT = Q(article__draft__status=Status.DRAFT) | Q(
    article__draft=None, article__status=Status.DRAFT
)


class ReviewRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ReviewRequest.State.OPEN)

    def waiting_for(self, user):
        """Return what somebody else asks to have looked at."""
        return self.open().filter(article__deleted_at=None).exclude(submitted_by=user)

    def back_with(self, user):
        """Return what was sent back to the user, who has not submitted it again since."""
        later = ReviewRequest.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
        return self.filter(article__deleted_at=None).filter(
            _BACK_IN_DRAFT, ~Exists(later), state=ReviewRequest.State.REJECTED, submitted_by=user
        )

    def approved_of(self, user):
        """Return what the user submitted and somebody else let out within a week."""
        since = timezone.now() - timedelta(days=7)
        approved = self.filter(article__deleted_at=None, decided_at__gte=since)
        return approved.filter(state=ReviewRequest.State.APPROVED, submitted_by=user).exclude(
            decided_by=user
        )

    def follow(self, article_ids: Iterable[int], user, kind: str = "") -> None:
        """Let requests be open for exactly those of these articles that are in review.

        Whatever changes articles calls this: a request is never forgotten, and none stays behind
        when its article was published or taken back another way; `kind` is that of the change.
        """
        articles = Article.objects.filter(pk__in=article_ids).annotate(
            asked=FilteredRelation("review_requests", condition=Q(review_requests__state="open")),
        )
        asked = articles.filter(_IN_REVIEW | Q(asked__isnull=False)).values_list(
            *("pk", "status", "draft_id", "draft__status", "asked__pk", "asked__submitted_by")
        )
        publishes = user and kind in (Revision.Kind.PUBLISHED, Revision.Kind.MOVED)
        new, approved, withdrawn = [], [], []
        for pk, status, draft, draft_status, request, by in asked:
            if (draft_status if draft else status) == Status.IN_REVIEW:
                if request is None:
                    new.append(pk)
            elif publishes and status == Status.PUBLISHED and not draft and user.pk != by:
                approved.append(request)
            else:
                withdrawn.append(request)
        if new:
            self._open(new, user)
        now = timezone.now()
        for chosen, state in (
            (approved, ReviewRequest.State.APPROVED),
            (withdrawn, ReviewRequest.State.WITHDRAWN),
        ):
            if chosen:
                rows = ReviewRequest.objects.filter(pk__in=chosen)
                rows.update(state=state, decided_by=user, decided_at=now)

    def _open(self, article_ids: list[int], user) -> None:
        current = {}
        for revision in Revision.objects.latest_of(article_ids).only("article_id", "is_draft"):
            if not revision.is_draft:
                current.setdefault(revision.article_id, revision.pk)
        drafts = Article.objects.filter(pk__in=article_ids, draft__isnull=False)
        current |= dict(drafts.values_list("pk", "draft_id"))
        ReviewRequest.objects.bulk_create(
            ReviewRequest(article_id=pk, revision_id=current.get(pk), submitted_by=user)
            for pk in article_ids
        )


class ReviewRequest(models.Model):
    """Somebody asks that a text be looked at and published. There is one at a time."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for review")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    article = models.ForeignKey(Article, models.CASCADE, related_name="review_requests")
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="requests")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # who may change the article submits, who may publish decides
        indexes = [
            models.Index(fields=["-at"], condition=Q(state="open"), name="requests_open"),
            models.Index(fields=["submitted_by", "state", "-at"], name="requests_of_somebody"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(state="open"), name="one_open_request_an_article"
            ),
            models.CheckConstraint(
                name="requests_are_decided_once_not_open",
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state__in=["approved", "rejected", "withdrawn"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_sent_back_has_a_reason",
                condition=~Q(state="rejected") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.get_state_display()}"

    def decide(self, state: str, user, reason: str = "") -> None:
        self.state, self.reason = state, reason
        self.decided_by, self.decided_at = user, timezone.now()
        self.save(update_fields=["state", "reason", "decided_by", "decided_at", "revision"])


class ReviewCommentQuerySet(models.QuerySet):
    def unresolved_of(self, article_id: int | OuterRef):
        """Return what of an article somebody still has to see to, in the order it was said."""
        of_article = Q(article=article_id) | Q(request__article=article_id)
        return self.filter(of_article, resolved_at=None)

    def threads_of(self, article_id: int) -> "list[ReviewComment]":
        """Return these, each with what was answered to it (`said_to_it`)."""
        found = list(self.unresolved_of(article_id).select_related("by"))
        for one in found:
            one.said_to_it = [other for other in found if other.answers_id == one.pk]
        return [one for one in found if one.answers_id is None]


class ReviewComment(models.Model):
    """What somebody says on a passage of a text: of one in review, or before anybody asked for it.

    What `answers` another has no passage of its own, and is resolved with it.
    """

    request = models.ForeignKey(ReviewRequest, models.CASCADE, null=True, related_name="comments")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="comments")
    answers = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    quote = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)

    objects = ReviewCommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="comments_say_something", condition=~Q(note="")),
            models.CheckConstraint(
                name="comments_are_of_one_text",
                condition=Q(request__isnull=False, article__isnull=True)
                | Q(request__isnull=True, article__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.note


_SIGNER = signing.Signer(salt="articles.PreviewLink")


class PreviewLinkQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), article__deleted_at=None)

    def of_token(self, token: str):
        """Return the live link a token was made for; None where there is none, whatever the
        cause. The signature is compared in constant time, before the database is asked."""
        try:
            number = _SIGNER.unsign(token)
        except signing.BadSignature:
            return None
        return self.live().select_related("article", "revision__text").filter(pk=number).first()


class PreviewLink(models.Model):
    """A way to one revision of one article for somebody without an account, for some days.

    The address carries the row's number, signed: what is kept opens nothing by itself.
    """

    DAYS = (1, 7, 30)
    USUAL = 7

    article = models.ForeignKey(Article, models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="preview_links")
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="preview_links_expire_later", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.revision_id}"

    @classmethod
    def until(cls, days: int):
        """Return when a link made now expires."""
        return timezone.now() + timedelta(days=days)

    @property
    def token(self) -> str:
        """What an address has behind its #, and a form sends: so it stands in no log."""
        return _SIGNER.sign(str(self.pk))

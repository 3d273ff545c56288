"""Review: a text is submitted, looked at by somebody else, and published or sent back.

Requests are opened and closed with the status of their texts (`ReviewRequest.objects.follow`);
here is what people decide.
"""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Article, ReviewComment, ReviewRequest, Revision, Status
from . import drafts, notices, revisions
from .audit import audit
from .policy import changed_by
from .publishing import move, over_flags


class Refused(Exception):
    """What was asked for cannot be done; the message says why."""


CHANGED = _("The text or the request was changed meanwhile. Nothing was done; look at it again.")
OWN = _("This is your own work: somebody else has to approve it.")


def is_own_work(article: Article, request: ReviewRequest, user) -> bool:
    """Tell whether the user may not approve this, having submitted it or changed it last."""
    return settings.REVIEW_BY_ANOTHER and user.pk in (request.submitted_by_id, changed_by(article))


def submit(article: Article, user, note: str = "") -> bool:
    """Let the request say what is submitted now, by whom and with which note.

    Tells whether that is anything new.
    """
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).lock()  # who decides on it holds it
        request = article.review_requests.open().first()
        if request is None:
            return False
        revision = revisions.current(article, user)
        if not note and (request.revision_id, request.submitted_by_id) == (revision.pk, user.pk):
            notices.submitted(request)  # once: it was opened when the text's status changed
            return False
        request.revision, request.submitted_by, request.note = revision, user, note[:500]
        request.at = timezone.now()
        request.save(update_fields=["revision", "submitted_by", "note", "at"])
        notices.submitted(request)
    return True


def approve(article: Article, user, seen: str, over: Collection[str] = ()) -> list[str]:
    """Publish what the user has seen, in one step.

    Returns the names of authors and tags that are there no more. Raises Held where there are
    blocking flags other than `over`.
    """
    with transaction.atomic():
        article, request = _locked(article, seen)
        if is_own_work(article, request, user):
            raise Refused(OWN)
        request.revision = revisions.current(article, user)
        request.decide(ReviewRequest.State.APPROVED, user)
        notices.decided(request)
        if article.draft_id:
            version = revisions.version(article)
            return drafts.publish_draft(article, user, version, logged_as="approve", over=over)
        told = over_flags(article.pk, over)
        move(Article.objects.filter(pk=article.pk), Status.PUBLISHED, user, over=over)
        audit(user, "approve", article, after=told)
    return []


def send_back(article: Article, user, seen: str, reason: str) -> None:
    """Make the text a draft again; whoever submitted it is told why."""
    with transaction.atomic():
        article, request = _locked(article, seen)
        request.decide(ReviewRequest.State.REJECTED, user, reason[:1000])
        notices.decided(request)
        _take_out(article, user)
        audit(user, "reject", article, note=reason)


def withdraw(article: Article, user, seen: str) -> None:
    """Make the text a draft again, at the wish of whoever submitted it."""
    with transaction.atomic():
        article, request = _locked(article, seen)
        if request.submitted_by_id != user.pk:
            raise Refused(_("Only who submitted it can withdraw it."))
        request.decide(ReviewRequest.State.WITHDRAWN, user)
        _take_out(article, user)
        audit(user, "withdraw", article)


def comment(
    article: Article, user, quote: str, note: str, answers: int | None = None
) -> ReviewComment:
    """Keep a comment on a passage, or what somebody answers to one: of what is submitted, or of a
    text that nobody asked to have looked at."""
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).lock()
        if answers is not None:
            still_open = ReviewComment.objects.unresolved_of(article.pk)
            answered = still_open.filter(pk=answers, answers=None).first()
            if answered is None:
                raise Refused(_("The comment was resolved already."))
            whose = {"request_id": answered.request_id, "article_id": answered.article_id}
            kept = ReviewComment(**whose, answers=answered, note=note, by=user)
        else:
            request = article.review_requests.open().first()
            whose = {"request": request} if request else {"article": article}
            kept = ReviewComment(**whose, quote=quote, note=note, by=user)
        kept.save()
        audit(user, "comment", article, note=note)
    return kept


def resolve(article: Article, user, number: int) -> bool:
    """Take a comment down as seen to, and what was answered to it; tell whether it was open."""
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).lock()
        found = ReviewComment.objects.unresolved_of(article.pk).filter(pk=number)
        if done := found.exists():
            thread = ReviewComment.objects.filter(Q(pk=number) | Q(answers=number))
            thread.filter(resolved_at=None).update(resolved_by=user, resolved_at=timezone.now())
        if done:
            audit(user, "resolve-comment", article)
    return done


def tell_apart(article: Article, shown: Iterable[Revision]) -> None:
    """Note on revisions which of them came of a request for review (`told`): what was submitted,
    and what became a draft again when it was sent back or withdrawn.

    They are known by their requests: the revision that is the first after a decision came of it,
    as both were written in one transaction. `before` is the status of the revision before.
    """
    found = article.review_requests.select_related("decided_by").order_by("pk")
    requests = list(found)
    submitted = {one.revision_id for one in requests}
    decided = {}
    taken_out = (ReviewRequest.State.REJECTED, ReviewRequest.State.WITHDRAWN)
    times = sorted(article.revisions.values_list("created_at", "number")) if requests else []
    for one in requests:
        if one.state in taken_out:
            after = (number for at, number in times if at >= one.decided_at)
            decided[next(after, None)] = one
    for revision in shown:
        revision.told = None
        request = decided.get(revision.number)
        if revision.status == Status.IN_REVIEW:
            if revision.pk in submitted or revision.before != Status.IN_REVIEW:
                revision.told = {"name": _("submitted for review"), "who": revision.created_by}
        elif request and revision.status == Status.DRAFT:
            is_rejected = request.state == ReviewRequest.State.REJECTED
            if is_rejected or revision.before == Status.IN_REVIEW:
                name = _("sent back") if is_rejected else _("withdrawn from review")
                who, why = request.decided_by, request.reason
                revision.told = {"name": name, "who": who, "why": why}


def _locked(article: Article, seen: str) -> tuple[Article, ReviewRequest]:
    """Return the article and its open request, which nobody else changes meanwhile, if they are
    what the user has seen: the version and the request of the page."""
    Article.objects.filter(pk=article.pk).lock()
    article = Article.objects.select_related("draft__text").filter(pk=article.pk).first()
    request = article and article.review_requests.open().first()
    if request is None or seen != token(article, request):
        raise Refused(CHANGED)
    return article, request


def token(article: Article, request: ReviewRequest) -> str:
    """Return what identifies the text and the request a reviewer looks at."""
    return f"{request.pk}-{request.at.timestamp():.6f}-{revisions.version(article)}"


def _take_out(article: Article, user) -> None:
    """Make the text a draft again. It stays its author's: whoever decided on it wrote none of it,
    and the request tells of them."""
    if article.draft_id:
        draft = article.draft
        by, base = draft.created_by or user, draft.base
        drafts.keep_draft(article, draft.content, by, draft.note, base=base)
    else:
        one = Article.objects.filter(pk=article.pk)
        move(one, Status.DRAFT, user, keeps_author=True)

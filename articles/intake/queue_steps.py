"""What a curator does in the work queue, one step at a time, each on record and to be undone.

A step is a decision or several on one import, or that it was looked through and where it goes. The
caller holds the article, from `looking_through.as_shown`, and has asked who may do what.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..curation import drafts, reviews
from ..curation.audit import audit
from ..curation.looking_through import forget_step, last_step, note_step
from ..curation.policy import Deed, may
from ..curation.publishing import move
from ..curation.revisions import recorded, version
from ..models import Article, Decision, Look, ReviewRequest, Revision, Source, Status
from . import decisions
from .fields_by_hand import Refused

PUBLISH, SUBMIT = "publish", "submit"
"""Where an article may go once it was looked through."""

BLOCKED = _("Something here still holds publication back: decide on it first.")
NOTHING = _("There is nothing to undo.")
_SINCE = _("It was changed since; nothing was undone.")


def decided(article: Article, user, *made: Decision, told: str) -> None:
    """Keep decisions as one step, with its line of the log."""
    note_step(article, user, {"decisions": [one.pk for one in made]})
    audit(user, "decide", article, note=told)


def look_through(article: Article, user, to: str = "") -> None:
    """Note that an article was looked through: what holds nothing back is left as it is, and it
    goes where it is to go. A draft that took the place of what readers saw is not taken back here
    again: that is for the revisions. Raises Refused where a blocking flag is open."""
    if Source.objects.filter(article=article, blocking_count__gt=0).exists():
        raise Refused(BLOCKED)
    step = {"decisions": [one.pk for one in decisions.settle_open(article, user)], "through": True}
    if to:
        step |= _sent(article, user, to)
    else:
        audit(user, "look-through", article)
    note_step(article, user, None if step.get("draft") else step, through=True)


def _sent(article: Article, user, to: str) -> dict:
    was = {"status": article.status, "published_at": article.published_at}
    was["published_at"] = was["published_at"] and was["published_at"].isoformat()
    if to == PUBLISH and article.draft_id:
        drafts.publish_draft(article, user, version(article))
        return {"to": to, "draft": True}
    one = Article.objects.filter(pk=article.pk)
    status = Status.PUBLISHED if to == PUBLISH else Status.IN_REVIEW
    move(one, status, user, keeps_author=True)
    if to == SUBMIT:
        reviews.submit(article, user)
    audit(user, to, article)
    return {"to": to, "was": was}


def undo(user, articles: QuerySet[Article]) -> Article:
    """Undo the user's latest step on one of these articles; return the article.

    Raises Refused where there is none, or what it did was changed since.
    """
    found = last_step(user, articles)
    if found is None:
        raise Refused(NOTHING)
    Article.objects.filter(pk=found.article_id).lock()
    look = Look.objects.select_related("article").get(pk=found.pk)
    if look.steps != found.steps:
        raise Refused(_SINCE)
    step, article = look.steps[-1], look.article
    if step.get("to"):
        _take_back(article, user, step)
    standing = Decision.objects.standing().filter(pk__in=step["decisions"]).order_by("-pk")
    if standing and not may(user, Deed.WRITE, article):
        raise Refused(_SINCE)
    for decision in standing:  # another may have taken some back by now
        decisions.take_back(article, decision.pk, user)
    forget_step(look, user)
    audit(user, "undo-look", article)
    return article


def _take_back(article: Article, user, step: dict) -> None:
    """Let an article stand again where it stood before it was sent on."""
    to, was = step["to"], step.get("was")
    gone = Status.PUBLISHED if to == PUBLISH else Status.IN_REVIEW
    if article.status != gone or was is None:
        raise Refused(_SINCE)
    if to == PUBLISH and not may(user, Deed.WITHDRAW, article):
        raise Refused(_("You may not withdraw what is published."))
    with recorded([article.pk], user, Revision.Kind.RESTORED):
        move(Article.objects.filter(pk=article.pk), was["status"], user, keeps_author=True)
        at = was["published_at"] and datetime.fromisoformat(was["published_at"])
        Article.objects.filter(pk=article.pk).update(published_at=at)
    ReviewRequest.objects.follow([article.pk], user)
    article.refresh_from_db()

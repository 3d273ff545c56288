"""Mail to those whom a step concerns: who may approve what was submitted, who submitted what was
sent back or published, who sees to readers' reports. What is on the desk's start page is the same;
mail only brings somebody there. It goes out after the commit, and breaks nothing if it does not.
"""

from collections.abc import Iterable
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import mails
from portal.person_names import person_name

from ..models import Article, Report, ReviewRequest

_ONCE = 3600
"""Seconds within which the same is told once."""

_MOST = 50
"""People who are mailed of one thing at most."""


def submitted(request: ReviewRequest) -> None:
    """Tell those who may publish that somebody waits for them."""
    if not mails.is_set_up():
        return
    words = _words(request.article, request.submitted_by, request.note)
    subject = _("Waiting for review: %(title)s") % words
    text = _("%(who)s submitted “%(title)s” for review.\n%(note)s\n\n%(address)s\n")
    address = reverse("admin:articles_article_review", args=[request.article_id])
    to = _who_may("publish_article", but=request.submitted_by)
    _after(f"submitted-{request.pk}-{request.revision_id}", subject, text, words, address, to)


def decided(request: ReviewRequest) -> None:
    """Tell whoever submitted a text that it was published, or sent back and why."""
    if not mails.is_set_up():
        return
    words = _words(request.article, request.decided_by, request.reason)
    if request.state == ReviewRequest.State.APPROVED:
        subject = _("Published: %(title)s") % words
        text = _("%(who)s approved and published “%(title)s”.\n\n%(address)s\n")
    else:
        subject = _("Sent back: %(title)s") % words
        text = _("%(who)s sent “%(title)s” back:\n%(note)s\n\n%(address)s\n")
    address = reverse("admin:articles_article_change", args=[request.article_id])
    by = request.submitted_by
    to = [by] if by and by.pk != request.decided_by_id and by.is_active else []
    _after(f"decided-{request.pk}", subject, text, words, address, to)


def reported(report: Report) -> None:
    """Tell those who see to reports that a reader sent one."""
    if not mails.is_set_up():
        return
    words = _words(report.article, None, report.note or report.passage)
    words["kind"] = report.get_kind_display()
    subject = _("A reader's report: %(title)s") % words
    text = _("A reader reports of “%(title)s” (%(kind)s):\n%(note)s\n\n%(address)s\n")
    address = reverse("admin:articles_report_change", args=[report.pk])
    _after(f"reported-{report.pk}", subject, text, words, address, _who_may("change_report"))


def _words(article: Article, who: User | None, note: str) -> dict[str, str]:
    return {
        "title": article.title,
        "who": person_name(who) if who else "–",
        "note": note,
    }


def _who_may(permission: str, but: User | None = None) -> Iterable[User]:
    """Return the staff that may do something, whom mail reaches."""
    may = User.objects.with_perm(
        f"articles.{permission}", backend="django.contrib.auth.backends.ModelBackend"
    )
    may = may.filter(is_staff=True, is_active=True).exclude(email="")
    return may.exclude(pk=but.pk if but else None).order_by("pk")[:_MOST]


def _after(key: str, subject: str, text: str, words: dict, where: str, to: Iterable[User]) -> None:
    """Send the mail once what it tells of is kept, and once only."""
    addresses = [user.email for user in to]
    words = words | {"address": urljoin(settings.SITE_URL, where)}

    def send() -> None:
        if addresses and cache.add(f"notice-{key}", True, _ONCE):
            mails.send(subject, text % words, addresses)

    transaction.on_commit(send, robust=True)

"""Mail to those whom a step concerns: who may approve what was submitted, who submitted what was
sent back or published, who sees to readers' reports. What is on the desk's start page is the same;
mail only brings somebody there. It goes out after the commit and beside the request: from a worker
where there is a broker, which is told a number and writes the mail itself. It breaks nothing if it
does not go.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import mails
from portal.jobs import Job, launch
from portal.person_names import person_name

from ..models import Article, Report, ReviewRequest

logger = logging.getLogger(__name__)

_ONCE = 3600
"""Seconds within which the same is told once."""

_MOST = 50
"""People who are mailed of one thing at most."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it goes to each of some addresses."""

    subject: str
    text: str
    to: list[str]


def submitted(request: ReviewRequest) -> None:
    """Tell those who may publish that somebody waits for them."""
    _tell("submitted", request, f"submitted-{request.pk}-{request.revision_id}")


def decided(request: ReviewRequest) -> None:
    """Tell whoever submitted a text that it was published, or sent back and why."""
    _tell("decided", request, f"decided-{request.pk}")


def reported(report: Report) -> None:
    """Tell those who see to reports that a reader sent one."""
    _tell("reported", report, f"reported-{report.pk}")


def send(kind: str, number: int) -> bool:
    """Mail what a row has to tell; tell whether all went out, which nothing did of one gone."""
    model, write = KINDS[kind]
    row = model.objects.filter(pk=number).first()
    if row is None or not mails.is_set_up():
        return False
    mail = _written(write, row)
    return mails.send(mail.subject, mail.text, mail.to)


def _of_submitted(request: ReviewRequest) -> Mail:
    words = _words(request.article, request.submitted_by, request.note)
    subject = _("Waiting for review: %(title)s") % words
    text = _("%(who)s submitted “%(title)s” for review.\n%(note)s\n\n%(address)s\n")
    where = reverse("admin:articles_article_review", args=[request.article_id])
    to = _who_may("publish_article", but=request.submitted_by)
    return _mail(subject, text, words, where, to)


def _of_decided(request: ReviewRequest) -> Mail:
    words = _words(request.article, request.decided_by, request.reason)
    if request.state == ReviewRequest.State.APPROVED:
        subject = _("Published: %(title)s") % words
        text = _("%(who)s approved and published “%(title)s”.\n\n%(address)s\n")
    else:
        subject = _("Sent back: %(title)s") % words
        text = _("%(who)s sent “%(title)s” back:\n%(note)s\n\n%(address)s\n")
    where = reverse("admin:articles_article_change", args=[request.article_id])
    by = request.submitted_by
    to = [by] if by and by.pk != request.decided_by_id and by.is_active else []
    return _mail(subject, text, words, where, to)


def _of_reported(report: Report) -> Mail:
    words = _words(report.article, None, report.note or report.passage)
    words["kind"] = report.get_kind_display()
    subject = _("A reader's report: %(title)s") % words
    text = _("A reader reports of “%(title)s” (%(kind)s):\n%(note)s\n\n%(address)s\n")
    where = reverse("admin:articles_report_change", args=[report.pk])
    return _mail(subject, text, words, where, _who_may("change_report"))


KINDS: dict[str, tuple[type[ReviewRequest | Report], Callable]] = {
    "submitted": (ReviewRequest, _of_submitted),
    "decided": (ReviewRequest, _of_decided),
    "reported": (Report, _of_reported),
}
"""What is told of, by the name a worker knows it by: the row, and who writes the mail of it."""


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


def _mail(subject: str, text: str, words: dict, where: str, to: Iterable[User]) -> Mail:
    words = words | {"address": urljoin(settings.SITE_URL, where)}
    return Mail(subject, text % words, [user.email for user in to])


def _written(write: Callable[..., Mail], row: ReviewRequest | Report) -> Mail:
    """Return the mail, in the language of the library: who reads it is not who did it."""
    with override(settings.LANGUAGE_CODE):
        return write(row)


def _tell(kind: str, row: ReviewRequest | Report, key: str) -> None:
    """Send the mail once what it tells of is kept, and once only."""
    if not mails.is_set_up():
        return
    mail = _written(KINDS[kind][1], row)

    def hand_over() -> None:
        if mail.to and cache.add(f"notice-{key}", True, _ONCE):
            mails.beside(partial(_hand_over, Job("send_notice", f"--{kind}", str(row.pk)), mail))

    transaction.on_commit(hand_over, robust=True)


def _hand_over(job: Job, mail: Mail) -> None:
    """Let a worker send it, or send it here: where there is none, or its broker is away."""
    if settings.CELERY_BROKER_URL:
        try:
            launch(job)
        except OSError as error:
            logger.warning("No worker takes a mail, it goes out from here: %s", error)
        else:
            return
    mails.send(mail.subject, mail.text, mail.to)

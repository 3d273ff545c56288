"""One decision for many imports: one line of the log, and one undo for all of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from ..curation.audit import audit
from ..curation.policy import RELEASED, Deed, may
from ..models import Article, AuditEntry, Decision, SiteLine, Source
from . import decisions
from .site_lines import having, places_of

LEAVE, CUT, UNDO = "leave-kind", "cut-line", "undo-decisions"
"""Actions of the log."""

AT_ONCE = 500
"""Imports decided on in one request, some 10 ms each."""


@dataclass
class Done:
    """What became of a decision for many: its line of the log, and the articles left out."""

    entry: AuditEntry | None = None
    changed: int = 0
    skipped: list[str] = field(default_factory=list)


def leave_kind(articles: QuerySet[Article], kind: str, user) -> Done:
    """Leave the text as it is at all open flags of a kind that hold nothing back."""

    def leave(article: Article, **noted) -> list[Decision]:
        return decisions.settle_open(article, user, kind, **noted)

    wanted = articles.filter(source__flag_kinds__has_key=kind)
    return _each(wanted, user, LEAVE, {"kind": kind}, leave)


def cut_line(articles: QuerySet[Article], line: SiteLine, written: str, user) -> Done:
    """Cut a line wherever it stands in these imports; `written` so where it was cut."""

    def cut(article: Article, **noted) -> list[Decision]:
        places = places_of(Source.objects.defer("raw").get(article=article), line.key)
        noted["line"] = line.line
        return [decisions.cut(article, *place, user, **noted) for place in reversed(places)]

    return _each(having(articles, written), user, CUT, {"line": line.line}, cut)


def _each(
    articles: QuerySet[Article],
    user,
    action: str,
    told: dict,
    decide: Callable[..., list[Decision]],
) -> Done:
    """Decide on each of the articles, in the order of their keys, in one transaction."""
    if not may(user, Deed.PUBLISH_UNSEEN):
        articles = articles.exclude(status__in=RELEASED)
    done, together, changed = Done(), uuid4().hex, []
    with transaction.atomic():
        chosen = list(articles.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        held = Article.objects.filter(pk__in=chosen)
        held.lock()
        for article in held.order_by("pk"):
            try:
                with transaction.atomic():
                    if decide(article, together=together):
                        changed.append(article)
            except decisions.Refused:
                done.skipped.append(str(article))
        done.changed = len(changed)
        if changed:
            done.entry = audit(user, action, changed, after=told | {"together": together})
    return done


def can_be_undone(entry: AuditEntry) -> int:
    """Return of how many decisions that one line of the log tells of stand."""
    return _standing(entry).count()


def undo(entry: AuditEntry, user) -> Done:
    """Take back all decisions that one line of the log tells of and that still stand."""
    done = Done()
    with transaction.atomic():
        Article.objects.filter(pk__in=entry.ids).lock()
        undone = set()
        for decision in _standing(entry).select_related("source__article").order_by("-pk"):
            article = decision.source.article
            try:
                with transaction.atomic():
                    decisions.take_back(article, decision.pk, user)
            except decisions.Refused:
                done.skipped.append(str(article))
                continue
            undone.add(article)
        done.changed = len(undone)
        if undone:
            done.entry = audit(user, UNDO, undone, before=entry.after)
    return done


def _standing(entry: AuditEntry) -> QuerySet[Decision]:
    made = Decision.objects.standing().filter(source__article__in=entry.ids)
    return made.filter(finding__together=entry.after["together"])

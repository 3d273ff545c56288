"""Texts saved, and drafts over the texts that readers see.

Texts readers see are changed in one step: a draft over them is kept beside the row (`keep_draft`)
until `publish_draft` makes it the row. What was changed in the row meanwhile (a decision on its
import, a tag given to many) is not undone by that: a draft knows what stood when it was begun, and
is joined with what stands now (`joining`).

Whoever changes a text says which version was seen; it is compared under the lock, so that nothing
is published, discarded or written over that nobody looked at.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ..models import Article, Author, ReviewRequest, Revision, Source, Status, Tag
from ..models.redirect import as_now
from .answers import draft_is_gone, note_answers
from .audit import audit
from .joining import Joined, joined
from .pictures import note_shown
from .policy import RELEASED
from .publishing import over_flags
from .revisions import (
    KEPT_BY_RESTORE,
    Content,
    begin,
    content,
    draft_revision,
    fill,
    people,
    record,
    recorded,
    same,
    state,
    version,
)


class Overtaken(Exception):
    """What was seen is not what stands; nothing was done. The message says what to do."""


CHANGED = _("Somebody saved the article meanwhile. Nothing was done; look at it again.")
BOTH = _(
    "The draft and the text readers see were changed in the same place. Open the form, look at "
    "both and save the draft again; then it can be published."
)


@contextmanager
def as_seen(article: Article, seen: str) -> Iterator[Article]:
    """Lock an article and give it as it stands, if that is the version the caller saw; raise
    Overtaken where it is not. All in one transaction."""
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).lock()
        found = Article.objects.select_related("draft__text", "draft__created_by")
        standing = found.filter(pk=article.pk).first()
        if standing is None or version(standing) != seen:
            raise Overtaken(CHANGED)
        yield standing


def with_changes_below(article: Article) -> Joined:
    """Return what a draft comes to with all that was changed below it since it was begun."""
    if not hasattr(article, "overtaken"):
        version(article)
    base = _base_of(article) if article.overtaken else None
    if base is None:
        return Joined(article.draft.content)
    # What was merged since is the same on all three sides: no change of anybody's.
    return joined(as_now(base), state(article.pk), as_now(article.draft.content))


def _base_of(article: Article) -> Content | None:
    """Return what stood when the draft was begun; of one from before that was kept, what stood
    when it was saved last."""
    standing = article.revisions.filter(is_draft=False).select_related("text")
    number = article.draft.base
    found = standing.filter(number=number) if number else None
    base = (found and found.first()) or standing.filter(number__lt=article.draft.number).first()
    return base.content if base else None


def working_copy(article: Article) -> Content:
    """Return what curators work on: the draft over the text readers see, with what was changed
    below it since, or else the article."""
    return with_changes_below(article).content if article.draft_id else state(article.pk)


def save(
    article: Article,
    authors: list[Author],
    tags: list[Tag],
    user,
    kind: Revision.Kind,
    note: str = "",
    *,
    new: bool = False,
    over: Collection[str] = (),
) -> dict[str, dict]:
    """Save an article as it is in memory, with authors and tags; a draft over it is done with.

    The caller holds the article since it was read, or has it from `as_seen`. Flags of its import
    that it answers are settled by that. Returns what the log says of flags it is published over;
    raises Held where it is to be published and has blocking flags other than `over`.
    """
    published = article.status == Status.PUBLISHED and not new
    with transaction.atomic():
        if not new:
            Article.objects.filter(pk=article.pk).lock()  # before its source, as everybody does
            note_answers(article, authors, tags, user)
        told = over_flags(article.pk, over) if published else {}
        article.modified_by, article.draft = user, None
        if new:
            _write(article, authors, tags)
            record([article.pk], user, kind, note)
            ReviewRequest.objects.follow([article.pk], user, kind)
        else:
            with recorded([article.pk], user, kind, note):
                _write(article, authors, tags)
    return told


def _write(article: Article, authors: list[Author], tags: list[Tag]) -> None:
    article.save(with_index=False)
    article.set_tags(tags, with_index=False)
    article.set_authors(authors, with_index=False)
    article.make_findable()


def keep_draft(
    article: Article,
    wanted: Content,
    user,
    note: str = "",
    *,
    in_review: bool = False,
    kind: Revision.Kind = Revision.Kind.DRAFT,
    base: int | None = None,
) -> Revision | None:
    """Keep `wanted` beside the text readers see; None where it says nothing new.

    Neither the article's row nor what is made from it changes, but for the pointer to the draft.
    `base` is the number of the revision that `wanted` was begun from, where that is not what
    stands now.
    """
    status = Status.IN_REVIEW if in_review else Status.DRAFT
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).lock()
        standing = Article.objects.select_related("draft__text").get(pk=article.pk)
        note_shown(article, wanted["body"], wanted["cover_id"])
        wanted = wanted | {"status": status}
        now = standing.draft.content if standing.draft_id else state(article.pk)
        is_known = same(wanted, now if standing.draft_id else now | {"status": status})
        version(standing)
        if is_known and not standing.overtaken:  # saved as it was, it knows what stands now
            return None
        begin([article.pk])
        draft = draft_revision(article.pk, wanted, kind, note, user, base)
        Article.objects.filter(pk=article.pk).update(draft=draft)
        ReviewRequest.objects.follow([article.pk], user)
    article.draft = draft
    return draft


def change_draft(article: Article, changes: Content, user) -> None:
    """Change the draft over an article, by a decision on its import; it is begun from what it was
    and waits for whom it did."""
    draft = article.draft
    is_in_review, kind = draft.status == Status.IN_REVIEW, Revision.Kind.DECIDED
    wanted = draft.content | changes
    keep_draft(article, wanted, user, in_review=is_in_review, kind=kind, base=draft.base)


def publish_draft(
    article: Article,
    user,
    seen: str,
    note: str = "",
    *,
    logged_as: str = "publish-draft",
    over: Collection[str] = (),
) -> list[str]:
    """Put the draft in the place of the text readers see, in one step.

    Returns the names of authors and tags that are there no more. Raises Overtaken where something
    else stands than was seen, or both were changed in one place; Held where there are blocking
    flags other than `over`.
    """
    with as_seen(article, seen) as standing:
        if standing.draft is None:
            return []
        found = with_changes_below(standing)
        if found.both:
            raise Overtaken(BOTH)
        note = note or standing.draft.note
        fill(standing, found.content)
        standing.status = Status.PUBLISHED
        authors, tags, lost = people(found.content)
        told = save(standing, authors, tags, user, Revision.Kind.PUBLISHED, note, over=over)
        audit(user, logged_as, standing, after=told, note=note)
    return lost


def discard_draft(article: Article, user, seen: str) -> bool:
    """Let a draft go; it stays among the revisions, and can be restored."""
    with as_seen(article, seen) as standing:
        return _let_go(standing, user)


def _let_go(article: Article, user) -> bool:
    draft = article.draft
    if draft is None:
        return False
    Article.objects.filter(pk=article.pk).update(draft=None)
    draft_is_gone(Source.objects.only("written").filter(article=article).first())
    ReviewRequest.objects.follow([article.pk], user)
    audit(
        user, "discard-draft", article, note=str(_("Draft %(number)d") % {"number": draft.number})
    )
    return True


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a wish to restore: whether anything changed, and the names of authors and
    tags that are there no more."""

    changed: bool
    lost: list[str]


def restore(
    article: Article,
    revision: Revision,
    user,
    seen: str,
    note: str = "",
    *,
    at_once: bool,
    over: Collection[str] = (),
) -> Restored:
    """Let an article say again what it said, as a new revision; whether and when readers see it
    stays as it is.

    What was released gets it as a draft, unless `at_once`; then Held is raised as on publishing.
    """
    with as_seen(article, seen) as standing:
        as_draft = standing.status in RELEASED and not at_once
        now = working_copy(standing) if as_draft else state(standing.pk)
        wanted = revision.content | {name: now[name] for name in KEPT_BY_RESTORE}
        authors, tags, lost = people(wanted)
        fill(standing, wanted)
        wanted = content(standing, authors, tags)
        kind, told = Revision.Kind.RESTORED, {}
        if as_draft:
            changed = keep_draft(standing, wanted, user, note, kind=kind) is not None
        elif same(wanted, now):
            changed = _let_go(standing, user)
        else:
            told = save(standing, authors, tags, user, kind, note, over=over)
            changed = True
        if changed:
            audit(user, "restore-revision", standing, after=told, note=note)
    return Restored(changed, lost)

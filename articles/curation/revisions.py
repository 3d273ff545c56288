"""Revisions: what an article says, and the record of what it said.

Whatever changes an article does so inside `recorded`; `drafts` builds on that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Max, Q

from ..models import (
    Article,
    Author,
    Authorship,
    Picture,
    Redirect,
    ReviewRequest,
    Revision,
    RevisionText,
    Status,
    Tag,
    TaggedArticle,
)
from ..models.revision import TEXT
from ..text import html
from .happenings import What, tell

FIELDS = (
    *TEXT,
    *("stated_date", "date_precision", "date_is_upload", "source_name", "source_url", "genre"),
    *("cover_id", "original_script", "published_at", "expires_at", "status"),
)
KEPT_BY_RESTORE = ("published_at", "expires_at", "status")
"""When and whether readers see the article: no matter of its text."""

_BATCH = 200

Content = dict
"""A state as JSON: the FIELDS, `authors` in their order and `tags`, each [key, name, name_hant]."""


# States


def content(article: Article, authors: Iterable[Author], tags: Iterable[Tag]) -> Content:
    """Return what an article in memory says, with these authors and tags."""
    values = {name: _plain(getattr(article, name)) for name in FIELDS}
    values["body"] = html.sanitise(values["body"])
    return values | {
        "authors": [[author.pk, author.name, author.name_hant] for author in authors],
        "tags": sorted([tag.pk, tag.name, tag.name_hant] for tag in tags),
    }


def state(article_id: int) -> Content:
    """Return what an article says in the database now."""
    return _states([article_id])[article_id]


def _states(article_ids: Sequence[int]) -> dict[int, Content]:
    found: dict[int, Content] = {}
    for pk, *values in Article.objects.filter(pk__in=article_ids).values_list("pk", *FIELDS):
        plain = dict(zip(FIELDS, map(_plain, values), strict=True))
        found[pk] = plain | {"authors": [], "tags": []}
    signed = Authorship.objects.filter(article__in=article_ids).order_by("position", "pk")
    for pk, *author in signed.values_list(
        "article_id", "author_id", "author__name", "author__name_hant"
    ):
        found[pk]["authors"].append(author)
    tagged = TaggedArticle.objects.filter(content_object__in=article_ids).order_by("tag_id")
    for pk, *tag in tagged.values_list(
        "content_object_id", "tag_id", "tag__name", "tag__name_hant"
    ):
        found[pk]["tags"].append(tag)
    return found


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def same(one: Content, other: Content) -> bool:
    """Tell whether two states say the same; a renamed author or tag is the same one."""
    return not changed(one, other)


def changed(one: Content, other: Content) -> list[str]:
    """Return the names of what differs."""
    return [name for name in one if _compared(name, one[name]) != _compared(name, other[name])]


def _compared(name: str, value):
    if name in ("authors", "tags"):
        return [key for key, *_names in value]
    return str(value) if name == "status" else value


def fill(article: Article, state: Content, *, leave: Sequence[str] = ("status",)) -> None:
    """Let an article in memory say what `state` says, but for what is to be left."""
    for name in FIELDS:
        if name in leave:
            continue
        value = state[name]
        if value and name in ("published_at", "expires_at"):
            value = datetime.fromisoformat(value)
        elif value and name == "stated_date":
            value = date.fromisoformat(value)
        elif value and name == "cover_id" and not Picture.objects.filter(pk=value).exists():
            value = None
        setattr(article, name, value)


def people(state: Content) -> tuple[list[Author], list[Tag], list[str]]:
    """Return the authors and tags of a state, and the names of those there are no more.

    What was merged into another since is that other.
    """
    known = _standing(Author, [key for key, *_names in state["authors"]])
    tags = _standing(Tag, [key for key, *_names in state["tags"]])
    signers, terms, lost = [], [], []
    for key, name, name_hant in state["authors"]:
        author = known.get(key) or Author.objects.filter(name=name).first()
        (signers if author else lost).append(author or name_hant)
    for key, name, name_hant in state["tags"]:
        tag = tags.get(key) or Tag.objects.named(name)
        (terms if tag else lost).append(tag or name_hant)
    return list(dict.fromkeys(signers)), list(dict.fromkeys(terms)), lost


def _standing(model: type[Author | Tag], keys: list[int]) -> dict[int, Author | Tag]:
    """Return the rows of these keys, or those they were merged into."""
    moved = Redirect.objects.moved(model, keys)
    rows = model.objects.in_bulk({moved.get(key, key) for key in keys})
    found = {key: rows.get(key) or rows.get(moved.get(key)) for key in keys}
    return {key: row for key, row in found.items() if row}


# The record


@contextmanager
def recorded(
    article_ids: Iterable[int],
    user,
    kind: Revision.Kind,
    note: str = "",
    *,
    what: What | None = None,
) -> Iterator[None]:
    """Keep what becomes of these articles inside: nobody else changes them meanwhile, and of one
    without revisions, what it said before is kept too.

    `what` is told to have happened, where it is more than that they were published, withdrawn or
    changed.
    """
    chosen = sorted(set(article_ids))
    with transaction.atomic():
        held = Article.objects.filter(pk__in=chosen).order_by("pk").select_for_update(no_key=True)
        before = dict(held.values_list("pk", "status"))
        begin(chosen)
        yield
        record(chosen, user, kind, note, before=before, what=what)
        for some in _batches(chosen):
            ReviewRequest.objects.follow(some, user, kind)


def begin(article_ids: Sequence[int]) -> None:
    """Keep what articles say that have no revision yet."""
    for some in _batches(article_ids):
        begun = Revision.objects.filter(article__in=some).values("article")
        new = Article.objects.filter(pk__in=some).exclude(pk__in=begun)
        touched = {
            pk: (by, at) for pk, by, at in new.values_list("pk", "modified_by", "modified_at")
        }
        if touched:
            states = _states(list(touched))
            texts = {pk: RevisionText.of(pk, states[pk]) for pk in states}
            RevisionText.objects.bulk_create(texts.values())
            Revision.objects.bulk_create(
                _revision(pk, 1, states[pk], texts[pk], Revision.Kind.BEFORE, "", by, at)
                for pk, (by, at) in touched.items()
            )


def record(
    article_ids: Iterable[int],
    user,
    kind: Revision.Kind,
    note: str = "",
    *,
    before: Mapping[int, str] | None = None,
    what: What | None = None,
) -> None:
    """Keep what these articles say now, of each where that is something new, and tell of it.

    `before` holds the statuses they had.
    """
    happened = defaultdict(list)
    for some in _batches(sorted(set(article_ids))):
        states = _states(some)
        latest = defaultdict(list)
        for revision in Revision.objects.latest_of(some).select_related("text"):
            latest[revision.article_id].append(revision)  # the newest first
        texts, revisions = [], []
        for pk, now in states.items():
            standing = next((one for one in latest[pk] if not one.is_draft), None)
            if standing and same(now, standing.content):
                continue
            text = _shared(latest[pk], now)
            if text is None:
                text = RevisionText.of(pk, now)
                texts.append(text)
            number = latest[pk][0].number + 1 if latest[pk] else 1
            by = user.pk if user else None
            revisions.append(_revision(pk, number, now, text, kind, note, by))
            happened[what or change_of((before or {}).get(pk), now["status"])].append(pk)
        RevisionText.objects.bulk_create(texts)
        Revision.objects.bulk_create(revisions)
    for each, keys in happened.items():
        tell(each, keys)


def change_of(before: str | None, now: str) -> What:
    """Return what a change of status comes to."""
    if (before == Status.PUBLISHED) == (now == Status.PUBLISHED):
        return What.CHANGED
    return What.PUBLISHED if now == Status.PUBLISHED else What.WITHDRAWN


def _shared(latest: Iterable[Revision], now: Content) -> RevisionText | None:
    """Return the text of a revision that says the same."""
    wanted = {name: now[name] for name in TEXT}
    return next((one.text for one in latest if one.text.text == wanted), None)


def _revision(pk, number, now: Content, text, kind, note, by, at=None) -> Revision:
    facts = {name: value for name, value in now.items() if name not in (*TEXT, "status")}
    revision = Revision(
        article_id=pk,
        number=number,
        kind=kind,
        status=now["status"],
        text=text,
        facts=facts,
        note=note[:300],
        created_by_id=by,
    )
    if at:
        revision.created_at = at
    return revision


def draft_revision(
    article_id: int, wanted: Content, kind: Revision.Kind, note: str, user, base: int | None = None
) -> Revision:
    """Keep a draft over an article; `base` is the number of the revision it was begun from, or
    what stands now is."""
    latest = list(Revision.objects.latest_of([article_id]).select_related("text"))
    text = _shared(latest, wanted) or RevisionText.of(article_id, wanted)
    if text._state.adding:
        text.save()
    standing = next(one.number for one in latest if not one.is_draft)
    number = latest[0].number + 1
    draft = _revision(article_id, number, wanted, text, kind, note, user.pk if user else None)
    draft.is_draft, draft.base = True, base or standing
    draft.save()
    return draft


def by_itself(article: Article, user) -> Revision | None:
    """Return the newest revision of an article if it was saved by itself for this person."""
    newest = article.revisions.select_related("text").first()
    is_own = newest and newest.kind == Revision.Kind.BY_ITSELF and newest.created_by_id == user.pk
    return newest if is_own else None


def join_by_itself(article: Article, user) -> None:
    """Let what was saved by itself, one after the other, be one revision: the newest."""
    if newest := by_itself(article, user):
        gone = list(Revision.objects.replaced(newest).values_list("pk", "text_id"))
        Revision.objects.filter(pk__in=[pk for pk, _text in gone]).delete()
        RevisionText.objects.filter(pk__in={text for _pk, text in gone}, revisions=None).delete()


def saved_by_hand(article: Article, user, kind: Revision.Kind, note: str) -> bool:
    """Let what was saved by itself count as saved by its author, who says so now."""
    newest = by_itself(article, user)
    if newest is None:
        return False
    Revision.objects.filter(pk=newest.pk).update(kind=kind, note=note[:300])
    return True


def _batches(article_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(article_ids), _BATCH):
        yield article_ids[start : start + _BATCH]


# Versions


def version(article: Article) -> str:
    """Return what identifies the state an article's form was made from: its newest revision, the
    one shown, and the time of the row's last change.

    It also notes on the article whether it is `overtaken`: whether the text below its draft was
    changed since the draft was begun.
    """
    found = article.revisions.aggregate(
        newest=Max("number"), standing=Max("number", filter=Q(is_draft=False))
    )
    begun = article.draft_id and (article.draft.base or article.draft.number)
    article.overtaken = bool(begun and found["standing"] and found["standing"] > begun)
    shown = article.draft.number if article.draft_id else found["standing"]
    stamp = article.modified_at.astimezone(UTC)
    return f"{found['newest'] or 0}.{shown or 0}-{stamp:%Y%m%d%H%M%S%f}"


def shown_at(article: Article, token: str) -> Content | None:
    """Return what the form showed whose version this is; None where that is not known."""
    shown = token.partition("-")[0].partition(".")[2]
    if not (shown.isascii() and shown.isdigit() and len(shown) < 9):
        return None
    # A form made before there was any revision showed what became the first.
    wanted = {"number": int(shown)} if int(shown) else {"number": 1, "kind": Revision.Kind.BEFORE}
    revision = article.revisions.filter(**wanted).select_related("text").first()
    return revision.content if revision else None


def current(article: Article, user) -> Revision:
    """Return the revision curators work on: the draft, or else what the article says, which is
    kept now where nothing was changed yet."""
    if article.draft_id:
        return article.draft
    standing = article.revisions.filter(is_draft=False).select_related("text")
    found = standing.first()
    if found is None:
        with recorded([article.pk], user, Revision.Kind.BEFORE):
            pass  # what it says before any change is kept
        found = standing.first()
    return found

"""Drafts, for who has a token: read, begun and changed by the same services as the desk's.

Nothing here publishes. Of what was released a draft is kept over what readers see; what nobody has
released is changed itself, and waits at the desk as ever.
"""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import override

from portal.transactions import retried

from ..curation import drafts, revisions
from ..curation.audit import audit
from ..curation.policy import RELEASED, Deed, may
from ..models import Article, Author, Revision, Status, Tag
from ..models.redirect import at_address
from ..text import html
from . import idempotency
from .calls import Answer, Call
from .parameters import cursor_of, numbers_of
from .problems import Problem, not_found
from .writable import REQUIRED, read

_ADD = "articles.add_article"
_WRITTEN = ("title", "summary", "body", "date_precision", "date_is_upload", "source_name",
            "source_url", "genre", "original_script")  # fmt: skip
_CHECKED = {*_WRITTEN, "stated_date"} - {"original_script"}
_NOT_WRITTEN = {field.name for field in Article._meta.fields} - _CHECKED
_LOOK_AGAIN = (
    "Somebody saved the article since you read it. Nothing was done: read /api/v1/drafts/{id} "
    "again."
)


def _allowed(is_allowed: bool) -> None:
    if not is_allowed:
        raise Problem(403, "The account the token acts for may not do this.")


def drafts_listed(call: Call) -> Answer:
    """What curators work on, the newest article first: what is not published, and drafts over what
    is."""
    _allowed(call.user.has_perm("articles.view_article"))
    rows = Article.objects.outside_bin().order_by("-pk").select_related("draft")
    rows = rows.exclude(status=Status.PUBLISHED, draft=None)
    if before := numbers_of("drafts", call.asked.get("cursor")):
        rows = rows.filter(pk__lt=before[0])
    limit = call.asked["limit"]
    found = list(rows.only("title", "status", "modified_at", "draft__created_at")[: limit + 1])
    items = [
        {
            "id": one.pk,
            "title": one.title,
            "status": str(one.status),
            "has_draft_over_it": one.draft_id is not None,
            "modified_at": (one.draft.created_at if one.draft else one.modified_at).isoformat(),
        }
        for one in found[:limit]
    ]
    following = cursor_of("drafts", found[limit - 1].pk) if len(found) > limit else None
    return Answer({"items": items, "next": following})


def draft(call: Call, pk: str) -> Answer:
    """One article as curators work on it, in the script it was written in, with its version."""
    _allowed(call.user.has_perm("articles.view_article"))
    return _shown(_standing(pk))


def _standing(pk: str | int) -> Article:
    rows = Article.objects.outside_bin().select_related("draft__text", "draft__created_by")
    found = rows.filter(pk=int(pk)).first()
    if found is None:
        raise not_found("There is no such article.")
    return found


def _told(article: Article, status: int = 200) -> Answer:
    """Answer who wrote: where it stands now. What it says takes the scope to read it."""
    seen = revisions.version(article)
    content = {
        "id": article.pk,
        "version": seen,
        "status": str(article.status),
        "has_draft_over_it": article.draft_id is not None,
    }
    headers = {"ETag": f'"{seen}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/drafts/{article.pk}"
    return Answer(content, status, headers)


def _shown(article: Article) -> Answer:
    answer = _told(article)
    said = drafts.working_copy(article)
    slugs = {}
    for name, model in (("authors", Author), ("tags", Tag)):
        rows = model.objects.filter(pk__in=[key for key, *_ in said[name]])
        slugs[name] = dict(rows.values_list("pk", "slug"))
    answer.content |= {
        **{name: said[name] for name in (*_WRITTEN, "stated_date")},
        **{name: [known[key] for key, *_ in said[name] if key in known]
           for name, known in slugs.items()},
    }  # fmt: skip
    return answer


def begin(call: Call) -> Answer:
    """Begin an article: a draft, which nobody but curators sees. With a key it is begun once,
    however often the request is sent."""
    _allowed(call.user.has_perm(_ADD) and may(call.user, Deed.EDIT))
    said = read(call.request, required=REQUIRED)

    def write() -> Answer:
        if answer := idempotency.kept(call):
            return answer
        article = Article(created_by=call.user)
        authors, tags = _write(article, said, [], [])
        note = _note(call, said)
        drafts.save(article, authors, tags, call.user, Revision.Kind.SAVED, note, new=True)
        audit(call.user, "add", article, after=said, note=note)
        answer = _told(_standing(article.pk), 201)
        idempotency.keep(call, answer)
        return answer

    return retried(write, also=(IntegrityError,))


def change(call: Call, pk: str) -> Answer:
    """Change what curators work on of an article, if it is what the program has seen."""
    _allowed(may(call.user, Deed.EDIT))
    seen = _seen(call)
    said = read(call.request)
    retried(lambda: _change(call, _standing(pk), seen, said))
    return _told(_standing(pk))


def _seen(call: Call) -> str:
    told = call.request.headers.get("If-Match", "").strip()
    if not told:
        raise Problem(428, "Send If-Match with the ETag of /api/v1/drafts/{id}.")
    found = re.fullmatch(r'(?:W/)?"([^"]{1,100})"', told)
    if found is None:
        raise Problem(400, "If-Match is to be one ETag: that of /api/v1/drafts/{id}.")
    return found[1]


def _change(call: Call, article: Article, seen: str, said: dict) -> None:
    user, note = call.user, _note(call, said)
    try:
        with drafts.as_seen(article, seen) as standing:
            if standing.deleted_at is not None:
                raise not_found("There is no such article.")
            if standing.draft_id and drafts.with_changes_below(standing).both:
                raise Problem(409, str(drafts.BOTH))
            _allowed(standing.status in RELEASED or may(user, Deed.WRITE, standing))
            before = drafts.working_copy(standing)
            revisions.fill(standing, before)
            authors, tags, _lost = revisions.people(before)
            authors, tags = _write(standing, said, authors, tags)
            wanted = revisions.content(standing, authors, tags)
            is_draft = standing.status in RELEASED
            if is_draft:
                in_review = bool(standing.draft and standing.draft.status == Status.IN_REVIEW)
                kept = drafts.keep_draft(standing, wanted, user, note, in_review=in_review)
                changed = kept is not None
            elif changed := not revisions.same(wanted, before):
                drafts.save(standing, authors, tags, user, Revision.Kind.SAVED, note)
            if changed:
                names = revisions.changed(before, wanted)
                old, new = ({name: one[name] for name in names} for one in (before, wanted))
                audit(user, "draft" if is_draft else "change", standing, old, new, note)
    except drafts.Overtaken as error:
        raise Problem(412, _LOOK_AGAIN) from error


def _note(call: Call, said: dict) -> str:
    """Return what the revision and the log say of it: which program did it, and what it says."""
    return "：".join(filter(None, (f"API {call.token.name}", said.get("note", ""))))[:300]


def _write(
    article: Article, said: dict, authors: list[Author], tags: list[Tag]
) -> tuple[list[Author], list[Tag]]:
    """Let an article in memory say what a program says; return its authors and tags. Raises Problem
    with what is wrong, by field."""
    errors: dict[str, list[str]] = {}
    for name in _WRITTEN:
        if name in said:
            setattr(article, name, said[name])
    article.title = article.title.strip()
    if not article.title:
        errors["title"] = ["It is empty."]
    article.summary = article.summary.replace("\r\n", "\n")
    article.body = html.sanitise(article.body)
    if not (html.plain_text(article.body).strip() or "<img" in article.body):
        errors["body"] = ["Of this nothing is left to read."]
    if "stated_date" in said:
        try:
            article.stated_date = said["stated_date"] and date.fromisoformat(said["stated_date"])
        except ValueError:
            errors["stated_date"] = ["There is no such day."]
    if said.get("date_precision") and not article.stated_date:
        errors["date_precision"] = ["A precision needs a date."]
    if "authors" in said:
        authors = _found(Author, said["authors"], "authors", errors)
    if "tags" in said:
        tags = _found(Tag, said["tags"], "tags", errors)
    try:
        with override("en"):
            article.full_clean(exclude=_NOT_WRITTEN)
    except ValidationError as error:
        told = {name: why for name, why in error.message_dict.items() if name in _CHECKED}
        errors = told | errors
    if errors:
        raise Problem(422, "Some fields cannot be kept so.", errors=errors)
    return authors, tags


def _found(
    model: type[Author | Tag], slugs: list[str], name: str, errors: dict[str, list[str]]
) -> list:
    found = {slug: at_address(model, slug)[0] for slug in dict.fromkeys(slugs)}
    if unknown := [slug for slug, one in found.items() if one is None]:
        errors[name] = [f"There is no “{slug}”." for slug in unknown[:5]]
    return list(dict.fromkeys(one for one in found.values() if one is not None))

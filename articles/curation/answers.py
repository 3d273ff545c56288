"""What a changed article says to the flags of its import.

Whoever fills in a field or repairs the text in the form has answered the flag on it: that is put on
record as a decision. Where what was flagged comes back, by an older revision, a draft or a field
emptied, the flag counts again.
"""

from functools import cached_property

from django.utils import timezone

from ..importing.edits import Edit, EditError, apply, in_order
from ..models import Article, Author, Decision, Redirect, Source, Tag
from ..models.source import token
from ..text import html
from ..text.alignment import Alignment
from .revisions import Content, content, state

TITLE, AUTHORS, DATE, SOURCE = "title", "authors", "stated_date", "source_name"

FIELD_OF = {
    "missing-title": TITLE,
    "doubtful-title": TITLE,
    "missing-author": AUTHORS,
    "doubtful-author": AUTHORS,
    "missing-date": DATE,
    "doubtful-date": DATE,
    "upload-date": DATE,
    "missing-source": SOURCE,
    "doubtful-source": SOURCE,
}
"""The field of the article a flag on the whole page is about: its candidates are no text of the
body, but fill in that field."""

BESIDE = "beside"
"""Says in what a source has `written` that it was written into a draft over the article."""

COLUMNS = {
    TITLE: ("title",),
    AUTHORS: ("authors",),
    DATE: ("stated_date", "date_precision", "date_is_upload"),
    SOURCE: ("source_name",),
}

_ANSWERS = (Decision.Action.ACCEPT, Decision.Action.FORM, Decision.Action.TABLE)
"""Decisions that say what belongs there, not that it may stay as it is."""

_LONG, _SHOWN = 40, 300
"""Characters of a flagged stretch from which on more than a word of it has to change; of an answer
that are kept for the list of decisions."""


def note_answers(article: Article, authors: list[Author], tags: list[Tag], user) -> None:
    """Settle the flags answered by what an article is about to say, as it is in memory with these
    authors and tags, and open those again whose answer it says no more. The caller holds it."""
    source = Source.objects.select_for_update(of=("self",), no_key=True).defer("raw")
    source = source.filter(article=article.pk).first()
    if source is None:
        return
    draft_is_gone(source)
    if not source.flags:
        return
    was, now = state(article.pk), content(article, authors, tags)
    decisions = {decision.pk: decision for decision in source.decisions.standing()}
    change = _Change(source, was["body"], now["body"])
    changed = False
    for flag in source.flags:
        field = FIELD_OF.get(flag["kind"])
        decision = decisions.get(flag.get("settled"))
        if field:
            answer = _in_field(source, field, was, now)
        elif flag["end"] and change.is_any:
            answer = change.back(flag, decision) if decision else change.answer(flag)
        else:
            continue
        if answer is None or (answer and flag.get("settled")):
            continue
        if answer:
            flag["settled"] = source.decisions.create(
                action=Decision.Action.FORM, finding=dict(flag), text=answer[:_SHOWN], by=user
            ).pk
        elif decision and decision.action in _ANSWERS:
            _open_again(source, flag, decision, user)
        else:
            continue
        changed = True
    if changed:
        source.tally()
        counts = ("edit_count", "edit_kinds", "flag_count", "flag_kinds", "blocking_count")
        source.save(update_fields=["edits", "flags", *counts])


def draft_is_gone(source: Source | None) -> None:
    """Note that the draft over an article, which may have been an update, is so no more."""
    if source is not None and source.written.pop(BESIDE, None):
        source.save(update_fields=["written"])


def _in_field(source: Source, field: str, was: Content, now: Content) -> str | None:
    """Return what a field says now that was changed; empty where it says nothing, or what the
    importer had put there, None where it was not changed."""
    then, says = _values(was, field), _values(now, field)
    if then == says:
        return None
    imported = [source.written.get(name) for name in COLUMNS[field]]
    if field == AUTHORS:
        keys = imported[0] or []
        moved = Redirect.objects.moved(Author, keys)
        imported = [list(dict.fromkeys(moved.get(key, key) for key in keys))]
    if not says[0] or says == imported:
        return ""
    if field == AUTHORS:
        return "、".join(name_hant or name for _key, name, name_hant in now[AUTHORS])
    return str(says[0])


def _values(content: Content, field: str) -> list:
    values = [content[name] for name in COLUMNS[field]]
    return [[key for key, *_names in values[0]]] if field == AUTHORS else values


class _Change:
    """A body that is about to become another, beside the text of its source."""

    def __init__(self, source: Source, was: str, now: str):
        self.source, self.is_any = source, was != now
        self._bodies = was, now

    @cached_property
    def was(self) -> str:
        return html.plain_text(self._bodies[0])

    @cached_property
    def now(self) -> str:
        return html.plain_text(self._bodies[1])

    @cached_property
    def edits(self) -> list[Edit]:
        return [Edit(**edit) for edit in self.source.edits]

    @cached_property
    def clean(self) -> str:
        return apply(self.source.text, self.edits)

    @cached_property
    def before(self) -> Alignment:
        return Alignment(self.clean, self.was)

    @cached_property
    def between(self) -> Alignment:
        return Alignment(self.was, self.now)

    def answer(self, flag: dict) -> str | None:
        """Return what stands in the place of a flagged stretch that was changed; None where it was
        not, or is not found."""
        place = self.before.place(*_in_clean(self.edits, flag))
        if place is None or place[0] == place[1] or self.between.place(*place):
            return None
        start, end = place
        kept = self.between.kept(start, end)
        if kept == end - start or (end - start > _LONG and kept * 2 > end - start):
            return None
        around = self.was[max(0, start - 4) : end + 4]
        if self.now.count(around) >= self.was.count(around):
            return None  # it only moved
        return self.between.beside(start, end) or "–"

    def back(self, flag: dict, decision: Decision) -> str | None:
        """Return empty where what was flagged, and answered, stands in the body again."""
        start, end = flag["start"], flag["end"]
        going = set(map(token, decision.added))
        edits = [Edit(**edit) for edit in self.source.edits if token(edit) not in going]
        edits += [Edit(**edit) for edit in decision.removed]
        try:
            clean = apply(self.source.text, edits)
        except EditError:
            return None
        start, end = _in_clean(edits, flag)
        wanted = [clean[start:end]] if end - start > 1 else []
        wanted += [clean[max(0, start - 4) : end], clean[start : end + 4]]
        if start == end:
            return None
        is_back = any(self.now.count(one) > self.was.count(one) for one in wanted)
        return "" if is_back else None


def _in_clean(edits: list[Edit], flag: dict) -> tuple[int, int]:
    """Return where a flagged stretch of the source stands in the clean text."""
    start, end = flag["start"], flag["end"]
    for edit in edits:
        grown = len(edit.after) - len(edit.before)
        if edit.end <= flag["start"]:
            start, end = start + grown, end + grown
        elif edit.start < flag["end"]:
            end += grown
    return start, end


def _open_again(source: Source, flag: dict, decision: Decision, user) -> None:
    going = set(map(token, decision.added))
    edits = [Edit(**edit) for edit in source.edits if token(edit) not in going]
    try:
        edits = in_order(source.text, [*edits, *(Edit(**edit) for edit in decision.removed)])
    except EditError:
        return  # another decision stands on it
    source.edits = [edit.as_json() for edit in edits]
    del flag["settled"]
    decision.undone_by, decision.undone_at = user, timezone.now()
    decision.save(update_fields=["undone_by", "undone_at"])

"""The table before an import: what is shown of each file there, and what a curator decides in it.

Nothing is stored yet but what was typed. On import a value typed here goes over what the importer
read, in the transaction that stores the article, and answers the flags on that field.
"""

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from ..curation.answers import AUTHORS, DATE, FIELD_OF, SOURCE, TITLE
from ..curation.publishing import move
from ..curation.revisions import recorded
from ..importing.draft import Draft
from ..models import Article, Decision, ImportRun, Revision, RunFile, Source, Status
from . import library
from .fields_by_hand import Refused, state_all, stated
from .import_loop import Result

FIELDS = (TITLE, AUTHORS, DATE, SOURCE)
"""Fields of the table, as they stand in it."""

_CUT_KINDS = ("boilerplate", "contents", "duplicate-body")
"""Kinds of edits that take lines out."""

_BEGINS, _CUTS, _CUT = 80, 12, 80
"""Characters shown of a body; lines shown of those that were cut, and characters of each."""

_WEIGHTS = {"failed": 1000, "like": 500, "blocking": 100, "field": 20, "other": 1}
"""How much a file is to be looked at: one that is lost most, then one that may go to the wrong
article, then what holds back, fields in doubt, and any other flag."""

LEFT_OUT = "left out in the table before the import"


def row_of(result: Result, source: Source | None = None) -> dict:
    """Return what is kept of one file's result; of one for which something was typed, `source` is
    what became of its article."""
    drafted, draft = result.drafted, result.drafted.draft
    refusal = drafted.refusal
    fields = {
        "path": drafted.file.path[-1000:],
        "outcome": result.outcome,
        "article_id": result.article.pk if result.article else None,
        "note": result.note,
        "error": result.error,
        "refusal": [refusal.code, refusal.values] if refusal else [],
        "like": result.like,
    }
    if draft is None:
        return fields | {"weight": _WEIGHTS["failed"]}
    flags = _flags(result, draft, source)
    cut = _cut_lines(draft)
    return fields | {
        "title": draft.title[:200],
        "authors": "、".join(draft.authors)[:300],
        "stated_date": draft.stated_date,
        "stated": draft.date_as_stated,
        "source_name": draft.source_name[:120],
        "begins": _beginning(draft),
        "cut": cut[:_CUTS],
        "cut_count": len(cut),
        "edit_kinds": Counter(edit.kind for edit in draft.edits),
        "flag_kinds": Counter(flag["kind"] for flag in flags),
        "doubts": _doubts(flags),
        "weight": _weight(result, flags),
    }


def _flags(result: Result, draft: Draft, source: Source | None) -> list[dict]:
    """Return the flags a file leaves open; of a dry run with those on what is like it, which are
    derived of what is imported."""
    if result.outcome not in (library.CREATED, library.UPDATED):
        return [flag.as_json() for flag in draft.flags]
    source = source or result.stored.article.source
    flags = [flag for _number, flag in source.open_flags()]
    similar = [flag.as_json() for flag in result.stored.similar] if result.dry_run else []
    return [*flags, *similar]


def _doubts(flags: list[dict]) -> dict[str, dict]:
    """Return the flag on each field that has one, the gravest: its kind, whether it blocks, and
    the readings there are."""
    found: dict[str, dict] = {}
    for flag in flags:
        field = FIELD_OF.get(flag["kind"])
        if field and (field not in found or flag["blocking"] > found[field]["blocking"]):
            found[field] = {name: flag[name] for name in ("kind", "blocking", "message")}
            found[field]["candidates"] = list(flag["candidates"])[:3]
    return found


def _weight(result: Result, flags: list[dict]) -> int:
    if result.outcome == library.FAILED:
        return _WEIGHTS["failed"]
    if result.outcome == library.DUPLICATE or (result.outcome == "unchanged" and not result.like):
        return 0
    weight = _WEIGHTS["like"] if result.like else 0
    for flag in flags:
        is_field = flag["kind"] in FIELD_OF
        weight += _WEIGHTS["blocking" if flag["blocking"] else "field" if is_field else "other"]
    return min(weight, _WEIGHTS["failed"] - 1)


def _beginning(draft: Draft) -> str:
    text = " ".join(block.text for block in draft.blocks if not block.level)[: 4 * _BEGINS]
    return " ".join(text.split())[:_BEGINS]


def _cut_lines(draft: Draft) -> list[str]:
    """Return the lines that were taken out of the text, as they stood."""
    lines = []
    for edit in draft.edits:
        if edit.kind in _CUT_KINDS and not edit.after.strip():
            lines += [line.strip()[:_CUT] for line in edit.before.split("\n") if _says(line)]
    return lines


def _says(line: str) -> bool:
    return sum(character.isalnum() for character in line) > 1


# What is decided


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of one file, and what the page showed: values by field, fields that are
    right as they stand, and the choice."""

    values: dict[str, str]
    right: frozenset[str]
    choice: str

    def of(self, field: str) -> tuple[str, bool]:
        """Return a field's value, in one line, and whether it was said to be right."""
        return _one_line(self.values[field]), field in self.right


def standing(file: RunFile) -> Wish:
    """Return what the table says of a file now."""
    values = {field: _value(file, field) for field in FIELDS}
    right = frozenset(field for field, one in file.typed.items() if one[0] == _read(file, field))
    return Wish(values, right, file.choice)


def _value(file: RunFile, field: str) -> str:
    return file.typed[field][0] if field in file.typed else _read(file, field)


def _read(file: RunFile, field: str) -> str:
    """Return what the importer read."""
    return getattr(file, {DATE: "stated"}.get(field, field))


class Overtaken(Refused):
    """Somebody else has typed something there meanwhile."""


def decide(file: RunFile, seen: Wish, wanted: Wish, user) -> list[tuple[str, Refused]]:
    """Note what was typed for a file since the page was `seen`; return the fields that were
    refused, with why. The caller holds the run, and saves the file."""
    now, refused = standing(file), []
    for field in FIELDS:
        was, stands, value = seen.of(field), now.of(field), wanted.of(field)
        if value == was:
            continue
        if stands not in (was, value):
            refused.append((field, Overtaken(stands[0])))
            continue
        try:
            _note(file, field, *value, user)
        except Refused as why:
            refused.append((field, why))
    if wanted.choice != seen.choice:
        if now.choice not in (seen.choice, wanted.choice):
            refused.append(("choice", Overtaken(file.get_choice_display())))
        elif wanted.choice in choices_of(file):
            file.choice = wanted.choice
    return refused


def choices_of(file: RunFile) -> list[str]:
    """Return what may be chosen for a file, besides what the whole upload does."""
    if file.outcome not in (library.CREATED, library.UPDATED) and not file.like:
        return [""]
    known = [RunFile.Choice.UPDATE, RunFile.Choice.NEW] if file.like else []
    return ["", *known, RunFile.Choice.LEAVE]


def _note(file: RunFile, field: str, value: str, is_right: bool, user) -> None:
    if value == _one_line(_read(file, field)):
        if not is_right:
            file.typed.pop(field, None)
            return
        value = _read(file, field)
    elif not value and field == TITLE:
        raise Refused(_("An article needs a title."))
    elif value and field == DATE:
        stated(field, value)
    file.typed[field] = [value, user.pk]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def may_update(run: ImportRun) -> bool:
    """Tell whether a file of the run is to update an article."""
    return run.files.filter(choice=RunFile.Choice.UPDATE).exists()


# What becomes of it


def will_import(files) -> int:
    """Return how many of a run's files will make or change an article."""
    changed = files.filter(outcome__in=(library.CREATED, library.UPDATED)).exclude(
        choice=RunFile.Choice.LEAVE
    )
    return (changed | files.filter(choice__in=(RunFile.Choice.UPDATE, RunFile.Choice.NEW))).count()


def way_of(file: RunFile) -> tuple[str, int | None]:
    """Return what to do on a conflict with a file, and the article it updates."""
    if file.choice == RunFile.Choice.UPDATE:
        return library.UPDATE, file.like
    return library.NEW, None


def put_in(article: Article, file: RunFile, *, publish: bool) -> Source:
    """Put what was typed for a file into the article it was stored as; the flags on these fields
    are answered by that. Where nothing blocks any more it is published, if that is asked.

    Called in the transaction that stored it, by which it is held.
    """
    users = get_user_model().objects.in_bulk({by for _text, by in file.typed.values()})
    user = next((users[by] for _text, by in file.typed.values() if by in users), None)
    texts = {field: text for field, (text, _by) in file.typed.items()}
    others = {field: text for field, text in texts.items() if text != _read(file, field)}
    source = Source.objects.select_related("article__draft__text").defer("raw")
    source = source.get(article=article)
    was = {}
    if others:
        with recorded([article.pk], user, Revision.Kind.DECIDED):
            was = state_all(source, others, user)
    for flag in source.flags:
        field = FIELD_OF.get(flag["kind"])
        if field in texts and not flag.get("settled"):
            decision = source.decisions.create(
                action=Decision.Action.TABLE,
                finding=flag | ({"was": was[field]} if field in was else {}),
                text=texts[field],
                by=users.get(file.typed[field][1]),
            )
            flag["settled"] = decision.pk
    source.tally()
    counts = ("edit_count", "edit_kinds", "flag_count", "flag_kinds", "blocking_count")
    source.save(update_fields=["flags", *counts])
    if publish and source.article.status == Status.DRAFT and not source.blocking_count:
        move(Article.objects.filter(pk=article.pk), Status.PUBLISHED, user)
    return source

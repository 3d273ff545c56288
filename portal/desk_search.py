"""Finding anything the desk keeps by some of its name, its number or its address on the site."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlencode, urlsplit

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models import Article, ImportRun
from articles.search.titled_first import in_either_script, titled_first

from .person_names import person_name

SHOWN = 8
"""How many of a kind are shown; the list of the kind has all."""

MOST_CHARACTERS = 100
_RUNS = 200
"""Newest runs that are looked through: what they are called stands in no column."""

_KINDS = [
    *("articles.article", "articles.collection", "articles.tag", "articles.author"),
    *("articles.importrun", "articles.picture", "training.path", "training.member"),
    *("training.unit", "auth.user", "auth.group"),
]
"""What is looked for, in the order it is shown."""

_NUMBER = re.compile(r"[#＃]?(\d{1,18})")
_ADDRESS = re.compile(r"/(articles?|importrun)/(\d{1,18})(?!\d)")


@dataclass(frozen=True)
class Found:
    """One thing: where its page is, what it is called, and its state where it has one."""

    address: str
    name: str
    badge: str = ""


@dataclass(frozen=True)
class Kind:
    """What was found of one kind; `whole` is the list of the kind, asked for the same."""

    name: str
    found: list[Found]
    whole: str = ""


@dataclass(frozen=True)
class Wanted:
    """What was typed: words, or the number or the last part of an address."""

    text: str
    article: int | None = None
    run: int | None = None

    @classmethod
    def read(cls, typed: str) -> "Wanted":
        """Make out what somebody typed or pasted."""
        text = typed.strip()[:MOST_CHARACTERS]
        if number := _NUMBER.fullmatch(text):
            return cls(text, int(number[1]), int(number[1]))
        if "/" not in text:
            return cls(text)
        path = unquote(_path(text))
        last = next((part for part in reversed(path.split("/")) if part), "")
        if found := _ADDRESS.search(path):
            number = int(found[2])
            return cls(last, *((None, number) if found[1] == "importrun" else (number, None)))
        return cls(last)

    @property
    def forms(self) -> list[str]:
        """The text as typed and in either script."""
        return in_either_script(self.text)


def _path(text: str) -> str:
    try:
        return urlsplit(text).path
    except ValueError:  # no address after all
        return text


def find(request: HttpRequest, typed: str) -> list[Kind]:
    """Return what somebody may look at and is called so, by kind, without kinds that have none."""
    wanted = Wanted.read(typed)
    if not wanted.text:
        return []
    desks = {model._meta.label_lower: one for model, one in admin.site._registry.items()}
    kinds = []
    for label in _KINDS:
        desk = desks.get(label)
        if desk is None or not desk.has_view_permission(request):
            continue
        rows = list(islice(_rows(request, desk, wanted), SHOWN))
        if rows:
            found = [_shown(desk, row) for row in rows]
            kinds.append(
                Kind(capfirst(str(desk.opts.verbose_name_plural)), found, _whole(desk, wanted))
            )
    return kinds


def _rows(request: HttpRequest, desk: admin.ModelAdmin, wanted: Wanted) -> Iterator[Model]:
    if desk.model is Article:
        return _once(_articles(desk.get_queryset(request), wanted))
    if desk.model is ImportRun:
        return _once(_runs(desk.get_queryset(request), wanted))
    return _once(_named(request, desk, wanted))


def _once(rows: Iterable[Model]) -> Iterator[Model]:
    seen = set()
    for row in rows:
        if row.pk not in seen:
            seen.add(row.pk)
            yield row


def _articles(rows: QuerySet[Article], wanted: Wanted) -> Iterator[Article]:
    """Yield the one of this number or address first, then those so titled, then those whose texts
    have the words; what lies in the recycle bin is found by its number alone."""
    rows = rows.for_desk()
    if wanted.article is not None:
        yield from rows.filter(pk=wanted.article)
    kept = rows.filter(deleted_at=None)
    yield from kept.filter(slug=wanted.text.lower())[:SHOWN]
    yield from titled_first(kept, wanted.text, SHOWN)


def _runs(rows: QuerySet[ImportRun], wanted: Wanted) -> Iterator[ImportRun]:
    if wanted.run is not None:
        yield from rows.filter(pk=wanted.run)
    forms = [form.casefold() for form in wanted.forms]
    for run in rows.order_by("-pk")[:_RUNS]:
        if any(form in str(run).casefold() for form in forms):
            yield run


def _named(request: HttpRequest, desk: admin.ModelAdmin, wanted: Wanted) -> Iterator[Model]:
    """Yield what the list of a kind finds, in either script: the shortest name, which has the least
    besides what was typed, first."""
    names = {field.name for field in desk.opts.fields} & {"name", "username"}
    order = [*map(Length, names), "-pk"]
    if not desk.get_search_fields(request):
        return
    for form in wanted.forms:
        rows, _is_many = desk.get_search_results(request, desk.get_queryset(request), form)
        yield from rows.order_by(*order).distinct()[:SHOWN]


def _shown(desk: admin.ModelAdmin, row: Model) -> Found:
    address = reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_change", args=[row.pk])
    if isinstance(row, Article):
        mark = _("In the recycle bin") if row.deleted_at else desk.status_badge(row)
        return Found(address, str(desk.shown_title(row)), mark)
    full_name = person_name(row) if isinstance(row, User) else str(row)
    return Found(address, str(row) if full_name == str(row) else f"{row}（{full_name}）")


def _whole(desk: admin.ModelAdmin, wanted: Wanted) -> str:
    """Return the address of the list, where it can be asked for words and none is a number."""
    if wanted.article is not None or wanted.run is not None or not desk.search_fields:
        return ""
    name = f"admin:{desk.opts.app_label}_{desk.opts.model_name}_changelist"
    return f"{reverse(name)}?{urlencode({'q': wanted.text})}"


def find_page(request: HttpRequest) -> HttpResponse:
    """Show what `?q=` finds at the desk."""
    typed = request.GET.get("q", "").strip()[: 10 * MOST_CHARACTERS]
    context = admin.site.each_context(request) | {
        "title": _("Find: %s") % typed if typed else _("Find"),
        "sought": typed,
        "kinds": find(request, typed),
    }
    return TemplateResponse(request, "admin/find.html", context)

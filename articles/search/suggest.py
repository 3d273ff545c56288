"""What a reader may be typing: titles, tags and authors, in Chinese or pinyin."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat, Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from .. import script
from ..models import Article, Author, AuthorAlias, Listing, SearchRow, Tag, TagAlias
from ..names import article_address
from .index import engine
from .query import parse
from .rows import begins, last_position
from .text import current_words, pinyin_of, searchable

MOST = 8
_TAGS, _AUTHORS = 3, 2
_LONGEST = 30
_COMPACT = Replace("slug", Value("-"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line below the search box; `kind` is title, tag or author. `alias` is the name that was
    typed, where it is another one."""

    kind: str
    text: str
    url: str
    alias: str = ""


def suggest(typed: str, in_script: str) -> list[Suggestion]:
    """Return what begins with, or has, what was typed; only what readers may see."""
    typed = searchable(typed[:_LONGEST]).strip()
    if not typed or not any(map(str.isalnum, typed)):
        return []
    found = [*_tags(typed, in_script), *_authors(typed, in_script)]
    return (found + _titles(typed, in_script))[:MOST]


def _url(name: str, slug: str, in_script: str) -> str:
    with override(in_script.lower()):
        return reverse(name, args=[slug])


def _tags(typed: str, in_script: str) -> list[Suggestion]:
    aliases = TagAlias.objects.filter(name__startswith=typed)
    named = Q(name__contains=typed) | _by_slug(typed)
    tags = Tag.objects.annotate(compact=_COMPACT, alias=_alias(named, aliases, "tag"))
    tags = tags.filter(named | Q(pk__in=aliases.values("tag"))).order_by("alias", "slug")
    return _named("tag", "t", tags, _TAGS, in_script)


def _authors(typed: str, in_script: str) -> list[Suggestion]:
    aliases = AuthorAlias.objects.filter(name__startswith=typed)
    named = Q(name__startswith=typed) | _by_slug(typed)
    authors = Author.objects.annotate(compact=_COMPACT, alias=_alias(named, aliases, "author"))
    # By their index alone, as they may be many thousands.
    authors = authors.filter(named | Q(pk__in=aliases.values("author"))).order_by("slug")
    return _named("author", "a", authors, _AUTHORS, in_script)


def _alias(named: Q, aliases, of: str) -> Case:
    """Return the first alias that was typed; none of what is named so itself."""
    own = aliases.filter(**{of: OuterRef("pk")}).order_by("name").values("name")[:1]
    return Case(When(named, then=Value("")), default=Subquery(own), output_field=CharField())


def _by_slug(typed: str) -> Q:
    """Return the condition for names that begin with this pinyin."""
    return Q(compact__startswith=typed) if typed.isascii() else Q(pk__in=[])


def _named(kind: str, letter: str, named, most: int, in_script: str) -> list[Suggestion]:
    """Return those of tags or authors that readers see an article of."""
    listed = Listing.objects.filter(
        facet=Concat(Value(letter), Cast(OuterRef("pk"), CharField())),
        position__range=(0, last_position(timezone.now())),
    )
    listed = listed.filter(Q(expires__isnull=True) | Q(expires__gt=timezone.now()))
    shown = named.filter(Exists(listed))[:most]
    return [
        Suggestion(
            kind,
            one.text("name", in_script),
            _url(kind, one.slug, in_script),
            script.convert(one.alias, in_script, script.HANS),
        )
        for one in sorted(shown, key=lambda one: bool(one.alias))
    ]


def _titles(typed: str, in_script: str) -> list[Suggestion]:
    """Return titles that begin so, in characters or pinyin, and then those that have the words."""
    now = timezone.now()
    # By beginnings, not by all positions there are: of two ranges SQLite does not know the shorter.
    rows = SearchRow.objects.annotate(at=F("position") - 0)
    rows = rows.filter(
        Q(expires__isnull=True) | Q(expires__gt=now), at__range=(0, last_position(now))
    )
    if typed.isascii():
        begin = begins("pinyin", pinyin_of(typed)) if pinyin_of(typed) else Q(pk__in=[])
    else:
        begin = begins("title", typed)
    ids = list(rows.filter(begin).values_list("article_id", flat=True)[:MOST])
    if len(ids) < MOST:
        query = parse(typed, current_words())
        if query.units:
            more = engine().newest(query, MOST, in_titles=True)
            ids += [match.article_id for match in more if match.article_id not in ids]
    public = Article.objects.published().filter(pk__in=ids, renditions__script=in_script)
    found = {pk: rest for pk, *rest in public.values_list("pk", "slug", "renditions__title")}
    with override(in_script.lower()):
        return [
            Suggestion("title", found[pk][1], article_address(pk, found[pk][0]))
            for pk in ids
            if pk in found
        ]

"""Tags or authors made one, and tags deleted.

What a merge moves is written down in its `Merge`: `unmerging` needs nothing but that.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.transactions import retried

from ..models import (
    Author,
    AuthorAlias,
    Authorship,
    DomainWord,
    Merge,
    Redirect,
    Revision,
    Synonym,
    Tag,
    TagAlias,
    TaggedArticle,
)
from ..search.index import index_marks
from ..text import script
from ..text.names import in_page_script
from .audit import ACTIONS, audit
from .bulk.following import followed
from .happenings import What
from .revisions import recorded

MOST_MERGED = 20
"""Rows that go in one merge: a page to look through."""

MOST_ARTICLES = 2_000
"""Articles that follow a merge at the desk, in one transaction: 5 ms each in SQLite,
16 in PostgreSQL, whose index of words takes each row anew. More are `merge_vocabulary`'s."""

_TITLES = 5

One = Tag | Author


class Refused(ValueError):
    """Something cannot be merged or undone now; the message says why."""


@dataclass
class Part:
    """One of the rows of a merge, with what a curator is shown of it."""

    row: One
    article_count: int
    titles: list[str]
    aliases: list[str]
    search_words: list[str] = field(default_factory=list)


def ties_of(model: type[One]) -> tuple[QuerySet, str, str]:
    """Return the rows that tie articles to tags or authors, and what the article is called."""
    if model is Tag:
        return TaggedArticle.objects.all(), "tag", "content_object"
    return Authorship.objects.all(), "author", "article"


def parts(rows: Sequence[One]) -> list[Part]:
    """Return what a page shows of each: a few queries, and one for the titles of each."""
    model = type(rows[0])
    ties, one, article = ties_of(model)
    keys = [row.pk for row in rows]
    counted = Counter(ties.filter(**{f"{one}__in": keys}).order_by().values_list(one, flat=True))
    aliases = defaultdict(list)
    for alias in (TagAlias if model is Tag else AuthorAlias).objects.filter(**{f"{one}__in": keys}):
        aliases[getattr(alias, f"{one}_id")].append(in_page_script(str(alias)))
    words = _search_words({row.name for row in rows})
    found = []
    for row in rows:
        tied = ties.filter(**{one: row}).order_by(f"-{article}_id")
        titles = list(tied.values_list(f"{article}__title", flat=True)[:_TITLES])
        found.append(Part(row, counted[row.pk], titles, aliases[row.pk], words[row.name]))
    return found


def _search_words(names: set[str]) -> dict[str, list[str]]:
    """Return the rows of search words that name any of these; they stay as they are."""
    found = defaultdict(list)
    for word in DomainWord.objects.filter(word__in=names):
        found[word.word].append(str(word))
    for synonym in Synonym.objects.all():
        for name in names.intersection(synonym.members):
            found[name].append(str(synonym))
    return found


def article_count(rows: Sequence[One]) -> int:
    """Return how many articles a merge of these would touch."""
    ties, one, article = ties_of(type(rows[0]))
    keys = [row.pk for row in rows]
    return ties.filter(**{f"{one}__in": keys}).values(article).distinct().count()


def merge(
    survivor: One,
    merged: Sequence[One],
    user,
    *,
    most_articles: int | None = None,
    operator: str = "",
) -> Merge:
    """Make `merged` one with `survivor`: their articles, names and addresses become its own.

    Raises Refused where that is too much, or some of them is gone. `operator` names who does it
    where it is no user.
    """
    model, stays = type(survivor), survivor.pk
    gone = sorted({row.pk for row in merged} - {stays})
    if not gone or len(gone) > MOST_MERGED:
        raise Refused(_("Choose 2 to %(n)d, one of which stays.") % {"n": MOST_MERGED + 1})
    most = most_articles or MOST_ARTICLES
    _refuse_too_many(article_count([row for row in merged if row.pk != stays]), most)
    return retried(lambda: _merge(model, stays, gone, user, most, operator))


def _merge(
    model: type[One], stays: int, gone: Sequence[int], user, most: int, operator: str
) -> Merge:
    rows, articles = model.hold(gone, beside=[stays])
    if rows.keys() != {*gone, stays}:
        raise Refused(_("Some of them are no longer there. Look at the list again."))
    _refuse_too_many(len(articles), most)
    survivor, merged = rows[stays], [rows[key] for key in gone]
    record = Merge(
        kind=model._meta.model_name,
        survivor=stays,
        names={
            "survivor": [survivor.name, survivor.name_hant],
            "merged": [[row.name, row.name_hant] for row in merged],
        },
        by=user,
    )
    with moved(articles, user, "merge", record):
        before = _retag(survivor, gone) if model is Tag else _sign(survivor, gone)
        record.article_count = len(before)
        record.moved = {
            "rows": [_plain(row) for row in merged],
            "articles": before,
            "aliases": _move_aliases(survivor, merged),
            "redirects": _move_redirects(survivor, gone),
        }
        QuerySet.delete(model.objects.filter(pk__in=gone))  # nothing is tied to them any more
        for row, key in zip(merged, gone, strict=True):
            Redirect.objects.create(slug=row.slug, former=key, **{record.kind: survivor})
        index_marks(articles)
    record.save()
    names = [*map(str, [survivor, *merged])]
    before, after = {"name": names}, {"name": names[:1]}
    audit(user, "merge", [survivor, *merged], before, after, str(record), operator=operator)
    return record


def _refuse_too_many(count: int, most: int) -> None:
    if count > most:
        raise Refused(
            _(
                "These have more than %(n)d articles, too many for one step here. Whoever runs the "
                "portal can merge them with the command merge_vocabulary."
            )
            % {"n": most}
        )


@contextmanager
def moved(
    articles: Sequence[int], user, action: str, said: object, what: What = What.MERGED
) -> Iterator[None]:
    """Keep what a change of tags or authors, told by `action` and `said`, makes of articles inside:
    as a revision of each, by which drafts and forms made before are known to be older. Whoever
    changed their texts last stays who did, and the time stays when: labels are no text.

    What bulk runs know of them stays true: nobody changed what these were asked to change.
    """
    with override(settings.LANGUAGE_CODE):
        note = f"{ACTIONS[action]}：{said}"
    with followed(articles), recorded(articles, user, Revision.Kind.SAVED, note, what=what):
        yield


def delete_tags(tags: QuerySet[Tag], user) -> None:
    """Delete tags; each article that loses one keeps a revision that says so."""
    chosen = list(tags.values_list("pk", flat=True))

    def delete() -> None:
        rows, articles = Tag.hold(chosen)
        names = "、".join(row.name_hant for row in rows.values())
        with moved(articles, user, "delete", names, What.CHANGED):
            Tag.objects.filter(pk__in=rows).delete()

    retried(delete)


def _plain(row: One) -> dict:
    fields = [field.name for field in row._meta.concrete_fields if field.editable]
    return {"pk": row.pk} | model_to_dict(row, fields=[name for name in fields if name != "id"])


def _ties_before(model: type[One], keys: Sequence[int]) -> dict[str, list[int]]:
    """Return of each article that has any of these all it has, in their order."""
    ties, one, article = ties_of(model)
    of_article = ties.filter(**{f"{one}__in": keys}).values(article)
    tied = ties.filter(**{f"{article}__in": of_article})
    tied = tied.order_by(f"{article}_id", *(["position"] if model is Author else []), "pk")
    before: dict[str, list[int]] = {}
    for of, key in tied.values_list(article, one):
        before.setdefault(str(of), []).append(key)
    return before


def _retag(survivor: Tag, gone: Sequence[int]) -> dict[str, list[int]]:
    """Give the survivor to the articles of the others; return which of these they had."""
    involved = {*gone, survivor.pk}
    before = {
        article: [key for key in keys if key in involved]
        for article, keys in _ties_before(Tag, gone).items()
    }
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object_id=int(article), tag=survivor)
        for article, keys in before.items()
        if survivor.pk not in keys
    )
    TaggedArticle.objects.filter(tag__in=gone).delete()
    return before


def _sign(survivor: Author, gone: Sequence[int]) -> dict[str, list[int]]:
    """Let the survivor sign for the others, at the first of their places; return the bylines as
    they were."""
    before = _ties_before(Author, gone)
    write_bylines(
        {article: merged_byline(keys, gone, survivor.pk) for article, keys in before.items()}
    )
    return before


def merged_byline(keys: Sequence[int], gone: Collection[int], survivor: int) -> list[int]:
    """Return who signs an article after a merge."""
    return list(dict.fromkeys(survivor if key in gone else key for key in keys))


def write_bylines(bylines: dict[str, list[int]]) -> None:
    """Write who signs articles, by their keys as JSON has them."""
    ids = sorted(map(int, bylines))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        Authorship.objects.filter(article__in=some).delete()
        Authorship.objects.bulk_create(
            Authorship(article_id=pk, author_id=key, position=position)
            for pk in some
            for position, key in enumerate(bylines[str(pk)], 1)
        )


def _move_aliases(survivor: One, merged: Sequence[One]) -> dict:
    """Hand the aliases on, and make the names themselves aliases, so that an import and a search
    go on finding them. Aliases with a unit are [name, unit]."""
    moved: dict[str, list] = {}
    added: list = []
    for row in merged:
        kept = list(row.aliases.all())
        moved[str(row.pk)] = [_alias_names(alias) for alias in kept]
        row.aliases.update(**{survivor._meta.model_name: survivor})
    for row in merged:
        for names in _own_names(row):
            _alias, made = survivor.aliases.model.objects.get_or_create(
                **names, defaults={survivor._meta.model_name: survivor}
            )
            if made:
                added.append(list(names.values()))
    return {"moved": moved, "added": added}


def _alias_names(alias: TagAlias | AuthorAlias) -> list[str]:
    return [alias.name] if isinstance(alias, TagAlias) else [alias.name, alias.unit]


def _own_names(row: One) -> list[dict]:
    """Return what a row is called, as an alias keeps it."""
    if isinstance(row, Author):
        return [{"name": row.name, "unit": row.unit}]
    names = dict.fromkeys((row.name, script.fold(row.name_hant)))
    return [{"name": name} for name in names]


def _move_redirects(survivor: One, gone: Sequence[int]) -> dict[str, list[str]]:
    name = survivor._meta.model_name
    old = Redirect.objects.filter(**{f"{name}__in": gone})
    moved: dict[str, list[str]] = {str(key): [] for key in gone}
    for key, slug in old.values_list(f"{name}_id", "slug"):
        moved[str(key)].append(slug)
    old.update(**{name: survivor})
    return moved

"""Merged tags or authors taken apart again.

By what their `Merge` wrote down alone: rows come back with the keys they had, and articles changed
since keep what was changed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.transactions import retried

from ..models import Article, Author, Authorship, Merge, Redirect, Tag, TaggedArticle
from ..search.index import index_marks
from ..text.names import in_page_script
from . import merging
from .audit import audit


def why_not(record: Merge, *, most_articles: int | None = None) -> str:
    """Return why a merge cannot be undone now, or nothing."""
    if record.undone_at:
        return _("This was undone already.")
    if record.article_count > (most_articles or merging.MOST_ARTICLES):
        return _(
            "This merge has too many articles for one step here. Whoever runs the portal can undo "
            "it with the command merge_vocabulary."
        )
    model = record.model
    if not model.objects.filter(pk=record.survivor).exists():
        later = Merge.objects.filter(kind=record.kind, undone_at=None, pk__gt=record.pk)
        for one in later.order_by("pk"):
            if any(row["pk"] == record.survivor for row in one.moved["rows"]):
                return _("“%(name)s” was merged further: undo “%(later)s” first.") % {
                    "name": record.survivor_name,
                    "later": one,
                }
        return _("“%(name)s” was deleted since; nothing is left to take apart.") % {
            "name": record.survivor_name
        }
    for row in record.moved["rows"]:
        same = {"name": row["name"]} | ({"unit": row["unit"]} if model is Author else {})
        other = model.objects.filter(**same).first()
        if other is not None:
            return _("There is another “%(name)s” by now: rename or merge it first.") % {
                "name": other
            }
    return ""


@dataclass(frozen=True, slots=True)
class Returning:
    """A row that undoing brings back: its names, old address and aliases."""

    names: str
    slug: str
    aliases: list[str]


def coming_back(record: Merge) -> tuple[list[Returning], int]:
    """Return what undoing brings back: the rows, and how many articles still have the survivor."""
    moved = record.moved
    rows = [
        Returning(
            " / ".join(dict.fromkeys((row["name_hant"], row["name"]))),
            row["slug"],
            [
                in_page_script("（".join(filter(None, names)) + "）" * bool(names[1:] and names[1]))
                for names in kept
            ],
        )
        for row in moved["rows"]
        for kept in [moved["aliases"]["moved"][str(row["pk"])]]
    ]
    return rows, len(_having(record.model, record.survivor, moved))


def undo(record: Merge, user, *, most_articles: int | None = None, operator: str = "") -> int:
    """Take a merge apart again; return how many articles have their own back.

    Articles that no longer have the survivor keep what was decided since; so do aliases and old
    addresses that are no longer its. Raises Refused where `why_not` says so. `operator` names who
    does it where it is no user.
    """
    number = record.pk

    def work() -> int:
        return _undo(Merge.objects.get(pk=number), user, most_articles, operator)

    # A row of the same name, written meanwhile, is told by `why_not` the second time.
    return retried(work, also=(IntegrityError,))


def _undo(record: Merge, user, most_articles: int | None, operator: str) -> int:
    model, moved = record.model, record.moved
    Article.objects.filter(pk__in=_ids(moved["articles"])).lock()
    rows, _articles = model.hold((), beside=[record.survivor])
    record = Merge.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if reason := why_not(record, most_articles=most_articles):
        raise merging.Refused(reason)
    survivor, name = rows[record.survivor], record.kind
    for row in moved["rows"]:
        Redirect.objects.filter(former=row["pk"], **{name: survivor}).delete()
        _bring_back(model, row)
        survivor.redirects.filter(slug__in=moved["redirects"][str(row["pk"])]).update(
            **{name: row["pk"]}
        )
    _return_aliases(survivor, moved["aliases"])
    touched = _having(model, survivor.pk, moved)
    with merging.moved(touched, user, "unmerge", record):
        if model is Tag:
            _untag(survivor, moved, touched)
        else:
            _sign_again(survivor, moved)
        index_marks(touched)
    record.undone_by, record.undone_at = user, timezone.now()
    record.save(update_fields=["undone_by", "undone_at"])
    back = list(model.objects.filter(pk__in=[row["pk"] for row in moved["rows"]]))
    names = [*map(str, [survivor, *back])]
    before, after = {"name": names[:1]}, {"name": names}
    audit(user, "unmerge", [survivor, *back], before, after, str(record), operator=operator)
    return len(touched)


def taken_apart(
    model: type[merging.One], kept: dict[int, list[int]], since: datetime, until: datetime | None
) -> dict[int, list[int]]:
    """Return keys that were kept of articles between two times, with a survivor's as those it stood
    for, where its merge was made before and undone after."""
    undone = Merge.objects.filter(at__lt=since, undone_at__gt=until or since)
    kept = dict(kept)
    # The last first, as they are undone: what one gives back may be what another was merged into.
    for record in undone.filter(kind=model._meta.model_name).order_by("-pk"):
        involved = {record.survivor, *(row["pk"] for row in record.moved["rows"])}
        for pk in kept.keys() & set(_ids(record.moved["articles"])):
            own = [key for key in record.moved["articles"][str(pk)] if key in involved]
            kept[pk] = [
                one for key in kept[pk] for one in (own if key == record.survivor else [key])
            ]
    return kept


def _ids(articles: dict) -> list[int]:
    return [int(key) for key in articles]


def _bring_back(model: type[merging.One], values: dict) -> None:
    """Store a row under its old key and address; where another one has that by now, a new one."""
    row = model(**values)
    if model.objects.filter(slug=row.slug).exists():
        row.slug = ""
    row.save(force_insert=True)


def _return_aliases(survivor: merging.One, aliases: dict) -> None:
    def those(names: Sequence[str]):
        return survivor.aliases.filter(**dict(zip(("name", "unit"), names, strict=False)))

    for names in aliases["added"]:
        those(names).delete()
    for key, kept in aliases["moved"].items():
        for names in kept:
            those(names).update(**{f"{survivor._meta.model_name}_id": int(key)})


def _having(model: type[merging.One], survivor: int, moved: dict) -> list[int]:
    """Return the articles of a merge that have the survivor still."""
    ties, one, article = merging.ties_of(model)
    having = ties.filter(**{one: survivor}).order_by().values_list(article, flat=True)
    return sorted(set(having).intersection(_ids(moved["articles"])))


def _untag(survivor: Tag, moved: dict, touched: Sequence[int]) -> None:
    before = {int(key): tags for key, tags in moved["articles"].items()}
    TaggedArticle.objects.bulk_create(
        TaggedArticle(content_object_id=pk, tag_id=key)
        for pk in touched
        for key in before[pk]
        if key != survivor.pk
    )
    only_merged = [pk for pk in touched if survivor.pk not in before[pk]]
    for start in range(0, len(only_merged), 500):
        some = only_merged[start : start + 500]
        survivor.tagged.filter(content_object__in=some).delete()


def _sign_again(survivor: Author, moved: dict) -> None:
    """Write the bylines as they were; where one was changed since, only put the names in the
    survivor's place."""
    gone = {row["pk"] for row in moved["rows"]}
    signed = Authorship.objects.filter(article__authorships__author=survivor)
    now: dict[str, list[int]] = defaultdict(list)
    for pk, key in signed.order_by("article_id", "position", "pk").values_list("article", "author"):
        now[str(pk)].append(key)
    bylines = {}
    for pk, before in moved["articles"].items():
        if pk not in now:
            continue
        if now[pk] == merging.merged_byline(before, gone, survivor.pk):
            bylines[pk] = before
        else:
            own = [key for key in before if key in gone or key == survivor.pk]
            bylines[pk] = [one for key in now[pk] for one in (own if key == survivor.pk else [key])]
    merging.write_bylines(bylines)

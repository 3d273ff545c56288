"""What a bulk run does to one batch of its articles: in one transaction, and on record."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.transactions import retried

from ...models import (
    Article,
    AuditEntry,
    Author,
    Authorship,
    BulkItem,
    BulkRun,
    Genre,
    Redirect,
    Rendition,
    RenditionCorrection,
    Revision,
    Tag,
    TaggedArticle,
)
from ...models.rendering import rendered
from ...search.index import index
from ...text import script
from ..audit import audit_numbers, extend
from ..publishing import blocking_flags, from_bin, move, to_bin, unseen
from ..revisions import recorded
from ..unmerging import taken_apart
from .choosing import BLOCKED, GO, MOVES, REASONS, confirmed, see, wanted_rows, with_fates

Action, Outcome = BulkRun.Action, BulkItem.Outcome
_MOVED = ("status", "published_at", "dated")


def change(run: BulkRun, item_keys: list[int]) -> None:
    """Do what the run is for to these of its items, and note what became of each.

    All of it or nothing. What a transient error ended is done again; so is what failed for one
    article because somebody else deleted what it refers to.
    """
    also = (IntegrityError,) if len(item_keys) == 1 else ()
    number, run.entry = retried(lambda: _change(run, item_keys), also=also)
    run.done += number


def _change(run: BulkRun, item_keys: list[int]) -> tuple[int, AuditEntry | None]:
    """Do it, and return how many items are done and the line of the log; `run` is left as it is,
    since this may have to be done again."""
    items = run.items.filter(pk__in=item_keys, outcome=Outcome.WAITING)
    numbers = list(items.values_list("number", flat=True))
    Article.objects.filter(pk__in=numbers).lock()
    rows = wanted_rows(run, hold=True)
    items = list(with_fates(run, items).select_related(None).order_by("pk"))
    over = _over_flags(run, items)
    going = [item for item in items if item.fate == GO]
    chosen = [item.article_id for item in going]
    titles = dict(Article.objects.filter(pk__in=numbers).values_list("pk", "title"))
    keys = list(dict.fromkeys(row.pk for row in (rows or {}).values()))
    before = _before(run, chosen, keys)
    for item in items:
        item.title = titles.get(item.number, item.title)
        item.outcome = Outcome.CHANGED if item.fate == GO else Outcome.LEFT
        item.reason = "" if item.fate == GO else item.fate
        item.before = before.get(item.number)
    if run.action == Action.UNDO:
        _undo(run, {item.article_id: item.wanted for item in going})
    else:
        _do(run, chosen, keys)
    there = set(Article.objects.filter(pk__in=chosen).values_list("pk", flat=True))
    for item in going:
        if item.number not in there:
            item.article_id = None
    BulkItem.objects.bulk_update(items, ["title", "outcome", "reason", "before", "article"])
    see(run.items.filter(pk__in=[item.pk for item in going]), "stamp")
    told = {f"《{titles[pk]}》 {pk}": kinds for pk, kinds in over.items()}
    entry = _log(run, chosen, [titles[pk] for pk in chosen], {"over_flags": told} if told else {})
    BulkRun.objects.filter(pk=run.pk).update(done=F("done") + len(items), entry=entry)
    return len(items), entry


def _over_flags(run: BulkRun, items: list[BulkItem]) -> dict[int, dict[str, int]]:
    """Return the kinds of the flags, counted, that articles are published over; what has got one
    since the flags were confirmed is left out."""
    over = run.parameters.get("over", ())
    flags = blocking_flags(confirmed(run) & {item.article_id for item in items})
    held = unseen(flags, over)
    for item in items:
        if item.fate == GO and item.article_id in held:
            item.fate = BLOCKED
    going = [item.article_id for item in items if item.fate == GO and item.article_id in flags]
    return {pk: dict(Counter(flag["kind"] for flag in flags[pk])) for pk in going}


def failed(run: BulkRun, item_key: int, error: Exception) -> None:
    """Note that one article could not be changed, and why."""
    what = f"{type(error).__name__}: {error}"[:300]

    def note() -> None:
        item = run.items.filter(pk=item_key)
        title = item.values_list("article__title", flat=True).first() or ""
        item.update(outcome=Outcome.FAILED, reason=what, title=title)
        BulkRun.objects.filter(pk=run.pk).update(done=F("done") + 1)

    retried(note)
    run.done += 1


def reason_of(item: BulkItem) -> str:
    """Return in words why an article was left out, or what went wrong with it."""
    return str(REASONS[item.reason]) if item.reason in REASONS else in_words(item.reason)


def in_words(error: str) -> str:
    """Return an error that nobody foresaw in the language of the page; its own words are of use to
    whoever runs the portal."""
    return (
        _("This should not happen; whoever runs the portal looks into it: %(error)s")
        % {"error": error}
        if error
        else ""
    )


def described(run: BulkRun) -> str:
    """Return what a run does, in words: the action and what it puts in."""
    if run.action == Action.UNDO:
        return f"{run.get_action_display()}：{described(run.undoes)}"
    value = shown_value(run)
    return f"{run.get_action_display()}：{value}" if value else str(run.get_action_display())


def shown_value(run: BulkRun) -> str:
    """Return what a run puts in, in words."""
    value = run.parameters.get("value")
    if value is None:
        return ""
    if (rows := wanted_rows(run)) is not None:
        return "、".join(dict.fromkeys(map(str, rows.values()))) or _("(nobody)")
    if run.action == Action.SET_GENRE:
        return str(Genre(value).label) if value else _("(empty)")
    return value or _("(empty)")


def _note(run: BulkRun) -> str:
    """Return the note of the revisions: kept as it is, so in the language of the library."""
    with override(settings.LANGUAGE_CODE):
        return f"{described(run)} (#{run.pk})"


def _log(
    run: BulkRun, chosen: list[int], titles: list[str], over: dict[str, dict]
) -> AuditEntry | None:
    """Write the run's line of the log, or let it tell of this batch too."""
    entry = AuditEntry.objects.filter(bulk_runs=run).first()
    if not chosen:
        return entry
    if entry is not None:
        extend(entry, chosen, over)
        return entry
    action = run.action if run.action != Action.UNDO else "undo"
    expected = run.foreseen["fates"].get(GO, len(chosen))
    label = "、".join(title[:80] for title in titles[:3])
    if max(expected, len(titles)) > 3:
        label += f"…（{max(expected, len(chosen))}）"
    return audit_numbers(
        run.started_by,
        action,
        Article,
        chosen,
        label=label,
        before={"status": run.foreseen["statuses"]} if run.action in MOVES else {},
        after=_after(run) | over,
        note=_note(run),
    )


def _after(run: BulkRun) -> dict:
    if run.action in MOVES:
        return {"status": str(MOVES[run.action])}
    if run.action == Action.BIN:
        return {"deleted_at": timezone.now()}
    names = {
        Action.ADD_TAGS: "tags",
        Action.REMOVE_TAGS: "tags",
        Action.SET_AUTHORS: "authors",
        Action.SET_GENRE: "genre",
        Action.SET_SOURCE: "source_name",
    }
    return {names[run.action]: shown_value(run)} if run.action in names else {}


# What was there before


def _before(run: BulkRun, chosen: list[int], keys: list[int]) -> dict[int, dict]:
    """Return of each article what an undo would put back. Of tags that is what this change adds
    or removes, of `keys`, and nothing else: others are somebody else's by then."""
    action = run.undoes.action if run.action == Action.UNDO else run.action
    articles = Article.objects.filter(pk__in=chosen)
    if action in MOVES:
        rows = articles.values_list("pk", *_MOVED)
        return {
            pk: {
                "status": status,
                "published_at": published_at.isoformat() if published_at else None,
                "dated": dated.isoformat(),
            }
            for pk, status, published_at, dated in rows
        }
    if action in (Action.ADD_TAGS, Action.REMOVE_TAGS):
        tagged = TaggedArticle.objects.filter(content_object__in=chosen).order_by("pk")
        had = _lists("tags", chosen, tagged.values_list("content_object_id", "tag_id"))
        for was in had.values():
            was["added"] = [key for key in keys if key not in was["tags"]]
            was["removed"] = [key for key in keys if key in was["tags"]]
            del was["removed" if action == Action.ADD_TAGS else "added"]
        return had
    if action == Action.SET_AUTHORS:
        signed = Authorship.objects.filter(article__in=chosen).order_by("position", "pk")
        return _lists("authors", chosen, signed.values_list("article_id", "author_id"))
    if action in (Action.SET_GENRE, Action.SET_SOURCE):
        name = "genre" if action == Action.SET_GENRE else "source_name"
        return {pk: {name: value} for pk, value in articles.values_list("pk", name)}
    binned = articles.values_list("pk", "deleted_at")
    return {pk: {"binned": deleted_at is not None} for pk, deleted_at in binned}


def _lists(name: str, chosen: list[int], rows: Iterable[tuple[int, int]]) -> dict[int, dict]:
    found = defaultdict(list)
    for article, key in rows:
        found[article].append(key)
    return {pk: {name: found[pk]} for pk in chosen}


# Changing


def _do(run: BulkRun, chosen: list[int], keys: list[int]) -> None:
    """Do what a run is for; `keys` are those of the tags or authors it is about."""
    action, user, value = run.action, run.started_by, run.parameters.get("value")
    articles = Article.objects.filter(pk__in=chosen)
    if action in MOVES:
        move(articles, MOVES[action], user, _note(run), over=run.parameters.get("over", ()))
    elif action == Action.BIN:
        to_bin(articles, user)
    elif action == Action.RESTORE:
        from_bin(articles, user)
    elif action == Action.PURGE:
        articles.delete()
    else:
        with recorded(chosen, user, Revision.Kind.SAVED, _note(run)):
            if action == Action.ADD_TAGS:
                _add_tags(dict.fromkeys(chosen, keys))
            elif action == Action.REMOVE_TAGS:
                TaggedArticle.objects.filter(content_object__in=chosen, tag__in=keys).delete()
            elif action == Action.SET_AUTHORS:
                _set_authors(dict.fromkeys(chosen, keys))
            elif action == Action.SET_GENRE:
                articles.update(genre=value)
            elif action == Action.SET_SOURCE:
                _set_source(chosen, value)
            _touch(chosen, user)


def _undo(run: BulkRun, wanted: dict[int, dict]) -> None:
    """Put back what was there before the run that is undone."""
    chosen, user = list(wanted), run.started_by
    action = run.undoes.action
    articles = Article.objects.filter(pk__in=chosen)
    if action in (Action.BIN, Action.RESTORE):
        back = [pk for pk, was in wanted.items() if was["binned"]]
        to_bin(articles.filter(pk__in=back), user)
        from_bin(articles.exclude(pk__in=back), user)
        return
    with recorded(chosen, user, Revision.Kind.RESTORED, _note(run)):
        if action in MOVES:
            for was, keys in _alike(wanted, _MOVED):
                status, published_at, dated = was
                at = datetime.fromisoformat(published_at) if published_at else None
                articles.filter(pk__in=keys).update(
                    status=status, published_at=at, dated=dated, modified_at=timezone.now()
                )
        elif action == Action.ADD_TAGS:
            _take_away(run.undoes, wanted)
        elif action == Action.REMOVE_TAGS:
            removed = {pk: _changed_tags(run.undoes, was) for pk, was in wanted.items()}
            _add_tags(_standing(run.undoes, Tag, removed))
        elif action == Action.SET_AUTHORS:
            before = {pk: was["authors"] for pk, was in wanted.items()}
            _set_authors(_standing(run.undoes, Author, before))
        elif action == Action.SET_GENRE:
            for (genre,), keys in _alike(wanted, ["genre"]):
                articles.filter(pk__in=keys).update(genre=genre)
        elif action == Action.SET_SOURCE:
            for (name,), keys in _alike(wanted, ["source_name"]):
                _set_source(keys, name)
        _touch(chosen, user)


def _changed_tags(run: BulkRun, was: dict) -> list[int]:
    """Return the keys of the tags a run gave to an article, or took from it. Runs from before 0020
    kept all the tags it had."""
    if run.action == Action.ADD_TAGS:
        chosen = run.parameters["value"]
        return was.get("added", [key for key in chosen if key not in was["tags"]])
    return was.get("removed", [key for key in was["tags"] if key in run.parameters["value"]])


def _take_away(run: BulkRun, wanted: dict[int, dict]) -> None:
    """Take from articles the tags a run gave them, but for those they had already under a name
    that was merged since."""
    given = _standing(run, Tag, {pk: _changed_tags(run, was) for pk, was in wanted.items()})
    had = _standing(run, Tag, {pk: was["tags"] for pk, was in wanted.items()})
    articles = defaultdict(list)
    for pk, tags in given.items():
        for tag in tags:
            if tag not in had[pk]:
                articles[tag].append(pk)
    for tag, chosen in articles.items():
        TaggedArticle.objects.filter(content_object__in=chosen, tag=tag).delete()


def _standing(
    run: BulkRun, model: type[Tag | Author], kept: dict[int, list[int]]
) -> dict[int, list[int]]:
    """Return of each article the keys that a run kept, as what they stand for now: what was merged
    since, or merged then and taken apart since."""
    if run.entry is not None:
        kept = taken_apart(model, kept, run.entry.at, run.finished_at)
    rows = Redirect.objects.rows(model, {key for keys in kept.values() for key in keys}, hold=True)
    return {
        pk: list(dict.fromkeys(rows[key].pk for key in keys if key in rows))
        for pk, keys in kept.items()
    }


def _alike(wanted: dict[int, dict], names: Iterable[str]) -> Iterable[tuple[tuple, list[int]]]:
    """Yield articles that are to become the same together."""
    groups = defaultdict(list)
    for pk, was in wanted.items():
        groups[tuple(was[name] for name in names)].append(pk)
    return groups.items()


def _add_tags(wanted: dict[int, list[int]]) -> None:
    rows = (
        TaggedArticle(content_object_id=pk, tag_id=tag)
        for pk, tags in wanted.items()
        for tag in tags
    )
    TaggedArticle.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _set_authors(wanted: dict[int, list[int]]) -> None:
    Authorship.objects.filter(article__in=list(wanted)).delete()
    rows = (
        Authorship(article_id=pk, author_id=author, position=place)
        for pk, authors in wanted.items()
        for place, author in enumerate(authors, 1)
    )
    Authorship.objects.bulk_create(rows, batch_size=500)


def _set_source(chosen: list[int], name: str) -> None:
    """Name the source, in the renditions too: its name stands in the script of each."""
    Article.objects.filter(pk__in=chosen).update(source_name=name)
    corrections = RenditionCorrection.objects.by_script()
    for source in script.SCRIPTS:
        for target in script.SCRIPTS:
            of = Rendition.objects.filter(
                article__in=chosen, article__original_script=source, script=target
            )
            shown = rendered(name, target, source)
            if source != target and target in corrections:
                shown = corrections[target].text(shown)
            of.update(source_name=shown)


def _touch(chosen: list[int], user) -> None:
    """Note who changed these articles, and let the index follow. When they were modified stays as
    it was: labels are no text, and a list by that time is not turned round by a thousand of them.
    That they were changed is known by their revisions."""
    Article.objects.filter(pk__in=chosen).update(modified_by=user)
    index(chosen, same_words=True)

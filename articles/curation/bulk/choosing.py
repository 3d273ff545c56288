"""Which articles a bulk run is about, and what would become of each of them."""

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.transactions import retried

from ...models import (
    Article,
    Author,
    Authorship,
    BulkItem,
    BulkRun,
    Redirect,
    ReviewRequest,
    Revision,
    Status,
    Tag,
    TaggedArticle,
)
from ...models.revision import in_cited
from ..policy import CHANGE, DELETE, PUBLISH, RELEASED, Deed, may
from ..publishing import blocking_flags

Action = BulkRun.Action

NEEDED = {
    Action.PUBLISH: PUBLISH,
    Action.UNPUBLISH: PUBLISH,
    Action.ARCHIVE: PUBLISH,
    Action.PURGE: DELETE,
}
"""The permission an action takes; of all others, to change articles."""

MOVES = {
    Action.SUBMIT: Status.IN_REVIEW,
    Action.PUBLISH: Status.PUBLISHED,
    Action.UNPUBLISH: Status.DRAFT,
    Action.ARCHIVE: Status.ARCHIVED,
}
_MOVED_FROM = {Action.SUBMIT: [Status.DRAFT], Action.UNPUBLISH: [Status.PUBLISHED]}
"""The only statuses a move starts from, where it does not from all."""

WITH_PARAMETERS = (
    Action.ADD_TAGS,
    Action.REMOVE_TAGS,
    Action.SET_AUTHORS,
    Action.SET_GENRE,
    Action.SET_SOURCE,
)

OF = {Action.ADD_TAGS: Tag, Action.REMOVE_TAGS: Tag, Action.SET_AUTHORS: Author}
"""The rows an action is about."""

GO, GONE, BINNED, OUTSIDE, LOCKED, OWN, MEANWHILE, SAME, BLOCKED, CITED = (
    *("go", "gone", "binned", "outside", "locked", "own", "meanwhile", "same", "blocked"),
    "cited",
)
REASONS = {
    GONE: _("It is there no more."),
    BINNED: _("It is in the recycle bin."),
    OUTSIDE: _("It is not in the recycle bin."),
    LOCKED: _("It is published or archived, and you may not change that."),
    OWN: _("You changed it last: somebody else has to publish it."),
    MEANWHILE: _("Somebody changed it meanwhile."),
    SAME: _("There is nothing to change."),
    CITED: _("Training cites it: it stays in the recycle bin."),
    BLOCKED: _("Blocking flags hold it back: look it through in its form."),
}

PREVIEWED = 20
"""Titles the confirmation page shows."""

MOST_OVER = 100
"""Articles at the most that are published over their flags at once: each is named with its flags,
and somebody has to read that."""


def needed(run: BulkRun) -> str:
    """Return the permission a run takes: an undo the same as what it undoes."""
    if run.action == Action.UNDO:
        return needed(run.undoes)
    return NEEDED.get(run.action, CHANGE)


def ask(action: str, articles: QuerySet, user, parameters: dict | None = None) -> BulkRun:
    """Freeze which articles are meant, by one statement of the database; nothing is changed yet."""

    def frozen() -> BulkRun:
        run = BulkRun.objects.create(action=action, started_by=user, parameters=parameters or {})
        chosen = articles.order_by().annotate(
            its_pk=F("pk"), its_base=F("modified_at"), its_seen=newest_revision("pk")
        )
        run.total = _insert(
            run,
            chosen.values("its_pk", "its_base", "its_seen").distinct(),
            "article_id, number, base, seen",
            "its_pk, its_pk, its_base, its_seen",
        )
        foresee(run)
        return run

    return retried(frozen)


def ask_to_undo(done: BulkRun, user) -> BulkRun:
    """Freeze what a run changed, with what was there before."""

    def frozen() -> BulkRun:
        run = BulkRun.objects.create(
            action=Action.UNDO, undoes=done, started_by=user, parameters=_without_over(done)
        )
        changed = done.items.filter(outcome=BulkItem.Outcome.CHANGED).order_by()
        kept = ("article_id", "number", "title", "before", "stamp", "seen")
        columns = "article_id, number, title, wanted, base, seen"
        values = ", ".join(f"chosen.{name}" for name in kept)
        run.total = _insert(run, changed.values(*kept), columns, values)
        foresee(run)
        return run

    return retried(frozen)


def _insert(run: BulkRun, chosen: QuerySet, columns: str, values: str) -> int:
    try:
        sql, parameters = chosen.query.sql_with_params()
    except EmptyResultSet:
        return 0
    table = connection.ops.quote_name(BulkItem._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (run_id, {columns}) "  # noqa: S608 - names are ours, values apart
            f"SELECT %s, {values} FROM ({sql}) AS chosen",
            [run.pk, *parameters],
        )
        return cursor.rowcount


def foresee(run: BulkRun) -> None:
    """Count what would become of the articles, once for all views of the confirmation page."""
    shown = Q(article__status=Status.PUBLISHED, article__deleted_at=None)
    rows = (
        with_fates(run, run.items.all())
        .order_by()
        .values("fate", "article__status")
        .annotate(
            n=Count("pk"),
            expired=Count("pk", filter=Q(article__expires_at__lte=Now())),
            scheduled=Count("pk", filter=Q(article__published_at__gt=Now())),
            drafts=Count("pk", filter=Q(article__draft__isnull=False)),
            seen=Count("pk", filter=shown),
        )
    )
    fates, statuses, noted = Counter(), Counter(), Counter()
    for row in rows:
        fates[row["fate"]] += row["n"]
        if row["fate"] == GO:
            statuses[row["article__status"]] += row["n"]
            noted.update({name: row[name] for name in ("expired", "scheduled", "drafts", "seen")})
    run.foreseen = {"fates": fates, "statuses": statuses, **noted}
    run.save(update_fields=["total", "foreseen"])


def set_parameters(run: BulkRun, parameters: dict) -> None:
    """Say what is to be put in, and count anew; what was changed until now is seen now."""
    run.parameters, run.as_of = parameters, timezone.now()

    def work() -> None:
        run.save(update_fields=["parameters", "as_of"])
        see(run.items.all())
        foresee(run)

    retried(work)


def let_over(run: BulkRun, included: bool) -> bool:
    """Let the run publish over the blocking flags the confirmation page names, or no more; count
    anew. False where they are more than can be looked at."""
    flags = {} if not included else {article: its for article, _title, its in held(run)}
    if len(flags) > MOST_OVER:
        return False
    over = [flag["seen"] for its in flags.values() for flag in its]
    run.parameters = _without_over(run) | ({"over": over} if over else {})

    def work() -> None:
        run.save(update_fields=["parameters"])
        foresee(run)

    retried(work)
    return True


def held(run: BulkRun) -> list[tuple[int, str, list[dict]]]:
    """Return the articles a run would publish but for their blocking flags, or over them: key,
    title and flags of each, one more than are published so at once."""
    if (publishes := _published_by(run)) is None:
        return []
    flagged = run.items.filter(publishes, article__source__blocking_count__gt=0)
    fates = with_fates(run, flagged).filter(fate__in=(GO, BLOCKED)).order_by("pk")
    titles = dict(fates.values_list("article_id", "article__title")[: MOST_OVER + 1])
    flags = blocking_flags(titles)
    return [(pk, title, flags[pk]) for pk, title in titles.items() if pk in flags]


def _without_over(run: BulkRun) -> dict:
    return {name: value for name, value in run.parameters.items() if name != "over"}


def confirmed(run: BulkRun) -> set[int]:
    """Return the articles that a run publishes over flags that were confirmed."""
    return {int(flag.partition("/")[0]) for flag in run.parameters.get("over", ())}


def _published_by(run: BulkRun) -> Q | None:
    """Return what tells which articles a run puts before readers; None where it does no such
    thing."""
    if run.action == Action.PUBLISH:
        return Q()
    taken_back = (Action.UNPUBLISH, Action.ARCHIVE)
    if run.action == Action.UNDO and run.undoes.action in taken_back:
        return Q(wanted__status=Status.PUBLISHED)
    return None


def _blocked(run: BulkRun) -> Iterable[tuple[str, Q]]:
    """Yield what holds back articles with blocking flags, but for those that are published over
    them; whether these flags are still the ones that were confirmed is asked for under the lock."""
    publishes = _published_by(run)
    if publishes is not None:
        flagged = publishes & Q(article__source__blocking_count__gt=0)
        yield BLOCKED, flagged & ~Q(article__in=confirmed(run))


def see(items: QuerySet, time: str = "base") -> None:
    """Note of items what their articles are now, by one statement: so nothing that somebody is
    still about to commit counts as seen."""
    article = Article.objects.filter(pk=OuterRef("article"))
    items.update(**{time: article.values("modified_at")[:1], "seen": newest_revision("article")})


def newest_revision(article: str) -> Coalesce:
    """Return the number of the newest revision of an article; 0 where there is none."""
    own = Revision.objects.filter(article=OuterRef(article)).order_by("-number")
    return Coalesce(Subquery(own.values("number")[:1]), 0)


def with_fates(run: BulkRun, items: QuerySet) -> QuerySet:
    """Return items with `fate`: GO, or why the article would be left out."""
    cases = [When(condition, then=Value(fate)) for fate, condition in _conditions(run)]
    return items.annotate(fate=Case(*cases, default=Value(GO), output_field=CharField()))


def _conditions(run: BulkRun) -> Iterable[tuple[str, Q]]:
    """Yield why articles would be left out, the first reason first."""
    yield GONE, Q(article__isnull=True)
    action = run.undoes.action if run.action == Action.UNDO else run.action
    from_bin = (action in (Action.RESTORE, Action.PURGE)) != (
        run.action == Action.UNDO and action in (Action.BIN, Action.RESTORE)
    )
    if from_bin:
        yield OUTSIDE, Q(article__deleted_at__isnull=True)
    else:
        yield BINNED, Q(article__deleted_at__isnull=False)
    if run.action == Action.PURGE:
        yield CITED, in_cited("article")
    user = run.started_by
    deed = Deed.PUBLISH_UNSEEN if action in WITH_PARAMETERS else Deed.WITHDRAW
    if not (user and may(user, deed)):
        yield LOCKED, Q(article__status__in=RELEASED)
    reviewed = not (user and may(user, Deed.PUBLISH_UNSEEN))
    if run.action == Action.PUBLISH and reviewed:  # to undo it publishes nothing
        asked = ReviewRequest.objects.open().filter(submitted_by=user)
        yield OWN, Q(article__modified_by=user) | Q(article__in=asked.values("article"))
    yield MEANWHILE, _meanwhile(run)
    if run.action != Action.UNDO:
        yield from _own_conditions(run)
    yield from _blocked(run)


def _meanwhile(run: BulkRun) -> Q:
    """Return what tells that somebody changed an article after the run saw it."""
    return (
        Q(base__isnull=False) & ~Q(article__modified_at=F("base"))
        | Q(is_revised())
        # Runs from before 0020 kept no more than a time.
        | Q(base=None, article__modified_at__gt=run.as_of)
        | Q(seen=None, article__draft__created_at__gt=Coalesce(F("base"), run.as_of))
    )


def is_revised() -> Exists:
    """Return what tells of an item that its article has a newer revision than was seen."""
    newer = Revision.objects.filter(article=OuterRef("article"), number__gt=OuterRef("seen"))
    return Exists(newer.exclude(kind=Revision.Kind.BEFORE))  # which is kept without a change


def wanted_rows(run: BulkRun, *, hold: bool = False) -> dict[int, Tag | Author] | None:
    """Return the tags or authors a run puts in or takes away, by the keys that were chosen; what
    was merged since is what it became. None where it is about neither.

    They are read once for all of a page. With `hold` they are read anew, and stay as they are
    until the end of the transaction.
    """
    model, value = OF.get(run.action), run.parameters.get("value")
    if model is None or value is None:
        return None
    known = getattr(run, "wanted_rows", None)
    if hold or known is None or known[0] != value:
        rows = Redirect.objects.rows(model, value, hold=hold)
        run.wanted_rows = value, {key: rows[key] for key in value if key in rows}
    return run.wanted_rows[1]


def _own_conditions(run: BulkRun) -> Iterable[tuple[str, Q]]:
    action, parameters = run.action, run.parameters
    if action in MOVES:
        yield SAME, Q(article__status=MOVES[action])
        if action in _MOVED_FROM:
            yield SAME, ~Q(article__status__in=_MOVED_FROM[action])
    if action in WITH_PARAMETERS and "value" not in parameters:
        return
    value = parameters.get("value")
    if action in OF:
        rows = wanted_rows(run)
        keys = list(dict.fromkeys(row.pk for row in rows.values()))
        if value and not keys:  # all of them were deleted since
            yield SAME, Q(pk__isnull=False)
            return
    if action == Action.ADD_TAGS:
        yield SAME, _all(Q(article__in=_tagged([tag])) for tag in keys)
    elif action == Action.REMOVE_TAGS:
        yield SAME, ~Q(article__in=_tagged(keys))
    elif action == Action.SET_AUTHORS:
        signed = Authorship.objects.all()
        byline = [
            Q(article__in=signed.filter(author=author, position=place).values("article"))
            for place, author in enumerate(keys, 1)
        ]
        longer = signed.filter(position__gt=len(keys)).values("article")
        yield SAME, _all([*byline, ~Q(article__in=longer)])
    elif action == Action.SET_GENRE:
        yield SAME, Q(article__genre=value)
    elif action == Action.SET_SOURCE:
        yield SAME, Q(article__source_name=value)


def _tagged(tags: list[int]) -> QuerySet:
    return TaggedArticle.objects.filter(tag__in=tags).values("content_object")


def _all(conditions: Iterable[Q]) -> Q:
    every = Q()
    for condition in conditions:
        every &= condition
    return every

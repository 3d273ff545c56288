"""The start page of the desk: what is to be done, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from portal.person_names import person_name

from ..models import Article, ImportRun, Look, Report, ReviewRequest, Revision, Source, Status
from ..text.names import in_desk_script
from .policy import Deed, may

SHOWN, MOST = 6, 99
"""Entries of a list on the page, and up to where they are counted."""

SOON = timedelta(days=14)
"""How long before it expires an article is listed."""

WAITING, MINE, BACK, APPROVED = "waiting", "mine", "back", "approved"
FLAGGED, SCHEDULED, EXPIRING = "flagged", "scheduled", "expiring"
IMPORTS = _("Imports to look through")
_IMPORTED, _REPORTED = "imported", "reported"
_ORDER = [WAITING, BACK, APPROVED, FLAGGED, _IMPORTED, _REPORTED, MINE, SCHEDULED, EXPIRING]
"""Lists in the order of the page: where somebody waits for one comes first."""

LISTS = [
    (WAITING, _("Waiting for my review")),
    (BACK, _("Sent back to me")),
    (APPROVED, _("Mine, published in the last days")),
    (MINE, _("My drafts")),
    (FLAGGED, _("Imports with blocking flags")),
    (SCHEDULED, _("Scheduled")),
    (EXPIRING, _("Expiring soon")),
]
"""Lists of articles, as the filter of their list has them."""


_TITLE = ("title", "original_script")
_OF_ARTICLE = tuple(f"article__{name}" for name in _TITLE)
_IN_HAND = (Status.DRAFT, Status.IN_REVIEW)


def _in_hand(of: str = "") -> Q:
    """Choose what curators work on: what is not before readers, or has a draft over it."""
    return Q(**{f"{of}status__in": _IN_HAND}) | Q(**{f"{of}draft__isnull": False})


def _touched() -> Q:
    """Choose what was written here, or imported and changed since: an import as it came is nobody's
    draft, but work in the queue."""
    return Q(source__isnull=True) | Q(Exists(Revision.objects.filter(article=OuterRef("pk"))))


@dataclass
class Entry:
    """One line: what it is about, and what else is to be known of it."""

    address: str
    title: str
    facts: list = field(default_factory=list)
    badge: str = ""
    badge_name: object = ""
    script: str = ""  # that the title is written in

    @property
    def shown_title(self) -> str:
        """Return the title in the script of the desk."""
        return in_desk_script(self.title, self.script) if self.script else self.title


@dataclass
class Section:
    """One list of the page."""

    title: object
    whole: str  # the address of the whole list
    entries: list[Entry]
    count: int
    empty: object

    @property
    def counted(self) -> str:
        return f"{MOST}+" if self.count > MOST else str(self.count)

    @property
    def shown(self) -> list[Entry]:
        return self.entries[:SHOWN]


def chosen(articles, name: str, user):
    """Return those of `articles` a list of the page names, for this user."""
    now = timezone.now()
    if name == MINE:
        own = Q(modified_by=user, status__in=_IN_HAND) & _touched()
        return articles.filter(own | Q(draft__created_by=user))
    if name in (WAITING, BACK, APPROVED):
        of = {WAITING: "waiting_for", BACK: "back_with", APPROVED: "approved_of"}[name]
        requests = getattr(ReviewRequest.objects, of)(user)
        return articles.filter(pk__in=requests.values("article"))
    if name == FLAGGED:
        return articles.filter(_in_hand(), source__blocking_count__gt=0)
    published = articles.filter(status=Status.PUBLISHED)
    if name == SCHEDULED:
        return published.filter(published_at__gt=now)
    return published.filter(expires_at__gt=now, expires_at__lte=now + SOON)


def sections(user) -> list[Section]:
    """Return the lists the user can do something about. Each costs one query, or two, of at most
    a hundred short rows: a count stops there."""
    may_change = may(user, Deed.EDIT)
    may_publish = may_change and may(user, Deed.PUBLISH)
    made = {
        WAITING: (may_publish, _waiting),
        BACK: (may_change, _back),
        APPROVED: (may_change, _approved),
        MINE: (may_change, _mine),
        FLAGGED: (may_change and user.has_perm("articles.view_source"), _flagged),
        SCHEDULED: (may_publish, _scheduled),
        EXPIRING: (may_publish, _expiring),
    }
    listed = reverse("admin:articles_article_changelist")
    found = [
        (name, _section(title, f"{listed}?desk={name}", *made[name][1](user)))
        for name, title in LISTS
        if made[name][0]
    ]
    if may_change and user.has_perm("articles.view_source"):
        whole = reverse("admin:articles_article_queue")
        found.append((_IMPORTED, _section(IMPORTS, whole, *_imports())))
    if user.has_perm("articles.change_report"):
        whole = reverse("admin:articles_report_changelist")
        found.append((_REPORTED, _section(_("Readers' reports"), whole, *_reports(user))))
    return [section for _name, section in sorted(found, key=lambda one: _ORDER.index(one[0]))]


def _section(title, whole: str, entries: Iterable[Entry], empty) -> Section:
    entries = list(entries)
    return Section(title, whole, entries, len(entries), empty)


def _some(rows):
    return rows[: MOST + 1]


def _form(pk: int) -> str:
    return reverse("admin:articles_article_change", args=[pk])


def _at(time) -> str:
    return f"{timezone.localtime(time):%Y-%m-%d %H:%M}"


def _waiting(user):
    rows = (
        ReviewRequest.objects.waiting_for(user)
        .filter(article__deleted_at=None)
        .select_related("article", "submitted_by")
    )
    rows = rows.only(
        *("at", "note", "article__title", "article__original_script", "submitted_by__username"),
        *("submitted_by__first_name", "submitted_by__last_name"),
    )
    entries = [
        Entry(
            reverse("admin:articles_article_review", args=[one.article_id]),
            one.article.title,
            [_who(one.submitted_by), _at(one.at), one.note],
            script=one.article.original_script,
        )
        for one in _some(rows.order_by("-at"))
    ]
    return entries, _("Nobody waits for you. What others submit for review comes here.")


def _back(user):
    rows = (
        ReviewRequest.objects.back_with(user)
        .filter(article__deleted_at=None)
        .select_related("article", "decided_by")
    )
    rows = rows.only(
        *(
            "at",
            "reason",
            "decided_at",
            "article__title",
            "article__original_script",
            "decided_by__username",
        ),
        *("decided_by__first_name", "decided_by__last_name"),
    )
    entries = [
        Entry(
            _form(one.article_id),
            one.article.title,
            [_who(one.decided_by), _at(one.decided_at), format_html("<q>{}</q>", one.reason)],
            script=one.article.original_script,
        )
        for one in _some(rows.order_by("-at"))
    ]
    return entries, _("Nothing was sent back to you.")


def _approved(user):
    rows = ReviewRequest.objects.approved_of(user).select_related("article", "decided_by")
    rows = rows.only(
        *("decided_at", "article__title", "article__original_script", "decided_by__username"),
        *("decided_by__first_name", "decided_by__last_name"),
    )
    entries = [
        Entry(
            _form(one.article_id),
            one.article.title,
            [_who(one.decided_by), _at(one.decided_at)],
            script=one.article.original_script,
        )
        for one in _some(rows.order_by("-decided_at"))
    ]
    return entries, _("What you submit and others publish is told here for a week.")


def _mine(user):
    """Two queries, as either has an index: articles that are drafts, and drafts over others."""
    articles = Article.objects.outside_bin().filter(modified_by=user, status__in=_IN_HAND)
    articles = articles.filter(_touched()).order_by("-modified_at")
    drafts = (
        Article.objects.outside_bin().filter(draft__created_by=user).order_by("-draft__created_at")
    )
    rows = [
        *_some(articles.values_list("pk", *_TITLE, "status", "modified_at")),
        *_some(drafts.values_list("pk", *_TITLE, "draft__status", "draft__created_at")),
    ]
    newest = {row[0]: row[1:] for row in rows}
    ordered = sorted(newest.items(), key=lambda row: row[1][-1], reverse=True)
    entries = [
        Entry(_form(pk), title, [_at(at)], status, Status(status).label, script)
        for pk, (title, script, status, at) in ordered[: MOST + 1]
    ]
    return entries, _("You have no draft. Change an article or write a new one, and it is here.")


def _flagged(user):
    rows = Source.objects.filter(
        _in_hand("article__"), blocking_count__gt=0, article__deleted_at=None
    )
    rows = rows.order_by("-imported_at").values_list(
        "article_id", *_OF_ARTICLE, "blocking_count", "imported_at"
    )
    entries = [
        Entry(
            reverse("admin:articles_article_import", args=[pk]),
            title,
            [_("%(n)d to look at") % {"n": count}, _at(at)],
            script=script,
        )
        for pk, title, script, count, at in _some(rows)
    ]
    return entries, _("No import waits for a decision.")


def _imports():
    """One line for each run, however many articles it has left: two queries."""
    imported = Article.objects.outside_bin().filter(source__run__isnull=False)
    left = Look.objects.left(imported).order_by().values_list("source__run").annotate(n=Count("pk"))
    counts = dict(_some(left.order_by("-source__run")))
    runs = ImportRun.objects.in_bulk(list(counts))
    page = reverse("admin:articles_article_queue")
    entries = [
        Entry(f"{page}?run={pk}", str(runs[pk]), [_("%(n)d left to look at") % {"n": count}])
        for pk, count in counts.items()
        if pk in runs
    ]
    return entries, _("All imports are looked through.")


def _reports(user):
    rows = Report.objects.open().filter(article__deleted_at=None).order_by("-created_at")
    rows = rows.values_list("pk", *_OF_ARTICLE, "kind", "passage", "note", "created_at")
    entries = [
        Entry(
            reverse("admin:articles_report_change", args=[pk]),
            title,
            [Report.Kind(kind).label, Truncator(passage or note).chars(40), _at(at)],
            script=script,
        )
        for pk, title, script, kind, passage, note, at in _some(rows)
    ]
    return entries, _("No report is open. Readers send them from the foot of an article.")


def _scheduled(user):
    rows = chosen(Article.objects.outside_bin(), SCHEDULED, user).order_by("published_at")
    return _timed(rows, "published_at"), _(
        "Nothing is scheduled. A time in the future under “Publication” publishes an article then."
    )


def _expiring(user):
    rows = chosen(Article.objects.outside_bin(), EXPIRING, user).order_by("expires_at")
    return _timed(rows, "expires_at"), _("Nothing expires within two weeks.")


def _timed(rows, name: str) -> list[Entry]:
    found = _some(rows.values_list("pk", *_TITLE, name))
    return [Entry(_form(pk), title, [_at(at)], script=script) for pk, title, script, at in found]


def _who(user) -> str:
    return person_name(user) if user else "–"

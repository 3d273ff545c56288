"""Which imports a queue is of, in which order, and what is left of them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.person_names import person_name

from ...models import LEFT, Article, ImportRun, Look, Status
from ...models.near_duplicates import NEAR_DUPLICATE, has_similar
from ...text.keys import is_key
from ..findings import FLAG_NAMES

LISTED, COUNTED = 300, 2000
"""Rows shown of a queue, the rest come up as these are done; imports counted by their flags."""

READY, THROUGH = "ready", "through"
"""Filters besides the kinds of flags: nothing in doubt that readers would see at the head of a
text; and what is looked through already."""

DOUBTFUL = [
    "missing-title",
    "doubtful-title",
    "doubtful-author",
    "doubtful-date",
    "doubtful-source",
]

_STATES = {
    Status.PUBLISHED: _("published"),
    Status.IN_REVIEW: _("in review"),
    Status.ARCHIVED: _("archived"),
}


@dataclass
class Row:
    """One import in the list."""

    pk: int
    title: str
    blocking: int
    flags: list[tuple[str, str]]
    state: str
    is_left: bool
    who: str = ""


@dataclass
class Queue:
    """The imports of a run, or of the library, that a user looks through, by one kind of flag."""

    user: object
    run: ImportRun | None = None
    kind: str = ""

    @classmethod
    def asked(cls, user, asked) -> "Queue":
        """Return the queue an address or a form names; raises ImportRun.DoesNotExist."""
        number, kind = asked.get("run", ""), asked.get("kind", "")
        run = ImportRun.objects.get(pk=number if is_key(number) else 0) if number else None
        known = kind in FLAG_NAMES or kind in (READY, THROUGH)
        return cls(user, run, kind if known else "")

    def address(self, **more) -> str:
        """Return the address of its page."""
        asked = {"run": self.run.pk if self.run else "", "kind": self.kind} | more
        query = urlencode({name: value for name, value in asked.items() if value})
        page = reverse("admin:articles_article_queue")
        return f"{page}?{query}" if query else page

    @cached_property
    def all(self) -> QuerySet[Article]:
        """All imports it is of, looked through or not."""
        return Look.objects.imported(self.run)

    @cached_property
    def left(self) -> QuerySet[Article]:
        """What has to be looked at."""
        return Look.objects.left(self.all)

    @cached_property
    def chosen(self) -> QuerySet[Article]:
        """What its filter chooses."""
        if self.kind == THROUGH:
            return self.all.exclude(pk__in=self.left.order_by().values("pk"))
        if self.kind == READY:
            doubtful = Q(source__flag_kinds__has_any_keys=DOUBTFUL)
            return self.left.filter(source__blocking_count=0).exclude(doubtful)
        if self.kind == NEAR_DUPLICATE:
            return self.left.filter(has_similar())
        if self.kind:
            return self.left.filter(source__flag_kinds__has_key=self.kind)
        return self.left

    def rows(self) -> list[Row]:
        """Return the first of its imports, those most in doubt first."""
        order = "-source__blocking_count", "-source__flag_count", "pk"
        return self._read(self.chosen.order_by(*order)[:LISTED])

    def row(self, number: int) -> Row | None:
        """Return the row of one import, whatever the filter."""
        return next(iter(self._read(self.all.filter(pk=number))), None)

    def _read(self, articles: QuerySet[Article]) -> list[Row]:
        names = ("pk", "title", "status", "draft", "source__blocking_count", "source__flag_kinds")
        through = ("look__done_at", "source__imported_at")
        found = list(articles.values_list(*names, *through))
        who = self.others([one[0] for one in found])
        rows = []
        for pk, title, status, draft, blocking, kinds, done_at, imported_at in found:
            in_hand = status in (Status.DRAFT, Status.IN_REVIEW) or draft is not None
            is_through = done_at is not None and done_at >= imported_at and not kinds
            flags = [(kind, FLAG_NAMES.get(kind, kind)) for kind in kinds]
            state = _STATES.get(status, _("looked through") if is_through else "")
            is_left = in_hand and not is_through
            rows.append(Row(pk, title, blocking, flags, state, is_left, who.get(pk, "")))
        return rows

    def others(self, numbers: list[int] | None = None) -> dict[int, str]:
        """Return who else has which of its imports before them."""
        looks = (
            Look.objects.others(self.user)
            .select_related("user")
            .only("article_id", "user__username", "user__first_name", "user__last_name")
        )
        wanted = set(numbers) if numbers is not None else None
        return {
            look.article_id: person_name(look.user)
            for look in looks
            if wanted is None or look.article_id in wanted
        }

    def next_of(self, number: int | None, hint: str = "") -> int | None:
        """Return what comes after an import: what the page has there, or what is most in doubt of
        what nobody else has before them, and then of the others."""
        others = set(self.others())
        if is_key(hint) and int(hint) not in others and self.left.filter(pk=hint).exists():
            return int(hint)
        order = "-source__blocking_count", "-source__flag_count", "pk"
        following = (
            self.chosen.exclude(pk=number or 0).order_by(*order).values_list("pk", flat=True)
        )
        return following.exclude(pk__in=others).first() or following.first()

    def progress(self) -> dict:
        """Return how many there are, how many are left and how many are done."""
        counts = {"whole": Count("pk"), "left": Count("pk", filter=LEFT)}
        found = self.all.aggregate(**counts)
        return found | {"done": found["whole"] - found["left"]}

    def pills(self) -> list[dict]:
        """Return the filters with how many imports each chooses, the commonest first."""
        kinds, ready, similar = Counter(), 0, 0
        of_left = self.left.annotate(is_similar=has_similar()).order_by("-pk")
        values = ("source__flag_kinds", "source__blocking_count", "is_similar")
        for found, blocking, is_similar in of_left.values_list(*values)[:COUNTED]:
            kinds.update(found.keys())
            ready += not blocking and not found.keys() & set(DOUBTFUL)
            similar += is_similar
        if similar:
            kinds[NEAR_DUPLICATE] = similar
        counted = [(kind, FLAG_NAMES.get(kind, kind), n) for kind, n in kinds.most_common()]
        if ready:
            counted.insert(0, (READY, _("ready to publish"), ready))
        return [
            {"kind": kind, "name": name, "count": count, "is_on": kind == self.kind}
            for kind, name, count in counted
        ]

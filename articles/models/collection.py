"""Collections (專題): articles in an order a curator chose, with an introduction."""

from dataclasses import dataclass
from functools import partial

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum, Window
from django.db.models.functions import Length, Now
from django.utils.translation import gettext_lazy as _

from ..text import html, script
from ..text.names import address, article_address, current_script
from ..text.reading_time import minutes
from .article import Article, SafeHTMLField
from .article_queries import this_second
from .choices import Status
from .in_both_scripts import InBothScripts
from .rendering import marked, marked_markup, rendered_markup

_STATES = [(Status.DRAFT, Status.DRAFT.label), (Status.PUBLISHED, Status.PUBLISHED.label)]


_SEEN = Exists(Article.objects.published().filter(pk=OuterRef("article")))
"""The condition for items whose article readers see; for each item, as there are few."""


@dataclass(frozen=True, slots=True)
class Step:
    """An article of a collection, as a link from another one leads to it."""

    article_id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Around:
    """Where an article stands in a collection, counting what readers see."""

    collection: "Collection"
    previous: Step | None
    next: Step | None
    position: int
    total: int


class CollectionItemQuerySet(models.QuerySet):
    def public(self):
        """Return the items whose article readers see, in their order."""
        return self.filter(_SEEN).order_by("position", "pk")

    def with_state(self):
        """Return the items in their order, each with `is_seen`: whether readers see it."""
        return self.annotate(is_seen=_SEEN).order_by("position", "pk")


class CollectionQuerySet(models.QuerySet):
    def published(self):
        """Return what readers see: published, and with an article they may read."""
        items = CollectionItem.objects.filter(collection=OuterRef("pk")).public()
        return self.filter(Exists(items), status=Status.PUBLISHED, published_at__lte=Now())

    def named(self, name: str):
        """Return the collections of this title, in either script."""
        name = name.strip()
        in_hans = {name, script.fold(name)}
        return self.filter(
            Q(name__in=in_hans | {marked(one, script.HANS) for one in in_hans})
            | Q(name_hant__in={name, marked(name, script.HANT)})
        )

    def newest_first(self):
        """Return the featured ones first."""
        return self.order_by("-is_featured", "-published_at", "-pk")

    def with_sizes(self):
        """Add how many articles readers see, and how many characters these have."""
        seen = CollectionItem.objects.filter(collection=OuterRef("pk")).public().order_by()
        seen = seen.values("collection")
        return self.annotate(
            article_count=seen.annotate(n=Count("pk")).values("n"),
            characters=seen.annotate(n=Sum(Length("article__search_text"))).values("n"),
        )


class Collection(InBothScripts):
    """Articles to be read one after the other. Its name is kept in both scripts, and so are its
    summary and introduction."""

    in_both_scripts = with_marks = ("name", "summary")
    markup_in_both = ("introduction",)

    name = models.CharField(_("title (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("title (traditional)"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=90, unique=True, blank=True)
    summary = models.TextField(_("summary (simplified)"), blank=True)
    summary_hant = models.TextField(_("summary (traditional)"), blank=True)
    introduction = SafeHTMLField(_("introduction (simplified)"), blank=True)
    introduction_hant = SafeHTMLField(_("introduction (traditional)"), blank=True)
    status = models.CharField(_("status"), max_length=9, choices=_STATES, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    is_featured = models.BooleanField(
        _("featured"),
        default=False,
        help_text=_("The newest featured one stands on the home page."),
    )
    cover = models.ForeignKey(
        "articles.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="covers",
        verbose_name=_("cover"),
        help_text=_("A picture of the library. Where there is none, a cover is made of the title."),
    )
    articles = models.ManyToManyField(Article, through="CollectionItem", related_name="collections")
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="collections_have_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="collections_have_a_known_status",
                condition=Q(status__in=[Status.DRAFT, Status.PUBLISHED]),
            ),
            models.CheckConstraint(
                name="published_collections_have_a_time",
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]

    __str__ = InBothScripts.__str__

    def save(self, *args, **kwargs):
        self.fill_scripts()
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = this_second()
        self.save_with_slug(partial(super().save, *args, **kwargs))

    def fill_scripts(self) -> None:
        super().fill_scripts()
        hans, hant = html.sanitise(self.introduction), html.sanitise(self.introduction_hant)
        hans, hant = (text if html.plain_text(text) else "" for text in (hans, hant))
        if hant and not hans:
            hans = rendered_markup(hant, script.HANS, script.HANT)
        elif hans and not hant:
            hant = rendered_markup(hans, script.HANT, script.HANS)
        self.introduction = marked_markup(hans, script.HANS)
        self.introduction_hant = marked_markup(hant, script.HANT)

    def get_absolute_url(self) -> str:
        return address("collection", self.slug)

    @property
    def summary_in_script(self) -> str:
        return self.text("summary")

    @property
    def introduction_in_script(self) -> str:
        return self.text("introduction")

    @classmethod
    def on_home(cls, most: int) -> tuple["Collection", list[int]] | None:
        """Return the collection the home page shows, with `article_count`, and its first articles:
        the newest featured one, or else the newest; with one query."""
        items = CollectionItem.objects.public().filter(
            collection__status=Status.PUBLISHED, collection__published_at__lte=Now()
        )
        first = list(
            items.annotate(of=Window(Count("pk"), partition_by=F("collection")))
            .select_related("collection__cover")
            .order_by(
                *("-collection__is_featured", "-collection__published_at", "-collection"),
                *("position", "pk"),
            )[:most]
        )
        if not first:
            return None
        shown = first[0].collection
        shown.article_count = first[0].of
        return shown, [item.article_id for item in first if item.collection_id == shown.pk]

    @property
    def marker(self) -> str:
        """Return what the address of an article read in this collection carries: `?in=c3`."""
        return f"c{self.pk}"

    @property
    def minutes(self) -> int:
        """Return how long it takes to read; of a collection fetched `with_sizes`."""
        return minutes(self.characters or 0)

    def public_article_ids(self) -> list[int]:
        """Return the articles readers see, in their order."""
        return list(self.items.public().values_list("article_id", flat=True))

    def number_items(self) -> None:
        """Number the articles from 1, in their order; those without a number come last."""
        items = sorted(self.items.all(), key=lambda one: (one.position or 10_000, one.pk))
        for number, item in enumerate(items, 1):
            item.position = number
        CollectionItem.objects.bulk_update(items, ["position"])

    def around(self, article_id: int) -> Around | None:
        """Return where an article stands among those readers see, with one query; None where they
        do not see it here."""
        rendered = self.items.public().filter(article__renditions__script=current_script())
        rows = list(
            rendered.values_list("article_id", "article__slug", "article__renditions__title")
        )
        at = next((at for at, row in enumerate(rows) if row[0] == article_id), None)
        if at is None:
            return None

        def step(row) -> Step:
            pk, slug, title = row
            return Step(pk, title, f"{article_address(pk, slug)}?in={self.marker}")

        before = step(rows[at - 1]) if at else None
        after = step(rows[at + 1]) if at + 1 < len(rows) else None
        return Around(self, before, after, at + 1, len(rows))


class CollectionItem(InBothScripts):
    """One article of one collection, its place in it, and why it stands there."""

    in_both_scripts = with_marks = ("note",)

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="collected", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, blank=True)
    note = models.CharField(_("note (simplified)"), max_length=200, blank=True)
    note_hant = models.CharField(_("note (traditional)"), max_length=200, blank=True)

    objects = CollectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "article"], name="an_article_stands_once_in_a_collection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.article}"

    def clean(self) -> None:
        """Check nothing more: it has a note, but no name."""

    def save(self, *args, **kwargs):
        self.fill_scripts()
        self.position = self.position or 0  # left blank: `number_items` puts it last
        super().save(*args, **kwargs)

    @property
    def note_in_script(self) -> str:
        return self.text("note")

"""Articles and their renditions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_prose_editor.fields import ProseEditorField
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from .. import html, script
from ..importing.dates import FIRST_YEAR, LAST_YEAR
from ..names import current_script, pinyin_slug
from ..search.index import index, remove
from ..search.text import searchable
from .author import Author
from .similar import note_similar
from .tag import Tag

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

EXCERPT_LENGTH = 110
"""Characters of the text shown in lists for an article without a summary."""


_DELETED_AT_ONCE = 500


def _this_second() -> datetime:
    """Return the time, as exact as the order of publication is."""
    return timezone.now().replace(microsecond=0)


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Genre(models.TextChoices):
    PAPER = "paper", _("Paper")
    SPEECH = "speech", _("Speech")
    COMMENTARY = "commentary", _("Commentary")
    EXPERIENCE = "experience", _("Experience report")


class Script(models.TextChoices):
    HANS = script.HANS, _("Simplified Chinese")
    HANT = script.HANT, _("Traditional Chinese")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class SafeHTMLField(ProseEditorField):
    """The body: edited as rich text, sanitised on every way into the database."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"extensions": html.EDITOR_EXTENSIONS, "sanitize": html.sanitise}
        super().__init__(*args, **kwargs)

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            value = html.sanitise(value)
        return super().get_db_prep_save(value, connection)


class ArticleQuerySet(models.QuerySet):
    def published(self):
        """Return what the public may read: the one place that says so."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            status=Status.PUBLISHED,
            published_at__lte=Now(),
        )

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def for_links(self, in_script: str):
        """Return articles with no more than a link to each shows."""
        titles = Rendition.objects.filter(script=in_script).only("article_id", "title")
        return self.only("pk", "slug", "published_at").prefetch_related(
            Prefetch("renditions", titles, to_attr="in_script")
        )

    def for_lists(self, in_script: str, *, with_bodies: bool = False):
        """Return articles with all that a list shows of them; with bodies only to quote them."""
        renditions = Rendition.objects.filter(script=in_script)
        renditions = renditions.defer("outline", *([] if with_bodies else ["body"]))
        return self.defer("body", "search_text").prefetch_related(
            Prefetch("renditions", renditions, to_attr="in_script"),
            Prefetch("authorships", Authorship.objects.select_related("author")),
            "tags",
        )

    def for_desk(self):
        """Return articles with what curators' lists show of them: no bodies, no source texts."""
        heavy = ("raw", "text", "edits", "flags", "marks", "hints", "written", "keywords")
        return (
            self.select_related("source")
            .defer("body", "search_text", *(f"source__{name}" for name in heavy))
            .prefetch_related("authorships__author", "tags")
        )

    def move_to(self, status: Status, user) -> list["Article"]:
        """Give these articles a status, all or none; return those that were moved.

        Publishing sets the time only where none is set: an article keeps its first.
        """
        with transaction.atomic():
            chosen = list(self.values_list("pk", flat=True))
            articles = self.model.objects.filter(pk__in=chosen)
            moved = list(articles.only("pk", "title", "status").order_by("pk"))
            changes = {"status": status, "modified_by": user, "modified_at": Now()}
            if status == Status.PUBLISHED:
                undated = articles.filter(stated_date__isnull=True, published_at__isnull=True)
                undated.update(dated=timezone.localdate())
                changes["published_at"] = Coalesce("published_at", _this_second())
            articles.update(**changes)
            index(chosen)
        return moved

    def delete(self):
        """Delete articles, and their words in the index with them.

        They are chosen first: what was found by its words is not found without them.
        """
        total, counts = 0, Counter()
        with transaction.atomic():
            chosen = list(self.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(chosen), _DELETED_AT_ONCE):
                articles = self.model.objects.filter(
                    pk__in=chosen[start : start + _DELETED_AT_ONCE]
                )
                remove(articles.lock())
                deleted, rows = super(ArticleQuerySet, articles).delete()
                total, counts = total + deleted, counts + Counter(rows)
        return total, dict(counts)

    delete.queryset_only = True  # as Django's own: no manager empties the library

    def lock(self) -> list[int]:
        """Let nobody else change or index these articles; return their keys."""
        rows = self.order_by("pk").select_for_update(no_key=True)
        return list(rows.values_list("pk", flat=True))

    def tags_in_use(self):
        """Return the tags of these articles, with `article_count`."""
        return Tag.objects.filter(tagged__content_object__in=self).annotate(
            article_count=Count("tagged")
        )

    def authors_in_use(self):
        """Return the authors of these articles, with `article_count`."""
        return Author.objects.filter(authorships__article__in=self).annotate(
            article_count=Count("authorships")
        )

    def dated(self, year: int, month: int | None = None):
        """Return the articles of a year or month, by the text's own date where it states one."""
        first = date(year, month or 1, 1)
        after = date(year + (month in (None, 12)), 1 if month in (None, 12) else month + 1, 1)
        return self.filter(dated__gte=first, dated__lt=after)


class Article(models.Model):
    """An essay in the library."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=90, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = SafeHTMLField(_("body"))
    authors = models.ManyToManyField(
        Author, through="Authorship", related_name="articles", verbose_name=_("authors")
    )
    tags = TaggableManager(
        _("tags"), through="TaggedArticle", blank=True, related_name="articles", help_text=""
    )
    stated_date = models.DateField(
        _("stated date"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    date_precision = models.CharField(
        _("precision"), max_length=5, choices=DatePrecision, blank=True
    )
    date_is_upload = models.BooleanField(_("the date is a web site's upload date"), default=False)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("source address"), max_length=500, blank=True)
    genre = models.CharField(_("genre"), max_length=12, choices=Genre, blank=True)
    original_script = models.CharField(_("original script"), max_length=7, choices=Script)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    dated = models.DateField(_("filed under"), editable=False, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    modified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("modified by"),
    )
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    objects = ArticleQuerySet.as_manager()
    found_similar = False  # by the last save: near duplicates that were not known

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-pk"]
        permissions = [("publish_article", "Can publish and unpublish articles")]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="articles_newest_first"),
            models.Index(fields=["-modified_at"], name="articles_last_modified"),
        ]
        constraints = [
            models.CheckConstraint(name="articles_have_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="articles_have_a_known_status", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="articles_have_a_known_script",
                condition=Q(original_script__in=Script.values),
            ),
            models.CheckConstraint(
                name="published_articles_have_a_time",
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="stated_dates_have_an_archive",
                condition=Q(stated_date__isnull=True)
                | Q(stated_date__gte=FIRST_DAY, stated_date__lte=LAST_DAY),
            ),
            models.CheckConstraint(
                name="stated_dates_have_a_precision",
                condition=Q(stated_date__isnull=True, date_precision="")
                | Q(stated_date__isnull=False, date_precision__in=DatePrecision.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(
        self,
        *args,
        signature: list[int] | None = None,
        with_renditions: bool = True,
        with_index: bool = True,
        **kwargs,
    ):
        """Save the article, make its renditions, index it and look for near duplicates; all or
        nothing.

        `signature` holds the fingerprints of the body, where the importer has made them already.
        Without renditions only where nothing is kept: in the trial of an import; without the index
        also where the caller goes on to set authors and tags, which index the article.
        """
        self.body = html.sanitise(self.body)
        text = html.plain_text(self.body)
        self.search_text = searchable("\n".join((self.title, self.summary, text)))
        self.slug = pinyin_slug(self.title) or "article"
        self.original_script = self.original_script or script.detect(self.title + self.body)
        self.settle()
        entered = self.published_at or self.created_at or timezone.now()
        self.dated = self.stated_date or timezone.localdate(entered)
        new = self._state.adding
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            if with_renditions:
                self.make_renditions(text)
            if with_index and with_renditions:
                index([self.pk])
            self.found_similar = note_similar(self, text, signature, new=new)

    def settle(self) -> None:
        """Fill in what follows: the time of publication, and how precise a date is."""
        if self.stated_date is None:
            self.date_precision = ""
        elif not self.date_precision:
            self.date_precision = DatePrecision.DAY
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = _this_second()

    def clean(self) -> None:
        super().clean()
        self.settle()
        if self.expires_at and self.published_at and self.expires_at <= self.published_at:
            raise ValidationError({"expires_at": _("It would expire before it is published.")})

    def delete(self, *args, **kwargs):
        """Delete the article, and its words in the index with it."""
        with transaction.atomic():
            remove(Article.objects.filter(pk=self.pk).lock())
            return super().delete(*args, **kwargs)

    def make_renditions(self, text: str | None = None) -> None:
        """Write title, summary, body and outline in both scripts.

        `text` is that of the body, where the caller knows it.
        """
        markup = html.with_outline(self.body)
        excerpt = self.summary
        if not excerpt:
            text = html.plain_text(self.body) if text is None else text
            text = text.replace("\n", " ")
            excerpt = text if len(text) <= EXCERPT_LENGTH else f"{text[: EXCERPT_LENGTH - 1]}…"
        rows = []
        for target in script.SCRIPTS:

            def rendered(text: str, target: str = target) -> str:
                return script.convert(text, target, self.original_script)

            rows.append(
                Rendition(
                    article=self,
                    script=target,
                    title=rendered(self.title),
                    summary=rendered(self.summary),
                    excerpt=rendered(excerpt),
                    body=markup.markup
                    if target == self.original_script
                    else html.map_text(markup.markup, rendered),
                    outline=[{**part, "title": rendered(part["title"])} for part in markup.outline],
                    source_name=rendered(self.source_name),
                )
            )
        Rendition.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["article", "script"],
            update_fields=["title", "summary", "excerpt", "body", "outline", "source_name"],
        )

    @property
    def byline(self) -> list[Author]:
        """Return the authors in their order."""
        return [authorship.author for authorship in self.authorships.all()]

    @property
    def rendition(self) -> "Rendition":
        """Return the article in the script of the page being made."""
        if getattr(self, "in_script", None):
            return self.in_script[0]
        return self.renditions.get(script=current_script())

    @property
    def is_public(self) -> bool:
        """Tell whether readers can see it now: `published()` for one article."""
        return (
            self.status == Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
            and (self.expires_at is None or self.expires_at > timezone.now())
        )

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk, self.slug])

    def url_in(self, in_script: str) -> str:
        """Return the address of the article in a given script."""
        with override(in_script.lower()):
            return self.get_absolute_url()

    def set_authors(
        self, authors: list[Author], *, new: bool = False, with_index: bool = True
    ) -> None:
        """Make `authors` the article's authors, in this order; a new article has none yet, and is
        indexed by whoever makes it."""
        with transaction.atomic():
            if not new:
                self.authorships.all().delete()
            Authorship.objects.bulk_create(
                Authorship(article=self, author=author, position=position)
                for position, author in enumerate(dict.fromkeys(authors), 1)
            )
            if with_index and not new:
                index([self.pk])

    def set_tags(self, tags: Iterable[Tag], *, with_index: bool = True) -> None:
        """Make `tags` the article's tags."""
        with transaction.atomic():
            self.tags.set(tags)
            if with_index:
                index([self.pk])


class Authorship(models.Model):
    """One author of one article, and the place in its byline."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="authorships")
    author = models.ForeignKey(
        Author, models.PROTECT, related_name="authorships", verbose_name=_("author")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="an_author_signs_once")
        ]

    def __str__(self) -> str:
        return str(self.author)


class TaggedArticle(ItemBase):
    """One tag of one article."""

    content_object = models.ForeignKey(Article, models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged", verbose_name=_("tag"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_tag_stands_once")
        ]


class Rendition(models.Model):
    """An article in one script: what pages show. Made on save, and by `rebuild_renditions`."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="renditions")
    script = models.CharField(max_length=7, choices=Script)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    excerpt = models.TextField(blank=True)
    body = models.TextField()
    outline = models.JSONField(default=list)
    source_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "script"], name="one_rendition_a_script")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.script})"

"""Articles and their renditions."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Index, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django_prose_editor.fields import ProseEditorField
from taggit.managers import TaggableManager

from ..importing.fields.dates import FIRST_YEAR, LAST_YEAR
from ..text import html, script
from ..text.names import current_script, pinyin_slug
from ..text.quotes import ANY_MARK
from ..text.script import searchable
from . import changes
from .article_parts import Authorship, Rendition
from .article_queries import ArticleQuerySet, this_second
from .author import Author
from .choices import DatePrecision, Genre, Script, Status
from .excerpt import beginning
from .redirect import Redirect
from .rendering import rendered, rendered_markup
from .rendition_correction import NONE, Corrections, RenditionCorrection
from .revision import Revision
from .tag import Tag

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class SafeHTMLField(ProseEditorField):
    """The body: edited as rich text, sanitised on every way into the database."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"extensions": html.EDITOR_EXTENSIONS, "sanitize": html.sanitise}
        super().__init__(*args, **kwargs)

    def get_db_prep_save(self, value, connection):
        if isinstance(value, str):
            value = html.sanitise(value)
        return super().get_db_prep_save(value, connection)


class Article(models.Model):
    """An essay in the library."""

    class Standing(NamedTuple):
        """Whether readers see an article: `seen`, `scheduled` for or `expired` since a time,
        `archived`, or `unseen`."""

        name: str
        at: datetime | None = None

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
    cover = models.ForeignKey(
        "articles.Picture", models.PROTECT, null=True, blank=True,
        related_name="covered", db_index=False, verbose_name=_("cover"),
    )  # fmt: skip
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
    text_changed_at = models.DateTimeField(null=True, editable=False)
    draft = models.OneToOneField(
        Revision,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="draft_of",
        verbose_name=_("draft over the text readers see"),
    )

    deleted_at = models.DateTimeField(_("in the recycle bin since"), null=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("moved there by"),
    )

    objects = ArticleQuerySet.as_manager()
    found_similar = False  # by the last save: near duplicates that were not known

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-pk"]
        permissions = [
            ("publish_article", "Can publish and unpublish articles"),
            ("publish_unreviewed", "Can publish own changes without a review by somebody else"),
        ]
        indexes = [
            Index(fields=["status", "-published_at", "-id"], name="articles_newest_first"),
            # The bin is read and counted from the first of these, the desk's list from the second.
            Index(fields=["deleted_at", "-modified_at", "-id"], name="articles_last_touched"),
            Index(fields=["-modified_at", "-id"], condition=Q(deleted_at=None), name="at_desk"),
            Index(
                fields=["modified_by", "-modified_at"],
                condition=Q(status=Status.DRAFT) | Q(status=Status.IN_REVIEW),
                name="articles_in_hand",
            ),
            Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False),
                name="articles_that_expire",
            ),
            Index(fields=["cover"], condition=Q(cover__isnull=False), name="article_covers"),
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
        """Save the article, make its renditions, index it, look for near duplicates and for what
        is related; all or nothing.

        What follows is said in `curation.after_save`. `signature` holds the fingerprints of the
        body, where the importer has made them already.
        Without renditions only where nothing is kept: in the trial of an import; without the index
        also where the caller goes on to set authors and tags, and then calls `make_findable`.
        """
        text = self.prepare()
        new = self._state.adding
        with transaction.atomic(savepoint=False):
            if not new:
                self._date_text()
            super().save(*args, **kwargs)
            if with_renditions:
                self.make_renditions(text)
            changes.text_saved(self, text, signature, new=new)
            if with_index and with_renditions:
                self.make_findable()

    def prepare(self) -> str:
        """Fill in what a row says besides of its own text; return the plain text of the body."""
        if self._state.adding:
            self.text_changed_at = timezone.now()
        self.body = html.sanitise(self.body)
        text = html.plain_text(self.body)
        self.search_text = searchable("\n".join((self.title, self.summary, text)))
        self.slug = pinyin_slug(self.title) or "article"
        self.original_script = self.original_script or script.detect(self.title + self.body)
        self.settle()
        entered = self.published_at or self.created_at or timezone.now()
        self.dated = self.stated_date or timezone.localdate(entered)
        return text

    def _date_text(self) -> None:
        """Say when the text changed last: not when a tag was given or a date set."""
        same = type(self).objects.filter(pk=self.pk, search_text=self.search_text)
        before = self.text_changed_at or self.modified_at
        self.text_changed_at = before if same.exists() else timezone.now()

    def settle(self) -> None:
        """Fill in what follows: the time of publication, and how precise a date is."""
        if self.stated_date is None:
            self.date_precision = ""
        elif not self.date_precision:
            self.date_precision = DatePrecision.DAY
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = this_second()

    def clean(self) -> None:
        super().clean()
        self.settle()
        if self.expires_at and self.published_at and self.expires_at <= self.published_at:
            raise ValidationError({"expires_at": _("It would expire before it is published.")})

    def validate_constraints(self, exclude=None) -> None:
        """Ask the database nothing: choices, the limits of dates and `clean` have said before what
        the constraints above say, and it holds them itself, whoever saves."""

    def delete(self, *args, **kwargs):
        """Delete the article, and its words in the index with it."""
        with transaction.atomic():
            changes.going(Article.objects.filter(pk=self.pk).lock())
            return super().delete(*args, **kwargs)

    def make_findable(self) -> None:
        """Index the article as it is with its authors and tags, and relate it to others."""
        changes.says_all([self.pk])

    def make_renditions(
        self, text: str | None = None, corrections: Mapping[str, Corrections] | None = None
    ) -> None:
        """Write title, summary, body and outline in both scripts.

        `text` is that of the body, and `corrections` those of each script, where the caller knows
        them.
        """
        Rendition.objects.bulk_create(
            self.in_scripts(script.SCRIPTS, text, corrections),
            update_conflicts=True,
            unique_fields=["article", "script"],
            update_fields=["title", "summary", "excerpt", "body", "outline", "source_name"],
        )

    def in_scripts(
        self,
        scripts: Iterable[str],
        text: str | None = None,
        corrections: Mapping[str, Corrections] | None = None,
    ) -> "list[Rendition]":
        """Return renditions of what the article says in memory, not yet saved."""
        markup = html.with_outline(html.without_indents(self.body))
        excerpt = self.summary
        if not excerpt:
            excerpt = beginning(html.paragraphs(self.body, text))
        rows = []
        for target in scripts:
            put_right = NONE
            if target != self.original_script:
                if corrections is None:
                    corrections = RenditionCorrection.objects.by_script()
                put_right = corrections.get(target, NONE)

            def of(text: str, target: str = target, put_right: Corrections = put_right) -> str:
                return put_right.text(rendered(text, target, self.original_script))

            body = rendered_markup(markup.markup, target, self.original_script)
            body = put_right.markup(body)
            cut_in_marks = not self.summary and ANY_MARK.search(excerpt)
            rows.append(
                Rendition(
                    article=self,
                    script=target,
                    title=of(self.title),
                    summary=of(self.summary),
                    excerpt=beginning(html.paragraphs(body)) if cut_in_marks else of(excerpt),
                    body=body,
                    outline=[{**part, "title": of(part["title"])} for part in markup.outline],
                    source_name=of(self.source_name),
                )
            )
        return rows

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
            and self.deleted_at is None
            and self.published_at is not None
            and self.published_at <= timezone.now()
            and (self.expires_at is None or self.expires_at > timezone.now())
        )

    @property
    def standing(self) -> Standing:
        """Return whether readers see it, and why not."""
        if self.is_public:
            return self.Standing("seen")
        if self.deleted_at is None and self.status == Status.ARCHIVED:
            return self.Standing("archived")
        if self.deleted_at is not None or self.status != Status.PUBLISHED:
            return self.Standing("unseen")
        if self.expires_at and self.expires_at <= timezone.now():
            return self.Standing("expired", self.expires_at)
        return self.Standing("scheduled", self.published_at)

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.pk, self.slug])

    def url_in(self, in_script: str) -> str:
        """Return the address of the article in a given script."""
        with override(in_script.lower()):
            return self.get_absolute_url()

    def set_authors(
        self, authors: list[Author], *, new: bool = False, with_index: bool = True
    ) -> list[Author]:
        """Make `authors` the article's authors, in this order, or who they were merged into; return
        those who are there no more. A new article has none yet, and is indexed by whoever makes
        it."""
        wanted = dict.fromkeys(one.pk for one in authors)
        with transaction.atomic():
            signed = self.authorships.all().values_list("author_id", flat=True)
            stays = not new and list(signed) == list(wanted)
            if not stays:
                gone = self._sign(wanted, new=new)
            if with_index and not new:
                changes.authors_set([self.pk])
        return [] if stays else [one for one in authors if one.pk in gone]

    def _sign(self, authors: Iterable[int], *, new: bool) -> set[int]:
        if not new:
            self.authorships.all().delete()
        now = Redirect.objects.rows(Author, authors, hold=True)
        signing = dict.fromkeys(now[key] for key in authors if key in now)
        Authorship.objects.bulk_create(
            Authorship(article=self, author=author, position=position)
            for position, author in enumerate(signing, 1)
        )
        return set(authors) - now.keys()

    def set_tags(self, tags: Iterable[Tag], *, with_index: bool = True) -> None:
        """Make `tags` the article's tags, or what they were merged into."""
        wanted = {tag.pk for tag in tags}
        with transaction.atomic():
            if set(self.tagged.values_list("tag_id", flat=True)) != wanted:
                self.tags.set(Redirect.objects.rows(Tag, wanted, hold=True).values())
            if with_index:
                self.make_findable()

"""The controlled vocabulary, and which articles have which of its tags."""

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from taggit.models import ItemBase, TagBase

from portal.transactions import retried

from ..importing.fields.vocabulary import Vocabulary
from ..text import script
from ..text.names import address
from . import changes
from .in_both_scripts import InBothScripts
from .redirect import Addressed


class TagGroup(models.TextChoices):
    DUTY = "duty", _("Basic duties")
    DEMOCRACY = "democracy", _("Democratic institutions")
    ABILITY = "ability", _("Cadre skills")
    METHOD = "method", _("Working methods")
    BUILDING = "building", _("Building the union")
    CAMPAIGN = "campaign", _("Campaigns")
    LAW = "law", _("Law")
    OTHER = "other", _("Other")


_NAMES = 734058
"""The kind of advisory locks that are of one name each."""


def hold_name(name: str) -> None:
    """Let nobody else give a tag or an alias this name until the end of the transaction: two tables
    know it, and neither forbids what stands in the other. SQLite has one writer at a time."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_NAMES, name])


class TagQuerySet(models.QuerySet):
    def named(self, name: str) -> "Tag | None":
        """Return the tag that goes by `name`, in either script or as an alias."""
        folded = script.fold(name.strip())
        return self.filter(Q(name=folded) | Q(name_hant=name) | Q(aliases__name=folded)).first()

    def vocabulary(self) -> Vocabulary:
        """Return the tags as curators keep them now, to tag essays with."""
        tags = self.prefetch_related(Prefetch("aliases", TagAlias.objects.only("name", "tag")))
        return Vocabulary.of((tag.name, [one.name for one in tag.aliases.all()]) for tag in tags)

    def delete(self):
        """Delete tags, and index the articles that had them; what the desk deletes, and keeps on
        record, goes by way of `curation.merging`."""
        chosen = list(self.values_list("pk", flat=True))
        tags = self.model.objects.filter(pk__in=chosen)

        def delete() -> tuple[int, dict[str, int]]:
            _tags, articles = self.model.hold(chosen)
            deleted = super(TagQuerySet, tags.all()).delete()
            changes.marks_changed(articles)
            return deleted

        return retried(delete)

    delete.queryset_only = True  # as Django's own: no manager empties the vocabulary


class Tag(Addressed, TagBase):
    """A term of the controlled vocabulary."""

    in_both_scripts = ("name", "description")
    with_marks = ("description",)
    ties = ("tagged", "content_object")

    name = models.CharField(_("name (simplified)"), max_length=60, unique=True, blank=True)
    name_hant = models.CharField(_("name (traditional)"), max_length=60, unique=True, blank=True)
    slug = models.SlugField(_("address"), max_length=90, unique=True, blank=True)
    group = models.CharField(
        pgettext_lazy("of tags", "group"),
        max_length=12,
        choices=TagGroup,
        default=TagGroup.OTHER,
        db_index=True,
    )
    description = models.TextField(_("description (simplified)"), blank=True)
    description_hant = models.TextField(_("description (traditional)"), blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["group", "slug"]
        constraints = [models.CheckConstraint(name="tags_have_a_name", condition=~Q(name=""))]

    __str__ = InBothScripts.__str__

    def fill_scripts(self) -> None:
        self.name = script.fold(self.name.strip())
        self.name_hant = self.name_hant.strip()
        super().fill_scripts()

    def clean(self) -> None:
        super().clean()
        hold_name(self.name)
        aliases = TagAlias.objects.filter(name=self.name).exclude(tag=self.pk)
        other = aliases.select_related("tag").first()
        if other is not None:
            raise ValidationError(
                {"name": _("The tag “%(name)s” goes by this name.") % {"name": other.tag}}
            )

    def delete(self, *args, **kwargs):
        """Delete the tag, and index the articles that had it."""
        deleted = Tag.objects.filter(pk=self.pk).delete()
        self.pk = None
        return deleted

    def get_absolute_url(self) -> str:
        return address("tag", self.slug)

    @property
    def description_in_script(self) -> str:
        return self.text("description")


class TagAlias(models.Model):
    """Another name a tag goes by; kept simplified, matched in either script."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="aliases", verbose_name=_("tag"))
    name = models.CharField(_("alias"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Fold before the name is checked to be the only one, among tags too."""
        super().clean()
        self.name = script.fold(self.name.strip())
        hold_name(self.name)
        if Tag.objects.filter(name=self.name).exists():
            raise ValidationError({"name": _("A tag goes by this name.")})
        taken = TagAlias.objects.filter(name=self.name).exclude(pk=self.pk)
        if other := taken.select_related("tag").first():
            told = _("The tag “%(name)s” has this alias already.") % {"name": other.tag}
            raise ValidationError({"name": told})

    def save(self, *args, **kwargs):
        self.name = script.fold(self.name.strip())
        super().save(*args, **kwargs)


class TaggedArticle(ItemBase):
    """One tag of one article."""

    content_object = models.ForeignKey("Article", models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged", verbose_name=_("tag"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="a_tag_stands_once")
        ]

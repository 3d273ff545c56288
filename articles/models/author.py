"""Who signs articles."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portal.transactions import retried

from ..text import script
from ..text.names import address, name_key
from .redirect import Addressed


class AuthorQuerySet(models.QuerySet):
    def named(self, name: str) -> list["Author"]:
        """Return the authors of this name, in either script or as an alias: they may differ in
        their unit."""
        name = name.strip()
        folded = script.fold(name)
        aliases = AuthorAlias.objects.filter(name=folded)
        own = Q(name=folded) | Q(name=name) | Q(name_hant=name)
        return list(self.filter(own | Q(pk__in=aliases.values("author"))))

    def with_namesakes(self):
        """Return the authors whose name another one has as well, or nearly so."""
        shared = self.model.objects.exclude(key="").order_by().values("key")
        shared = shared.annotate(n=Count("pk")).filter(n__gt=1)
        return self.filter(key__in=shared.values("key"))

    def delete(self):
        """Delete authors who sign nothing. Raises ProtectedError where one of them does, or began
        to meanwhile."""
        chosen = list(self.values_list("pk", flat=True))
        authors = self.model.objects.filter(pk__in=chosen)

        def delete() -> tuple[int, dict[str, int]]:
            self.model.hold((), beside=chosen)
            return super(AuthorQuerySet, authors.all()).delete()

        return retried(delete)

    delete.queryset_only = True  # as Django's own: no manager deletes all authors


class Author(Addressed):
    """A person or body that signs articles."""

    in_both_scripts = ("name", "unit", "biography")
    with_marks = ("biography",)
    names_of_people = ("name",)
    ties = ("authorships", "article")

    name = models.CharField(_("name (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("name (traditional)"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=90, unique=True, blank=True)
    unit = models.CharField(_("unit (simplified)"), max_length=120, blank=True)
    unit_hant = models.CharField(_("unit (traditional)"), max_length=120, blank=True)
    biography = models.TextField(_("biography (simplified)"), blank=True)
    biography_hant = models.TextField(_("biography (traditional)"), blank=True)
    portrait = models.ForeignKey(
        "articles.Picture",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="portraits",
        db_index=False,
        verbose_name=_("portrait"),
        help_text=_("A picture of the library. The author's page shows it."),
    )

    key = models.CharField(max_length=80, editable=False, default="", db_index=True)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["slug"]
        indexes = [
            models.Index(
                fields=["portrait"], condition=Q(portrait__isnull=False), name="authors_by_portrait"
            )
        ]
        constraints = [
            models.CheckConstraint(name="authors_have_a_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["name", "unit"], name="one_author_a_name_and_unit"),
        ]

    def fill_scripts(self) -> None:
        super().fill_scripts()
        self.key = name_key(self.name)

    def delete(self, *args, **kwargs):
        """Delete the author, who signs nothing."""
        deleted = Author.objects.filter(pk=self.pk).delete()
        self.pk = None
        return deleted

    def get_absolute_url(self) -> str:
        return address("author", self.slug)

    @property
    def unit_in_script(self) -> str:
        return self.text("unit")

    @property
    def biography_in_script(self) -> str:
        return self.text("biography")


class AuthorAlias(models.Model):
    """Another name an author signs by, and the unit given with it; kept simplified."""

    author = models.ForeignKey(
        Author, models.CASCADE, related_name="aliases", verbose_name=_("author")
    )
    name = models.CharField(_("alias"), max_length=80)
    unit = models.CharField(_("unit"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["name", "unit"], name="one_author_an_alias_and_unit")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name

    def clean(self) -> None:
        """Fold before the name is checked to be the only one, among authors too."""
        super().clean()
        self.fold()
        if Author.objects.filter(name=self.name, unit=self.unit).exists():
            raise ValidationError({"name": _("An author goes by this name.")})

    def save(self, *args, **kwargs):
        self.fold()
        super().save(*args, **kwargs)

    def fold(self) -> None:
        self.name = script.convert(self.name.strip(), script.HANS)
        self.unit = script.convert(self.unit.strip(), script.HANS)

"""Who signs articles."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..names import InBothScripts, address


class Author(InBothScripts):
    """A person or body that signs articles."""

    in_both_scripts = ("name", "unit", "biography")

    name = models.CharField(_("name (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("name (traditional)"), max_length=80, blank=True)
    slug = models.SlugField(_("address"), max_length=90, unique=True, blank=True)
    unit = models.CharField(_("unit (simplified)"), max_length=120, blank=True)
    unit_hant = models.CharField(_("unit (traditional)"), max_length=120, blank=True)
    biography = models.TextField(_("biography (simplified)"), blank=True)
    biography_hant = models.TextField(_("biography (traditional)"), blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(name="authors_have_a_name", condition=~Q(name="")),
            models.UniqueConstraint(fields=["name", "unit"], name="one_author_a_name_and_unit"),
        ]

    def save(self, *args, **kwargs):
        self.fill_scripts()
        self.fill_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address("author", self.slug)

    @property
    def unit_in_script(self) -> str:
        return self.text("unit")

    @property
    def biography_in_script(self) -> str:
        return self.text("biography")

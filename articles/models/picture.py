"""Pictures of the library: what is known of each; their files lie in the storage of media."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..text import pictures
from .article import Article


class Picture(models.Model):
    """A picture that was taken in: checked, made anew without what its file told of its maker.

    `key` is the hash of what is kept, so that the same picture is kept once.
    """

    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=150)
    alt = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_(
            "What is to be seen, for who does not see it. Each text may say it in its way."
        ),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False, help_text=_("Bytes, all forms."))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    articles = models.ManyToManyField(
        Article, related_name="pictures", editable=False, verbose_name=_("shown in")
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="pictures_have_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="pictures_have_room", condition=Q(width__gte=1, height__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.name

    @property
    def is_used(self) -> bool:
        """Tell whether a text shows it, or did, or it is a cover or a portrait."""
        used = (self.articles, self.covered, self.covers, self.portraits)
        return any(rows.exists() for rows in used)

    @property
    def address(self) -> str:
        """Return the address that stands in texts."""
        return pictures.address(self.key, self.width, self.height)

    @property
    def thumbnail(self) -> str:
        """Return the address of the smallest form."""
        form = pictures.forms(self.width)[0]
        return pictures.form_address(self.key, self.width, self.height, form)

    @property
    def files(self) -> list[str]:
        """Return the names of its forms in the storage of media, the largest last."""
        size = (self.key, self.width, self.height)
        return [pictures.file_of(*size, form) for form in pictures.forms(self.width)]

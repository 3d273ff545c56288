"""Where tags and authors were found before: old addresses, kept when a row is renamed or merged."""

from collections.abc import Iterable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..text.keys import is_key
from .in_both_scripts import InBothScripts


class RedirectQuerySet(models.QuerySet):
    def of(self, model: type[models.Model]):
        """Return the old addresses of tags or of authors."""
        return self.filter(**{f"{model._meta.model_name}__isnull": False})

    def target(self, model: type[models.Model], slug: str) -> models.Model | None:
        """Return the tag or author that had this address before, or took over from who had it."""
        found = self.of(model).filter(slug=slug).select_related(model._meta.model_name).first()
        return found and found.now

    def moved(self, model: type[models.Model], keys: Iterable[int]) -> dict[int, int]:
        """Return the keys of merged rows with the key of the row each was merged into."""
        name = model._meta.model_name
        rows = self.of(model).filter(former__in=set(keys))
        return dict(rows.values_list("former", f"{name}_id"))

    def standing(self, model: type[models.Model], keys: Iterable[str]) -> list[str]:
        """Return keys as a form has them, those of merged rows as what they were merged into."""
        wanted = list(keys)
        moved = self.moved(model, [int(key) for key in wanted if is_key(key)])
        now = [str(moved.get(int(key), key)) if is_key(key) else key for key in wanted]
        return list(dict.fromkeys(now))


class Redirect(models.Model):
    """An address a tag or author had. It leads to a row, not on to another address, so chains do
    not come up: what is merged further takes its old addresses along."""

    slug = models.SlugField(_("old address"), max_length=90)
    tag = models.ForeignKey("articles.Tag", models.CASCADE, null=True, related_name="redirects")
    author = models.ForeignKey(
        "articles.Author", models.CASCADE, null=True, related_name="redirects"
    )
    former = models.BigIntegerField(null=True, db_index=True)  # the key of a row that was merged

    objects = RedirectQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(tag__isnull=False), name="one_tag_an_old_address"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(author__isnull=False), name="one_author_an_old_address"
            ),
            models.CheckConstraint(
                name="redirects_lead_to_one",
                condition=Q(tag__isnull=True, author__isnull=False)
                | Q(tag__isnull=False, author__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def now(self) -> models.Model:
        """Return the row it leads to."""
        return self.tag or self.author


def at_address(model: type[models.Model], slug: str) -> tuple[models.Model | None, bool]:
    """Return the tag or author of an address, and whether it is an old one."""
    found = model.objects.filter(slug=slug).first()
    return (found, False) if found else (Redirect.objects.target(model, slug), True)


class Addressed(InBothScripts):
    """A row with a public address of its own: when that is changed, the old one leads to it."""

    class Meta:
        abstract = True

    def taken_slugs(self, base: str) -> set[str]:
        """Count old addresses in: a new row would take the place of what they lead to."""
        old = Redirect.objects.of(type(self)).filter(slug__startswith=base)
        return super().taken_slugs(base) | set(old.values_list("slug", flat=True))

    def clean(self) -> None:
        super().clean()
        other = Redirect.objects.target(type(self), self.slug) if self.slug else None
        if other is not None and other.pk != self.pk:
            raise ValidationError(
                {"slug": _("This is an old address of “%(name)s”.") % {"name": other}}
            )

    def save(self, *args, **kwargs):
        self.fill_scripts()
        self.save_with_slug(partial(self._save, *args, **kwargs))

    def _save(self, *args, **kwargs) -> None:
        with transaction.atomic(savepoint=False):
            before = None
            if not self._state.adding:
                rows = type(self).objects.filter(pk=self.pk)
                before = rows.values_list("slug", flat=True).first()
            super().save(*args, **kwargs)
            if before != self.slug:
                old = Redirect.objects.of(type(self))
                old.filter(slug=self.slug).delete()
                if before:
                    Redirect.objects.create(slug=before, **{self._meta.model_name: self})

"""Where tags and authors were found before: old addresses, kept when a row is renamed or merged."""

from collections.abc import Iterable
from functools import partial
from typing import Self

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..text.keys import is_key
from . import plain_sql
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

    def standing(
        self, model: type[models.Model], keys: Iterable[str], *, hold: bool = False
    ) -> list[str]:
        """Return keys as a form has them, those of merged rows as what they were merged into; with
        `hold` as `rows` has it."""
        wanted = list(keys)
        rows = self.rows(model, [int(key) for key in wanted if is_key(key)], hold=hold)
        now = {str(key): str(row.pk) for key, row in rows.items()}
        return list(dict.fromkeys(now.get(key, key) for key in wanted))

    def rows(
        self, model: type[models.Model], keys: Iterable[int], *, hold: bool = False
    ) -> dict[int, models.Model]:
        """Return by keys that were kept somewhere the rows they stand for now: their own, or what
        that was merged into. Keys of rows that were deleted are left out.

        With `hold`, nobody merges or deletes these rows until the end of the transaction: so does
        who ties an article to them, once the article is locked.
        """
        wanted = set(keys)
        found = {row.pk: row for row in _there(model, wanted, hold)}
        moved = self.moved(model, wanted - found.keys()) if wanted - found.keys() else {}
        if moved:
            now = self.rows(model, moved.values(), hold=hold)
            found |= {key: now[to] for key, to in moved.items() if to in now}
        return found


def _there(model: type[models.Model], keys: set[int], hold: bool) -> Iterable[models.Model]:
    """Return the rows of these keys that are there; with `hold`, they cannot be deleted any more.

    By the lock that a key referring to them takes: those who do the same do not wait for each
    other.
    """
    rows = model.objects.filter(pk__in=keys).order_by("pk")
    if not (hold and keys and connection.features.has_select_for_update):
        return rows
    sql, values = rows.query.sql_with_params()
    return model.objects.raw(f"{sql} FOR KEY SHARE", values)


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


def as_now(state: dict) -> dict:
    """Return a state of an article, kept as `curation.revisions` keeps them, with what its authors
    and tags were merged into since."""
    now = dict(state)
    for name, field in (("authors", "author"), ("tags", "tag")):
        model = Redirect._meta.get_field(field).related_model
        rows = Redirect.objects.rows(model, [key for key, *_names in state[name]])
        kept = {}
        for key, *names in state[name]:
            row = rows.get(key)
            kept.setdefault(row.pk if row else key, [row.name, row.name_hant] if row else names)
        now[name] = [[key, *names] for key, names in kept.items()]
    now["tags"].sort()
    return now


def at_address(model: type[models.Model], slug: str) -> tuple[models.Model | None, bool]:
    """Return the tag or author of an address, and whether it is an old one."""
    columns = [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]
    statement = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE slug = %s"  # noqa: S608 - our own names
    found = plain_sql.rows(statement, [slug])
    if found:  # plain text, all of it: no column has to be read in a way of its own
        names = [field.attname for field in model._meta.concrete_fields]
        return model.from_db(connection.alias, names, found[0]), False
    return Redirect.objects.target(model, slug), True


class _TiedMeanwhile(Exception):
    """An article was tied to a row while its lock was waited for."""


class Addressed(InBothScripts):
    """A row with a public address of its own: when that is changed, the old one leads to it."""

    ties: tuple[str, str]
    """What its ties to articles are called, and what these call their article."""

    class Meta:
        abstract = True

    @classmethod
    def hold(
        cls, keys: Iterable[int], *, beside: Iterable[int] = ()
    ) -> tuple[dict[int, Self], list[int]]:
        """Let nobody change these rows, nor the articles tied to them, until the end of the
        transaction; nor the rows `beside` them, whose articles are no matter. Return the rows that
        are there by their keys, and the keys of the articles.

        Articles are locked first, as whatever changes articles does. Where one was tied to a row
        meanwhile, all is let go and locked again in this order.
        """
        keys = set(keys)
        name, article = cls.ties
        tie = cls._meta.get_field(name)
        ties = tie.related_model.objects.filter(**{f"{tie.field.name}__in": keys})
        articles = tie.related_model._meta.get_field(article).related_model.objects
        tied = ties.order_by().values(article)
        rows = cls.objects.filter(pk__in=keys.union(beside)).order_by("pk").select_for_update()
        while True:
            try:
                with transaction.atomic():
                    locked = articles.filter(pk__in=tied).lock()
                    found = {row.pk: row for row in rows.all()}
                    if not {key for (key,) in tied.values_list(article)} <= set(locked):
                        raise _TiedMeanwhile
                    return found, locked
            except _TiedMeanwhile:
                continue

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
            if self.pk and not self._state.adding:
                rows = type(self).objects.filter(pk=self.pk).select_for_update(no_key=True)
                before = rows.values_list("slug", flat=True).first()
                if before is None:  # to write it again would bring back what was merged or deleted
                    raise IntegrityError(f"{self} was merged or deleted meanwhile.")
            super().save(*args, **kwargs)
            if before != self.slug:
                old = Redirect.objects.of(type(self))
                old.filter(slug=self.slug).delete()
                if before:
                    Redirect.objects.create(slug=before, **{self._meta.model_name: self})

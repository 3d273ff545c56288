"""The words curators keep for search; a change of them makes texts that were cut before stale."""

import re
import secrets

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.leases import Held

from ..text.names import in_page_script
from ..text.script import searchable
from . import changes
from .plain_sql import rows


def new_change() -> str:
    """Return what no other change of the words is known by."""
    return secrets.token_hex(8)


class SearchVersion(Held):
    """The one row that counts the changes of domain words, and up to which all texts are cut.

    A number may come again: after a change that was rolled back, or in a database that was emptied
    or brought back from a copy. What processes remember goes by `change`, which does not.
    """

    number = models.PositiveIntegerField(default=1)
    indexed = models.PositiveIntegerField(default=0)
    change = models.CharField(max_length=16, default=new_change, db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> tuple[int, bool]:
        """Return the number, and whether some texts may be cut with earlier words."""
        return cls.standing()[:2]

    @classmethod
    def standing(cls) -> tuple[int, bool, str]:
        """Return also which change it is the number of."""
        found = rows(
            "SELECT number, indexed, change FROM articles_searchversion ORDER BY id LIMIT 1"
        )
        number, indexed, change = found[0] if found else (1, 0, "")
        return number, indexed < number, change

    @classmethod
    def advance(cls) -> None:
        """Mark what was cut until now as stale; in the transaction that changes the words.

        It waits for those who index with the words as they were: nothing is cut with them later.
        """
        changes.kept_words_changing()
        if not cls.objects.update(number=F("number") + 1, change=new_change()):
            cls.objects.create(number=2)  # a database that was flushed has lost the row


MOST_CHARACTERS = 20
_NOT_A_WORD = re.compile(r"[\W_]")


def _checked(word: str) -> str:
    """Return a word as it is matched; raise ValidationError where it is none."""
    typed, word = word.strip(), searchable(word.strip())
    if not 2 <= len(word) <= MOST_CHARACTERS or _NOT_A_WORD.search(word):
        raise ValidationError(
            _("“%(word)s” is no word: 2 to %(most)d characters, without spaces and marks.")
            % {"word": typed, "most": MOST_CHARACTERS}
        )
    return word


class KeptWordsQuerySet(models.QuerySet):
    def delete(self):
        with transaction.atomic():
            SearchVersion.advance()
            return super().delete()

    delete.queryset_only = True  # as Django's own: no manager empties a table


class KeptWords(models.Model):
    """What the kinds of words have in common: a change makes texts cut before it stale."""

    objects = KeptWordsQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            SearchVersion.advance()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            SearchVersion.advance()
            return super().delete(*args, **kwargs)


class DomainWord(KeptWords):
    """A term of union work that search takes as one word: 局务公开."""

    word = models.CharField(_("word"), max_length=MOST_CHARACTERS, unique=True)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering = ["word"]

    def __str__(self) -> str:
        return in_page_script(self.word)

    def clean(self) -> None:
        super().clean()
        try:
            self.word = _checked(self.word)
        except ValidationError as error:
            raise ValidationError({"word": error.messages}) from None


_LONGEST_ROW = 300


def members_of(words: str) -> list[str]:
    """Return the words of a row of synonyms."""
    return [word for word in re.split(r"[\s,，、;；|]+", words) if word]


class Synonym(KeptWords):
    """Words that find each other: 职代会, 职工代表大会. Each is a domain word too.

    With `one_way` the first finds the others, which do not find it: 五险一金, 养老保险.
    """

    words = models.CharField(_("words that mean the same"), max_length=_LONGEST_ROW)
    one_way = models.BooleanField(_("one way"), default=False)
    reason = models.CharField(_("source or reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return in_page_script(self.words)

    @property
    def members(self) -> list[str]:
        return members_of(self.words)

    def clean(self) -> None:
        super().clean()
        try:
            words = list(dict.fromkeys(map(_checked, self.members)))
        except ValidationError as error:
            raise ValidationError({"words": error.messages}) from None
        if len(words) < 2:
            raise ValidationError({"words": _("Give two words or more, with 、 between.")})
        self.words = "、".join(words)
        if len(self.words) > _LONGEST_ROW:  # NFKC can make words longer
            raise ValidationError({"words": _("These are too many words for one row.")})


class SuppliedWords(models.Model):
    """A row of the words search comes with, as it was supplied last; its `synonym` is gone where a
    curator deleted it."""

    key = models.CharField(max_length=30, unique=True)
    words = models.CharField(max_length=_LONGEST_ROW)
    synonym = models.ForeignKey(Synonym, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key

"""What search is made from: rows derived from the articles, and the words curators keep for it.

Articles are listed and found by their `position`: the second they are published at and their key
in one number, so that newest first is one descending index. What is not published has a negative
one. Only `articles.search` writes the derived tables and their indexes of words.
"""

import re

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ..names import in_page_script


class SearchRow(models.Model):
    """One article as search knows it; its words are kept beside, as the database likes them."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, primary_key=True, related_name="search_row"
    )
    position = models.BigIntegerField(unique=True)
    expires = models.DateTimeField(null=True)
    title = models.CharField(max_length=600)  # as it is matched; NFKC can make it longer
    pinyin = models.CharField(max_length=120)  # of the title, run together, without tones
    facets = models.TextField()  # its markers: t5 t7 a12 y2026 m202605 gpaper
    version = models.PositiveIntegerField()  # of the domain words its text was cut with

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["title"], name="titles_by_beginning"),
            models.Index(fields=["pinyin"], name="titles_by_pinyin"),
            models.Index(fields=["expires"], name="search_rows_by_end"),
        ]

    def __str__(self) -> str:
        return self.title


class Listing(models.Model):
    """One list an article stands in: all (no facet), a tag's, an author's, a genre's, a year's or a
    month's. Each is read in the order of publication or of the texts' dates."""

    facet = models.CharField(max_length=24)
    position = models.BigIntegerField()
    dated = models.DateField(null=True)  # which the article is filed under
    expires = models.DateTimeField(null=True)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="listings")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["facet", "-position", "expires", "article"], name="lists_in_order"
            ),
            models.Index(
                fields=["facet", "-dated", "-position", "expires", "article"], name="lists_by_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.facet or 'all'}"


class ListStep(models.Model):
    """The position of one of the entries of a long list, and how many there are up to it from the
    oldest on; kept for a day."""

    facet = models.CharField(max_length=24)
    counted = models.PositiveIntegerField()
    position = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["facet", "counted"], name="a_step_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.counted} of {self.facet or 'all'}"


class Term(models.Model):
    """A Chinese word of the library's texts, to be found by its pinyin or one of its characters."""

    word = models.CharField(max_length=8, unique=True)
    pinyin = models.CharField(max_length=48, db_index=True)
    weight = models.PositiveIntegerField()  # how common it is in the language

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class SearchVersion(models.Model):
    """The one row that counts the changes of domain words, and up to which all texts are cut."""

    number = models.PositiveIntegerField(default=1)
    indexed = models.PositiveIntegerField(default=0)
    alive_until = models.DateTimeField(null=True)  # until when a rebuild may be silent

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> tuple[int, bool]:
        """Return the number, and whether some texts may be cut with earlier words."""
        with connection.cursor() as cursor:  # every search asks: Django takes as long again
            cursor.execute("SELECT number, indexed FROM articles_searchversion ORDER BY id LIMIT 1")
            number, indexed = cursor.fetchone() or (1, 0)
        return number, indexed < number

    @classmethod
    def advance(cls) -> None:
        """Mark what was cut until now as stale; in the transaction that changes the words.

        It waits for those who index with the words as they were: nothing is cut with them later.
        """
        from ..search.index import engine

        engine().change_words()
        if not cls.objects.update(number=F("number") + 1):
            cls.objects.create(number=2)  # a database that was flushed has lost the row


MOST_CHARACTERS = 20
_NOT_A_WORD = re.compile(r"[\W_]")


def _checked(word: str) -> str:
    """Return a word as it is matched; raise ValidationError where it is none."""
    from ..search.text import searchable

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


class Synonym(KeptWords):
    """Words that find each other: 职代会, 职工代表大会. Each is a domain word too."""

    words = models.CharField(_("words that mean the same"), max_length=_LONGEST_ROW)

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return in_page_script(self.words)

    @property
    def members(self) -> list[str]:
        return [word for word in re.split(r"[\s,，、;；|]+", self.words) if word]

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


class SearchLog(models.Model):
    """How often something was looked for on a day, and what it found: nothing of who did."""

    day = models.DateField(_("day"))
    query = models.CharField(_("looked for"), max_length=60)
    hits = models.PositiveIntegerField(_("found"))
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-day", "-times"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["day", "query"], name="a_query_once_a_day"),
        ]

    def __str__(self) -> str:
        return in_page_script(self.query)

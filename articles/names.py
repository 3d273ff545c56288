"""Names in both scripts, and slugs made from Chinese."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pypinyin import lazy_pinyin

from . import script

_SLUG_LENGTH = 60


def current_script() -> str:
    """Return the script of the page being made: zh-Hans or zh-Hant."""
    return script.HANS if get_language() == "zh-hans" else script.HANT


def in_page_script(text: str) -> str:
    """Return a text that is kept simplified in the script of the page being made."""
    return script.convert(text, current_script(), script.HANS)


def pinyin_slug(text: str) -> str:
    """Return an ASCII slug: 工會如何 → gong-hui-ru-he. Django's own slug of Chinese is empty."""
    slug = slugify(" ".join(lazy_pinyin(text)))
    if len(slug) > _SLUG_LENGTH:
        slug = slug[: _SLUG_LENGTH + 1].rpartition("-")[0] or slug[:_SLUG_LENGTH]
    return slug


_BETWEEN_NAMES = re.compile(r"[\s·•‧・∙．.\-]+")


def name_key(name: str) -> str:
    """Return what names written differently have in common: 王 芳 and 王芳, 約翰·李 and 约翰•李."""
    return _BETWEEN_NAMES.sub("", script.comparable(name)).casefold()[:80]


@lru_cache(maxsize=20_000)
def _address(page: str, slug: str, language: str) -> str:
    return reverse(page, args=[slug])


def address(page: str, slug: str, language: str | None = None) -> str:
    """Return the address of a tag or author in the script of the page.

    `language` is that page's, for who asks for hundreds and looks it up once; it gives no address
    in another.
    """
    return _address(page, slug, get_language() or "" if language is None else language)


@lru_cache(maxsize=2)
def _article_pattern(language: str) -> str:
    return reverse("article", args=[0, "x"])


def article_address(pk: int, slug: str) -> str:
    """Return the address of an article in the script of the page: `reverse`, but for many."""
    return _article_pattern(get_language() or "").replace("0-x", f"{pk}-{slug}")


class InBothScripts(models.Model):
    """A model whose texts are kept in both scripts: `name` simplified, `name_hant` traditional.

    Whichever of a pair is left blank is filled in from the other on save; a curator can correct
    it afterwards.
    """

    in_both_scripts: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Fill in before the database's rules are checked; a name in neither script is none."""
        super().clean()
        self.fill_scripts()
        if not self.name:
            raise ValidationError({"name_hant": _("Fill in the name in one script at least.")})

    def validate_constraints(self, exclude=None) -> None:
        """Leave out what `clean` tells in words: that there is no name."""
        nameless = [] if getattr(self, "name", True) else ["name"]
        super().validate_constraints({*(exclude or ()), *nameless})

    def fill_scripts(self) -> None:
        for name in self.in_both_scripts:
            hans, hant = getattr(self, name), getattr(self, f"{name}_hant")
            if hant and not hans:
                setattr(self, name, script.convert(hant, script.HANS, script.HANT))
            elif hans and not hant:
                setattr(self, f"{name}_hant", script.convert(hans, script.HANT, script.HANS))

    def fill_slug(self) -> None:
        """Give a new row a slug from its name, numbered where another row has it."""
        if self.slug:
            return
        base = pinyin_slug(self.name) or self._meta.model_name
        taken = self.taken_slugs(base)
        number, self.slug = 1, base
        while self.slug in taken:
            number += 1
            self.slug = f"{base}-{number}"

    def taken_slugs(self, base: str) -> set[str]:
        """Return the slugs beginning so that other rows have."""
        rows = type(self).objects.filter(slug__startswith=base)
        return set(rows.values_list("slug", flat=True))

    def text(self, name: str, in_script: str | None = None) -> str:
        """Return a text in the given script, or in that of the page being made."""
        hant = (in_script or current_script()) == script.HANT
        return getattr(self, f"{name}_hant" if hant else name)

    def __str__(self) -> str:
        return self.text("name")

"""Names in the script of a page, slugs made from Chinese, and addresses."""

import re
from functools import lru_cache

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from . import script
from .pinyin_table import without_tones

_SLUG_LENGTH = 60


def current_script() -> str:
    """Return the script of the page being made: zh-Hans or zh-Hant."""
    return script.HANS if get_language() == "zh-hans" else script.HANT


def in_page_script(text: str) -> str:
    """Return a text that is kept simplified in the script of the page being made."""
    return script.convert(text, current_script(), script.HANS)


def in_desk_script(text: str, original: str) -> str:
    """Return a text in the script of the desk; a desk in another language shows it as it is."""
    return text if get_language() == "en" else script.convert(text, current_script(), original)


def pinyin_slug(text: str) -> str:
    """Return an ASCII slug: 工會如何 → gong-hui-ru-he. Django's own slug of Chinese is empty."""
    slug = slugify(" ".join(without_tones(text)))
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


def article_address(pk: int, slug: str, language: str | None = None) -> str:
    """Return the address of an article in the script of the page: `reverse`, but for many.
    `language` is as for `address`."""
    language = get_language() or "" if language is None else language
    return _article_pattern(language).replace("0-x", f"{pk}-{slug}")

"""What stands between sentences and names on a page, as the language of the page has it: after a
Chinese full stop there is no blank."""

from django import template
from django.utils.translation import get_language

from .person_names import person_name

register = template.Library()


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.simple_tag
def gap() -> str:
    """Return what stands between two sentences: a blank, and nothing in Chinese."""
    return "" if _is_chinese() else " "


@register.simple_tag
def colon() -> str:
    """Return what stands between a name and what is said of it."""
    return "：" if _is_chinese() else ": "


@register.filter
def person(user) -> str:
    """Return what an account's owner is called, or a dash where nobody is known."""
    if not user:
        return "–"
    return user if isinstance(user, str) else person_name(user)

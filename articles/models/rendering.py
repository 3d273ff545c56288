"""What a text looks like in a script: the one place where renditions get their words and marks."""

from django.conf import settings

from ..text import html, pictures, script
from ..text.quotes import follow_script, replaced, swaps


def rendered(text: str, target: str, original: str) -> str:
    """Return a text that is in the script `original` in the script `target`, a line for each
    paragraph; its quotation marks follow, if they are to, where both are one as well."""
    return marked(script.convert(text, target, original), target)


def rendered_markup(markup: str, target: str, original: str) -> str:
    """Return markup in the script `target`: of tags, the descriptions of pictures alone change."""
    if target != original:

        def change(text: str) -> str:
            return script.convert(text, target, original)

        markup = pictures.described(html.map_text(markup, change), change)
    return marked_markup(markup, target)


def marked(text: str, target: str) -> str:
    """Return a text that is in the script `target` with that script's quotation marks."""
    return follow_script(text, target) if settings.QUOTES_FOLLOW_SCRIPT else text


def marked_markup(markup: str, target: str) -> str:
    """Return markup that is in the script `target` with that script's quotation marks."""
    if not settings.QUOTES_FOLLOW_SCRIPT:
        return markup
    return replaced(markup, swaps(html.masked(markup), target))


def in_own_script(text: str, own: str) -> tuple[str, int]:
    """Return a text or markup with its passages in the other script put into its own, and how many
    they are."""
    bare, written = html.bare(text)
    found = list(script.passages(bare, own))
    swaps = {written[one.start + at]: char for one in found for at, char in enumerate(one.after)}
    return replaced(text, swaps), len(found)

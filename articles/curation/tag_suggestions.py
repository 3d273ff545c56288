"""Tags that would fit an article: terms of the vocabulary in its text, keywords of its source."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..importing.fields.vocabulary import Evidence
from ..models import Article, Tag
from ..text import html, script
from ..text.names import current_script

MOST = 10
"""Suggestions for an article: a line or two."""

MOST_CHARACTERS = 200_000
"""Characters of a text that are looked through: enough of any essay, and a tenth of a second."""

NEW = "+"
"""What stands before the name of a tag that is not there yet; others are told by their key."""

_LONGEST_NAME = Tag._meta.get_field("name").max_length


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag on offer: what the form sends for it, its name, and what speaks for it."""

    value: str
    name: str
    reason: str


def suggest_tags(
    article_id: int, taken: Collection[str] = (), *, may_add: bool = False
) -> list[Suggestion]:
    """Return the tags that fit an article, best first, without those `taken`.

    Keywords that are no tags yet are offered to those who may add tags.
    """
    rows = Article.objects.filter(pk=article_id)
    found = rows.values_list("title", "summary", "body", "source__keywords").first()
    if found is None:
        return []
    title, summary, body, keywords = found
    keywords = keywords or []
    vocabulary = Tag.objects.vocabulary()
    text = html.plain_text(body)[:MOST_CHARACTERS]
    evidence = vocabulary.weigh(title, keywords, summary, text)
    tags = {tag.name: tag for tag in Tag.objects.filter(name__in=[one.name for one in evidence])}
    offered = [
        Suggestion(str(tags[one.name].pk), str(tags[one.name]), _reason(one))
        for one in evidence
        if one.name in tags
    ]
    if may_add:
        unknown = {
            script.fold(word): word
            for word in keywords
            if len(word) <= _LONGEST_NAME and script.fold(word) not in vocabulary.terms
        }
        offered += [
            Suggestion(
                NEW + word,
                script.convert(word, current_script()),
                _("keyword of the source, a new tag"),
            )
            for word in unknown.values()
        ]
    return [one for one in offered if one.value not in taken][:MOST]


def _reason(found: Evidence) -> str:
    reasons = []
    if found.keywords:
        reasons.append(_("keyword of the source"))
    if found.title:
        reasons.append(_("in the title"))
    if found.summary and not found.mentions:
        reasons.append(_("in the summary"))
    if found.mentions:
        times = ngettext("%(n)d time in the text", "%(n)d times in the text", found.mentions)
        reasons.append(times % {"n": found.mentions})
    return _(", ").join(reasons)

"""Why search takes words for one another, where the reason comes with the portal, in desk words.
What a curator wrote, and the names of laws, stand as they are."""

import re

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from ..text.names import in_page_script

_KNOWN = {
    gettext_noop("everyday word"),
    gettext_noop("everyday words"),
    gettext_noop("everyday word for it"),
    gettext_noop("everyday words for wages that are owed"),
    gettext_noop("everyday words for being dismissed"),
    gettext_noop("kind of it"),
    gettext_noop("kinds of it"),
    gettext_noop("part of it"),
    gettext_noop("parts of it"),
    gettext_noop("short form"),
    gettext_noop("one of them"),
    gettext_noop("one step of it"),
    gettext_noop("what texts call its signs"),
    gettext_noop("its sign"),
    gettext_noop("how texts say it"),
    gettext_noop("how the law says it"),
    gettext_noop("how it comes about"),
    gettext_noop("who is meant"),
    gettext_noop("who may stand"),
    gettext_noop("the leave for it"),
    gettext_noop("what it is"),
    gettext_noop("what it is for"),
    gettext_noop("what it is a part of"),
    gettext_noop("what is for it"),
    gettext_noop("what is asked for"),
    gettext_noop("what is asked of it"),
    gettext_noop("what is asked of a service"),
    gettext_noop("what is written about them"),
    gettext_noop("what follows"),
    gettext_noop("the time it is in"),
    gettext_noop("texts that speak of the whole tell of the part"),
    gettext_noop("a dismissal is one way to end the contract"),
    gettext_noop("as said in Hong Kong"),
    gettext_noop("as said in Taiwan"),
    gettext_noop("as said in Taiwan and Hong Kong"),
}
_SAYS = re.compile(
    r"(?P<who>the law|texts|[^ a-z]+(?: [\d–]+)?) says? (?P<word>[^ a-z]+(?:, [^ a-z]+)*)"
)
_ENGLISH, _CHINESE = re.compile(r"[a-z]{3}"), re.compile(r"[\u4e00-\u9fff]+")


def in_words(reason: str) -> str:
    """Return a reason in the language of the page."""
    if not (get_language() or "").startswith("zh"):
        return reason
    return "；".join(_part(one) for one in reason.split("; "))


def _part(part: str) -> str:
    if part in _KNOWN:
        return _(part)
    if said := _SAYS.fullmatch(part):
        who = {"the law": _("the law"), "texts": _("texts")}.get(said["who"])
        word = in_page_script(said["word"].replace(", ", "、"))
        return _("%(who)s says %(word)s") % {
            "who": who or in_page_script(said["who"]),
            "word": word,
        }
    if part.startswith("one "):
        return _("several words for one thing")
    if not _ENGLISH.search(part):
        return in_page_script(part)
    if words := [in_page_script(one) for one in _CHINESE.findall(part)]:
        return _("compare %(words)s") % {"words": "、".join(words)}
    return _("what belongs to it")

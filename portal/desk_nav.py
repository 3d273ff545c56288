"""The way round the desk: everything one may look at, grouped by the work it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_OTHERS = _("System")
_GROUPS = [
    (
        pgettext_lazy("work at the desk", "Contents"),
        ["articles.article", "articles.collection", "articles.picture", "articles.sitepage"],
    ),
    (_("Import"), ["articles.importrun", "articles.siteline"]),
    (
        _("Vocabulary"),
        [
            *("articles.tag", "articles.author", "articles.merge", "articles.synonym"),
            *("articles.domainword", "articles.renditioncorrection"),
        ],
    ),
    (_("Readers"), ["articles.report", "articles.searchlog"]),
    (
        _("Training"),
        [
            *("training.path", "training.rule", "training.question", "training.member"),
            *("training.unit", "training.record", "training.seal", "training.look"),
        ],
    ),
    (_OTHERS, ["auth.user", "auth.group", "articles.auditentry"]),
]
"""Groups with their models, in the order they are shown; models of no group go to the last one."""

_PAGES = {
    "articles.importrun": [
        ("admin:articles_article_queue", _("Looking imports through"), "articles.view_source"),
    ],
    "articles.auditentry": [("admin:status", _("State of the portal"), "auth.change_user")],
}
"""Pages that are no list of a model, after the model they belong to: address, name, permission."""


@dataclass(frozen=True)
class Place:
    """One entry: a page with its name."""

    address: str
    name: str
    is_here: bool = False


@dataclass(frozen=True)
class Group:
    """Places of one kind of work."""

    name: str
    places: list[Place]


def groups(request: HttpRequest, apps: Iterable[dict]) -> list[Group]:
    """Return where somebody may go, of the lists that Django's admin says they may see: the place
    they are at is marked."""
    models = {
        model["model"]._meta.label_lower: model
        for app in apps
        for model in app["models"]
        if model["admin_url"]
    }
    named = {label for _name, labels in _GROUPS for label in labels}
    found = []
    for name, labels in _GROUPS:
        others = [label for label in models if label not in named] if name is _OTHERS else []
        places = []
        for label in [*labels, *others]:
            if label in models:
                places += [
                    (models[label]["admin_url"], capfirst(models[label]["name"])),
                    *_pages(request, label),
                ]
        found.append((name, places))
    here = max(
        (url for _name, places in found for url, _it in places if request.path.startswith(url)),
        key=len,
        default="",
    )
    return [
        Group(str(name), [Place(url, str(it), url == here) for url, it in places])
        for name, places in found
        if places
    ]


def _pages(request: HttpRequest, label: str) -> list[tuple[str, str]]:
    return [
        (reverse(address), str(name))
        for address, name, permission in _PAGES.get(label, [])
        if request.user.has_perm(permission)
    ]

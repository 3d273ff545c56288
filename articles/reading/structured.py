"""What a page says to machines about itself: schema.org, as JSON-LD.

Pure functions from prepared values; every address is whole.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe

_CONTEXT = "https://schema.org"
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

Crumb = tuple[str, str]  # a name and its address


@dataclass(frozen=True, slots=True)
class Site:
    """The portal in the script of the page."""

    name: str
    description: str
    home: str
    search: str
    language: str


def script_tag(data: list[dict]) -> SafeString:
    """Return data as an element that no browser runs and no text in it can end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    # `_ESCAPES` has replaced what could end the element.
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def website(site: Site) -> dict:
    """Return the portal, and how it is searched."""
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "@id": f"{site.home}#website",
        "url": site.home,
        "name": site.name,
        "description": site.description,
        "inLanguage": site.language,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{site.search}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(crumbs: Iterable[Crumb]) -> dict:
    """Return the way from home to the page."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(crumbs, 1)
        ],
    }


def collection_page(site: Site, name: str, address: str, about: str = "") -> dict:
    """Return a list of articles: of a tag, a year."""
    page = {
        "@context": _CONTEXT,
        "@type": "CollectionPage",
        "url": address,
        "name": name,
        "inLanguage": site.language,
        "isPartOf": {"@type": "WebSite", "@id": f"{site.home}#website", "url": site.home},
    }
    return page | ({"description": about} if about else {})


def profile_page(site: Site, author: dict, address: str) -> dict:
    """Return the page of an author."""
    return {
        "@context": _CONTEXT,
        "@type": "ProfilePage",
        "url": address,
        "inLanguage": site.language,
        "mainEntity": author,
    }


def author(name: str, address: str) -> dict:
    """Return who signs an article: a person, or a body by what its name ends with."""
    is_body = name.endswith(
        (
            "工會",
            "工会",
            "委員會",
            "委员会",
            "部",
            "組",
            "组",
            "處",
            "处",
            "中心",
            "公司",
            "局",
            "院",
        )
    )
    kind = "Organization" if is_body and len(name) > 3 else "Person"
    return {"@type": kind, "name": name, "url": address}


def article(
    site: Site, *, title: str, address: str, excerpt: str, authors: list[Crumb], tags: list[str],
    stated_date: str, published: datetime, modified: datetime, genre: str = "",
) -> dict:  # fmt: skip
    """Return an article. `stated_date` is the text's own, exact as far as it is known; without
    one the text is dated by its publication here. Who wrote it is not said where nobody knows."""
    found = {
        "@context": _CONTEXT,
        "@type": "Article",
        "@id": f"{address}#article",
        "mainEntityOfPage": address,
        "url": address,
        "headline": title,
        "description": excerpt,
        "inLanguage": site.language,
        "datePublished": stated_date or published.isoformat(timespec="seconds"),
        "dateModified": max(published, modified).isoformat(timespec="seconds"),
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": site.name, "url": site.home},
        "isPartOf": {"@type": "WebSite", "@id": f"{site.home}#website", "url": site.home},
    }
    if authors:
        found["author"] = [author(*one) for one in authors]
    if tags:
        found["keywords"] = tags
    if genre:
        found["genre"] = genre
    return found

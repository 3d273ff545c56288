"""An article as readers would see it before they do: for curators, and for who was given a link."""

import re

from csp.constants import SELF
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.throttle import Limit, address_of

from ...curation import revisions
from ...intake.lost_text import lost_passages
from ...models import Article, Author, PreviewLink, Tag
from ...text import html
from ...text.names import current_script
from ...text.reading_time import minutes

_OPENED = Limit("preview", most=60, seconds=600)
"""Pages shown to one address, and tries in vain: each makes a text anew, as nothing is kept of
what is not published."""


@csrf_exempt  # it changes nothing, and who may not read an answer sends it in vain
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request):
    """Show the revision a link was made for; what is wrong with one that shows nothing is not
    told. What opens it is sent by a form: in an address it would stand in logs."""
    if request.method != "POST":
        return closed(render(request, "reading/preview_door.html"))
    address = address_of(request)
    if _OPENED.is_reached(address):
        told = _("So many previews were opened from where you are that it takes a pause.")
        return closed(HttpResponse(told, status=429, content_type="text/plain; charset=utf-8"))
    _OPENED.count(address)
    # An address may be pasted whole, also one of before, which ended with what opens it.
    token = re.split("[=/]", request.POST.get("link", "")[:300].strip("/ "))[-1]
    link = PreviewLink.objects.of_token(token)
    if link is None:
        raise Http404
    seen = _seen(link.article, link.revision.content)
    return page(request, link.article, link.revision.content, link=link, seen=seen)


def page(request, article: Article, content, in_script: str | None = None, **more) -> HttpResponse:
    """Return readers' page of an article that says `content`: nothing of it is saved, counted or
    kept, and nothing else that is not public is linked.

    `seen` tells what readers see at this time: the `text`, `another`, or nothing where not given.
    """
    in_script = in_script or current_script()
    revisions.fill(article, content)
    authors, tags, _gone = revisions.people(content)
    _leave_unlinked(authors, tags)
    text = html.plain_text(html.sanitise(article.body))
    with override(in_script.lower()):
        [rendition] = article.in_scripts([in_script], text)
        context = {
            "article": article,
            "rendition": rendition,
            "lost": lost_passages([article.pk]).get(article.pk, ()),
            "byline": authors,
            "tags": tags,
            "minutes": minutes(len(text)),
            "preview": True,
            "canonical": None,
            "alternates": (),
            **more,
        }
        response = render(request, "reading/article.html", context)
    return closed(response)


def _seen(article: Article, content) -> str:
    """Return what readers see now of an article a link shows a revision of."""
    if not article.is_public:
        return ""
    stands = article.revisions.filter(is_draft=False).select_related("text").first()
    differing = revisions.changed(content, stands.content) if stands else ()
    return "another" if set(differing) - set(revisions.KEPT_BY_RESTORE) else "text"


def closed(response: HttpResponse) -> HttpResponse:
    """Let nobody keep, index or tell of a page that is not public."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def within_own_pages(response: HttpResponse) -> HttpResponse:
    """Let a page of the desk show this one in a frame."""
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": [SELF]}
    return response


def _leave_unlinked(authors: list[Author], tags: list[Tag]) -> None:
    """Mark who and what has no page readers can open."""
    public = Article.objects.published()
    signed = Author.objects.filter(pk__in=[one.pk for one in authors])
    signed = set(signed.filter(articles__in=public).values_list("pk", flat=True))
    used = Tag.objects.filter(pk__in=[one.pk for one in tags])
    used = set(used.filter(tagged__content_object__in=public).values_list("pk", flat=True))
    for one in authors:
        one.is_unlinked = one.pk not in signed
    for one in tags:
        one.is_unlinked = one.pk not in used

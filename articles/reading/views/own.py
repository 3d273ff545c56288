"""The reader's own pages: bookmarks, what was begun, what was read. For signed-in readers only, and
kept by no cache. What shows on an article's page is asked for apart, so that the page itself stays
the same for everyone."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...curation.policy import Deed, may
from ...models import Bookmark, CollectionItem, ReaderSettings, Reading, Status, forget_all
from ...text.names import current_script
from ..cards import cards
from .filters import page_of, public_article

ON_OVERVIEW, ON_HOME = 5, 3

_private = cache_control(private=True, no_store=True)


@_private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    if request.method == "POST":
        return _settle(request)
    bookmarks = Bookmark.objects.of(request.user).public()
    readings = Reading.objects.of(request.user).public()
    begun, marked = (list(some[:ON_OVERVIEW]) for some in (readings.unfinished(), bookmarks))
    # What stands above stands there once.
    above = {row.article_id for row in (*begun, *marked)}
    lists = {
        "begun": begun,
        "bookmarks": marked,
        "readings": readings.exclude(article__in=above)[:ON_OVERVIEW],
    }
    shown = _with_cards(*lists.values())
    context = dict(zip(lists, shown, strict=True)) | {
        "bookmark_count": bookmarks.count(),
        "reading_count": readings.count(),
        "wants_history": ReaderSettings.wants_history(request.user),
    }
    return render(request, "reading/mine.html", context)


def _settle(request):
    """Do what one of the buttons says."""
    do = request.POST.get("do")
    if do in ("history-on", "history-off"):
        wanted = do == "history-on"
        ReaderSettings.objects.update_or_create(
            reader=request.user, defaults={"keeps_history": wanted}
        )
        said = _("Your history is kept from now on.") if wanted else _("Nothing more is kept.")
    elif do == "clear-history":
        Reading.objects.of(request.user).delete()
        said = _("Your history is empty.")
    elif do == "forget-all":
        forget_all(request.user)
        said = _("All that was kept of your reading is deleted.")
    else:
        return HttpResponseBadRequest()
    messages.success(request, said)
    return redirect("mine")


@_private
@login_required
@require_safe
def bookmarks(request):
    page = page_of(request, Bookmark.objects.of(request.user).public())
    (shown,) = _with_cards(page.object_list)
    return render(request, "reading/mine_bookmarks.html", {"page": page, "entries": shown})


@_private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def history(request):
    readings = Reading.objects.of(request.user).public()
    if request.method == "POST":
        number = request.POST.get("article", "")
        if not re.fullmatch("[0-9]{1,18}", number):
            return HttpResponseBadRequest()
        Reading.objects.of(request.user).filter(article=int(number)).delete()
        return redirect("history")
    page = page_of(request, readings)
    (shown,) = _with_cards(page.object_list)
    context = {
        "page": page,
        "entries": shown,
        "wants_history": ReaderSettings.wants_history(request.user),
    }
    return render(request, "reading/mine_history.html", context)


def _with_cards(*lists) -> list[list[tuple]]:
    """Return each list's rows with the articles they are of, fetched together."""
    rows = [list(one) for one in lists]
    found = {
        card.pk: card
        for card in cards(list({row.article_id for one in rows for row in one}), current_script())
    }
    return [
        [(row, found[row.article_id]) for row in one if row.article_id in found] for one in rows
    ]


@_private
@login_required
@require_safe
def export(request):
    """Give a reader all that is kept of them, as a file."""
    kept_bookmarks = list(Bookmark.objects.of(request.user).public())
    kept_readings = list(Reading.objects.of(request.user).public())
    marked, read = _with_cards(kept_bookmarks, kept_readings)

    def told(card, **more) -> dict:
        return {"title": card.title, "url": request.build_absolute_uri(card.get_absolute_url())} | (
            more
        )

    content = {
        "bookmarks": [told(card, since=row.created_at) for row, card in marked],
        "history": [told(card, percent=row.percent, last=row.read_at) for row, card in read],
        "history_is_kept": ReaderSettings.wants_history(request.user),
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="reading.json"'
    return response


@_private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bookmark(request, pk):
    """Set or take away a bookmark: asked by the script of the article's page, or by a form."""
    article = public_article(pk)
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "1"
        Bookmark.put(request.user, article, wanted=wanted)
        if request.accepts("text/html"):
            return redirect("bookmarks" if request.POST.get("back") == "list" else article)
        return JsonResponse({"bookmarked": wanted})
    (card,) = cards([article.pk], current_script())
    known = Bookmark.objects.of(request.user).filter(article=article).exists()
    return render(request, "reading/bookmark.html", {"card": card, "is_bookmarked": known})


@_private
@login_required
@require_POST
def place(request, pk):
    """Keep how far the reader got in an article."""
    percent = request.POST.get("percent", "")
    if not re.fullmatch("[0-9]{1,3}", percent) or int(percent) > 100:
        return HttpResponseBadRequest()
    Reading.note(request.user, public_article(pk), int(percent))
    return JsonResponse({})


@_private
@require_safe
def read(request):
    """Tell the script of a collection's page which of its articles the reader has read."""
    numbers = request.GET.get("ids", "")
    if not re.fullmatch("[0-9]{1,18}(,[0-9]{1,18}){0,999}", numbers):
        raise Http404
    content = {"read": []}
    if request.user.is_authenticated:
        mine = Reading.objects.of(request.user).filter(percent=100)
        found = mine.filter(article__in=[int(one) for one in numbers.split(",")])
        content["read"] = sorted(found.values_list("article", flat=True))
    return JsonResponse(content)


@_private
@require_safe
def shelf(request):
    """Tell the script of home what the reader was in the middle of, and how much of each collection
    they have read."""
    content = {"begun": [], "collections": {}}
    if request.user.is_authenticated:
        readings = Reading.objects.of(request.user)
        (begun,) = _with_cards(readings.public().unfinished()[:ON_HOME])
        content["begun"] = [
            {
                "title": card.title,
                "url": f"{card.get_absolute_url()}#continue",
                "percent": row.percent,
            }
            for row, card in begun
        ]
        read = readings.filter(percent=100).values("article")
        items = CollectionItem.objects.public().filter(
            article__in=read, collection__status=Status.PUBLISHED
        )
        counted = items.order_by().values_list("collection__slug").annotate(n=Count("pk"))
        content["collections"] = dict(counted)
    return JsonResponse(content)


@_private
@require_safe
def state(request):
    """Tell the script of an article's page what the reader has of it, and what to post with."""
    number = request.GET.get("article", "")
    if not re.fullmatch("[0-9]{1,18}", number):
        raise Http404
    content = {"signed_in": request.user.is_authenticated}
    if request.user.is_authenticated:
        reading = Reading.objects.of(request.user).public().filter(article=int(number)).first()
        marked = Bookmark.objects.of(request.user).public().filter(article=int(number))
        content |= {
            "bookmarked": marked.exists(),
            "percent": reading.percent if reading else 0,
            "keeps": ReaderSettings.wants_history(request.user),
            "token": get_token(request),
        }
        if request.user.is_staff and may(request.user, Deed.EDIT):
            content["edit"] = reverse("admin:articles_article_change", args=[int(number)])
    response = JsonResponse(content)
    patch_vary_headers(response, ["Cookie"])
    return response

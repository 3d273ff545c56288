"""The middleware that shows pages again as they were made, for as long as nothing on them changes.

The same page goes to everybody (`portal.middleware`), so it is made once. Before it is shown again
the versions of all it shows are compared with the database's own (`models.page_version`): what was
withdrawn is gone with the transaction that withdrew it, from every process. An article that appears
or expires at a time set before ends the pages kept until then. Redis and the memory of the process
only keep: without either, or where the database does not tell, the page is made.

The versions are known before the work, and so is the validator: whoever has the page as it stands
is told so without it being made.
"""

import gzip
import hashlib
import math
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import brotli
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import has_vary_header, patch_vary_headers

from portal.page_store import KeptPage, PageStore, bounds_told

from ..models.page_version import one_page, standing, standing_until
from .kept_addresses import DAY, kind_of, normalised
from .release import RELEASE

store = PageStore(settings.PAGE_CACHE_MB * 1024 * 1024)

SHOWN = "articles.shown"
"""Where a request says which page was shown as it is kept: by its key and ETag (`shown_again`)."""

_API = "/api/v1/"
_READERS = ("/zh-han", "/sitemap", _API)
_COMPRESSED = re.compile(r"text/|application/(?:[\w.+-]*\+)?(?:xml|json)\b")
_TAKES_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
"""Each about a millisecond for an article; brotli's pages are a tenth smaller."""

_MADE_ANEW = frozenset(("content-length", "content-encoding", "etag", "date"))
_OF_WHO_ASKS = (
    *("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING"),
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
    "HTTP_RANGE",
)
_OF_NOT_MODIFIED = ("Cache-Control", "Content-Location", "Expires", "Vary", "Last-Modified")


@dataclass(slots=True)
class _Asked:
    """A page that is asked for: its key, and what is asked of it."""

    key: str
    path: str
    query: str
    coding: str
    takes_gzip: bool
    known: str


def keep_pages(get_response):
    """Show pages that are kept, and keep those that are made."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not request.path_info.startswith(_READERS):
            return get_response(request)
        asked = _asked(request) if settings.PAGE_CACHE else None
        try:
            answer = _kept(asked, request) if asked else None
            if answer is not None:
                return answer
            with one_page():
                return _made(asked, request, get_response) if asked else get_response(request)
        except DatabaseError:
            store.count("passed")
            return get_response(request)

    return respond


def _asked(request: HttpRequest) -> _Asked | None:
    path, told = request.path_info, request.META
    query = normalised(told.get("QUERY_STRING", ""), of_api=path.startswith(_API))
    if query is None:
        return None
    codings = told.get("HTTP_ACCEPT_ENCODING", "")
    coding = "br" if _TAKES_BROTLI.search(codings) else "gzip"
    host = told.get("HTTP_HOST") or f"{told.get('SERVER_NAME')}:{told.get('SERVER_PORT')}"
    database = connection.settings_dict
    whole = (
        f"{RELEASE} {database['NAME']} {database.get('HOST')} {coding} "
        f"{request.scheme}://{host}{path}?{query}"
    )
    key = hashlib.blake2b(whole.encode(errors="replace"), digest_size=20).hexdigest()
    takes_gzip = bool(_TAKES_GZIP.search(codings))
    return _Asked(key, path, query, coding, takes_gzip, told.get("HTTP_IF_NONE_MATCH", ""))


def _kept(asked: _Asked, request: HttpRequest) -> HttpResponse | None:
    """Return the page if one is kept that still is as it would be made."""
    for look in (store.here, store.shared):
        if look == store.shared and kind_of(asked.path) is None:
            break
        page = look(asked.key)
        if page is not None:
            version, now = standing(page.names)
            if version == page.version and now < page.until:
                store.count("hits")
                if page.coding != "gzip" or asked.takes_gzip:
                    request.META[SHOWN] = asked.key, page.etag
                return _shown(page, asked)
    return None


def _made(asked: _Asked, request: HttpRequest, get_response) -> HttpResponse:
    """Make the page and keep it, unless who asks for it has it as it stands, or another makes it
    now."""
    kind, parts = kind_of(asked.path) or (None, {})
    query = dict(parse_qsl(asked.query, keep_blank_values=True))
    names = kind.names(parts, query) if kind else None
    if not names:
        return get_response(request)
    with store.making(asked.key, lambda: _kept(asked, request)) as answer:
        if answer is not None:
            return answer
        version, now, moment = standing_until(names)
        if "slug" in parts and kind.names(parts, query) != names:
            return get_response(request)  # the address went to another meanwhile
        until = min(moment, _until(now, kind.seconds))
        etag = _etag(asked.key, version, until)
        if is_known(etag, asked.known):
            store.count("not modified")
            return _not_modified({"Cache-Control": kind.cache_control, "ETag": etag})
        _as_anybody(request, asked.query)
        with bounds_told() as bounds:
            response = get_response(request)
        if not _is_same_for_all(response):
            store.count("passed")
            return response
        if bounds:
            until = min(until, now + min(bounds))
            etag = _etag(asked.key, version, until)  # before the work nobody knows this one
        page = _page(response, asked, names, version, until, etag)
        store.count("misses")
        store.keep(asked.key, page, until - now)
        return _filled(response, page, asked)


def _until(now: float, seconds: int) -> float:
    """Return when a page ends by the clock: at midnight, as the date is on some, or at the end of
    the stretch of so many seconds that it is made in."""
    midnight = timezone.localtime(datetime.fromtimestamp(now, UTC)).replace(
        hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=1)
    return min(midnight.timestamp(), (now // seconds + 1) * seconds if seconds < DAY else math.inf)


def _etag(key: str, version: int, until: float) -> str:
    return f'W/"{hashlib.blake2b(f"{key} {version} {until}".encode(), digest_size=12).hexdigest()}"'


def is_known(etag: str, known: str) -> bool:
    """Tell whether who asks has the page by what `If-None-Match` says."""
    return etag in known or known.strip() == "*"


def _as_anybody(request: HttpRequest, query: str) -> None:
    """Take away what tells who asks, and how the answer is to be sent: the page is everybody's."""
    for name in _OF_WHO_ASKS:
        request.META.pop(name, None)
    request.META["QUERY_STRING"] = query


def _is_same_for_all(response: HttpResponse) -> bool:
    told = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not has_vary_header(response, "Cookie")
        and "private" not in told
        and "no-store" not in told
    )


def _page(response, asked: _Asked, names, version, until, etag) -> KeptPage:
    body, coding = response.content, ""
    if _COMPRESSED.match(response.get("Content-Type", "")):
        coding = asked.coding
        if coding == "br":
            body = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
        else:
            body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        patch_vary_headers(response, ["Accept-Encoding"])
    kept = tuple(
        (name, value) for name, value in response.headers.items() if name.lower() not in _MADE_ANEW
    )
    return KeptPage(names, version, until, etag, kept, body, coding)


def _shown(page: KeptPage, asked: _Asked) -> HttpResponse:
    if asked.known and is_known(page.etag, asked.known):
        told = dict(page.headers)
        kept = {name: told[name] for name in _OF_NOT_MODIFIED if name in told}
        return _not_modified(kept | {"ETag": page.etag})
    body, more = _as_readable(page, asked)
    response = HttpResponse(body)
    # Each was looked through when the page was made, which is a seventh of the work of showing it.
    told = dict(page.headers) | more
    response.headers._store = {name.lower(): (name, value) for name, value in told.items()}
    return _with_remark(response, "hit")


def _filled(response: HttpResponse, page: KeptPage, asked: _Asked) -> HttpResponse:
    """Put the page that was made into its response, as whoever asks can read it."""
    response.content, more = _as_readable(page, asked)
    for name, value in more.items():
        response.headers[name] = value
    return _with_remark(response, "miss")


def _as_readable(page: KeptPage, asked: _Asked) -> tuple[bytes, dict[str, str]]:
    """Return the bytes of a page as whoever asks can read them, and the headers that go with it."""
    body, coding = page.body, page.coding
    if coding == "gzip" and not asked.takes_gzip:
        body, coding = zlib.decompress(body, wbits=31), ""
    more = {"Content-Encoding": coding} if coding else {}
    return body, more | {"ETag": page.etag, "Content-Length": str(len(body))}


def _not_modified(headers: dict[str, str]) -> HttpResponse:
    response = HttpResponseNotModified(headers={"Vary": "Accept-Encoding"} | headers)
    return _with_remark(response, "not modified")


def _with_remark(response: HttpResponse, told: str) -> HttpResponse:
    if settings.DEBUG:
        response.headers["X-Page-Cache"] = told
    return response

"""What is shown before Django is what Django would show, and only while it stands."""

import sys
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError, connections
from django.test import RequestFactory
from django.utils import timezone

from articles.curation import publishing
from articles.models import Article
from articles.reading import shown_again
from articles.reading.shown_again import ShownAgain

from ..support.shelves import forget
from .test_page_costs import calls_of

pytestmark = pytest.mark.django_db

NAMED = "X-Request-ID"


class Asked:
    """A server's side of WSGI, which counts what gets as far as Django."""

    def __init__(self):
        self.django, self.by_django = WSGIHandler(), 0
        self.application = ShownAgain(self._django)

    def _django(self, environ, start_response):
        self.by_django += 1
        return self.django(environ, start_response)

    def get(self, path: str, method: str = "GET", **told) -> tuple[str, dict, bytes]:
        environ = RequestFactory().generic(method, f"/zh-hant/{path}", **told).environ
        answer: list = []
        body = self.application(environ, lambda status, headers: answer.extend((status, headers)))
        whole = b"".join(body)
        getattr(body, "close", int)()
        return answer[0], dict(answer[1]), whole


@pytest.fixture
def asked(settings, monkeypatch):
    # A test's transaction stays open when a request ends.
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
    settings.PAGE_CACHE, settings.ALLOWED_HOSTS = True, ["testserver", "other"]
    forget()
    return Asked()


def unnamed(answer: tuple[str, dict, bytes]) -> tuple[str, dict, bytes]:
    status, headers, body = answer
    assert len(headers[NAMED]) == 32
    return status, {name: value for name, value in headers.items() if name != NAMED}, body


@pytest.mark.parametrize("codings", ["", "gzip", "gzip, br"])
@pytest.mark.parametrize("secure", [False, True])
def test_it_is_what_django_shows(asked, make_article, codings, secure):
    live = make_article(authors=["劉明"], tags=["維權"])
    told = {"HTTP_ACCEPT_ENCODING": codings, "secure": secure}
    for path in (f"articles/{live.pk}-{live.slug}/", "", "feeds/latest.rss", "tags/weiquan/"):
        made, kept = (asked.get(path, **told) for _ in range(2))
        before = asked.by_django
        again = asked.get(path, **told)
        assert unnamed(again) == unnamed(kept) == unnamed(made)
        assert again[1][NAMED] != kept[1][NAMED]
        assert asked.by_django == before + (codings == "")  # which is unpacked for whoever asks
        etag = {"HTTP_IF_NONE_MATCH": again[1]["ETag"]}
        first = asked.get(path, **told, **etag)
        assert unnamed(asked.get(path, **told, **etag)) == unnamed(first)
        assert first[0] == "304 Not Modified"
        assert not first[2]


def test_it_costs_next_to_nothing(asked, make_article, django_assert_num_queries):
    make_article()
    for _ in range(3):
        asked.get("articles/", HTTP_ACCEPT_ENCODING="gzip")
    environ = RequestFactory().get("/zh-hant/articles/", HTTP_ACCEPT_ENCODING="gzip").environ
    with django_assert_num_queries(1):
        asked.get("articles/", HTTP_ACCEPT_ENCODING="gzip")
    calls = calls_of(lambda: asked.application(environ, lambda status, headers: None))
    assert calls <= 130, calls  # 52 on PostgreSQL, where versions go past Django


def test_nobodys_cookie_is_given_to_another(asked, make_article):
    """Kept pages set none; were something before them to do so, its answer is not shown again."""
    make_article()
    django = asked.django

    def with_cookie(environ, start_response):
        return django(
            environ,
            lambda status, headers: start_response(status, [*headers, ("Set-Cookie", "one=1")]),
        )

    asked.django = with_cookie
    for _ in range(4):
        asked.get("articles/", HTTP_ACCEPT_ENCODING="gzip")
    assert asked.by_django == 4


def test_what_is_withdrawn_is_gone(asked, make_article, sign_in):
    live = make_article("要撤下的一篇")
    at = f"articles/{live.pk}-{live.slug}/"
    for path in (at, "articles/"):
        for _ in range(3):
            assert "要撤下的一篇" in asked.get(path)[2].decode()
    publishing.move(Article.objects.filter(pk=live.pk), "archived", None)
    for path in (at, "articles/"):
        for _ in range(3):
            assert "要撤下的一篇" not in asked.get(path)[2].decode()


def test_what_ends_by_the_clock_is_gone(asked, make_article, monkeypatch):
    make_article(expires_at=timezone.now() + timedelta(hours=1))
    told = {"HTTP_ACCEPT_ENCODING": "gzip"}
    for _ in range(3):
        asked.get("articles/", **told)
    asked_of = shown_again.standing
    later = lambda names: (asked_of(names)[0], asked_of(names)[1] + 3601)  # noqa: E731
    monkeypatch.setattr(shown_again, "standing", later)
    before = asked.by_django
    asked.get("articles/", **told)
    assert asked.by_django == before + 1


def test_what_is_in_doubt_goes_to_django(asked, make_article, monkeypatch):
    make_article()
    told = {"HTTP_ACCEPT_ENCODING": "gzip"}
    for _ in range(3):
        asked.get("articles/", **told)
    for path, more in (
        ("articles/", {"method": "HEAD"}),
        ("articles/", {"method": "POST"}),
        ("articles/?page=2", {}),
        ("articles/", {"HTTP_HOST": "other"}),
        ("articles/", {"HTTP_X_FORWARDED_PROTO": "https"}),
        ("search/?q=工會", {}),
        ("mine/", {}),
    ):
        before = asked.by_django
        asked.get(path, **told, **more)
        assert asked.by_django == before + 1, (path, more)

    def away(names):
        raise DatabaseError

    monkeypatch.setattr(shown_again, "standing", away)
    before = asked.by_django
    assert asked.get("articles/", **told)[0] == "200 OK"
    assert asked.by_django == before + 1


def test_it_knows_so_many_addresses_and_no_more(asked, make_article, monkeypatch):
    make_article()
    monkeypatch.setattr(shown_again, "_MOST", 3)
    for n in range(8):
        for _ in range(2):
            asked.get(f"articles/?utm_source={n}", HTTP_ACCEPT_ENCODING="gzip")
        assert len(asked.application._known) <= 3
    assert sys.getsizeof(asked.application._known) < 1000


def test_what_is_read_from_a_replica_is_asked_there(settings):
    settings.DATABASE_REPLICA_URL = "postgres://elsewhere/library"
    assert shown_again.shown_again(len) is len
    settings.DATABASE_REPLICA_URL = ""
    assert isinstance(shown_again.shown_again(len), ShownAgain)

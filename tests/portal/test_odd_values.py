"""What nobody means, in addresses and forms: it finds nothing, and breaks nothing.

At the desk every name that a view asks a request for is tried, as the views themselves tell it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.db.models import DateField
from django.http import QueryDict
from django.test import Client
from django.utils.functional import cached_property

from articles.admin import desk_admin
from articles.admin.desk_admin import DeskAdmin
from articles.models import Article, Tag
from portal import jobs

from ..admin.test_admin import ADMINISTRATOR, LIST, form_of
from ..support.shelves import shelf
from .test_matrix import addresses, filled, one_of_everything

pytestmark = pytest.mark.django_db


@shelf
def rows(make_article) -> dict[str, int]:
    return one_of_everything(make_article)


MANY = "9" * 30
ODD = {"NUL": "甲\0乙", "30 digits": MANY, "5,000 digits": "9" * 5000}
if connection.vendor == "postgresql":
    del ODD["5,000 digits"]  # Python takes them for no number, before a database is asked
DEEDS = ("action", "do")
"""Names whose value says what is to be done, and what else is asked for."""

FORMS = re.compile(r"_(add|change)$")
"""Addresses of forms, which ask for many names, all to the same effect."""

LEFT_OUT = re.compile("csrfmiddlewaretoken|.*_FORMS$")
"""How many rows a form has is cut down to 2,000, which take a while to show."""


@pytest.fixture
def chief(rows, sign_in, monkeypatch) -> Client:
    monkeypatch.setattr(jobs, "launch", lambda job, when_dead: None)
    monkeypatch.setattr("portal.processes.start", lambda *how: None)
    return sign_in(ADMINISTRATOR, is_superuser=True)


class InAddress(QueryDict):
    """What an address asks for, told apart from what a form does."""


class Asked:
    """What views have asked requests for where it is sent, in the address or the form: names, and of
    which of them the values."""

    def __init__(self):
        self.clear("get")

    def clear(self, method: str) -> None:
        self.kind = InAddress if method == "get" else QueryDict
        self.names: set[str] = set()
        self.read: set[str] = set()

    def odd(self, *names: str) -> Iterator[tuple[str, str]]:
        """Give the values to be tried: of what need only be there, one is as good as another."""
        for what, value in ODD.items():
            yield what, value
            if not self.read.intersection(names):
                return


@pytest.fixture
def asked(monkeypatch) -> Asked:
    found = Asked()

    def noting(method, is_read):
        def asking(self, name, *how, **more):
            if type(self) is found.kind:
                found.names.add(name)
                if is_read:
                    found.read.add(name)
            return method(self, name, *how, **more)

        return asking

    for name in ("__contains__", "__getitem__", "_getlist"):
        patched = noting(getattr(QueryDict, name), is_read=name != "__contains__")
        monkeypatch.setattr(QueryDict, name, patched, raising=False)
    made = WSGIRequest.GET.func
    in_address = cached_property(lambda request: InAddress(made(request).urlencode()))
    in_address.__set_name__(WSGIRequest, "GET")
    monkeypatch.setattr(WSGIRequest, "GET", in_address)
    # Of thousands of pages nobody asks what each of their templates was shown with.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *what, **how: None)
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_answered(client: Client, method: str, address: str, data: dict) -> bool:
    return answer_to(client, method, address, data).status_code < 500


def answer_to(client: Client, method: str, address: str, data: dict):
    with undone():
        response = getattr(client, method)(address, data)
        if response.streaming:
            list(response)
    client.cookies.pop("messages", None)  # or hundreds are read and written again each time
    return response


def filters_of(name: str) -> list[str]:
    """Return what a list can be asked for in its address besides what its view asks for."""
    model_admin = next(
        one
        for one in admin.site._registry.values()
        if name == f"{one.opts.app_label}_{one.opts.model_name}_changelist"
    )
    fields = model_admin.opts.fields
    names = ["pk__in", *(f"{one.name}__in" for one in fields if one.is_relation)]
    names += [f"{one.name}__year" for one in fields if isinstance(one, DateField)]
    for one in model_admin.list_filter:
        if isinstance(one, type):
            names.append(one.parameter_name)
        else:
            names.append(f"{one}__exact" if isinstance(one, str) else f"{one[0]}__id__exact")
    if day := model_admin.date_hierarchy:
        names += [f"{day}__{part}" for part in ("year", "month", "day")]
    return names


def deeds() -> set[str]:
    """Return what views of the desk compare with: among it all that they can be told to do."""
    source = "".join(
        path.read_text("utf-8") for path in Path(desk_admin.__file__).parent.rglob("*.py")
    )
    return set(re.findall(r'(?:case|==) "([a-z_-]+)"', source))


DESKS = sorted({name.rpartition("_")[0] for name, _ in addresses()})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("desk", DESKS)
def test_no_address_of_the_desk_breaks(rows, chief, asked, desk, method):
    for name, route in addresses():
        if name.rpartition("_")[0] != desk or name in ("login", "logout"):
            continue
        address, _, query = filled(name, route, rows).partition("?")
        usual = QueryDict(query).dict()
        is_list = name.endswith("_changelist")
        asked.clear(method)
        assert is_answered(chief, method, address, usual), name
        if is_list and method == "get":
            asked.names.update(filters_of(name), ("e", "_popup", "_to_field"))
            asked.read.update(filters_of(name))
        tried: set[str] = set()
        while left := sorted(one for one in asked.names - tried if not LEFT_OUT.match(one)):
            for names in together(left) if FORMS.search(name) else [[one] for one in left]:
                for what, value in asked.odd(*names):
                    sent = usual | dict.fromkeys(names, value)
                    assert is_answered(chief, method, address, sent), (name, names, what)
            tried.update(left)
        if method == "post" and not is_list:
            try_deeds(chief, asked, address, usual)


def together(names: list[str]) -> list[list[str]]:
    """Return a form's fields in one, and each of the names by which Django's admin is led."""
    leading = [[one] for one in names if one.startswith("_")]
    return [[one for one in names if not one.startswith("_")], *leading]


NO_DEED = "nothing-known"


def try_deeds(client: Client, asked: Asked, address: str, usual: dict) -> None:
    """Try odd values beside each word that the view knows, and beside one that nobody does."""
    for deed in asked.names.intersection(DEEDS):
        of_none = None
        for word in (NO_DEED, *sorted(deeds())):
            asked.clear("post")
            effect = effect_of(client, asked, address, usual | {deed: word})
            if effect == of_none:
                continue
            of_none = of_none or effect
            for name in sorted(one for one in asked.names - {deed} if not LEFT_OUT.match(one)):
                for what, value in asked.odd(name):
                    sent = usual | {deed: word, name: value}
                    assert is_answered(client, "post", address, sent), (address, word, name, what)


def effect_of(client: Client, asked: Asked, address: str, data: dict) -> tuple:
    """Return what can be seen of what a request comes to: where it leads, what was asked for on the
    way, and how often the database."""
    statements = []

    def noting(execute, sql, *how):
        statements.append(sql)
        return execute(sql, *how)

    with connection.execute_wrapper(noting):
        answer = answer_to(client, "post", address, data)
    assert answer.status_code < 500, (address, data)
    names, read = frozenset(asked.names), frozenset(asked.read)
    return answer.status_code, answer.get("Location"), names, read, len(statements)


LISTS = sorted(name for name, _ in addresses() if name.endswith("_changelist"))


@pytest.mark.parametrize("name", LISTS)
def test_what_is_ticked_in_a_list_is_a_row_or_nothing(rows, chief, name):
    address = filled(name, dict(addresses())[name], rows)
    page = chief.get(address)
    form = page.context_data["action_form"]
    for action, _label in form.fields["action"].choices if form else ():
        for value in (*ODD.values(), "-1", "abc"):
            sent = {"action": action, "_selected_action": value}
            assert is_answered(chief, "post", address, sent), (action, value)


def test_every_desk_is_one_of_ours():
    strangers = [one for one in admin.site._registry.values() if not isinstance(one, DeskAdmin)]
    assert strangers == []


class TestWhatIsTyped:
    def test_a_text_is_kept_without_the_character_that_no_text_has(self, chief):
        chief.post(f"{LIST}add/", form_of(title="工會\0走訪", body="<p>職工\0書屋</p>"))
        article = Article.objects.first()
        assert (article.title, article.body) == ("工會走訪", "<p>職工書屋</p>")
        assert "工會走訪" in chief.get(f"{LIST}?q=工會%00走訪").content.decode()

    @pytest.mark.parametrize("key", ["abc", MANY, "9" * 15])
    def test_who_is_nobody_signs_nothing(self, chief, make_article, key):
        article = make_article(authors=["劉明"], status="draft")
        answer = chief.post(f"{LIST}{article.pk}/change/", form_of(article, byline=[key]))
        assert answer.context["adminform"].form.errors["byline"]
        assert Article.objects.get(pk=article.pk).byline == article.byline

    def test_a_list_that_cannot_be_asked_for_is_shown_whole(self, chief, make_article):
        make_article("有這一篇")
        for query in ("created_at__year=99999", f"created_at__year={MANY}", "id__in=abc"):
            answer = chief.get(f"{LIST}?{query}", follow=True)
            assert answer.status_code == 200, query

    def test_a_table_of_the_log_that_cannot_be_asked_for_is_not_found(self, chief):
        for query in ("at__year=99999", f"at__year={MANY}", "nothing=1"):
            assert chief.get(f"/admin/articles/auditentry/export/?{query}").status_code == 404

    def test_a_revision_of_too_many_digits_is_not_found(self, chief, make_article):
        article = make_article()
        many = "9" * 5000  # more than Python takes for a number
        address = f"{LIST}{article.pk}/diff/?old={many}&new={many}"
        assert chief.get(address).status_code == 404


def test_a_key_is_looked_for_as_it_was_sent():
    tag = Tag.objects.first()
    for sent in (["abc"], [MANY], [-(10**30)], ["9" * 5000], []):
        assert not Tag.objects.filter(pk__in=sent).exists()
        assert list(Tag.objects.filter(pk__in=[*sent, str(tag.pk)])) == [tag]
    assert list(Tag.objects.filter(pk__in=Tag.objects.filter(pk=tag.pk))) == [tag]


BIG = "9" * 18
"""A number that databases take for a key, and no row has."""

PUBLIC = [
    *(f"articles/{BIG}/", f"articles/{MANY}/", f"articles/1-{'x' * 3000}/", "archive/1900/01/"),
    *("archive/2099/12/", "archive/2100/", "tags/%ED%A0%80/", "tags/a%00b/", "authors/a%00b/"),
    *(f"articles/?page={number}" for number in (MANY, "9" * 5000, "%00", "-1")),
    *("articles/?year=0000", "articles/?genre=%F0%9F%98%80", "articles/?tag=" + "a" * 5000),
    *("search/?q=%00", "search/?q=%ED%A0%80", "search/?q=" + "%F0%A0%80%80" * 40),
    *(f"search/?q=工&page={MANY}", "search/suggest?q=%00", "search/suggest?q=" + "工" * 2000),
    *(f"mine/state?article={BIG}", f"mine/state?article={MANY}", f"collections/?page={MANY}"),
    *("preview/", "choose/?script=zh-hans&next=//evil.example/"),
]


@pytest.mark.parametrize("address", PUBLIC, ids=lambda address: address[:40])
def test_no_page_of_readers_breaks(client, make_article, address):
    make_article()
    assert is_answered(client, "get", f"/zh-hant/{address}", {})


@pytest.mark.parametrize("number", [BIG, MANY])
def test_no_read_of_an_article_that_is_none_breaks(client, number):
    assert is_answered(client, "post", f"/zh-hant/articles/{number}/read", {})

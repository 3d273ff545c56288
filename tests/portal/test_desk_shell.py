"""The frame round every page of the desk: its colours and type, and the way round it."""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils.translation import override

from articles.admin.users import permission_name
from articles.curation.audit import audit
from articles.models import ImportRun, Report, Tag

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER

pytestmark = pytest.mark.django_db

STATIC = settings.BASE_DIR / "static"


def named(sheet: str, *, dark: bool) -> dict[str, str]:
    """Return the colours and fonts that a stylesheet names, first or for a dark screen."""
    text = (STATIC / sheet).read_text("utf-8")
    if dark:
        text = re.search(r':root\[data-theme="dark"\] \{[^}]*\}', text)[0]
    return dict(reversed(re.findall(r"--([a-z-]+):\s*([^;]+);", text)))


@pytest.mark.parametrize("dark", [False, True])
def test_the_desk_has_the_colours_and_type_of_the_reading_room(dark):
    desk, room = named("desk/shell.css", dark=dark), named("reading/portal.css", dark=dark)
    tokens = ["paper", "raised", "ink", "soft", "line", "accent", "accent-wash"]
    tokens += [] if dark else ["sans", "serif"]
    assert {name: desk[name] for name in tokens} == {name: room[name] for name in tokens}


def places(client) -> dict[str, list[str]]:
    """Return the groups of the navigation with the addresses in each."""
    page = client.get("/admin/password_change/").content.decode()
    nav = re.search(r'<nav id="desk-nav".*?</nav>', page, re.DOTALL)[0]
    groups = re.split(r"<h2[^>]*>([^<]+)</h2>", nav)[1:]
    return {
        name: re.findall('href="([^"]+)"', links)
        for name, links in zip(groups[::2], groups[1::2], strict=True)
    }


def test_the_way_round_has_every_list_once_and_leads_nowhere_closed(sign_in):
    everything = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }
    client = sign_in(None, is_superuser=True)
    found = [address for group in places(client).values() for address in group]
    assert len(found) == len(set(found))
    assert everything <= set(found)
    assert list(places(client)) == ["內容", "匯入", "詞彙", "讀者", "培訓", "系統"]


@pytest.mark.parametrize("group", [EDITOR, REVIEWER, ADMINISTRATOR, None])
def test_everybody_is_shown_what_they_may_open(sign_in, group):
    client = sign_in(group)
    shown = {address for found in places(client).values() for address in found}
    assert {one for one in shown if client.get(one).status_code != 200} == set()
    lists = (
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    )
    assert {one for one in lists if client.get(one).status_code == 200} <= shown


def test_the_way_round_tells_where_one_is(sign_in):
    client = sign_in(None, is_superuser=True)

    def here(address: str) -> list[str]:
        page = client.get(address).content.decode()
        return re.findall('href="([^"]+)" aria-current="([a-z]+)"', page.split("<main")[0])

    assert here("/admin/") == [("/admin/", "page")]
    assert here("/admin/articles/tag/") == [("/admin/articles/tag/", "page")]
    assert here("/admin/articles/tag/add/") == [("/admin/articles/tag/", "true")]
    assert here("/admin/articles/article/queue/") == [("/admin/articles/article/queue/", "page")]


def test_a_list_and_a_form_are_called_what_they_show(sign_in):
    client = sign_in(None, is_superuser=True)
    tag = Tag.objects.get(slug="weiquan")
    page = client.get("/admin/articles/tag/").content.decode()
    assert "<h1>標籤</h1>" in page
    assert "<title>標籤 | " in page
    page = client.get(f"/admin/articles/tag/{tag.pk}/change/").content.decode()
    assert "<h1>維權</h1>" in page
    trail = re.search('<div class="breadcrumbs">.*?</div>', page, re.DOTALL)[0]
    assert re.sub("<[^>]*>", "", trail).split(" &rsaquo; ") == ["首頁", "標籤", "維權"]
    page = client.get(f"/admin/articles/tag/{tag.pk}/delete/").content.decode()
    assert "<h1>維權</h1>" in page
    assert page.count('href="#"') == 0


def test_a_list_says_how_much_it_found_where_something_was_looked_for(sign_in):
    client = sign_in(None, is_superuser=True)
    assert "結果" not in client.get("/admin/articles/tag/").content.decode().split("<main")[1]
    for asked in ("q=維權", "q=zz"):
        page = client.get(f"/admin/articles/tag/?{asked}").content.decode()
        assert re.search(r"\d+ (個)?結果", page), asked


def test_the_search_of_the_desk_has_what_was_typed_there_alone(sign_in, make_article):
    client = sign_in(None, is_superuser=True)
    article = make_article("一篇", body="<p>班次調得太急。</p>")
    report = Report.objects.create(article=article, kind="character", passage="班次調得太急")
    page = client.get(f"/admin/articles/report/{report.pk}/change/").content.decode()
    assert "班次調得太急</textarea>" in page
    assert re.search('<input type="search" name="q" value=""', page)
    page = client.get("/admin/find/?q=班次").content.decode()
    assert re.search('<input type="search" name="q" value="班次"', page)


def test_what_a_command_did_is_told_in_the_words_of_the_desk(sign_in):
    client = sign_in(None, is_superuser=True)
    options = {"publish": True, "tag": ["維權"], "limit": None, "paths": ["/srv/a b"]}
    run = ImportRun.objects.create(operator="root", options=options)
    page = client.get(f"/admin/articles/importrun/{run.pk}/change/").content.decode()
    assert "<code>--publish --tag &#x27;維權&#x27; &#x27;/srv/a b&#x27;</code>" in page
    entry = audit(None, "import", run, after={"files": 2, "created": 1}, operator="root")
    page = client.get(f"/admin/articles/auditentry/{entry.pk}/change/").content.decode()
    assert ">檔案<" in page and ">新增<" in page
    group = Group.objects.get(name="編輯")
    client.cookies["desk_language"] = "en"
    page = client.get(f"/admin/auth/group/{group.pk}/change/").content.decode()
    assert "<h1>editors</h1>" in page


def test_every_permission_is_named_in_the_language_of_the_desk():
    with override("zh-hant"):
        named = {permission_name(one) for one in Permission.objects.select_related("content_type")}
    assert {one for one in named if re.search("[A-Za-z]{2}", one.replace("API", ""))} == set()


def test_what_is_not_open_or_not_there_leads_back_to_the_desk(sign_in):
    client = sign_in(EDITOR)
    for address, status in (("/admin/auth/user/", 403), ("/admin/nowhere/", 404)):
        page = client.get(address)
        assert page.status_code == status
        assert '<a class="button" href="/admin/">編輯台</a>' in page.content.decode()
    page = client.get("/zh-hant/nowhere/")
    assert page.status_code == 404
    assert '<a class="button" href="/admin/">' not in page.content.decode()


def test_each_fact_of_a_row_says_what_it_is_before_any_script_has_run(sign_in, make_article):
    make_article("工會要走進班組", authors=["劉明"])
    page = sign_in(ADMINISTRATOR).get("/admin/articles/article/").content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.search(r'<th class="field-shown_title card-title">\s*<a [^>]*>工會要走進班組', row)
    assert '<td data-label="作者" class="field-byline">劉明</td>' in row
    assert '<td data-label="標籤" class="field-tag_names blank">–</td>' in row
    assert "card-title" not in row[: row.index("field-shown_title")]  # the box to tick is none

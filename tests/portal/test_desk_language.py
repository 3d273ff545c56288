"""The desk in English: chosen in its header, and nothing Chinese left but what people wrote."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from articles.admin.import_fields import REASONS
from articles.importing.draft import Evidence
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, Author, Collection, DomainWord, Synonym, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]

MENU = re.compile(r'<form class="desk-language".*?</form>', re.DOTALL)
CHOOSE = "/admin/language/"
EXAMPLES = {"局務公開", "職代會", "職工代表大會", "五險一金", "養老保險"}
"""What help texts name."""

SWITCH = {"繁體", "简体"}
"""The script a preview is shown in."""


@pytest.fixture
def english(db):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    client.post(CHOOSE, {"language": "en", "next": "/admin/"})
    return client


def chinese_in(response) -> list[str]:
    assert response.status_code == 200
    return re.findall(r"[\u4e00-\u9fff]+", MENU.sub("", response.content.decode()))


def test_it_is_chosen_on_any_page_and_leads_back_there(client):
    content = client.get("/admin/login/?next=/admin/").content.decode()
    assert MENU.search(content)
    for language, sign in (("en", "Log in"), ("zh-hans", "登录"), ("zh-hant", "登入")):
        answer = client.post(CHOOSE, {"language": language, "next": "/admin/login/?next=/admin/"})
        assert answer.headers["Location"] == "/admin/login/?next=/admin/"
        content = client.get("/admin/login/").content.decode()
        assert f'<html lang="{language}"' in content
        assert sign in content


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "", "x:y"])
def test_it_leads_nowhere_else(client, back):
    answer = client.post(CHOOSE, {"language": "en", "next": back})
    assert answer.headers["Location"] == "/admin/"


def test_an_unknown_language_changes_nothing(client):
    assert not client.post(CHOOSE, {"language": "xx"}).cookies
    client.cookies["desk_language"] = "xx"
    assert '<html lang="zh-hant"' in client.get("/admin/login/").content.decode()
    assert client.get(CHOOSE).status_code == 405


def test_readers_pages_stay_in_their_script(english, make_article):
    article = make_article()
    for script in ("zh-hans", "zh-hant"):
        content = english.get(f"/{script}/").content.decode()
        assert f'<html lang="zh-Han{script[-1]}"' in content
    assert english.get("/en/").status_code == 404
    content = english.get(reverse("admin:articles_article_change", args=[article.pk])).content
    assert f"/zh-hant/articles/{article.pk}-".encode() in content


def test_no_page_of_an_empty_desk_has_chinese_left(english):
    for kept in (Tag, DomainWord, Synonym, Group):
        kept.objects.all().delete()
    pages = ["/admin/", "/admin/password_change/"]
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [reverse(f"{name}_changelist"), f"{reverse(f'{name}_changelist')}add/"]
    left = {}
    for page in pages:
        response = english.get(page, follow=True)
        if response.status_code != 403 and (found := {*chinese_in(response)} - EXAMPLES - SWITCH):
            left[page] = found
    assert left == {}


def test_the_pages_of_an_article_speak_english_too(english):
    article = Article(title="Essay", body="<p>Text</p>", status="published")
    article.save()
    for view in ("change", "history", "preview", "review", "delete"):
        left = chinese_in(english.get(f"/admin/articles/article/{article.pk}/{view}/"))
        assert set(left) <= SWITCH, view


def test_the_page_of_an_import_says_in_english_why_its_fields_were_read(english):
    draft = make_draft(b"Night shift lamps\n\nText of an essay, and more of it.\n", "a.txt")
    reasons = [Evidence("title", "Lamps", tuple(REASONS))]
    article = library.store(replace(draft, evidence=reasons), "/a.txt", "a.txt").article
    for view in ("import", "change"):
        left = chinese_in(english.get(f"/admin/articles/article/{article.pk}/{view}/"))
        assert set(left) <= SWITCH


def test_the_pages_of_an_account_speak_english_too(english):
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.create(name="Guests"))
    pages = [f"/admin/auth/user/{user.pk}/{page}/" for page in ("change", "password", "delete")]
    pages += [reverse(f"admin:{name}") for name in ("sessions", "code_device", "find")]
    english.post(pages[1])  # which then shows the code
    assert {page: left for page in pages if (left := chinese_in(english.get(page)))} == {}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh-hant", ["文章 | 新增", "文章 | 不經他人審核，發布自己的修改", "群組 | 檢視"]),
        ("zh-hans", ["文章 | 新增", "文章 | 不经他人审核，发布自己的修改", "组 | 查看"]),
        ("en", ["Article | add", "Group | look at"]),
    ],
)
def test_permissions_are_named_in_the_language_of_the_desk(admin_client, language, names):
    admin_client.cookies["desk_language"] = language
    user = User.objects.create_user("somebody")
    for page in ("/admin/auth/group/add/", f"/admin/auth/user/{user.pk}/change/"):
        content = admin_client.get(page).content.decode()
        options = re.findall(r"<option[^>]*>([^<]* \| [^<]*)</option>", content)
        assert set(names) <= set(options)
        assert not any(one.partition(" | ")[2].startswith("Can ") for one in options)


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans", "en"])
def test_dates_are_written_one_way(admin_client, language, make_article):
    admin_client.cookies["desk_language"] = language
    article = make_article(stated_date=date(2022, 6, 8))
    Collection(name="專題", status="draft").save()
    form = admin_client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert 'value="2022-06-08"' in form
    for page in ("article", "collection"):
        shown = admin_client.get(f"/admin/articles/{page}/").content.decode()
        cells = re.findall(
            r'<td[^>]* class="field-(?:stated_date|modified_at)[^>]*>([^<]*)<', shown
        )
        assert cells
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", one) for one in cells)


@pytest.mark.parametrize(("language", "shown"), [("zh-hant", "繁體的"), ("zh-hans", "简体的")])
def test_lists_name_things_in_the_script_of_the_desk(admin_client, language, shown):
    admin_client.cookies["desk_language"] = language
    Collection(name="简体的", name_hant="繁體的").save()
    Author(name="王芳", unit="简体的", unit_hant="繁體的").save()
    for page, cell in (("collection", "shown_name"), ("author", "shown_unit")):
        content = admin_client.get(f"/admin/articles/{page}/").content.decode()
        found = re.search(rf'class="field-{cell}[^"]*">(?:<a[^>]*>)?([^<]*)<', content)
        assert found[1] == shown

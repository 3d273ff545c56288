"""The reader's own: signing in, bookmarks, history; and that public pages stay the same for all."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.models import Article, Bookmark, ReaderSettings, Reading, reader

pytestmark = pytest.mark.django_db

PASSWORD = "open sesame"
MINE, SIGN_IN = "/zh-hant/mine/", "/zh-hant/account/sign-in/"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Guessing is tried a hundred times here; a real password takes half a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def someone(db):
    """A reader who is no curator."""
    return User.objects.create_user("someone", password=PASSWORD)


@pytest.fixture
def signed_in(someone):
    client = Client()
    client.login(username="someone", password=PASSWORD)
    return client


def sign_in(client, password=PASSWORD, name="someone", **more):
    return client.post(SIGN_IN, {"username": name, "password": password} | more)


class TestSigningIn:
    def test_a_reader_signs_in_and_out(self, client, someone):
        assert "不能自行註冊" in client.get(SIGN_IN).content.decode()
        assert sign_in(client).url == MINE
        assert "已登入：someone" in client.get(MINE).content.decode()
        assert client.get(SIGN_IN).url == MINE  # nothing to do there any more
        assert client.get("/zh-hant/account/sign-out/").status_code == 405
        assert client.post("/zh-hant/account/sign-out/").url == "/zh-hant/"
        assert client.get(MINE).url == f"{SIGN_IN}?next={MINE}"

    def test_in_the_script_of_the_page(self, client):
        assert client.get("/zh-hans/mine/").url == "/zh-hans/account/sign-in/?next=/zh-hans/mine/"
        assert "不能自行注册" in client.get("/zh-hans/account/sign-in/").content.decode()

    def test_a_wrong_password_is_refused(self, client, someone):
        response = sign_in(client, "guess")
        assert "帳號或密碼不正確" in response.content.decode()
        assert "sessionid" not in client.cookies

    def test_an_account_that_was_closed_does_not_open(self, client, someone):
        User.objects.update(is_active=False)
        assert sign_in(client).status_code == 200
        assert client.get(MINE).status_code == 302

    @pytest.mark.parametrize(
        ("target", "leads_to"),
        [("/zh-hant/tags/", "/zh-hant/tags/"), ("https://evil.example/", MINE), ("//evil.example/", MINE), ("javascript:x", MINE), ("/\\evil.example", MINE), ("", MINE)],
    )  # fmt: skip
    def test_it_leads_on_to_no_other_site(self, client, someone, target, leads_to):
        assert sign_in(client, next=target).url == leads_to

    def test_a_form_without_its_token_is_refused_in_our_own_words(self, someone):
        response = sign_in(Client(enforce_csrf_checks=True))
        assert response.status_code == 403
        assert "表單已失效" in response.content.decode()

    def test_the_password_is_changed_by_who_knows_it(self, signed_in, someone):
        address = "/zh-hant/account/password/"
        new = "a quite different one 7"
        data = {"old_password": "guess", "new_password1": new, "new_password2": new}
        assert signed_in.post(address, data).status_code == 200
        response = signed_in.post(address, data | {"old_password": PASSWORD}, follow=True)
        assert "密碼已修改" in response.content.decode()
        assert Client().login(username="someone", password=new)


class TestGuessing:
    def test_after_five_tries_the_password_is_not_looked_at(self, client, someone):
        for _ in range(5):
            assert sign_in(client, "guess").status_code == 200
        response = sign_in(client)  # even the right one
        assert response.status_code == 429
        assert "嘗試次數過多" in response.content.decode()

    def test_others_and_elsewhere_are_not_locked_out(self, client, someone):
        User.objects.create_user("other", password=PASSWORD)
        for _ in range(5):
            sign_in(client, "guess")
        assert sign_in(client, name="other").status_code == 302
        assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302

    def test_capitals_make_no_other_name(self, client, someone):
        for name in ("someone", "Someone", "SOMEONE", "someOne", "someonE"):
            sign_in(client, "guess", name)
        assert sign_in(client).status_code == 429

    def test_signing_in_forgets_the_tries(self, client, someone):
        for _ in range(3):
            for _ in range(4):
                sign_in(client, "guess")
            assert sign_in(client).status_code == 302
            client.logout()

    def test_many_names_from_one_address_are_stopped(self, client, someone):
        for number in range(100):
            sign_in(client, "guess", f"name {number}")
        assert sign_in(client).status_code == 429
        assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302

    def test_the_desk_has_the_same_limit(self, client):
        User.objects.create_superuser("curator", password=PASSWORD)
        data = {"username": "curator", "password": "guess"}
        for _ in range(5):
            client.post("/admin/login/", data)
        response = client.post("/admin/login/", data | {"password": PASSWORD})
        assert "嘗試次數過多" in response.content.decode()

    def test_a_made_up_forwarding_line_is_believed_only_from_a_proxy(
        self, client, someone, settings
    ):
        for number in range(5):
            client.post(
                SIGN_IN,
                {"username": "someone", "password": "guess"},
                headers={"x-forwarded-for": f"192.0.2.{number}"},
            )
        assert sign_in(client).status_code == 429
        settings.BEHIND_PROXY = True
        assert sign_in(Client(headers={"x-forwarded-for": "6.6.6.6, 192.0.2.9"})).status_code == 302

    def test_no_address_stands_in_the_cache(self, client, someone):
        sign_in(client, "guess")
        kept = " ".join(cache._cache)
        assert "limit-" in kept
        assert "127.0.0.1" not in kept and "someone" not in kept


PUBLIC = [
    *("", "articles/", "ARTICLE", "tags/", "tags/weiquan/", "authors/", "authors/liu-ming/"),
    *("archive/", "search/?q=班組", "feeds/latest.rss", "feeds/latest.json"),
]


class TestCaching:
    @pytest.fixture
    def article(self, make_article):
        return make_article(authors=["劉明"], tags=["維權"])

    @pytest.mark.parametrize("path", PUBLIC)
    def test_everyone_gets_the_same_page(self, client, article, signed_in, sign_in, path):
        path = f"articles/{article.pk}-{article.slug}/" if path == "ARTICLE" else path
        pages = [one.get(f"/zh-hant/{path}") for one in (client, signed_in, sign_in("管理員"))]
        for page in pages:
            assert page.status_code == 200
            assert page.content == pages[0].content
            said = page.headers["Cache-Control"]
            assert re.fullmatch("public, max-age=(60, s-maxage=60|300)", said)
            assert "Cookie" not in page.headers.get("Vary", "")
            assert not page.cookies
        again = client.get(f"/zh-hant/{path}", headers={"if-none-match": pages[0].headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Cache-Control"] == pages[0].headers["Cache-Control"]

    def test_a_change_changes_the_tag(self, client, article):
        before = client.get("/zh-hant/articles/").headers["ETag"]
        article.title = "另一個題目"
        article.save()
        after = client.get("/zh-hant/articles/", headers={"if-none-match": before})
        assert after.status_code == 200

    @pytest.mark.parametrize(
        "path", ["mine/", "account/sign-in/", "REPORT", "mine/state?article=1", "nowhere/", "DRAFT"]
    )
    def test_nobody_keeps_a_copy_of_what_is_not_for_all(
        self, client, signed_in, article, make_article, path
    ):
        draft = make_article("草稿", status="draft")
        path = {
            "REPORT": f"articles/{article.pk}-{article.slug}/report/",
            "DRAFT": f"articles/{draft.pk}-{draft.slug}/",
        }.get(path, path)
        for one in (client, signed_in):
            control = one.get(f"/zh-hant/{path}").headers["Cache-Control"]
            assert "private" in control and "no-store" in control
            assert "public" not in control

    def test_a_search_that_failed_is_not_kept(self, client, article, monkeypatch):
        from django.db import OperationalError

        def slow(*args, **kwargs):
            raise OperationalError("interrupted")

        monkeypatch.setattr("articles.reading.views.search_page.find", slow)
        response = client.get("/zh-hant/search/?q=班組")
        assert (response.status_code, response.headers["Cache-Control"]) == (
            503,
            "private, no-store",
        )

    @pytest.mark.parametrize("path", ["/admin/", "/admin/articles/article/"])
    def test_the_desk_stays_private(self, sign_in, path):
        response = sign_in("管理員").get(path)
        assert "private" in response.headers["Cache-Control"]
        assert "no-store" in response.headers["Cache-Control"]
        assert "Cookie" in response.headers["Vary"]

    def test_only_pages_with_a_form_set_a_cookie_before_signing_in(self, client, article):
        address = f"articles/{article.pk}-{article.slug}/"
        for path in ("", "articles/", address, "search/?q=班組", "mine/", "mine/state?article=1",
                     f"{address}report/thanks/"):  # fmt: skip
            client.get(f"/zh-hant/{path}")
            assert not client.cookies, path
        for path in ("account/sign-in/", f"{address}report/"):
            client.cookies.clear()
            client.get(f"/zh-hant/{path}")
            assert set(client.cookies) == {"csrftoken"}, path


class TestHint:
    def test_it_comes_and_goes_with_the_session(self, client, someone):
        sign_in(client)
        hint, session = client.cookies["signed_in"], client.cookies["sessionid"]
        assert hint.value == "1"
        assert not hint["httponly"] and session["httponly"]
        assert hint["max-age"] == session["max-age"]
        assert hint["samesite"] == session["samesite"] == "Lax"
        client.post("/zh-hant/account/sign-out/")
        assert (client.cookies["signed_in"].value, client.cookies["signed_in"]["max-age"]) == (
            "",
            0,
        )

    def test_curators_have_it_too(self, client):
        User.objects.create_superuser("curator", password=PASSWORD)
        client.post("/admin/login/", {"username": "curator", "password": PASSWORD})
        assert client.cookies["signed_in"].value == "1"

    def test_it_ends_with_a_session_that_ran_out(self, client, someone):
        sign_in(client)
        client.session.flush()
        assert client.get("/zh-hant/mine/state?article=1").json() == {"signed_in": False}
        assert client.cookies["signed_in"].value == ""

    def test_it_is_as_secure_as_the_session(self, client, someone, settings):
        settings.SESSION_COOKIE_SECURE = True
        sign_in(client)
        assert client.cookies["signed_in"]["secure"] and client.cookies["sessionid"]["secure"]


def bookmark(client, article, wanted=1, **more):
    return client.post(f"/zh-hant/mine/bookmark/{article.pk}/", {"wanted": wanted} | more)


def read(client, article, percent):
    return client.post(f"/zh-hant/mine/place/{article.pk}/", {"percent": percent})


def state(client, article):
    return client.get(f"/zh-hant/mine/state?article={article.pk}").json()


class TestBookmarks:
    def test_set_and_taken_away_by_a_form(self, signed_in, make_article):
        article = make_article()
        address = f"/zh-hant/mine/bookmark/{article.pk}/"
        assert "要把這篇文章加入書籤嗎" in signed_in.get(address).content.decode()
        for _ in range(2):  # twice is once
            assert bookmark(signed_in, article).url == article.url_in("zh-Hant")
        assert Bookmark.objects.get().article == article
        assert "取消書籤" in signed_in.get(address).content.decode()
        assert article.title in signed_in.get("/zh-hant/mine/bookmarks/").content.decode()
        assert bookmark(signed_in, article, 0, back="list").url == "/zh-hant/mine/bookmarks/"
        assert not Bookmark.objects.exists()
        assert "還沒有書籤" in signed_in.get("/zh-hant/mine/bookmarks/").content.decode()

    def test_a_script_is_told_what_is_so_now(self, signed_in, make_article):
        address = f"/zh-hant/mine/bookmark/{make_article().pk}/"
        answer = signed_in.post(address, {"wanted": 1}, headers={"accept": "application/json"})
        assert answer.json() == {"bookmarked": True}

    def test_in_the_other_script(self, signed_in, make_article):
        bookmark(signed_in, make_article("工會要走進班組"))
        assert "工会要走进班组" in signed_in.get("/zh-hans/mine/bookmarks/").content.decode()

    def test_pages_of_twenty_last_marked_first(self, signed_in, someone, make_article):
        for number in range(21):
            bookmark(signed_in, make_article(f"第{number}篇"))
        first = signed_in.get("/zh-hant/mine/bookmarks/").content.decode()
        assert "第20篇" in first and "第0篇" not in first
        assert "第0篇" in signed_in.get("/zh-hant/mine/bookmarks/?page=2").content.decode()
        assert signed_in.get("/zh-hant/mine/bookmarks/?page=3").status_code == 404


class TestReadings:
    def test_the_furthest_place_is_kept(self, signed_in, make_article):
        article = make_article()
        for percent, kept in [(0, 0), (37, 37), (5, 37), (80, 80), (0, 80)]:
            read(signed_in, article, percent)
            assert Reading.objects.get().percent == kept == state(signed_in, article)["percent"]

    def test_what_was_begun_can_be_gone_on_with(self, signed_in, make_article):
        for title, percent in [("讀到一半", 50), ("讀完了的", 100), ("只打開過", 0)]:
            read(signed_in, make_article(title), percent)
        content = signed_in.get(MINE).content.decode()
        begun, _, rest = content.partition("閱讀歷史")
        assert "讀到一半" in begun and "#continue" in begun and 'value="50"' in begun
        assert "讀完了的" not in begun and "只打開過" not in begun
        assert all(title in rest for title in ("讀完了的", "只打開過"))
        assert "讀到一半" not in rest  # it stands above

    def test_only_the_last_are_kept(self, signed_in, make_article, monkeypatch):
        monkeypatch.setattr(reader, "KEPT_READINGS", 3)
        for number in range(5):
            read(signed_in, make_article(f"第{number}篇"), 10)
        kept = Reading.objects.values_list("article__title", flat=True)
        assert list(kept) == ["第4篇", "第3篇", "第2篇"]

    def test_who_wants_no_history_has_none(self, signed_in, make_article):
        article = make_article()
        signed_in.post(MINE, {"do": "history-off"})
        read(signed_in, article, 10)
        assert not Reading.objects.exists()
        assert not state(signed_in, article)["keeps"]
        assert "已關閉閱讀歷史" in signed_in.get("/zh-hant/mine/history/").content.decode()
        signed_in.post(MINE, {"do": "history-on"})
        read(signed_in, article, 10)
        assert Reading.objects.count() == 1

    def test_one_entry_or_all_are_taken_out(self, signed_in, make_article):
        articles = [make_article(f"第{number}篇") for number in range(3)]
        for article in articles:
            read(signed_in, article, 10)
        bookmark(signed_in, articles[0])
        signed_in.post("/zh-hant/mine/history/", {"article": articles[1].pk})
        assert set(Reading.objects.values_list("article", flat=True)) == {
            articles[0].pk,
            articles[2].pk,
        }
        signed_in.post(MINE, {"do": "clear-history"})
        assert not Reading.objects.exists()
        assert Bookmark.objects.exists()

    @pytest.mark.parametrize("percent", ["", "-1", "101", "1000", "x", "1.5", "٣", "0x1"])
    def test_what_is_no_percentage_is_refused(self, signed_in, make_article, percent):
        assert read(signed_in, make_article(), percent).status_code == 400
        assert not Reading.objects.exists()

    def test_more_bad_input(self, signed_in):
        assert signed_in.post(MINE, {"do": "something"}).status_code == 400
        for number in ("", "x", "1" * 19, "-1"):
            assert signed_in.post("/zh-hant/mine/history/", {"article": number}).status_code == 400
            assert signed_in.get(f"/zh-hant/mine/state?article={number}").status_code == 404
        assert (
            signed_in.post("/zh-hant/mine/place/999999999999999999/", {"percent": 1}).status_code
            == 404
        )
        assert signed_in.get("/zh-hant/mine/place/1/").status_code == 405


def test_what_is_not_public_any_more_is_nowhere(signed_in, make_article):
    kept, gone, over = (make_article(title) for title in ("留下的", "收回的", "過期的"))
    for article in (kept, gone, over):
        bookmark(signed_in, article)
        read(signed_in, article, 30)
    Article.objects.filter(pk=gone.pk).update(status="draft")
    Article.objects.filter(pk=over.pk).update(
        published_at=timezone.now() - timedelta(days=2),
        expires_at=timezone.now() - timedelta(days=1),
    )
    for path in ("", "bookmarks/", "history/", "export"):
        content = signed_in.get(f"{MINE}{path}").content.decode()
        assert "留下的" in content, path
        assert "收回的" not in content and "過期的" not in content, path
    for article in (gone, over):
        assert state(signed_in, article) | {"token": ""} == {
            "signed_in": True, "bookmarked": False, "percent": 0, "keeps": True, "token": "",
        }  # fmt: skip
        assert bookmark(signed_in, article).status_code == 404
        assert read(signed_in, article, 50).status_code == 404
        assert signed_in.get(f"/zh-hant/mine/bookmark/{article.pk}/").status_code == 404
    signed_in.post(MINE, {"do": "forget-all"})
    assert not Bookmark.objects.exists() and not Reading.objects.exists()


def test_another_readers_data_is_out_of_reach(signed_in, someone, make_article):
    article = make_article("別人讀的文章")
    other = User.objects.create_user("other")
    theirs = Client()
    theirs.force_login(other)
    bookmark(theirs, article)
    read(theirs, article, 40)
    theirs.post(MINE, {"do": "history-on"})
    for path in ("", "bookmarks/", "history/", "export"):
        assert "別人讀的文章" not in signed_in.get(f"{MINE}{path}").content.decode()
    assert state(signed_in, article)["bookmarked"] is False
    assert state(signed_in, article)["percent"] == 0
    bookmark(signed_in, article, 0)
    signed_in.post("/zh-hant/mine/history/", {"article": article.pk})
    for do in ("clear-history", "forget-all"):
        signed_in.post(MINE, {"do": do})
    assert Bookmark.objects.of(other).count() == Reading.objects.of(other).count() == 1
    assert ReaderSettings.objects.filter(reader=other).exists()


POSTS = {
    "mine/": {"do": "forget-all"},
    "mine/history/": {"article": "1"},
    "mine/bookmark/1/": {"wanted": "1"},
    "mine/place/1/": {"percent": "1"},
    "account/password/": {},
}


@pytest.mark.parametrize(("path", "data"), POSTS.items())
def test_nothing_is_kept_of_who_has_not_signed_in(client, signed_in, path, data):
    response = client.post(f"/zh-hant/{path}", data)
    assert response.status_code == 302
    assert response.url.startswith(SIGN_IN)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    assert strict.post(f"/zh-hant/{path}", data).status_code == 403
    assert not (Bookmark.objects.exists() or Reading.objects.exists())


@pytest.mark.parametrize("path", ["", "bookmarks/", "history/", "export", "bookmark/1/"])
def test_readers_pages_ask_to_sign_in(client, path):
    assert client.get(f"{MINE}{path}").url.startswith(SIGN_IN)


def test_all_of_it_can_be_taken_away_and_deleted(signed_in, someone, make_article):
    article = make_article()
    bookmark(signed_in, article)
    read(signed_in, article, 30)
    signed_in.post(MINE, {"do": "history-off"})
    export = signed_in.get(f"{MINE}export")
    assert "attachment" in export.headers["Content-Disposition"]
    kept = json.loads(export.content)
    assert kept["history"][0]["percent"] == 30
    assert kept["bookmarks"][0]["url"] == f"http://testserver{article.url_in('zh-Hant')}"
    assert kept["history_is_kept"] is False
    answer = signed_in.post(MINE, {"do": "forget-all"}, follow=True).content.decode()
    assert "您的閱讀資料已全部刪除" in answer
    assert not any(model.objects.exists() for model in (Bookmark, Reading, ReaderSettings))
    assert User.objects.filter(pk=someone.pk).exists()


@pytest.mark.parametrize(
    ("path", "queries"),
    [("", 10), ("bookmarks/", 6), ("history/", 7), ("export", 7), ("state?article=PK", 5)],
)
def test_queries_are_constant(signed_in, make_article, django_assert_num_queries, path, queries):
    for number in range(3):
        article = make_article(f"第{number}篇", authors=["劉明"], tags=["維權"])
        bookmark(signed_in, article)
        read(signed_in, article, 10)
    path = path.replace("PK", str(article.pk))
    with django_assert_num_queries(queries):
        signed_in.get(f"{MINE}{path}")
    for number in range(9):
        article = make_article(f"又{number}篇", authors=["劉明"], tags=["維權"])
        bookmark(signed_in, article)
        read(signed_in, article, 10)
    with django_assert_num_queries(queries):
        signed_in.get(f"{MINE}{path}")


def test_an_empty_page_says_what_will_stand_there(signed_in):
    assert 'class="empty"' in signed_in.get(MINE).content.decode()


def test_curators_do_not_see_what_a_reader_reads(signed_in, someone, make_article, sign_in):
    article = make_article("讀者讀過的文章")
    bookmark(signed_in, article)
    read(signed_in, article, 30)
    desk = sign_in("管理員")
    assert (
        "讀者讀過的文章" not in desk.get(f"/admin/auth/user/{someone.pk}/delete/").content.decode()
    )
    asked = desk.get(f"/admin/articles/article/{article.pk}/delete/").content.decode()
    assert "someone" not in asked
    desk.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
    assert Bookmark.objects.exists()  # it lies in the recycle bin, and may come back
    Article.objects.filter(pk=article.pk).delete()
    assert not Bookmark.objects.exists() and not Reading.objects.exists()


def test_an_account_takes_its_data_with_it(signed_in, someone, make_article):
    article = make_article()
    bookmark(signed_in, article)
    read(signed_in, article, 30)
    signed_in.post(MINE, {"do": "history-off"})
    someone.delete()
    assert not any(model.objects.exists() for model in (Bookmark, Reading, ReaderSettings))


def test_the_demo_reader_is_no_curator(settings, tmp_path, capsys):
    settings.DEBUG, settings.BASE_DIR = True, tmp_path
    call_command("demo_curator")
    told = capsys.readouterr().out
    demo = User.objects.get(username="demo-reader")
    assert not (demo.is_staff or demo.is_superuser)
    password = Path(tmp_path / ".local" / "demo-reader-password").read_text()
    assert f"{SIGN_IN}  user demo-reader, password {password}" in told
    assert sign_in(Client(), password, "demo-reader").url == MINE


def test_who_may_edit_is_told_where(sign_in, make_article):
    article = make_article("一篇")

    def told(group):
        state = sign_in(group).get(f"/zh-hant/mine/state?article={article.pk}").json()
        return state.get("edit")

    form = f"/admin/articles/article/{article.pk}/change/"
    assert told("編輯") == form
    assert told("審核") == form
    assert told(None) is None

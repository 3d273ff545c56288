"""Previews: what readers would see, for curators and for who was given a link; for nobody else."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.curation import drafts, revisions
from articles.models import (
    Article,
    PreviewLink,
    ReadCount,
    Rendition,
    ReviewRequest,
    Revision,
    Source,
)

from ..admin.test_admin import ADMINISTRATOR, EDITOR, LIST, REVIEWER, form_of, imported  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(sign_in):
    return sign_in(EDITOR)


@pytest.fixture
def secret(editor, make_article):
    """A draft over a live text, with an author and a tag nothing public has."""
    live = make_article("現行題目", authors=["劉明"], tags=["維權"])
    hidden = make_article("別篇草稿", authors=["隱名"], tags=["提案"], status="draft")
    data = {
        "title": "祕密題目", "body": "<h2>一、訪談</h2><p>祕密正文</p>", "note": "給自己看的話",
        "byline": [hidden.byline[0].pk, live.byline[0].pk],
        "tags": [tag.pk for one in (hidden, live) for tag in one.tags.all()],
    }  # fmt: skip
    editor.post(f"{LIST}{live.pk}/change/", form_of(Article.objects.get(pk=live.pk), **data))
    return live


def shown(client, article, **asked):
    return client.get(f"{LIST}{article.pk}/preview_page/", asked)


def share(client, article, **data) -> str:
    """Make a link, and return the path of its address."""
    address = f"{LIST}{article.pk}/preview/"
    seen = client.get(address).context["version"]
    data = {"do": "make-link", "days": "7", "note": "給廠裡看", "version": seen} | data
    content = client.post(address, data, follow=True).content.decode()
    found = re.search(r'value="http://testserver(/zh-han[st]/preview/#link=[^"]+)"', content)
    return found[1] if found else ""


def opened(client, address: str):
    """Do what a browser does with an address: what stands behind its # is sent by the form."""
    path, _, link = address.partition("#link=")
    return client.post(path, {"link": link})


class TestForCurators:
    def test_it_is_readers_page_of_the_draft(self, editor, secret):
        content = shown(editor, secret, script="zh-Hant").content.decode()
        for text in (
            "<h1>祕密題目</h1>",
            "<p>祕密正文</p>",
            "預覽",
            "portal.css",
            'class="outline"',
        ):
            assert text in content, text
        assert "現行題目" not in content

    def test_what_is_typed_is_shown_and_kept_nowhere(self, editor, secret, sign_in, client):
        address = f"{LIST}{secret.pk}/preview_page/?script=zh-Hans"
        typed = {
            "title": "還沒存的題目",
            "body": "<p>還沒存<b onclick=x()>的話</b><script>x()</script></p>",
        }
        before = list(Article.objects.values()), Revision.objects.count()
        answer = editor.post(address, typed)
        content = answer.content.decode()
        assert "<h1>还没存的题目</h1>" in content
        assert "<p>还没存的话</p>" in content
        assert "no-store" in answer.headers["Cache-Control"]
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert (list(Article.objects.values()), Revision.objects.count()) == before
        assert "还没存" not in shown(editor, secret, script="zh-Hans").content.decode()
        assert sign_in(None).post(address, typed).status_code == 403
        reader = User.objects.create_user("looks", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        client.force_login(reader)
        assert client.get(address).status_code == 200
        assert client.post(address, typed).status_code == 403

    @pytest.mark.parametrize(
        ("script", "title"), [("zh-Hant", "祕密題目"), ("zh-Hans", "秘密题目")]
    )
    def test_in_both_scripts(self, editor, secret, script, title):
        content = shown(editor, secret, script=script).content.decode()
        assert f"<h1>{title}</h1>" in content
        assert f'<html lang="{script}">' in content

    @pytest.mark.parametrize(
        "state",
        [
            {"status": "draft"},
            {"status": "in_review"},
            {"status": "archived"},
            {"published_at": timezone.now() + timedelta(days=9)},
            {"expires_at": timezone.now() - timedelta(days=9), "published_at": timezone.now() - timedelta(days=99)},
            {},
        ],
    )  # fmt: skip
    def test_of_whatever_state(self, editor, make_article, state):
        article = make_article("無論何時", **state)
        for script in ("zh-Hant", "zh-Hans"):
            response = shown(editor, article, script=script)
            assert response.status_code == 200
        assert editor.get(f"{LIST}{article.pk}/preview/").status_code == 200

    @pytest.mark.parametrize(
        ("state", "told"),
        [
            ({}, "讀者已經看得到這個版本"),
            ({"status": "draft"}, "讀者目前看不到這個頁面"),
            ({"published_at": timezone.now() + timedelta(days=9)}, "讀者目前看不到這個頁面"),
        ],
    )
    def test_it_says_whether_readers_see_it(self, editor, client, make_article, state, told):
        article = make_article("無論何時", **state)
        pages = shown(editor, article, script="zh-Hant"), opened(client, share(editor, article))
        for content in (one.content.decode() for one in pages):
            assert told in content or told.replace("讀", "读") in content
            assert content.count("讀者") == 1

    def test_a_draft_is_another_text_until_it_is_published(self, editor, sign_in, client, secret):
        link = share(editor, secret)
        for content in (shown(editor, secret, script="zh-Hant"), opened(client, link)):
            assert "讀者目前看到的是另一個版本" in content.content.decode()
        version = revisions.version(Article.objects.get(pk=secret.pk))
        sign_in(REVIEWER).post(f"{LIST}{secret.pk}/draft/", {"version": version})
        assert "讀者已經看得到這個版本" in opened(client, link).content.decode()

    def test_the_heading_is_the_title_of_the_draft(self, editor, secret):
        content = editor.get(f"{LIST}{secret.pk}/preview/").content.decode()
        heading = re.search("<h1>(.*?)</h1>", content)[1]
        assert "祕密題目" in heading

    def test_making_a_link_leaves_script_and_width_as_they_were_chosen(self, editor, secret):
        address = f"{LIST}{secret.pk}/preview/?script=zh-Hans&width=phone"
        seen = editor.get(address).context["version"]
        sent = {"do": "make-link", "days": "7", "version": seen}
        assert editor.post(address, sent).url == address
        number = PreviewLink.objects.get().pk
        assert editor.post(address, {"do": "revoke-link", "link": number}).url == address

    def test_nobody_keeps_it_and_only_the_desk_frames_it(self, editor, secret):
        response = shown(editor, secret)
        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in response.content.decode()
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        frame = editor.get(f"{LIST}{secret.pk}/preview/")
        assert "frame-src 'self'" in frame["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in frame["Content-Security-Policy"]
        beside = editor.get(f"{LIST}{secret.pk}/change/")  # the page stands beside the form too
        assert "frame-src 'self'" in beside["Content-Security-Policy"]
        other = editor.get(f"{LIST}{secret.pk}/history/")
        assert "frame-src" not in other["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]

    def test_it_changes_and_counts_nothing(self, editor, secret):
        before = [list(model.objects.order_by("pk").values()) for model in (Article, Rendition)]
        content = shown(editor, secret).content.decode()
        after = [list(model.objects.order_by("pk").values()) for model in (Article, Rendition)]
        assert after == before
        assert not ReadCount.objects.exists()
        for personal in ("data-read=", "own.js", "data-bookmark", 'rel="canonical"', "ld+json"):
            assert personal not in content, personal

    def test_what_has_no_public_page_is_not_linked(self, editor, secret):
        content = shown(editor, secret, script="zh-Hant").content.decode()
        assert re.search(r'<a href="[^"]+" rel="author">劉明</a>', content)
        assert "<span>隱名</span>" in content
        assert re.search(r'<span class="chip">提案', content)
        assert re.search(r'<a class="chip" href="[^"]+">維', content)

    def test_markup_is_as_safe_as_it_will_be(self, editor, make_article):
        draft = make_article(body='<p onclick="x()">好<script>x</script></p>', status="draft")
        body = re.search(r'<div class="body".*?</div>', shown(editor, draft).content.decode())[0]
        assert "<p>好</p>" in body
        assert "onclick" not in body

    @pytest.mark.parametrize("group", [EDITOR, REVIEWER, ADMINISTRATOR, None, "stranger"])
    @pytest.mark.parametrize("name", ["preview", "preview_page"])
    def test_who_sees_it(self, sign_in, client, make_article, group, name):
        visitor = client if group == "stranger" else sign_in(group)
        code = visitor.get(f"{LIST}{make_article(status='draft').pk}/{name}/").status_code
        assert code == {None: 403, "stranger": 302}.get(group, 200)

    @pytest.mark.parametrize("name", ["preview", "preview_page"])
    def test_an_impossible_number_is_not_found(self, editor, name):
        assert editor.get(f"{LIST}{10**22}/{name}/").status_code == 404
        assert editor.get(f"{LIST}99999/{name}/").status_code == 404

    def test_strange_questions_are_answered(self, editor, secret):
        assert shown(editor, secret, script="xx").status_code == 200
        address = f"{LIST}{secret.pk}/preview/?script=%22%3E&width=%22%3E%3Cscript%3E"
        assert '"><script>' not in editor.get(address).content.decode()

    def test_queries(self, editor, secret, django_assert_max_num_queries):
        shown(editor, secret)
        # One of them is what was changed below the draft since it was begun, one what is lost.
        with django_assert_max_num_queries(13):
            shown(editor, secret)
        for _time in range(5):
            share(editor, secret)
        with django_assert_max_num_queries(8):
            editor.get(f"{LIST}{secret.pk}/preview/")

    def test_the_form_leads_to_it(self, editor, secret):
        form = editor.get(f"{LIST}{secret.pk}/change/").content.decode()
        assert f"{LIST}{secret.pk}/preview/" in form


class TestLinks:
    def test_a_link_shows_the_draft_to_whoever_has_it(self, client, editor, secret):
        response = opened(client, share(editor, secret))
        content = response.content.decode()
        for text in ("<h1>祕密題目</h1>", "祕密正文", "預覽", "連結有效至"):
            assert text in content, text
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert not response.cookies
        for leak in (
            "別篇草稿",
            "給自己看的話",
            "給廠裡看",
            "member of",
            "/admin/articles",
            "data-read=",
        ):
            assert leak not in content, leak

    def test_in_the_other_script_too(self, client, editor, secret):
        address = share(editor, secret).replace("zh-hant", "zh-hans")
        assert "<h1>秘密题目</h1>" in opened(client, address).content.decode()

    def test_it_stays_with_the_revision_it_was_made_of(self, client, editor, secret):
        address = share(editor, secret)
        article = Article.objects.get(pk=secret.pk)
        editor.post(f"{LIST}{secret.pk}/change/", form_of(article, title="更祕密的題目"))
        content = opened(client, address).content.decode()
        assert "祕密題目" in content
        assert "更祕密的題目" not in content

    def test_of_a_text_that_was_never_changed(self, client, editor, make_article):
        article = make_article("未改過", status="draft")
        address = share(editor, article)
        assert PreviewLink.objects.get().revision == Revision.objects.get()
        assert "<h1>未改過</h1>" in opened(client, address).content.decode()
        assert not ReviewRequest.objects.exists()

    def test_an_end_is_an_end(self, client, editor, secret):
        address = share(editor, secret)
        PreviewLink.objects.update(
            created_at=timezone.now() - timedelta(days=8),
            expires_at=timezone.now() - timedelta(seconds=1),
        )
        assert opened(client, address).status_code == 404
        second = share(editor, secret)
        link = PreviewLink.objects.first()
        content = editor.get(f"{LIST}{secret.pk}/preview/").content.decode()
        assert (second in content, address in content) == (True, False)
        data = {"do": "revoke-link", "link": link.pk}
        editor.post(f"{LIST}{secret.pk}/preview/", data)
        response = opened(client, second)
        assert response.status_code == 404
        assert "祕密" not in response.content.decode()
        link.refresh_from_db()
        assert link.revoked_by.username == f"member of {EDITOR}"
        assert second not in editor.get(f"{LIST}{secret.pk}/preview/").content.decode()
        told = editor.post(f"{LIST}{secret.pk}/preview/", data, follow=True).content.decode()
        assert "已經失效" in told

    def test_nobody_makes_one_up(self, client, editor, secret):
        address = share(editor, secret)
        link = PreviewLink.objects.get()
        number, _colon, signature = link.token.partition(":")
        other = share(editor, secret)
        assert other != address
        for token in (
            f"{number}:{'A' * len(signature)}",
            f"{int(number) + 1}:{signature}",
            f"{number}:{signature[:-1]}",
            f"0{number}:{signature}",
            signing.Signer(salt="another").sign(number),
            signing.Signer().sign(number),
            signing.Signer(salt="articles.PreviewLink").sign("999999"),
            f"{number}:",
            "x:y",
        ):
            assert opened(client, f"/zh-hant/preview/#link={token}").status_code == 404, token

    def test_deleting_the_article_ends_it(self, client, editor, secret):
        address = share(editor, secret)
        secret.delete()
        assert opened(client, address).status_code == 404

    @pytest.mark.parametrize("days", ["", "0", "-1", "8", "3650", "x"])
    def test_for_no_other_time_than_is_offered(self, editor, secret, days):
        assert share(editor, secret, days=days) == ""
        assert not PreviewLink.objects.exists()

    def test_it_lasts_as_long_as_chosen(self, editor, secret):
        share(editor, secret, days="30")
        left = PreviewLink.objects.get().expires_at - timezone.now()
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)

    def test_no_log_has_what_opens_it(self, client, editor, secret):
        address = share(editor, secret)
        link = PreviewLink.objects.get().token
        door = client.get(address)
        assert door.status_code == 200 and link not in door.request["PATH_INFO"]
        assert door["Cache-Control"] == "private, no-store" and not door.cookies
        assert "祕密" not in door.content.decode()
        for asked in (f"/zh-hant/preview/?link={link}", f"/zh-hant/preview/{link}/"):
            assert "祕密" not in client.get(asked, follow=True).content.decode()
        pasted = client.post("/zh-hans/preview/", {"link": f" http://testserver{address} "})
        content = pasted.content.decode()
        assert "秘密正文" in content
        for told in re.findall(r'(?:href|src|action)="([^"]*)"', content):
            assert link not in told.partition("#")[0]

    def test_too_many_tries_are_turned_away(self, client, editor, secret):
        address = share(editor, secret)
        for _time in range(60):
            opened(client, "/zh-hant/preview/#link=1:aaaaaaaaaaaaaaaaaaaaaaaaa")
        assert opened(client, address).status_code == 429

    def test_who_may_only_look_makes_none(self, sign_in, secret, django_user_model):
        from django.contrib.auth.models import Permission

        looker = sign_in(None)
        user = django_user_model.objects.get(username="member of None")
        user.user_permissions.add(Permission.objects.get(codename="view_article"))
        address = f"{LIST}{secret.pk}/preview/"
        assert looker.get(address).status_code == 200
        for do in ("make-link", "revoke-link"):
            assert looker.post(address, {"do": do, "days": "7"}).status_code == 403

    def test_what_somebody_saved_since_is_not_shared_unseen(self, editor, secret):
        address = f"{LIST}{secret.pk}/preview/"
        seen = editor.get(address).context["version"]
        article = Article.objects.select_related("draft__text").get(pk=secret.pk)
        wanted = article.draft.content | {"title": "沒人看過"}
        drafts.keep_draft(article, wanted, None)
        assert not share(editor, secret, version=seen)
        assert not PreviewLink.objects.exists()
        assert share(editor, secret)

    def test_one_of_another_article_is_not_ended_here(self, editor, secret, make_article):
        address = f"{LIST}{make_article('旁的').pk}/preview/"
        share(editor, secret)
        editor.post(address, {"do": "revoke-link", "link": PreviewLink.objects.get().pk})
        assert PreviewLink.objects.live().exists()

    def test_the_database_refuses_one_that_expired_before_it_was_made(self, editor, secret):
        share(editor, secret)
        with pytest.raises(IntegrityError), transaction.atomic():
            PreviewLink.objects.update(expires_at=timezone.now() - timedelta(days=1))

    def test_no_machine_is_led_to_it(self, client, editor, secret):
        share(editor, secret)
        assert "Disallow: /*/preview/" in client.get("/robots.txt").content.decode()
        for path in (
            "/sitemap.xml",
            "/sitemap-articles.xml",
            "/zh-hant/",
            "/zh-hant/feeds/latest.rss",
        ):
            content = client.get(path).content.decode()
            assert "/preview/" not in content
            assert "祕密" not in content

    def test_what_it_costs(self, client, editor, secret, django_assert_max_num_queries):
        address = share(editor, secret)
        with django_assert_max_num_queries(9):
            opened(client, address)


def test_the_source_of_an_import_is_no_part_of_it(editor, client, imported):  # noqa: F811
    content = opened(client, share(editor, imported)).content.decode()
    assert Source.objects.get().file_name not in content
    assert "repairs" not in content

"""Revisions: every change leaves one, drafts stay with curators, and all of it can be taken back."""

import json
import zlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import drafts, revisions
from articles.curation.publishing import move
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, Author, Rendition, Revision, RevisionText, Tag
from articles.search.rebuild import differences
from articles.text import html

from ..admin.test_admin import EDITOR, LIST, REVIEWER, form_of

pytestmark = pytest.mark.django_db

TEXT = "谈谈工会的走访\n作者：刘明\n一、走访\n工會(huì)要到職(zhí)工中間去,聽(tīng)他們說,工會(huì)辦完再問一聲,這一年工會(huì)好。\n"


@pytest.fixture
def editor(sign_in):
    return sign_in(EDITOR)


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("王芳")


@pytest.fixture
def imported(db):
    draft = make_draft(TEXT.encode(), "走访.txt", vocabulary=Tag.objects.vocabulary())
    return library.store(draft, "/tmp/走访.txt", "走访.txt").article  # noqa: S108 - no file


def send(client, article, **changes):
    """Send the form of an article as it stands, with these changes."""
    article = Article.objects.get(pk=article.pk)
    return client.post(f"{LIST}{article.pk}/change/", form_of(article, **changes))


def kinds(article) -> list[str]:
    return list(article.revisions.order_by("number").values_list("kind", flat=True))


def readers_see(client, article) -> str:
    return client.get(article.url_in("zh-Hant")).content.decode()


class TestEveryChange:
    def test_the_first_keeps_what_was_there_before(self, reviewer, make_article):
        article = make_article(status="draft", authors=["劉明"], tags=["維權"], summary="舊")
        send(reviewer, article, title="新的題目", note="改題")
        before, after = article.revisions.order_by("number")
        assert (before.kind, after.kind) == ("before", "saved")
        assert before.content["title"] == "工會要走進班組"
        assert [name for _, _, name in before.content["authors"]] == ["劉明"]
        assert [name for _, _, name in before.content["tags"]] == [
            "維護職工權益"
        ] or before.content["tags"]
        assert before.created_at == article.modified_at
        assert (after.content["title"], after.note) == ("新的題目", "改題")
        assert after.created_by.username == f"member of {REVIEWER}"

    def test_saving_what_stands_keeps_nothing(self, reviewer, make_article):
        for status in ("draft", "published"):
            article = make_article(status=status, authors=["劉明", "王芳"], tags=["維權"])
            modified = Article.objects.get(pk=article.pk).modified_at
            response = (
                send(reviewer, article, _publish="1")
                if status == "published"
                else send(reviewer, article)
            )
            assert response.status_code == 302
            article.refresh_from_db()
            assert article.modified_at == modified
            assert not article.revisions.exists()
            assert article.draft is None

    def test_line_ends_of_a_browser_are_no_change(self, reviewer, make_article):
        article = make_article(status="draft", body="<p>一</p>\n<p>二</p>", summary="上\n下")
        data = {"body": "<p>一</p>\r\n<p>二</p>", "summary": "上\r\n下"}
        send(reviewer, article, **data)
        assert not article.revisions.exists()

    @pytest.mark.parametrize(
        ("change", "differs"),
        [
            ({"title": "改"}, "title"), ({"summary": "改"}, "summary"), ({"body": "<p>改</p>"}, "body"),
            ({"tags": []}, "tags"), ({"byline": []}, "authors"), ({"genre": "paper"}, "genre"),
            ({"stated_date": "2020-05-09"}, "stated_date"), ({"source_name": "報"}, "source_name"),
            ({"source_url": "https://example.org/"}, "source_url"), ({"status": "in_review"}, "status"),
            ({"date_is_upload": "on"}, "date_is_upload"), ({"original_script": "zh-Hans"}, "original_script"),
            ({"expires_at_0": "2199-01-01", "expires_at_1": "08:00"}, "expires_at"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )  # fmt: skip
    def test_it_is_seen(self, reviewer, make_article, change, differs):
        article = make_article(
            "工人",
            body="<p>工人</p>",
            status="draft",
            authors=["劉明"],
            tags=["維權"],
            summary="要",
        )
        data = {"summary": "要"} | change
        send(reviewer, article, **data)
        before, after = article.revisions.order_by("number")
        assert differs in revisions.changed(before.content, after.content)
        assert after.content == revisions.state(article.pk)

    def test_the_order_of_authors_counts_their_names_do_not(self, reviewer, make_article):
        article = make_article(status="draft", authors=["劉明", "王芳"])
        one, other = article.byline
        Author.objects.filter(pk=one.pk).update(name="刘大明")
        send(reviewer, article)
        assert not article.revisions.exists()
        send(reviewer, article, byline=[other.pk, one.pk])
        assert Article.objects.get().byline == [other, one]
        assert kinds(article) == ["before", "saved"]

    def test_a_new_article_begins_with_its_first(self, reviewer):
        reviewer.post(f"{LIST}add/", form_of(title="新的一篇"))
        assert kinds(Article.objects.get()) == ["saved"]

    def test_an_import_has_its_source_and_no_revision(self, imported):
        assert not imported.revisions.exists()

    def test_what_an_import_changes_later(self, imported):
        draft = make_draft(
            TEXT.replace("好。", "很好。").encode(), "走访.txt", vocabulary=Tag.objects.vocabulary()
        )
        library.store(draft, "/tmp/走访.txt", "走访.txt", on_conflict="update")  # noqa: S108 - no file
        assert kinds(imported) == ["before", "imported"]
        assert "很好" in imported.revisions.first().content["body"]

    def test_a_decision_and_its_undoing(self, imported, user):
        edit = next(e for e in imported.source.edits if e["kind"] == "pinyin-annotation")
        decision = decisions.undo_edit(imported, decisions.token(edit), user)
        decisions.take_back(imported, decision.pk, user)
        assert kinds(imported) == ["before", "decided", "decided"]
        first, second, third = (
            one.content["body"] for one in imported.revisions.order_by("number")
        )
        assert first == third != second

    def test_many_moved_at_once(self, reviewer, make_article, django_assert_max_num_queries):
        drafts = [make_article(f"第{n}篇", status="draft") for n in range(8)]
        with django_assert_max_num_queries(34):
            move(Article.objects.all(), "archived", None)
        assert all(kinds(draft) == ["before", "moved"] for draft in drafts)
        assert RevisionText.objects.count() == 8  # a change of status costs no second text
        move(Article.objects.all(), "archived", None)
        assert Revision.objects.count() == 16

    def test_numbers_are_the_articles_own(self, make_article, reviewer):
        for article in (make_article("甲", status="draft"), make_article("乙", status="draft")):
            for title in ("丙", "丁"):
                send(reviewer, article, title=title)
            assert list(article.revisions.values_list("number", flat=True)) == [3, 2, 1]

    def test_two_of_one_number_are_refused(self, reviewer, make_article):
        article = make_article(status="draft")
        send(reviewer, article, title="改")
        first = article.revisions.first()
        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save()

    def test_deleting_an_article_takes_them_along(self, make_article, reviewer):
        article = make_article()
        send(reviewer, article, title="改")
        Article.objects.get().delete()
        assert not Revision.objects.exists()
        assert not RevisionText.objects.exists()


class TestDraftOverLive:
    def test_readers_keep_the_live_text_until_it_is_published(
        self, client, editor, reviewer, make_article
    ):
        live = make_article(authors=["劉明"], tags=["維權"])
        before = Article.objects.filter(pk=live.pk).values().get()
        renditions = list(Rendition.objects.order_by("pk").values())
        tag = Tag.objects.get(name="提案")
        send(
            editor,
            live,
            title="祕密題目",
            body="<p>祕密正文</p>",
            byline=[],
            tags=[tag.pk],
            note="草",
        )
        after = Article.objects.filter(pk=live.pk).values().get()
        assert after.pop("draft_id")
        before.pop("draft_id")
        assert after == before
        assert list(Rendition.objects.order_by("pk").values()) == renditions
        assert differences() == []
        assert list(live.tags.all()) != [tag]
        assert "祕密" not in readers_see(client, live)
        for path in ("", "articles/", "search/?q=祕密", "feeds/latest.rss", "tags/", "authors/"):
            assert "祕密題目" not in client.get(f"/zh-hant/{path}").content.decode(), path
        live = Article.objects.get()
        response = reviewer.post(f"{LIST}{live.pk}/draft/", {"version": revisions.version(live)})
        assert response.status_code == 302
        live = Article.objects.get()
        assert (live.title, live.draft, live.status) == ("祕密題目", None, "published")
        assert list(live.tags.all()) == [tag]
        assert live.byline == []
        assert "祕密正文" in readers_see(client, live)
        assert differences() == []
        assert kinds(live) == ["before", "draft", "published"]
        assert live.revisions.first().note == "草"
        assert RevisionText.objects.count() == 2

    def test_the_form_shows_the_draft_and_says_so(self, editor, make_article):
        live = make_article()
        send(editor, live, title="草稿的題目")
        content = editor.get(f"{LIST}{live.pk}/change/").content.decode()
        assert "草稿的題目</textarea>" in content
        assert "讀者看到的仍是原來的版本" in content
        assert f"{LIST}{live.pk}/draft/" in content
        assert "_publish" not in content

    def test_what_a_draft_does_not_name_is_carried_on(self, editor, reviewer, make_article):
        """An editor's form has no times: those a reviewer put into the draft stay in it."""
        live = make_article()
        send(reviewer, live, expires_at_0="2199-01-01", expires_at_1="08:00")
        data = form_of(
            Article.objects.get(),
            title="編輯也改",
            version=revisions.version(Article.objects.get()),
        )
        editor.post(f"{LIST}{live.pk}/change/", data)
        draft = Article.objects.get().draft.content
        assert (draft["title"], draft["expires_at"][:4]) == ("編輯也改", "2199")
        assert Article.objects.get().expires_at is None

    def test_times_of_a_draft_hold_from_its_publication(self, reviewer, make_article):
        live = make_article()
        send(reviewer, live, published_at_0="2199-01-01", published_at_1="08:00")
        assert Article.objects.published().exists()
        one = Article.objects.get()
        drafts.publish_draft(one, None, revisions.version(one))
        assert not Article.objects.published().exists()

    def test_submitting_puts_the_draft_in_review_and_saving_again_leaves_it_there(
        self, editor, make_article
    ):
        live = make_article()
        send(editor, live, title="改", _submit="1")
        assert Article.objects.get().draft.status == "in_review"
        assert Article.objects.get().status == "published"
        for title in ("再改",):
            article = Article.objects.get()
            editor.post(f"{LIST}{live.pk}/change/", form_of(article, title=title))
        assert Article.objects.get().draft.status == "in_review"

    def test_applying_at_once_needs_no_draft_and_ends_one(
        self, client, editor, reviewer, make_article
    ):
        live = make_article()
        send(editor, live, title="草稿")
        send(reviewer, live, title="立即", _publish="1")
        article = Article.objects.get()
        assert (article.title, article.draft) == ("立即", None)
        assert "立即" in readers_see(client, article)

    def test_a_status_is_taken_over_with_apply_alone(self, reviewer, make_article):
        live = make_article()
        send(reviewer, live, status="archived", title="改")
        assert Article.objects.get().status == "published"
        send(reviewer, live, status="archived", _publish="1")
        assert Article.objects.get().status == "archived"

    def test_publish_now_publishes_a_first_draft(self, reviewer, editor, make_article):
        draft = make_article(status="draft")
        assert send(editor, draft, _publish="1").status_code == 403
        send(reviewer, draft, _publish="1")
        assert Article.objects.published().get() == draft
        assert kinds(draft) == ["before", "published"]

    def test_discarding_asks_and_keeps_it_among_the_revisions(self, editor, make_article):
        live = make_article()
        send(editor, live, title="草稿")
        address = f"{LIST}{live.pk}/discard/"
        assert "捨棄" in editor.get(address).content.decode()
        assert Article.objects.get().draft
        editor.post(address, {"version": "0.0-1"})
        assert Article.objects.get().draft  # the page was out of date
        editor.post(address, {"version": revisions.version(Article.objects.get())})
        assert Article.objects.get().draft is None
        assert kinds(live) == ["before", "draft"]
        assert editor.get(address).status_code == 302

    def test_a_text_changed_below_a_draft_is_told(self, editor, make_article, user):
        live = make_article()
        send(editor, live, title="草稿")
        with revisions.recorded([live.pk], user, Revision.Kind.DECIDED):
            article = Article.objects.get()
            article.summary = "底下改了"
            article.save()
        for page in ("change", "draft"):
            assert "讀者看到的版本又改過" in editor.get(f"{LIST}{live.pk}/{page}/").content.decode()
        assert "底下改了" in editor.get(f"{LIST}{live.pk}/change/").content.decode()

    def test_an_article_taken_back_keeps_its_draft_until_it_is_saved(self, editor, make_article):
        live = make_article()
        send(editor, live, title="草稿")
        move(Article.objects.all(), "draft", None)
        content = editor.get(f"{LIST}{live.pk}/change/").content.decode()
        assert "草稿</textarea>" in content
        article = Article.objects.get()
        editor.post(f"{LIST}{live.pk}/change/", form_of(article, title="草稿"))
        article = Article.objects.get()
        assert (article.title, article.draft) == ("草稿", None)

    def test_a_draft_can_be_in_no_public_state(self, editor, make_article):
        live = make_article()
        send(editor, live, title="草稿")
        draft = live.revisions.first()
        draft.status = "published"
        with pytest.raises(IntegrityError), transaction.atomic():
            draft.save()

    def test_the_list_tells_of_drafts(self, editor, make_article):
        live = make_article()
        send(editor, live, title="草稿")
        assert "另有草稿" in editor.get(LIST).content.decode()
        editor.post(
            f"{LIST}{live.pk}/change/", form_of(Article.objects.get(), title="二", _submit="1")
        )
        assert "草稿審核中" in editor.get(LIST).content.decode()


class TestRestore:
    @pytest.fixture
    def edited(self, reviewer, make_article):
        def make(status):
            article = make_article(status=status, authors=["劉明"], tags=["維權"])
            send(
                reviewer,
                article,
                title="改過",
                body="<p>改過</p>",
                byline=[],
                tags=[],
                _publish="1" if status == "published" else "",
            )
            if status != "published":
                Article.objects.update(status=status)
            return Article.objects.get()

        return make

    def restore(self, client, article, number=1, **data):
        version = revisions.version(Article.objects.get(pk=article.pk))
        data = {"number": number, "version": version} | data
        return client.post(f"{LIST}{article.pk}/restore/", data)

    def test_of_a_draft_it_is_written_to_the_row(self, editor, make_article):
        article = make_article(status="draft", authors=["劉明"], tags=["維權"])
        send(editor, article, title="改過", byline=[], tags=[], status="in_review")
        self.restore(editor, article, note="退回")
        article = Article.objects.get()
        assert (article.title, article.status) == ("工會要走進班組", "in_review")
        assert [str(author) for author in article.byline] == ["劉明"]
        assert article.tags.get().name == "维权"
        newest = article.revisions.first()
        assert (newest.kind, newest.note, newest.number) == ("restored", "退回", 3)
        assert differences() == []

    def test_of_a_live_article_it_becomes_a_draft(self, client, edited, editor, reviewer):
        article = edited("published")
        self.restore(editor, article)
        article = Article.objects.get()
        assert article.title == "改過"
        assert article.draft.content["title"] == "工會要走進班組"
        assert (article.draft.kind, article.draft.number) == ("restored", 3)
        assert "改過" in readers_see(client, article)

    def test_who_may_publish_can_restore_for_readers(self, client, edited, editor, reviewer):
        article = edited("published")
        assert self.restore(editor, article, at_once="yes").status_code == 403
        self.restore(reviewer, article, at_once="yes")
        article = Article.objects.get()
        assert (article.title, article.draft, article.status) == (
            "工會要走進班組",
            None,
            "published",
        )
        assert "工會要走進班組" in readers_see(client, article)

    def test_asking_changes_nothing_and_shows_the_difference(self, edited, editor):
        article = edited("published")
        content = editor.get(f"{LIST}{article.pk}/restore/?number=1").content.decode()
        assert "<del>" in content
        assert "at_once" not in content
        assert Revision.objects.count() == 2

    def test_what_is_gone_is_told(self, editor, make_article):
        article = make_article(status="draft", authors=["劉明"], tags=["維權", "提案"])
        send(editor, article, byline=[], tags=[])
        Author.objects.all().delete()
        Tag.objects.get(name="提案").delete()
        content = self.restore(editor, article)
        content = editor.get(content.url).content.decode()
        assert "已不存在，所以略過：劉明、提案" in content
        assert [tag.name for tag in Article.objects.get().tags.all()] == ["维权"]

    def test_a_merged_tag_is_found_by_its_name(self, editor, make_article):
        article = make_article(status="draft", tags=["提案"])
        send(editor, article, tags=[])
        Tag.objects.get(name="提案").delete()
        other = Tag.objects.get(name="维权")
        other.aliases.create(name="提案")
        self.restore(editor, article)
        assert Article.objects.get().tags.get() == other

    def test_restoring_what_stands_saves_nothing(self, editor, make_article):
        article = make_article(status="draft")
        send(editor, article, title="改")
        self.restore(editor, article, number=2)
        assert Revision.objects.count() == 2

    def test_a_page_out_of_date_changes_nothing(self, edited, editor):
        article = edited("draft")
        response = editor.post(f"{LIST}{article.pk}/restore/", {"number": 1, "version": "1.1-2"})
        assert "number=1" in response.url
        assert Article.objects.get().title == "改過"

    @pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 30, "²", ""])
    def test_what_is_no_revision(self, edited, editor, number):
        article = edited("draft")
        assert editor.get(f"{LIST}{article.pk}/restore/?number={number}").status_code == 404


class TestPages:
    def test_the_list_tells_all(self, editor, reviewer, make_article):
        live = make_article()
        send(reviewer, live, title="二", _publish="1", note="改題〈一〉")
        send(editor, live, title="三")
        content = editor.get(f"{LIST}{live.pk}/history/").content.decode()
        for text in (
            "修改前的樣子",
            "存為草稿",
            "目前的草稿",
            "讀者看到的版本",
            "最早",
            "改題〈一〉",
            f"member of {EDITOR}",
        ):
            assert text in content
        assert content.count('class="live"') == content.count('class="waiting"') == 1

    def test_the_source_is_revision_0(self, editor, imported):
        content = editor.get(f"{LIST}{imported.pk}/history/").content.decode()
        assert "匯入的原文" in content
        content = editor.get(f"{LIST}{imported.pk}/diff/?old=0&new=live").content.decode()
        assert "<del>(huì)</del>" in content

    def test_the_source_needs_its_permission(self, sign_in, imported, django_user_model):
        editor = sign_in(EDITOR)
        group = django_user_model.objects.get(username=f"member of {EDITOR}").groups.get()
        group.permissions.remove(group.permissions.get(codename="view_source"))
        assert editor.get(f"{LIST}{imported.pk}/diff/?old=0&new=live").status_code == 403

    @pytest.mark.parametrize(
        ("old", "new", "marks"),
        [
            ("<p>工会好</p>", "<p>工會好</p>", ["<del>会</del>", "<ins>會</ins>"]),
            ("<p>甲乙丙丁。</p><p>戊己庚辛。</p>", "<p>甲乙丙丁。戊己庚辛。</p>", ["<del>¶</del>"]),
            ("<p>一、走訪職工</p>", "<h2>一、走訪職工</h2>", ["<ins>## </ins>"]),
            ("<p>走訪<strong>職工</strong></p>", "<p>走訪職工</p>", ["文字相同"]),
            ("<ul><li><p>一項</p></li></ul>", "<p>一項</p>", ["<del>• </del>"]),
        ],
        ids=["script", "paragraphs joined", "heading", "emphasis", "list"],
    )  # fmt: skip
    def test_a_difference_is_marked(self, editor, make_article, old, new, marks):
        article = make_article(status="draft", body=old)
        send(editor, article, body=new)
        content = editor.get(f"{LIST}{article.pk}/diff/?old=1&new=2").content.decode()
        assert [mark for mark in marks if mark in content] == marks

    def test_facts_that_changed_stand_in_a_table(self, editor, make_article):
        article = make_article(status="draft", authors=["劉明"], tags=["維權"])
        send(editor, article, byline=[], stated_date="2020-05-09", genre="paper")
        content = editor.get(f"{LIST}{article.pk}/diff/?old=before-2&new=2").content.decode()
        for text in ("劉明", "2020-05-09", "論文"):
            assert text in content
        assert content.count('class="differs"') == 4  # with the precision of the date

    @pytest.mark.parametrize(
        "query", ["old=1&new=9", "old=x", "", "old=before-1&new=1", "old=0&new=live", "old=-1&new=live", f"old={'9' * 40}&new=live"],
    )  # fmt: skip
    def test_what_is_not_there(self, editor, make_article, query):
        article = make_article(status="draft")
        send(editor, article, title="改")
        assert editor.get(f"{LIST}{article.pk}/diff/?{query}").status_code == 404

    @pytest.mark.parametrize(
        "page", ["diff/?old=1&new=2", "restore/?number=1", "draft/", "discard/", "history/"]
    )
    @pytest.mark.parametrize("language", ["zh-TW", "zh-CN"])
    def test_they_open_in_both_scripts(self, editor, make_article, page, language):
        live = make_article()
        send(editor, live, title="改")
        response = editor.get(f"{LIST}{live.pk}/{page}", headers={"accept-language": language})
        assert response.status_code == 200

    @pytest.mark.parametrize(
        "page",
        ["diff/?old=1&new=2", "restore/?number=1", "draft/", "discard/", "history/", "presence/"],
    )
    def test_who_may_not(self, client, sign_in, editor, make_article, page):
        live = make_article()
        send(editor, live, title="改")
        version = revisions.version(Article.objects.get())
        for visitor, code in ((client, 302), (sign_in(None), 403)):
            data = {"version": version, "number": 1}
            assert visitor.get(f"{LIST}{live.pk}/{page}").status_code == code
            assert visitor.post(f"{LIST}{live.pk}/{page}", data).status_code == code
        assert Article.objects.get().draft
        assert editor.get(f"{LIST}{10**22}/{page}").status_code in (302, 404)
        assert editor.get(f"{LIST}{live.pk + 1}/{page}").status_code in (403, 404)

    def test_an_editor_does_not_publish_a_draft(self, editor, make_article):
        live = make_article()
        send(editor, live, title="改")
        version = revisions.version(Article.objects.get())
        assert editor.post(f"{LIST}{live.pk}/draft/", {"version": version}).status_code == 403
        page = editor.get(f"{LIST}{live.pk}/draft/").content.decode()
        assert 'class="default"' not in page.split("compare-decide")[1]

    def test_forged_requests_are_refused(self, make_article, django_user_model):
        from django.test import Client

        live = make_article()
        root = django_user_model.objects.create_superuser("root")
        forged = Client(enforce_csrf_checks=True)
        forged.force_login(root)
        for page in ("draft", "discard", "restore", "presence"):
            assert forged.post(f"{LIST}{live.pk}/{page}/").status_code == 403

    def test_queries_stay_the_same(self, editor, make_article):
        counted = {}
        for number in range(2):
            live = make_article(
                f"第{number}篇", authors=["劉明"], tags=["維權", "提案"][: number + 1]
            )
            for title in ("甲", "乙", "丙")[: 1 + 2 * number]:
                article = Article.objects.get(pk=live.pk)
                editor.post(f"{LIST}{live.pk}/change/", form_of(article, title=title))
            for page, most in (
                ("change", 22),
                ("history", 11),
                ("draft", 9),
                ("diff/?old=1&new=2", 8),
            ):
                address = f"{LIST}{live.pk}/{page}"
                with CaptureQueriesContext(
                    connection,
                ) as caught:
                    editor.get(address if "?" in address else f"{address}/")
                assert len(caught) <= most, (page, [query["sql"] for query in caught])
                counted.setdefault(page, set()).add(len(caught))
        assert all(len(counts) == 1 for counts in counted.values()), counted


class TestPrune:
    @pytest.fixture
    def long_history(self, make_article, user):
        def make(count=12, **fields):
            article = make_article(**fields)
            for number in range(count):
                with revisions.recorded([article.pk], user, Revision.Kind.SAVED):
                    article.title = f"第{number}版"
                    article.save()
            old = timezone.now() - timedelta(days=100)
            Revision.objects.update(created_at=old)
            return article

        return make

    def numbers(self, article):
        return list(article.revisions.order_by("number").values_list("number", flat=True))

    def test_first_newest_live_and_drafts_are_spared(self, editor, long_history, capsys):
        article = long_history()
        editor.post(f"{LIST}{article.pk}/change/", form_of(Article.objects.get(), title="草稿"))
        with revisions.recorded([article.pk], None, Revision.Kind.SAVED):
            Article.objects.update(summary="之後")
        Revision.objects.update(created_at=timezone.now() - timedelta(days=100))
        call_command("prune_revisions", keep=1)
        assert self.numbers(article) == [1, 13, 14, 15]  # the draft began from 13
        assert Article.objects.get().draft.number == 14
        assert "11 revisions forgotten" in capsys.readouterr().out
        assert RevisionText.objects.count() == 4

    def test_what_is_scheduled_is_spared_below_drafts(self, editor, long_history):
        article = long_history(published_at=timezone.now() + timedelta(days=30))
        for title in ("甲", "乙", "丙"):
            editor.post(f"{LIST}{article.pk}/change/", form_of(Article.objects.get(), title=title))
        Revision.objects.update(created_at=timezone.now() - timedelta(days=100))
        call_command("prune_revisions", keep=1, verbosity=0)
        assert self.numbers(article) == [1, 13, 16]

    def test_how_many_and_how_old(self, long_history):
        article = long_history()
        call_command("prune_revisions", keep=5, older_than=101)
        assert len(self.numbers(article)) == 13
        call_command("prune_revisions", keep=5, older_than=99)
        assert self.numbers(article) == [1, 9, 10, 11, 12, 13]

    def test_a_dry_run_says_the_same_and_keeps_all(self, long_history, capsys):
        article = long_history()
        call_command("prune_revisions", keep=3, dry_run=True)
        told = capsys.readouterr().out
        assert len(self.numbers(article)) == 13
        call_command("prune_revisions", keep=3)
        assert capsys.readouterr().out == told.replace("would be forgotten", "forgotten")
        assert self.numbers(article) == [1, 11, 12, 13]

    @pytest.mark.parametrize("options", [{"keep": 0}, {"older_than": -1}])
    def test_impossible_numbers(self, options):
        with pytest.raises(CommandError):
            call_command("prune_revisions", **options)


def test_a_text_is_packed_and_comes_back(make_article):
    """Chinese in JSON as SQLite keeps it takes six bytes a character; packed, less than two."""
    body = "".join(f"<p>{chr(0x4E00 + n)}工會要到職工中間去，聽他們說。</p>" for n in range(300))
    article = make_article(body=body)
    packed = RevisionText.of(article.pk, revisions.state(article.pk))
    assert packed.text["body"] == body
    assert len(packed.packed) < len(json.dumps(body)) / 6
    assert zlib.decompress(packed.packed)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h2>一</h2><p>二</p>", "## 一\n二"),
        ("<h3>一<em>二</em></h3>", "### 一二"),
        ("<ul><li><p>甲</p></li><li>乙</li></ul>", "• 甲\n• 乙"),
        ("<blockquote><p>引</p><p>文</p></blockquote>", "> 引\n文"),
        ("<ul><li><p>甲</p><ul><li><p>乙</p></li></ul></li></ul>", "• 甲\n• 乙"),
        ("<p>a &lt; b</p>", "a < b"),
    ],
)  # fmt: skip
def test_signs_of_what_a_line_is(markup, text):
    assert html.signed_text(markup) == text

"""The recycle bin: out of everybody's sight, restored as it was, emptied after 30 days."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation.near_duplicates import similar_flags
from articles.curation.publishing import from_bin, to_bin
from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, AuditEntry, BulkRun, Listing, Revision, Similarity, Source, Tag
from articles.search.rebuild import differences

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER, form_of
from ..support.damage import read_essay
from .test_bulk import ask, bulk, do, outcomes, undo

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
BIN = f"{LIST}?bin=yes"
TEXT = f"谈谈工会的走访\n作者：刘明\n\n{read_essay('06-secret-ballots.txt').body}\n"


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


def import_text(text=TEXT, name="a.txt", **how):
    draft = make_draft(text.encode(), name, vocabulary=Tag.objects.vocabulary())
    return library.store(draft, f"/tmp/{name}", name, **how)  # noqa: S108 - no file


def binned(article, days=0) -> Article:
    to_bin(Article.objects.filter(pk=article.pk), None)
    if days:
        since = timezone.now() - timedelta(days=days)
        Article.objects.filter(pk=article.pk).update(deleted_at=since)
    article.refresh_from_db()
    return article


class TestOutOfSight:
    @pytest.fixture
    def secret(self, make_article):
        article = make_article("暗門走訪記", authors=["馬識途"], tags=["提案"])
        make_article("另一篇走訪", authors=["王芳"], tags=["維權"])
        return article

    @pytest.mark.parametrize(
        "path",
        [
            "/zh-hant/",
            "/zh-hant/articles/",
            "/zh-hans/articles/",
            "/zh-hant/tags/",
            "/zh-hant/tags/{tag}/",
            "/zh-hant/authors/",
            "/zh-hant/authors/{author}/",
            "/zh-hant/archive/{year}/",
            "/zh-hant/search/?q=暗門",
            "/zh-hant/search/?q=走訪",
            "/zh-hant/feeds/latest.rss",
            "/zh-hant/feeds/latest.atom",
            "/zh-hant/feeds/latest.json",
            "/sitemap-articles.xml",
            "/sitemap-tags.xml",
            "/sitemap-authors.xml",
        ],
    )
    def test_no_public_page_tells_of_it(self, client, secret, path):
        author = secret.byline[0].slug
        tag = Tag.objects.named("提案").slug
        path = path.format(tag=tag, author=author, year=secret.dated.year)
        shown = client.get(path)
        traces = ("暗門走訪記", "暗门走访记", f"/articles/{secret.pk}-", author, tag)
        assert any(trace in shown.content.decode() for trace in traces)
        binned(secret)
        gone = client.get(path)
        if gone.status_code == 200:
            content = gone.content.decode().replace(path, "")
            assert "門走訪" not in content.replace("另一篇走訪", "")
            assert f"/articles/{secret.pk}-" not in content
            if "sitemap" in path:
                assert author not in content
                assert tag not in content
        else:
            assert gone.status_code == 404

    def test_its_addresses_are_not_found_and_come_back(self, client, secret):
        addresses = [secret.url_in(one) for one in ("zh-hant", "zh-hans")]
        binned(secret)
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.get(address.replace(secret.slug, "other")).status_code == 404
        from_bin(Article.objects.filter(pk=secret.pk), None)
        for address in addresses:
            assert client.get(address).status_code == 200

    def test_no_list_and_no_count_has_it(self, secret):
        assert Listing.objects.filter(article=secret).exists()
        binned(secret)
        assert not Listing.objects.filter(article=secret).exists()
        assert not secret.is_public
        assert Article.objects.published().count() == 1
        assert not differences()
        from_bin(Article.objects.filter(pk=secret.pk), None)
        assert Listing.objects.filter(article=secret).exists()
        assert not differences()

    def test_no_neighbour_leads_to_it(self, client, make_article, secret):
        other = Article.objects.exclude(pk=secret.pk).get()
        binned(secret)
        content = client.get(other.url_in("zh-hant")).content.decode()
        assert f"/articles/{secret.pk}-" not in content

    def test_saving_it_brings_nothing_back(self, client, secret):
        binned(secret).save()
        assert not Article.objects.published().filter(pk=secret.pk).exists()
        assert not Listing.objects.filter(article=secret).exists()

    def test_a_future_time_brings_nothing_back(self, make_article, client):
        soon = timezone.now() + timedelta(hours=1)
        article = binned(make_article("將來", published_at=soon))
        Article.objects.filter(pk=article.pk).update(
            published_at=timezone.now() - timedelta(hours=1)
        )
        assert not Article.objects.published().exists()
        assert client.get(article.url_in("zh-hant")).status_code == 404


class TestNearDuplicates:
    @pytest.fixture
    def pair(self):
        one = import_text().article
        two = import_text(TEXT + "這一段是後來添的，說的是回訪。\n", "b.txt").article
        assert Similarity.objects.standing().count() == 1
        return one, two

    def flags_of(self, article):
        return len(similar_flags(article.pk))

    def test_it_is_nobody_s_twin_in_the_bin(self, pair, reviewer):
        one, two = pair
        assert self.flags_of(two) == 1
        binned(one)
        assert self.flags_of(two) == 0
        content = reviewer.get(f"{LIST}{two.pk}/change/").content.decode()
        assert f"/{two.pk}/compare/{one.pk}/" not in content
        assert (
            f"{LIST}{two.pk}/change/" not in reviewer.get(f"{LIST}?similar=some").content.decode()
        )
        from_bin(Article.objects.filter(pk=one.pk), None)
        assert self.flags_of(two) == self.flags_of(one) == 1

    def test_what_came_meanwhile_is_found_after(self):
        one = binned(import_text().article)
        two = import_text(TEXT + "這一段是後來添的，說的是回訪。\n", "b.txt").article
        assert not Similarity.objects.exists()
        from_bin(Article.objects.filter(pk=one.pk), None)
        assert self.flags_of(two) == self.flags_of(one) == 1


class TestImportingAgain:
    def test_the_same_file_brings_nothing_back_and_says_so(self):
        article = binned(import_text().article)
        stored = import_text()
        assert (stored.outcome, stored.article) == ("unchanged", article)
        assert "recycle bin" in stored.note
        stored.article.refresh_from_db()
        assert stored.article.deleted_at

    def test_the_same_text_elsewhere_is_a_duplicate_and_says_so(self):
        binned(import_text().article)
        stored = import_text(TEXT.replace("\n", "\r\n"), "b.txt")
        assert stored.outcome == "duplicate"
        assert "recycle bin" in stored.note

    def test_a_changed_file_updates_nothing_there(self):
        article = binned(import_text().article)
        body = article.body
        stored = import_text(TEXT + "新的一段。\n", on_conflict="update")
        assert stored.outcome == "unchanged"
        assert "recycle bin" in stored.note
        article.refresh_from_db()
        assert article.body == body

    def test_the_command_says_so(self, essays, capsys):
        place = essays({"a.txt": TEXT})
        call_command("import_essays", str(place), verbosity=0)
        binned(Article.objects.get())
        call_command("import_essays", str(place))
        assert "is in the recycle bin; restore it there" in capsys.readouterr().out

    def test_after_deleting_for_good_it_is_new(self):
        binned(import_text().article).delete()
        assert import_text().outcome == "created"


class TestDesk:
    def test_deleting_moves_it_there_and_says_how_long(self, reviewer, make_article):
        article = make_article("走訪")
        page = f"{LIST}{article.pk}/delete/"
        assert "30" in reviewer.get(page).content.decode()
        assert Article.objects.published().exists()
        response = reviewer.post(page, {"action": "bin"}, follow=True)
        assert "走訪" in response.content.decode()
        article.refresh_from_db()
        assert article.deleted_by.username == f"member of {REVIEWER}"
        assert AuditEntry.objects.get().action == "bin"
        listed = reviewer.get(LIST).content.decode()
        assert f"{LIST}{article.pk}/change/" not in listed
        assert f"/{article.pk}/change/" in reviewer.get(BIN).content.decode()

    def test_django_s_own_form_of_deleting_moves_it_there_too(self, sign_in, make_article):
        article = make_article()
        sign_in(ADMINISTRATOR).post(f"{LIST}{article.pk}/delete/", {"post": "yes"})
        article.refresh_from_db()
        assert article.deleted_at

    def test_restored_it_is_what_it_was(self, reviewer, make_article):
        article = make_article(tags=["提案"], authors=["劉明"])
        was = Article.objects.values().get()
        page = f"{LIST}{article.pk}/delete/"
        reviewer.post(page, {"action": "bin"})
        reviewer.post(page, {"action": "restore"})
        now = Article.objects.values().get()
        assert {k for k in now if now[k] != was[k]} <= {"modified_at", "modified_by_id"}
        assert Article.objects.published().get() == article
        assert [line.action for line in AuditEntry.objects.all()] == ["restore", "bin"]

    def test_what_lies_there_is_read_and_not_changed(self, reviewer, make_article):
        article = binned(make_article())
        address = f"{LIST}{article.pk}/change/"
        content = reviewer.get(address).content.decode()
        assert "資源回收筒" in content
        assert 'name="_save"' not in content
        assert reviewer.post(address, form_of(article, title="改")).status_code == 403
        assert reviewer.get(f"{LIST}{article.pk}/restore/?number=1").status_code == 403
        article.refresh_from_db()
        assert article.title != "改"

    def test_many_go_and_come_back(self, reviewer, make_article):
        articles = [make_article(f"第{n}篇") for n in range(3)]
        run = bulk(reviewer, "bin", articles)
        assert run.foreseen["seen"] == 3
        assert not Article.objects.outside_bin().exists()
        back = bulk(reviewer, "restore", articles[:2], query="?bin=yes")
        assert back.state == "done"
        assert Article.objects.published().count() == 2
        left = outcomes(undo(reviewer, run))
        assert left[articles[2].pk] == ("changed", "")
        assert Article.objects.published().count() == 3
        undo(reviewer, back)
        assert Article.objects.published().count() == 1
        assert not differences()

    def test_the_bin_offers_only_what_leaves_it(self, reviewer, make_article):
        article = binned(make_article())
        for action in ("publish", "add_tags", "bin"):
            data = {"action": action, "_selected_action": [article.pk]}
            assert reviewer.post(BIN, data).status_code == 302
        assert not BulkRun.objects.exists()

    def test_queries_of_the_bin_do_not_grow(self, sign_in, make_article):
        client = sign_in(ADMINISTRATOR)
        counts = []
        for number in range(2):
            for n in range(3):
                binned(make_article(f"第{number}{n}篇", authors=[f"劉{n}"]))
            with CaptureQueriesContext(connection) as queries:
                client.get(BIN)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestPermissions:
    @pytest.mark.parametrize(
        ("group", "status", "code"),
        [
            (EDITOR, "draft", 200),
            (EDITOR, "published", 403),
            (EDITOR, "archived", 403),
            (REVIEWER, "published", 200),
            (ADMINISTRATOR, "published", 200),
            (None, "draft", 403),
        ],
    )
    def test_who_moves_it_there_and_back(self, sign_in, make_article, group, status, code):
        article, client = make_article(status=status), sign_in(group)
        page = f"{LIST}{article.pk}/delete/"
        assert client.get(page).status_code == code
        done = client.post(page, {"action": "bin"}).status_code
        assert done == (302 if code == 200 else 403)
        binned(article)
        assert client.get(page).status_code == code
        assert client.post(page, {"action": "restore"}).status_code == done

    @pytest.mark.parametrize(
        ("group", "code"), [(EDITOR, 403), (REVIEWER, 403), (ADMINISTRATOR, 302)]
    )
    def test_only_administrators_delete_for_good(self, sign_in, make_article, group, code):
        article, client = binned(make_article(status="draft")), sign_in(group)
        page = f"{LIST}{article.pk}/delete/"
        assert client.post(page, {"action": "purge"}).status_code == code
        assert Article.objects.exists() == (code == 403)
        assert client.post(f"{LIST}bulk/overdue/").status_code == code

    def test_nothing_is_deleted_for_good_outside_the_bin(self, sign_in, make_article):
        article, client = make_article(), sign_in(ADMINISTRATOR)
        page = f"{LIST}{article.pk}/delete/"
        assert client.post(page, {"action": "purge"}).status_code == 403
        assert client.get(f"{LIST}bulk/overdue/").status_code == 403
        run = ask(client, "purge", [binned(article)], query="?bin=yes")
        from_bin(Article.objects.filter(pk=article.pk), None)
        assert set(outcomes(do(client, run)).values()) == {("left", "outside")}
        assert Article.objects.exists()

    @pytest.mark.parametrize("number", ["9" * 30, "x", "0"])
    def test_no_article_has_a_number_like_that(self, sign_in, number):
        assert sign_in(ADMINISTRATOR).get(f"{LIST}{number}/delete/").status_code == 404


class TestForGood:
    def test_it_is_asked_and_the_log_keeps_the_title(self, sign_in):
        client = sign_in(ADMINISTRATOR)
        article = binned(import_text().article)
        run = ask(client, "purge", [article], query="?bin=yes")
        assert Article.objects.exists()
        do(client, run)
        assert not Article.objects.exists()
        assert not Source.objects.exists()
        entry = AuditEntry.objects.get(action="purge")
        assert (entry.ids, entry.label) == ([article.pk], article.title)
        content = client.get(f"{LIST}bulk/{run.pk}/").content.decode()
        assert article.title in content
        assert 'value="undo"' not in content
        assert client.get(f"/admin/articles/auditentry/{entry.pk}/change/").status_code == 200

    def test_the_bin_offers_what_is_overdue(self, sign_in, make_article):
        client = sign_in(ADMINISTRATOR)
        old, new = binned(make_article("舊"), days=31), binned(make_article("新"))
        assert "bulk/overdue/" in client.get(BIN).content.decode()
        response = client.post(f"{LIST}bulk/overdue/")
        run = BulkRun.objects.get()
        assert response.url == f"{LIST}bulk/{run.pk}/"
        do(client, run)
        assert list(Article.objects.all()) == [new]
        assert outcomes(run) == {old.pk: ("changed", "")}
        assert "bulk/overdue/" not in client.get(BIN).content.decode()

    def test_the_command_empties_what_is_overdue(self, make_article, capsys):
        old = binned(make_article("舊"), days=31)
        new, seen = binned(make_article("新"), days=29), make_article("在")
        call_command("empty_bin", "--dry-run")
        assert "1 articles would be deleted" in capsys.readouterr().out
        assert Article.objects.count() == 3
        call_command("empty_bin")
        assert set(Article.objects.all()) == {new, seen}
        entry = AuditEntry.objects.get()
        assert (entry.ids, entry.user_name, entry.user) == ([old.pk], "empty_bin", None)
        call_command("empty_bin", "--days", "0")
        assert list(Article.objects.all()) == [seen]
        assert not Revision.objects.exclude(article=seen).exists()
        assert not differences()
        with pytest.raises(CommandError):
            call_command("empty_bin", "--days", "-1")


def test_the_form_of_what_lies_there_shows_the_text_and_no_markup(reviewer, make_article):
    body = "<h2>一、走訪</h2><p>工會<strong>要</strong>走訪。</p>"
    article = binned(make_article(body=body))
    Article.objects.filter(pk=article.pk).update(body=f"{body}<script>alert(1)</script>")
    content = reviewer.get(f"{LIST}{article.pk}/change/").content.decode()
    assert f'<div class="body-shown" lang="zh-Hant">{body}</div>' in content
    assert "&lt;h2&gt;" not in content
    assert "alert(1)" not in content


@pytest.mark.parametrize(
    ("group", "told"),
    [(REVIEWER, "管理員可以徹底刪除"), (ADMINISTRATOR, "這裡會出現徹底刪除的按鈕")],
)
def test_the_bin_tells_what_its_visitor_can_do(sign_in, make_article, group, told):
    binned(make_article())
    content = sign_in(group).get(BIN, headers={"accept-language": "zh-TW"}).content.decode()
    assert told in content
    for word in ("cron", "manage.py"):
        assert word not in content


def test_what_lies_there_is_shown_without_the_notes_of_a_change(reviewer, make_article):
    page = reviewer.get(f"{LIST}{binned(make_article()).pk}/change/")
    shown = [
        name
        for _title, options in page.context["adminform"].fieldsets
        for name in options["fields"]
    ]
    assert "body_shown" in shown
    assert not {"note", "review_note"} & set(shown)
    assert "None" not in page.content.decode()

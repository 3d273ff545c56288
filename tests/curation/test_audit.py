"""The log: every operation leaves one line, nobody changes it, no spreadsheet is fooled by it."""

import csv
import io
import json

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from articles.admin import audit_log
from articles.admin.audited import AuditedAdmin
from articles.curation.audit import HIDDEN, audit, audit_numbers
from articles.curation.drafts import save as save_revision
from articles.models import (
    Article,
    AuditEntry,
    Author,
    Collection,
    CollectionItem,
    DomainWord,
    ImportRun,
    Report,
    ReviewComment,
    Revision,
    Tag,
)
from articles.text.csv_cells import harmless
from portal.one_time_codes import code_of, in_groups

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER, form_of
from .test_review import submit

pytestmark = pytest.mark.django_db

HANT = {"accept-language": "zh-TW"}
LOG = "/admin/articles/auditentry/"
LIST = "/admin/articles/article/"


@pytest.fixture
def client(sign_in):
    return sign_in(ADMINISTRATOR)


@pytest.fixture
def root(db):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def line() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def save(client, article, **changes):
    """Send the form of an article as it is, but for the changes."""
    page = client.get(f"{LIST}{article.pk}/change/")
    version = page.context["adminform"].form.initial["version"]
    data = form_of(article, genre=article.genre, version=version) | changes
    response = client.post(f"{LIST}{article.pk}/change/", data)
    assert response.status_code == 302, response.context["errors"]


class TestLines:
    def test_an_article_is_added_changed_and_published(self, client):
        client.post(f"{LIST}add/", form_of(title="新篇"))
        article = Article.objects.get()
        assert (line().action, line().ids, line().after["title"]) == ("add", [article.pk], "新篇")
        save(client, article, title="新篇之二", note="改題目")
        assert (line().action, line().note) == ("change", "改題目")
        assert line().before == {"title": "新篇"}
        assert line().after == {"title": "新篇之二"}
        article.refresh_from_db()
        save(client, article, _publish="1")
        assert (line().action, line().before, line().after) == (
            "publish", {"status": "draft"}, {"status": "published"},
        )  # fmt: skip
        assert line().user.username == line().user_name == f"member of {ADMINISTRATOR}"

    def test_a_body_that_is_only_sent_otherwise_is_no_change(self, client, make_article):
        body = "<h2>一、走訪</h2>\n<p>甲</p>\n<table><tbody><tr><td><p>乙</p></td></tr></tbody></table>"
        article = make_article(status="draft", body=body)
        tag = Tag.objects.named("提案")
        for sent in (
            body.replace("\n", "\r\n"),
            body.replace("\n", "").replace("<td>", '<td colspan="1" rowspan="1">'),
        ):
            article.set_tags([])
            save(client, article, tags=[tag.pk], body=sent)
            assert (line().before, line().after) == ({"tags": []}, {"tags": ["提案"]})
            article.refresh_from_db()
            assert article.body == body

    def test_of_a_long_text_the_passage_that_changed_is_kept(self, client, make_article):
        whole = [f"<p>第{number}段，工會要到職工中間去。</p>" for number in range(100)]
        article = make_article(status="draft", body="".join(whole))
        whole[70] = "<p>第70段，工會要到車間裡去。</p>"
        save(client, article, body="".join(whole))
        around = "…工會要到職工中間去。\n第70段，工會要到{}去。\n第71段，工會要到職工中間去。\n第…"
        assert line().before == {"body": around.format("職工中間")}
        assert line().after == {"body": around.format("車間裡")}

    def test_where_only_the_markup_changed_it_is_shown(self, client, make_article):
        article = make_article(status="draft", body="<p>工會要走訪。</p>")
        save(client, article, body="<p>工會要<strong>走訪</strong>。</p>")
        assert line().after == {"body": "<p>工會要<strong>走訪</strong>。</p>"}

    def test_saving_nothing_leaves_no_line(self, client, make_article):
        article = make_article(status="draft")
        save(client, article)
        assert not AuditEntry.objects.exists()

    def test_drafts_over_the_live_text(self, client, make_article):
        article = make_article()
        save(client, article, title="改")
        assert (line().action, line().after["title"]) == ("draft", "改")
        version = client.get(f"{LIST}{article.pk}/draft/").context["version"]
        client.post(f"{LIST}{article.pk}/draft/", {"version": version})
        assert line().action == "publish-draft"
        version = client.get(f"{LIST}{article.pk}/restore/?number=1").context["version"]
        data = {"number": 1, "version": version}
        client.post(f"{LIST}{article.pk}/restore/", data)
        assert line().action == "restore-revision"
        version = client.get(f"{LIST}{article.pk}/discard/").context["version"]
        client.post(f"{LIST}{article.pk}/discard/", {"version": version})
        assert line().action == "discard-draft"

    def test_tags_and_authors_are_named(self, client, make_article):
        article = make_article(status="draft", tags=["維權"], authors=["劉明"])
        tag = Tag.objects.named("提案")
        author = Author(name_hant="王芳")
        author.save()
        save(client, article, tags=[tag.pk], byline=[author.pk])
        assert line().before == {"byline": ["劉明"], "tags": ["維權"]}
        assert line().after == {"byline": ["王芳"], "tags": ["提案"]}

    def test_the_vocabulary(self, client):
        data = {
            "name": "", "name_hant": "女工關愛", "group": "duty", "slug": "", "description": "",
            "description_hant": "", "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0",
            "aliases-0-name": "關愛女工",
        }  # fmt: skip
        client.post("/admin/articles/tag/add/", data)
        tag = Tag.objects.get(name="女工关爱")
        assert (line().kind, line().ids, line().action) == ("articles.tag", [tag.pk], "add")
        assert line().after["name_hant"] == "女工關愛"
        assert "关爱女工" in json.dumps(line().after, ensure_ascii=False)
        client.post(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"})
        assert (line().action, line().ids, line().before) == (
            "delete", [tag.pk], {"name": ["女工關愛"]},
        )  # fmt: skip

    def test_search_words_one_and_many(self, client):
        client.post("/admin/articles/domainword/add/", {"word": "局務公開"})
        client.post("/admin/articles/domainword/add/", {"word": "廠務公開"})
        keys = [word.pk for word in DomainWord.objects.order_by("pk")][-2:]
        assert (line().kind, line().ids) == ("articles.domainword", keys[1:])
        data = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
        client.post("/admin/articles/domainword/", data)
        assert line().action == "delete"
        assert sorted(line().ids) == keys

    def test_every_desk_where_something_is_changed(self, rf):
        request = rf.get("/")
        request.user = User(is_superuser=True, is_active=True)
        for model, desk in site._registry.items():
            may = (desk.has_add_permission, desk.has_change_permission, desk.has_delete_permission)
            if any(one(request) for one in may):
                assert isinstance(desk, AuditedAdmin), model

    def test_a_collection_and_its_articles(self, client, make_article):
        first, second = make_article("甲篇"), make_article("乙篇")
        collection = Collection.objects.create(name_hant="專題")
        CollectionItem.objects.create(collection=collection, article=first, position=1)
        address = f"/admin/articles/collection/{collection.pk}/change/"
        page = client.get(address)
        data = {"name_hant": "專題之二", "name": "专题之二", "status": "draft"}
        for name in ("summary", "summary_hant", "introduction", "introduction_hant"):
            data[name] = ""
        items = page.context["inline_admin_formsets"][0].formset
        data |= {
            f"{items.prefix}-TOTAL_FORMS": "2", f"{items.prefix}-INITIAL_FORMS": "1",
            f"{items.prefix}-0-id": collection.items.get().pk,
            f"{items.prefix}-0-collection": collection.pk,
            f"{items.prefix}-0-position": "1", f"{items.prefix}-0-article": first.pk,
            f"{items.prefix}-1-collection": collection.pk,
            f"{items.prefix}-1-position": "2", f"{items.prefix}-1-article": second.pk,
        }  # fmt: skip
        assert client.post(address, data).status_code == 302
        assert (line().kind, line().ids) == ("articles.collection", [collection.pk])
        assert (line().before["name_hant"], line().after["name_hant"]) == ("專題", "專題之二")
        assert "乙篇" in json.dumps(line().after, ensure_ascii=False)
        client.post(f"/admin/articles/collection/{collection.pk}/delete/", {"post": "yes"})
        assert (line().action, line().before) == ("delete", {"name": ["專題之二"]})

    def test_readers_reports_one_and_many(self, client, make_article):
        report = Report.objects.create(
            article=make_article(), kind="missing", note="漏字", script="zh-Hans"
        )
        address = "/admin/articles/report/"
        client.post(address, {"action": "resolve", "_selected_action": [report.pk]})
        assert (line().kind, line().ids) == ("articles.report", [report.pk])
        assert (line().before, line().after) == ({"status": "open"}, {"status": "resolved"})
        client.post(f"{address}{report.pk}/change/", {"status": "rejected", "answer": "原文如此"})
        assert line().before["status"] == "resolved"
        assert line().after == {"status": "rejected", "answer": "原文如此"}

    def test_what_is_decided_in_review_and_shared(self, sign_in, make_article):
        article = make_article(status="draft")
        editor, reviewer = sign_in(EDITOR), sign_in(REVIEWER)
        submit(editor, article)
        review, preview = (f"{LIST}{article.pk}/{view}/" for view in ("review", "preview"))
        reviewer.post(review, {"do": "comment", "quote": "", "note": "何人所說？"})
        assert (line().action, line().note) == ("comment", "何人所說？")
        comment = ReviewComment.objects.get()
        editor.post(review, {"do": "resolve-comment", "comment": comment.pk})
        assert line().action == "resolve-comment"
        seen = editor.get(preview).context["version"]
        sent = {"do": "make-link", "days": "7", "note": "給廠裡看", "version": seen}
        editor.post(preview, sent)
        assert (line().action, line().note) == ("make-link", "給廠裡看")
        editor.post(preview, {"do": "revoke-link", "link": article.preview_links.get().pk})
        assert line().action == "revoke-link"
        token = reviewer.get(review).context["token"]
        reviewer.post(review, {"do": "reject", "token": token, "reason": "缺出處"})
        assert (line().action, line().note) == ("reject", "缺出處")
        assert line().user_name == f"member of {REVIEWER}"

    def test_accounts_without_what_opens_them(self, root):
        root.post("/admin/auth/user/add/", {"username": "curator"})
        user = User.objects.get(username="curator")
        assert (line().kind, line().ids, line().action) == ("auth.user", [user.pk], "add")
        code = in_groups(code_of(user))
        assert code in root.get(f"/admin/auth/user/{user.pk}/password/").content.decode()
        assert (line().ids, line().action) == ([user.pk], "change")
        kept = json.dumps(list(AuditEntry.objects.values("before", "after", "note", "label")))
        for secret in (code, code.replace(" ", ""), user.password):
            assert secret not in kept

    def test_who_is_in_which_group_and_what_a_group_may(self, root):
        user = User.objects.create_user("curator")
        group = Group.objects.get(name=REVIEWER)
        data = {
            "username": "curator", "is_active": "on", "is_staff": "on", "groups": [group.pk],
            "date_joined_0": "2026-01-01", "date_joined_1": "00:00",
        }  # fmt: skip
        assert root.post(f"/admin/auth/user/{user.pk}/change/", data).status_code == 302
        assert line().after["groups"] == [REVIEWER]
        assert line().after["is_staff"] is True
        root.post(f"/admin/auth/group/{group.pk}/change/", {"name": REVIEWER, "permissions": []})
        assert (line().kind, line().after) == ("auth.group", {"permissions": []})
        assert line().before["permissions"]

    def test_imports_by_the_command(self, essays):
        place = essays({"a.txt": "題目\n作者：劉明\n\n工會要到職工中間去，聽他們說。\n"})
        call_command("import_essays", str(place), "--dry-run", verbosity=0)
        assert not AuditEntry.objects.exists()
        call_command("import_essays", str(place), verbosity=0)
        run = ImportRun.objects.get()
        assert (line().action, line().ids, line().kind) == (
            "import",
            [run.pk],
            "articles.importrun",
        )
        assert line().after["created"] == 1
        assert str(place) in line().note
        assert line().user is None
        assert line().user_name == run.operator

    def test_what_the_commands_do(self, make_article, tmp_path):
        article = make_article("甲")
        for number in range(3):
            article.title = f"甲之{number}"
            save_revision(article, [], [], None, Revision.Kind.SAVED)
        Revision.objects.update(created_at=timezone.now() - timezone.timedelta(days=100))
        call_command("prune_revisions", keep=1, dry_run=True, stdout=io.StringIO())
        assert not AuditEntry.objects.exists()
        call_command("prune_revisions", keep=1, stdout=io.StringIO())
        assert (line().action, line().ids, line().label) == ("prune", [article.pk], "甲之2")
        assert (line().user_name, line().note) == (
            "prune_revisions", "prune_revisions --keep 1 --older-than 90",
        )  # fmt: skip
        call_command("prune_revisions", keep=1, stdout=io.StringIO())  # nothing is left to forget
        assert AuditEntry.objects.count() == 1
        described = [{"name": "專題", "summary": "說明", "introduction": ["一段"], "articles": []}]
        place = tmp_path / "collections.json"
        for _ in range(2):  # the second finds it there
            place.write_text(json.dumps(described), "utf-8")
            call_command("import_collections", place, verbosity=0)
        assert (line().action, line().ids) == ("add", [Collection.objects.get().pk])
        assert line().user_name == "import_collections"
        assert AuditEntry.objects.count() == 2

    def test_what_is_long_is_cut_and_what_is_secret_hidden(self, django_user_model):
        user = django_user_model.objects.create_user("curator")
        values = {"body": "長" * 2000, "token": "abc", "inner": {"password": "x", "n": 3}}
        entry = audit(user, "change", user, before=values, after={"at": timezone.now()})
        assert len(entry.before["body"]) == 500
        assert entry.before["token"] == entry.before["inner"]["password"] == HIDDEN
        assert entry.before["inner"]["n"] == 3
        with pytest.raises(ValueError, match="tells of something"):
            audit(user, "change", [])

    def test_a_name_stays_after_its_account(self, django_user_model, make_article):
        user = django_user_model.objects.create_user("curator")
        audit(user, "change", make_article())
        user.delete()
        assert (line().user, line().user_name) == (None, "curator")


class TestReading:
    ADDRESSES = [LOG, f"{LOG}export/", f"{LOG}{{pk}}/change/"]

    @pytest.fixture
    def entry(self, make_article):
        article = make_article()
        return audit(None, "change", article, {"title": "舊題"}, {"title": "新題"}, operator="cron")

    @pytest.mark.parametrize(
        ("group", "code"), [(None, 403), (EDITOR, 403), (REVIEWER, 200), (ADMINISTRATOR, 200)]
    )
    def test_who_may(self, sign_in, entry, group, code):
        reader = sign_in(group)
        for address in self.ADDRESSES:
            assert reader.get(address.format(pk=entry.pk)).status_code == code, address
            assert Client().get(address.format(pk=entry.pk)).status_code == 302

    def test_nobody_changes_it(self, root, entry):
        assert root.get(f"{LOG}add/").status_code == 403
        for tail in (f"{entry.pk}/change/", f"{entry.pk}/delete/"):
            assert root.post(f"{LOG}{tail}", {"note": "x", "post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
        root.post(LOG, data)
        assert AuditEntry.objects.get().note == ""

    def test_deleting_an_account_deletes_no_line(self, root, entry, django_user_model):
        user = django_user_model.objects.create_user("curator")
        audit(user, "change", entry)
        root.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})
        assert not User.objects.filter(username="curator").exists()
        assert AuditEntry.objects.filter(user_name="curator").count() == 1

    def test_before_stands_beside_after(self, client, entry):
        content = client.get(f"{LOG}{entry.pk}/change/").content.decode()
        assert content.index("舊題") < content.index("新題")
        assert f"{LIST}{entry.ids[0]}/change/" in content

    def test_text_in_a_line_is_no_markup(self, client, make_article):
        entry = audit(None, "change", make_article(), {"title": "<b>x"}, note="<script>")
        for address in (LOG, f"{LOG}{entry.pk}/change/"):
            content = client.get(address).content.decode()
            assert "<script>" not in content.replace('<script>"', "") or "&lt;script&gt;" in content
            assert "<b>x" not in content

    def test_filters(self, client, entry, make_article):
        other = make_article("另一篇")
        user = User.objects.get()
        audit(user, "publish", other)
        audit_numbers(user, "archive", Article, [other.pk, entry.ids[0]], label="兩篇")
        audit(user, "change", Tag.objects.first())
        for query, count in (
            ("", 4),
            (f"?by={user.pk}", 3),
            ("?by=nobody", 1),
            ("?did=publish", 1),
            ("?kind=articles.article", 3),
            (f"?kind=articles.article&number={other.pk}", 2),
            ("?at__year=2001", 0),
            (f"?at__year={timezone.localtime().year}", 4),
        ):
            assert client.get(LOG + query).context["cl"].result_count == count, query
        for query in ("?by=x", "?number=" + "9" * 30, "?number=x", "?at__year=x"):
            assert client.get(LOG + query).status_code in (200, 302), query

    def test_the_revisions_lead_to_the_lines_of_the_article(self, client, sign_in, entry):
        pk = entry.ids[0]
        address = f"{LOG}?kind=articles.article&amp;number={pk}"
        assert address in client.get(f"{LIST}{pk}/history/").content.decode()
        editor = sign_in(EDITOR)
        assert address not in editor.get(f"{LIST}{pk}/history/").content.decode()
        tag = Tag.objects.first()
        response = client.get(f"/admin/articles/tag/{tag.pk}/history/")
        assert response.url == f"{LOG}?kind=articles.tag&number={tag.pk}"
        assert editor.get(f"/admin/articles/tag/{tag.pk}/history/").status_code == 200

    def test_queries_do_not_grow(self, client, make_article):
        counts = []
        for _ in range(2):
            for n in range(5):
                audit(User.objects.get(), "change", make_article(f"第{n}篇"))
            with CaptureQueriesContext(connection) as queries:
                client.get(LOG)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12
        assert not any('"before"' in query["sql"] for query in queries)


def test_whatever_leaves_lines_can_be_filtered_by(client):
    kinds = {
        model._meta.label_lower
        for model, desk in site._registry.items()
        if isinstance(desk, AuditedAdmin)
    }
    assert set(audit_log.kinds()) == kinds | {"articles.importrun"}
    content = client.get(LOG, headers=HANT).content.decode()
    for kind in audit_log.kinds():
        assert f"kind={kind}" in content


class TestTable:
    def rows(self, response) -> list[list[str]]:
        text = b"".join(response.streaming_content).decode()
        assert text.startswith("\ufeff")
        return list(csv.reader(io.StringIO(text[1:])))

    def test_it_has_the_lines_that_were_filtered(self, client, make_article):
        article = make_article("甲")
        audit(None, "change", article, {"genre": ""}, {"genre": "paper"}, "說明", operator="cron")
        audit(None, "publish", article)
        export = client.get(f"{LOG}export/?did=change", headers=HANT)
        head, *rows = self.rows(export)
        assert head == ["時間", "操作人", "操作", "對象種類", "對象", "改前", "改後", "備註", "ids"]
        assert [row[1:] for row in rows] == [
            ["cron", "已改", "文章", "甲", "體裁: –", "體裁: 論文", "說明", str(article.pk)],
        ]  # fmt: skip

    def test_it_is_in_the_language_of_the_desk(self, client, make_article):
        audit(None, "publish", make_article("甲"))
        client.cookies["desk_language"] = "en"
        export = client.get(f"{LOG}export/")
        translation.activate("zh-hant")  # the server's next request, while this one is sent
        head, row = self.rows(export)
        assert (head[0], row[2], row[3]) == ("at", "published", "Article")
        assert translation.get_language() == "zh-hant"

    @pytest.mark.parametrize(
        "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x", '=HYPERLINK("x")']
    )  # fmt: skip
    def test_no_cell_is_a_formula(self, client, make_article, cell):
        audit(None, "change", make_article(), note=cell, operator=cell)
        [_, row] = self.rows(client.get(f"{LOG}export/"))
        assert row[1].startswith("'")
        assert row[-2] == f"'{cell}"

    def test_other_cells_stay_as_they_are(self):
        for text in ("走訪", "a=b", "2026-01-01", "", "'x", "1-2"):
            assert harmless(text) == text

    def test_it_is_sent_row_by_row(self, client, make_article):
        article = make_article()
        AuditEntry.objects.bulk_create(
            AuditEntry(action="change", kind="articles.article", ids=[article.pk])
            for _ in range(3000)
        )
        response = client.get(f"{LOG}export/")
        assert response.streaming
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert len(self.rows(response)) == 3001

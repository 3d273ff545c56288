"""Words that come out wrong in one script: corrected by curators once they saw what changes."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from articles.curation import corrections
from articles.models import (
    Article,
    AuditEntry,
    Author,
    AuthorAlias,
    Rendition,
    RenditionCorrection,
    Report,
)
from articles.models.rendition_correction import Corrections, corrections_of
from portal import jobs

from .test_admin import ADMINISTRATOR, EDITOR, REVIEWER

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/renditioncorrection/"
SENT = {"script": "zh-Hant", "phrase": "職工會", "right": "蟻工會", "reason": "字形不對"}


@pytest.fixture
def client(sign_in):
    return sign_in(REVIEWER)


@pytest.fixture
def started(monkeypatch):
    """Start no process; return what would have been started."""
    found = []
    monkeypatch.setattr(jobs, "launch", found.append)
    return found


@pytest.fixture
def article(make_article):
    return make_article(
        "职工会", body="<h2>职工会</h2><p>我们的职<em>工</em>会，职工会。</p>",
        source_name="职工会报", original_script="zh-Hans",
    )  # fmt: skip


def shown(article, script: str = "zh-Hant") -> Rendition:
    return Rendition.objects.get(article=article, script=script)


def confirmed(client, sent: dict):
    """Send a correction twice, as a curator does who has seen what it changes."""
    version = client.post(f"{DESK}add/", sent).context["adminform"].form["version"].value()
    return client.post(f"{DESK}add/", sent | {"version": version}, follow=True)


class TestApplied:
    def test_everywhere_in_the_rendition_of_one_script(self, article):
        RenditionCorrection.objects.create(**SENT)
        article.save()
        row = shown(article)
        assert (row.title, row.source_name) == ("蟻工會", "蟻工會報")
        assert row.body == '<h2 id="s1">蟻工會</h2><p>我們的蟻<em>工</em>會，蟻工會。</p>'
        assert row.outline[0]["title"] == "蟻工會" and "我們的蟻工會，蟻工會" in row.excerpt
        assert "职工会" in shown(article, "zh-Hans").title

    def test_never_in_a_text_that_was_written_so(self, make_article):
        RenditionCorrection.objects.create(**SENT)
        own = make_article("職工會", original_script="zh-Hant")
        assert shown(own).title == "職工會"

    @pytest.mark.parametrize(
        ("script", "name", "made"), [("zh-Hant", "趙職工", "職工說趙職工"), ("zh-Hans", "赵职工", "职工说赵职工")]
    )  # fmt: skip
    def test_never_in_the_name_of_an_author(self, script, name, made):
        Author(**{"name_hant" if script == "zh-Hant" else "name": name}).save()
        put_right = Corrections(script, {made[:2]: "蟻" + made[1]})
        assert put_right.text(made) == "蟻" + made[1:]
        assert put_right.markup(
            f"<p>{made[:2]}</p><p>{name[0]}<em>{name[1]}</em>{name[2]}</p>"
        ) == (f"<p>蟻{made[1]}</p><p>{name[0]}<em>{name[1]}</em>{name[2]}</p>")

    def test_other_names_of_authors_stand_too(self):
        author = Author(name="甲乙")
        author.save()
        AuthorAlias(author=author, name="赵职工").save()
        assert Corrections("zh-Hans", {"职工": "蟻工"}).text("赵职工") == "赵职工"

    def test_beside_a_name_words_are_put_right(self):
        Author(name_hant="總工會").save()
        assert Corrections("zh-Hant", {"工會乾部": "工會幹部"}).text("總工會乾部") == "總工會幹部"

    def test_the_longest_goes_first_and_none_is_put_right_twice(self):
        rows = [
            ("zh-Hant", "甲乙", "乙丙"),
            ("zh-Hant", "甲乙丁", "戊乙丁"),
            ("zh-Hant", "乙丙", "己丙"),
        ]
        put_right = corrections_of(rows)["zh-Hant"]
        assert put_right.text("甲乙丁甲乙。乙丙") == "戊乙丁乙丙。己丙"
        assert (
            put_right.markup('<p><a href="/甲乙">甲&amp;乙</a></p>')
            == '<p><a href="/甲乙">甲&amp;乙</a></p>'
        )

    def test_a_rebuild_applies_them_to_all_or_those_concerned(self, article, make_article):
        other = make_article("別的", original_script="zh-Hans")
        made = RenditionCorrection.objects.create(**SENT)
        Rendition.objects.filter(article=other).update(summary="spoiled")
        call_command("rebuild_renditions", correction=made.pk, verbosity=0)
        assert (shown(article).title, shown(other).summary) == ("蟻工會", "spoiled")
        call_command("rebuild_renditions", verbosity=0)
        assert shown(other).summary == ""
        with pytest.raises(CommandError):
            call_command("rebuild_renditions", correction=made.pk + 1)

    def test_an_article_asks_for_them_once_and_for_names_where_they_fit(
        self, article, make_article, django_assert_num_queries
    ):
        RenditionCorrection.objects.create(**SENT)
        other = make_article("别的", original_script="zh-Hans")
        for one, queries in ((article, 2), (other, 1)):
            with django_assert_num_queries(queries):
                assert len(one.in_scripts(["zh-Hans", "zh-Hant"])) == 2


class TestDesk:
    @pytest.mark.parametrize(
        ("group", "status"), [(EDITOR, 403), (REVIEWER, 200), (ADMINISTRATOR, 200), (None, 403)]
    )
    def test_who_may(self, sign_in, group, status):
        made = RenditionCorrection.objects.create(**SENT)
        desk = sign_in(group)
        pages = ("", "add/", f"{made.pk}/change/", f"{made.pk}/delete/")
        assert {desk.get(f"{DESK}{page}").status_code for page in pages} == {status}

    def test_what_it_changes_is_seen_before_it_is_saved(self, client, article, started):
        response = client.post(f"{DESK}add/", SENT)
        content = response.content.decode()
        assert not RenditionCorrection.objects.exists() and shown(article).title == "職工會"
        assert "會改動 1 篇文章的 5 處" in content
        assert content.count("<del>職工會</del><ins>蟻工會</ins>") == 5
        done = confirmed(client, SENT)
        made = RenditionCorrection.objects.get()
        assert (made.phrase, made.right, made.reason) == ("職工會", "蟻工會", "字形不對")
        assert made.created_by.username == f"member of {REVIEWER}"
        assert shown(article).title == "蟻工會" and not started
        assert "已重做 1 篇文章的頁面" in done.content.decode()
        entry = AuditEntry.objects.get(kind="articles.renditioncorrection")
        assert (entry.action, entry.after["right"]) == ("add", "蟻工會")
        assert "version" not in entry.after

    def test_what_was_not_seen_is_not_saved(self, client, article):
        seen = client.post(f"{DESK}add/", SENT).context["adminform"].form["version"].value()
        client.post(f"{DESK}add/", SENT | {"right": "別工會", "version": seen})
        assert not RenditionCorrection.objects.exists()

    def test_ten_examples_are_shown_of_many(self, client, make_article):
        make_article("一", body=f"<p>{'职工会，' * 30}</p>", original_script="zh-Hans")
        content = client.post(f"{DESK}add/", SENT).content.decode()
        assert "的 30 處" in content and content.count("<del>") == 10

    @pytest.mark.parametrize(
        "changes",
        [
            {"phrase": "職", "right": "蟻"},
            {"right": "職工會"},
            {"right": "職工協會"},
            {"right": ""},
            {"script": "en"},
        ],
    )
    def test_what_makes_no_sense_is_told(self, client, changes):
        response = client.post(f"{DESK}add/", SENT | changes)
        assert response.context["adminform"].form.errors
        assert response.context["adminform"].form.seen is None

    def test_a_phrase_has_one_right_form(self, client):
        RenditionCorrection.objects.create(**SENT)
        response = client.post(f"{DESK}add/", SENT | {"right": "別工會"})
        assert response.context["adminform"].form.errors and response.status_code == 200

    def test_only_its_reason_is_changed(self, client):
        made = RenditionCorrection.objects.create(**SENT)
        client.post(f"{DESK}{made.pk}/change/", {"reason": "另一個", "right": "別工會"})
        made.refresh_from_db()
        assert (made.reason, made.right) == ("另一個", "蟻工會")

    def test_deleted_it_is_taken_back(self, client, article):
        confirmed(client, SENT)
        made = RenditionCorrection.objects.get()
        client.post(f"{DESK}{made.pk}/delete/", {"post": "yes"})
        assert not RenditionCorrection.objects.exists()
        assert shown(article).title == "職工會"

    def test_many_articles_are_left_to_the_background(
        self, client, article, started, monkeypatch, django_capture_on_commit_callbacks
    ):
        monkeypatch.setattr(corrections, "FEW", 0)
        with django_capture_on_commit_callbacks(execute=True):
            done = confirmed(client, SENT)
        made = RenditionCorrection.objects.get()
        assert [job.words for job in started] == [
            ("rebuild_renditions", "--correction", str(made.pk))
        ]
        assert "正在背景重做 1 篇" in done.content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                DESK, {"action": "delete_selected", "_selected_action": [made.pk], "post": "yes"}
            )
        assert [job.words for job in started[1:]] == [("rebuild_renditions",)]


class TestReports:
    def link(self, client, report) -> str:
        content = client.get(f"/admin/articles/report/{report.pk}/change/").content.decode()
        found = re.search(rf'href="({DESK}add/[^"]*)"', content)
        return found[1].replace("&amp;", "&") if found else ""

    def test_it_leads_to_a_correction_with_the_word(self, client, article):
        report = Report.objects.create(
            article=article, kind="character", passage=" 職工會\n下一行", script="zh-Hant"
        )
        link = self.link(client, report)
        asked = parse_qs(urlsplit(link).query)
        assert asked["phrase"] == ["職工會"] and asked["script"] == ["zh-Hant"]
        form = client.get(link).context["adminform"].form
        assert form["phrase"].value() == "職工會" and f"#{report.pk}" in form["reason"].value()

    @pytest.mark.parametrize(
        ("group", "fields"),
        [
            (EDITOR, {}),
            (REVIEWER, {"script": "zh-Hans"}),
            (REVIEWER, {"passage": "", "note": "不對"}),
        ],
    )
    def test_not_where_it_is_of_no_use(self, sign_in, article, group, fields):
        told = {"kind": "character", "passage": "職工會", "script": "zh-Hant"} | fields
        report = Report.objects.create(article=article, **told)
        assert self.link(sign_in(group), report) == ""


@pytest.mark.parametrize("fields", [{"phrase": ""}, {"right": "職工會"}, {"script": "zh"}])
def test_the_database_refuses_what_makes_no_sense(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        RenditionCorrection.objects.create(**SENT | fields)


def test_all_articles_are_made_anew_by_batches(make_article, monkeypatch):
    monkeypatch.setattr(corrections, "_BATCH", 2)
    for number in range(5):
        make_article(f"第{number}篇")
    Rendition.objects.update(body="spoiled")
    assert corrections.make_anew() == 5 == Article.objects.count()
    assert not Rendition.objects.filter(body="spoiled").exists()

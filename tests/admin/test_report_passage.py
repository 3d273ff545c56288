"""A reader's report: its passage opened in the text, and put right beside it."""

import re

import pytest
from django.contrib.auth.models import Group, Permission

from articles.curation import drafts
from articles.curation.passages import find
from articles.models import Article, Report

from .test_admin import EDITOR, REVIEWER

pytestmark = pytest.mark.django_db

BODY = "<p>壹個工會要走進班組，聽他們說。</p><p>走進<em>班組</em>，<strong>才</strong>聽得見。</p>"


@pytest.fixture
def article(make_article):
    return make_article("走進班組", body=BODY)


def report_on(article: Article, passage: str, script: str = "zh-Hant") -> Report:
    return Report.objects.create(article=article, kind="character", passage=passage, script=script)


def address(report: Report, page: str = "change") -> str:
    return f"/admin/articles/report/{report.pk}/{page}/"


def correct(client, report: Report, right: str, **sent):
    content = client.get(address(report)).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', content)[1]
    return client.post(
        address(report, "correct"), {"right": right, "seen": seen} | sent, follow=True
    )


@pytest.mark.parametrize(
    ("passage", "stands"),
    [
        ("壹個工會", "壹個工會"),
        ("壹个工会要走进", "壹個工會要走進"),  # read in the other script
        ("聽他們說。\n走進班組", "聽他們說。\n走進班組"),  # over two paragraphs
        ("班組", ""),  # twice
        ("沒有這句", ""),
    ],
)
def test_a_passage_is_found_where_it_stands_once(article, passage, stands):
    found = find(article, passage)
    assert (found.text if found else "") == stands


def test_it_is_put_right_beside_the_text_and_the_report_is_resolved(sign_in, article):
    report = report_on(article, "壹个工会", "zh-Hans")
    client = sign_in(REVIEWER)
    assert "<mark>壹個工會</mark>" in client.get(address(report)).content.decode()
    correct(client, report, "一個<工會")
    article.refresh_from_db()
    report.refresh_from_db()
    assert "<p>一個&lt;工會要走進班組" in article.body
    assert report.status == "resolved" and "一個" in report.answer
    assert article.revisions.filter(is_draft=False).count() == 2


def test_who_may_not_change_what_readers_see_puts_it_right_in_a_draft(sign_in, article, settings):
    settings.REVIEW_BY_ANOTHER = True
    report = report_on(article, "壹個")
    Group.objects.get(name=EDITOR).permissions.add(Permission.objects.get(codename="change_report"))
    correct(sign_in(EDITOR), report, "一個")
    article.refresh_from_db()
    assert "壹個" in article.body and "一個" in article.draft.content["body"]


def test_what_stands_now_is_not_written_over_and_what_was_typed_is_kept(sign_in, article):
    report = report_on(article, "壹個")
    client = sign_in(REVIEWER)
    answer = correct(client, report, "一個", seen="0.0-1")
    article.refresh_from_db()
    report.refresh_from_db()
    assert "壹個" in article.body and report.status == "open"
    assert ">\n一個</textarea>" in answer.content.decode()


def test_over_markup_or_a_draft_the_form_is_named(sign_in, article):
    over = report_on(article, "才聽得見")
    client = sign_in(REVIEWER)
    correct(client, over, "才聽得清")
    article.refresh_from_db()
    assert "聽得見" in article.body
    drafts.keep_draft(article, drafts.working_copy(article) | {"title": "草稿"}, None)
    content = client.get(address(report_on(article, "壹個"))).content.decode()
    assert "report-correct" not in content and f"article/{article.pk}/change/" in content

"""All edits of one kind over a run: accepted, or undone, for everybody who may."""

import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.admin import decisions_by_kind
from articles.curation.publishing import blocking_flags, move
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import library
from articles.models import Article, AuditEntry, Decision, ImportRun, Source
from articles.models.article_queries import ArticleQuerySet

from ..admin.test_admin import EDITOR, REVIEWER
from .test_decisions import TEXT, consistent, drafted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    """Let no reading of text out of step be certain: these tests are about what is left to decide."""
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


@pytest.fixture
def run(db):
    return run_of(3)


def run_of(size: int) -> ImportRun:
    run = ImportRun.objects.create()
    for number in range(size):
        text = TEXT.replace("走访", f"第{number}次走访").replace("辦完", f"辦完{number}件")
        draft = drafted(text, "a.txt")
        library.store(draft, f"/{run.pk}/{number}.txt", f"{number}.txt", run=run)
    return run


def page(client, run) -> str:
    return client.get(f"/admin/articles/importrun/{run.pk}/change/").content.decode()


def send(client, run, action, kind="pinyin-annotation", **more):
    data = {"action": action, "kind": kind} | more
    return client.post(f"/admin/articles/importrun/{run.pk}/kind/", data, follow=True)


def levels(response) -> list[str]:
    return [message.level_tag for message in response.context["messages"]]


def test_the_table_counts_edits_and_flags(sign_in, run):
    content = page(sign_in(EDITOR), run)
    row = content[content.index('<th scope="row">拼音夾註</th>') :].split("</tr>")[0]
    assert re.findall(r"<td[^>]*>([\d /]+)</td>", row) == ["15", "3", "0 / 3"]
    assert "缺字 3" in content


def test_its_queries_do_not_grow(sign_in):
    client = sign_in(EDITOR)
    counts = []
    for size in (1, 9):
        run = run_of(size)
        page(client, run)
        with CaptureQueriesContext(connection) as caught:
            page(client, run)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert not any('"articles_source"."edits"' in query["sql"] for query in caught)


def test_certain_edits_are_accepted_and_left_out_of_the_import_page(sign_in, run):
    client = sign_in(EDITOR)
    before = list(Article.objects.values_list("body", "modified_at"))
    assert levels(send(client, run, "review")) == ["success"]
    assert Decision.objects.filter(action="review").count() == 3
    assert list(Article.objects.values_list("body", "modified_at")) == before
    assert ">3 / 3</td>" in page(client, run)
    address = f"/admin/articles/article/{Article.objects.first().pk}/import/"
    content = client.get(address).content.decode()
    assert 'class="mark removed off"' in content
    assert 'class="mark removed"' not in content
    assert 'class="mark replaced"' in content
    shown = client.get(f"{address}?filter=1&kind=pinyin-annotation~").content.decode()
    assert 'class="mark removed"' in shown
    send(client, run, "review")
    assert Decision.objects.count() == 3


def test_accepting_costs_the_same_for_few_and_many(sign_in):
    client = sign_in(EDITOR)
    ContentType.objects.get_for_model(ImportRun)  # asked once, and then known
    counts = []
    for size in (1, 9):
        run = run_of(size)
        with CaptureQueriesContext(connection) as caught:
            send(client, run, "review")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_undoing_asks_first_and_says_how_many(sign_in, run):
    client = sign_in(EDITOR)
    content = send(client, run, "undo").content.decode()
    assert "15" in content
    assert 'name="confirmed"' in content
    assert not Decision.objects.exists()
    response = send(client, run, "undo", confirmed="yes")
    assert levels(response) == ["success"]
    for article in Article.objects.all():
        assert article.body.count("(huì)") == 3
        assert "，聽(tīng)他們" in article.body
        consistent(article)
    assert Decision.objects.filter(action="undo").count() == 3


def test_what_cannot_be_undone_is_skipped_and_named(sign_in, run):
    changed = Article.objects.order_by("pk")[1]
    changed.body = "<p>編輯全改了。</p>"
    changed.save()
    response = send(sign_in(EDITOR), run, "undo", confirmed="yes")
    assert levels(response) == ["success", "warning"]
    assert changed.title in str(list(response.context["messages"])[1])
    changed.refresh_from_db()
    assert changed.body == "<p>編輯全改了。</p>"
    assert Decision.objects.count() == 2


def test_work_that_takes_too_long_goes_on_in_the_next_request(sign_in, run, monkeypatch):
    monkeypatch.setattr(decisions_by_kind, "_AT_ONCE", -1)
    client = sign_in(EDITOR)
    after = 0
    for number in range(1, 4):
        response = send(client, run, "undo", confirmed="yes", after=after)
        assert Decision.objects.count() == number
        after = response.context.get("after", 0)
    assert after == 0
    assert levels(response) == ["success"]


def test_live_articles_are_left_to_those_who_publish(sign_in, run):
    live = Article.objects.first()
    Article.objects.filter(pk=live.pk).update(status="published", published_at="2020-01-01T00:00Z")
    editor = sign_in(EDITOR)
    for action in ({"action": "review"}, {"action": "undo", "confirmed": "yes"}):
        assert levels(send(editor, run, **action)) == ["success", "warning"]
    assert not Source.objects.get(article=live).decisions.exists()
    send(sign_in(REVIEWER), run, "undo", confirmed="yes")
    assert Source.objects.get(article=live).decisions.exists()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"action": "eat"}, 404),
        ({"kind": "x' OR 1"}, 404),
        ({"kind": ""}, 404),
        ({"after": "x"}, 200),
    ],
)
def test_odd_requests(sign_in, run, sent, code):
    client = sign_in(EDITOR)
    assert send(client, run, **({"action": "undo"} | sent)).status_code == code
    assert client.get(f"/admin/articles/importrun/{run.pk}/kind/").status_code == 403
    assert sign_in(None).post(f"/admin/articles/importrun/{run.pk}/kind/").status_code == 403
    assert not Decision.objects.exists()


def test_the_log_and_each_import_undone_stand_or_fall_together(sign_in, run, monkeypatch):
    """Whatever ends it in between: what was undone by then is told, and nothing else."""
    editor, told = sign_in(EDITOR), decisions_by_kind.retell

    def broken(entry, after):
        if after["articles"] == 3:
            raise RuntimeError("the disk is full")
        told(entry, after)

    monkeypatch.setattr(decisions_by_kind, "retell", broken)
    with pytest.raises(RuntimeError):
        send(editor, run, "undo", confirmed="yes")
    assert Decision.objects.filter(action="undo").count() == 2
    assert AuditEntry.objects.get(action="undo-kind").after["articles"] == 2


def test_what_was_published_meanwhile_is_left_to_who_may_change_it(sign_in, run, monkeypatch):
    """Others keep drafts over what readers see; one that is gone is passed over."""
    editor, lock = sign_in(EDITOR), ArticleQuerySet.lock
    published, gone, left = Article.objects.order_by("pk")
    happened = []

    def meanwhile(rows):
        if not happened:
            happened.append(True)
            move(Article.objects.filter(pk=published.pk), "published", None, over=_flags(published))
            Article.objects.get(pk=gone.pk).delete()
        return lock(rows)

    monkeypatch.setattr(ArticleQuerySet, "lock", meanwhile)
    assert send(editor, run, "undo", confirmed="yes").status_code == 200
    (undone,) = Decision.objects.filter(action="undo")
    assert undone.source.article == left


def _flags(article) -> set[str]:
    return {flag["seen"] for flag in blocking_flags([article.pk]).get(article.pk, ())}

"""The work queue: imports looked through one after the other, by several people, step by step."""

import re
from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import drafts
from articles.curation.publishing import move
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, AuditEntry, Decision, ImportRun, Look, SiteLine, Source, Status
from articles.models.source import token

from ..support.together import TWO_WRITERS, barrier, together
from .test_admin import ADMINISTRATOR, EDITOR, REVIEWER

pytestmark = pytest.mark.django_db

QUEUE = "/admin/articles/article/queue/"
BODY = "工會要到職工中間去，聽他們說，再替他們辦事，辦完了還要回頭問一聲。" * 3
FURNITURE = "本站由硯州工友網製作維護"


def page(
    title: str = "谈谈走访", *lines: str, author: str = "刘明", date: str = "2020-05-09"
) -> str:
    head = [
        title,
        *([f"作者：{author}"] if author else []),
        *([f"发布时间：{date}"] if date else []),
    ]
    return "\n".join([*filter(None, head), *lines, f"{BODY}这是{title}{author}的事。"]) + "\n"


@pytest.fixture
def store(db):
    """Return a function that imports pages in one run; it returns their articles."""
    run, numbers = ImportRun.objects.create(), count()

    def store_pages(*pages: str, name: str = "page", **options) -> list[Article]:
        found = []
        for text in pages:
            number = next(numbers) if name == "page" else 0
            draft = make_draft(text.encode(), "a.txt", kept_lines=SiteLine.objects.kept())
            path = f"/in/{name}-{number}.txt"
            found.append(library.store(draft, path, path[4:], run=run, **options).article)
        return found

    store_pages.run = run
    return store_pages


class Curator:
    """Somebody at the queue: keeps what the page last said, as a browser does."""

    def __init__(self, client, run: ImportRun | None = None, kind: str = ""):
        self.client, self.asked = client, {"run": run.pk if run else "", "kind": kind}
        self.open()

    def open(self, **more) -> "Curator":
        self.html = self.client.get(QUEUE, self.asked | more).content.decode()
        return self

    def step(self, do: str, **sent) -> "Curator":
        return self._send("step", do, {"article": self.at or "", "seen": self.seen} | sent)

    def many(self, do: str, **sent) -> "Curator":
        return self._send("many", do, {"article": self.at or ""} | sent)

    def _send(self, where: str, do: str, sent: dict) -> "Curator":
        answer = self.client.post(
            f"{QUEUE}{where}/", self.asked | sent | {"do": do}, headers={"Queue-Part": "pane"}
        )
        assert answer.status_code == 200, answer.status_code
        self.html = answer.content.decode()
        return self

    @property
    def at(self) -> int | None:
        found = re.search(r'id="q-pane"[^>]* data-pk="(\d+)"', self.html)
        return int(found[1]) if found else None

    @property
    def seen(self) -> str:
        return (re.search(r'name="seen" value="([^"]+)"', self.html) or ["", ""])[1]

    @property
    def left(self) -> int:
        return int(re.search(r'data-left="(\d+)"', self.html)[1])

    @property
    def told(self) -> tuple[str, str]:
        """What was told of the step, and what went wrong with it."""
        return re.search(
            r'role="status">([^<]*)</p><p role="alert">([^<]*)',
            self.html.partition('id="q-notice"')[2],
        ).groups()

    def token(self, kind: str) -> str:
        source = Source.objects.get(article=self.at)
        return next(token(flag) for flag in source.flags if flag["kind"] == kind)

    def place(self, text: str, deed: str = "cut") -> str:
        """Return what the button beside the line sends."""
        line = next(one for one in self.html.split('class="q-line')[1:] if text in one)
        return re.search(rf'value="({deed}:\d+-\d+)"', line)[1]


@pytest.fixture
def at_queue(sign_in, store):
    """Return a function that opens the queue of the run as somebody of a group."""

    def open_queue(group=REVIEWER, kind="", **user) -> Curator:
        return Curator(sign_in(group, **user), store.run, kind)

    return open_queue


def test_a_page_is_put_right_and_published_and_each_step_can_be_undone(store, at_queue):
    plain, untitled = store(page("谈谈走访"), page("", author="王芳", date=""))
    queue = at_queue()
    assert (queue.at, queue.left) == (untitled.pk, 2)  # the most doubtful first
    queue.step("through")
    assert queue.at == untitled.pk and queue.told[1]  # held by its title
    queue.step("publish")
    assert Article.objects.get(pk=untitled.pk).status == Status.DRAFT
    queue.step("state", field="title", text="回头问一声")
    queue.step("state", field="stated_date", text="2021-03")
    queue.step("state", field="authors", text="王芳、李四")
    queue.step("publish")
    found = Article.objects.get(pk=untitled.pk)
    assert (found.title, found.date_precision, found.status) == ("回头问一声", "month", "published")
    assert [str(one) for one in found.byline] == ["王芳", "李四"]
    assert (queue.at, queue.left) == (plain.pk, 1)
    for _step in range(4):
        queue.step("undo")
        assert not queue.told[1]
    found.refresh_from_db()
    source = Source.objects.get(article=found)
    assert found.status == Status.DRAFT and found.published_at is None and not found.stated_date
    assert [str(one) for one in found.byline] == ["王芳"]
    assert source.blocking_count == 1 and queue.left == 2
    assert queue.step("undo").told[1]  # nothing is left to undo
    assert AuditEntry.objects.filter(action="decide").count() == 3


def test_what_nobody_answers_is_left_as_it_is_once_it_was_looked_through(store, at_queue):
    (one,) = store(page(author="", date=""))
    queue = at_queue().step("through")
    assert queue.at is None and queue.left == 0
    source = Source.objects.get(article=one)
    assert source.flag_count == 0
    assert {d.finding["kind"] for d in source.decisions.all()} == {"missing-author", "missing-date"}
    queue.step("undo")
    source.refresh_from_db()
    assert source.flag_count == 2 and queue.left == 1


def test_an_update_of_the_file_comes_up_again(store, at_queue):
    (one,) = store(page(), name="same")
    queue = at_queue().step("through")
    assert queue.left == 0
    store(page() + "末了还有一句。\n", name="same", on_conflict="update")
    assert queue.open().at == one.pk


@pytest.mark.parametrize("another", [False, True])
def test_nobody_publishes_what_they_may_not(store, at_queue, settings, another):
    settings.REVIEW_BY_ANOTHER = another
    (one,) = store(page())
    editor = at_queue(EDITOR)
    answer = editor.client.post(
        f"{QUEUE}step/", {"article": one.pk, "seen": editor.seen, "do": "publish"}
    )
    assert answer.status_code == 403
    editor.step("state", field="title", text="編輯改的題目").step("submit")
    one.refresh_from_db()
    assert one.status == Status.IN_REVIEW and one.review_requests.open().exists()


def test_own_work_waits_for_somebody_else(store, sign_in, settings):
    settings.REVIEW_BY_ANOTHER = True
    store(page())
    Group.objects.get(name=REVIEWER).permissions.remove(
        Permission.objects.get(codename="publish_unreviewed")
    )
    reviewer = Curator(sign_in(REVIEWER), store.run)
    assert 'value="publish"' in reviewer.html
    reviewer.step("state", field="title", text="自己改的題目")
    assert 'value="publish"' not in reviewer.html and 'value="submit"' in reviewer.html


def test_two_at_one_import_lose_nothing_of_each_other(store, at_queue):
    (one,) = store(page("", date=""))
    first, second = at_queue(first_name="甲"), at_queue(ADMINISTRATOR, first_name="乙")
    assert "甲" in second.html.partition('class="q-note q-claimed"')[2][:200]
    first.step("state", field="title", text="甲定的題目")
    second.step("state", field="title", text="乙打的題目")
    assert second.told[1] and Article.objects.get(pk=one.pk).title == "甲定的題目"
    assert (
        "甲定的題目" in second.html and "\n乙打的題目</textarea>" in second.html
    )  # both are shown
    second.step("state", field="title", text="乙打的題目")
    assert not second.told[1] and Article.objects.get(pk=one.pk).title == "乙打的題目"
    first.step("publish")
    assert first.told[1] and Article.objects.get(pk=one.pk).status == Status.DRAFT
    first.step("publish")
    assert Article.objects.get(pk=one.pk).status == Status.PUBLISHED


def test_a_change_by_another_way_is_seen_too(store, at_queue):
    (one,) = store(page())
    queue = at_queue()
    move(Article.objects.filter(pk=one.pk), "archived", None)
    queue.step("through")
    assert queue.told[1] and not Look.objects.filter(done_at__isnull=False).exists()


def test_who_comes_second_is_led_to_what_nobody_has_before_them(store, at_queue):
    first, second, third = store(page("甲的走访"), page("乙的走访"), page("丙的走访"))
    one, other = at_queue(first_name="甲"), at_queue(ADMINISTRATOR, first_name="乙")
    assert (one.at, other.at) == (first.pk, second.pk)
    assert f'id="q-row-{first.pk}"' in other.html and ">甲</em>" in other.html
    one.step("through")
    assert one.at == third.pk
    Look.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert one.step("through").at == second.pk  # nobody was heard from
    alive = other.client.post(f"{QUEUE}alive/", {"article": second.pk, "run": store.run.pk})
    assert alive.json() == {"who": {str(second.pk): "甲"}, "whole": 3, "left": 1, "done": 2}


def test_one_decision_for_all_of_a_kind_and_one_undo(store, at_queue):
    store(*(page(f"第{n}次走访", author="") for n in "一二三四"))
    queue = at_queue(kind="missing-author")
    before = AuditEntry.objects.count()
    queue.many("leave-kind")
    assert "4" in queue.told[0] and AuditEntry.objects.count() == before + 1
    assert not Source.objects.filter(flag_kinds__has_key="missing-author").exists()
    assert queue.left == 4  # they are still to be looked through
    entry = AuditEntry.objects.get(action="leave-kind")
    queue.many("undo-many", entry=entry.pk)
    assert Source.objects.filter(flag_kinds__has_key="missing-author").count() == 4
    assert queue.many("undo-many", entry=entry.pk).told[1]


def test_what_holds_publication_back_is_not_left_for_many(store, at_queue):
    store(page("", date=""))
    queue = at_queue(kind="missing-title")
    answer = queue.client.post(f"{QUEUE}many/", queue.asked | {"do": "leave-kind"})
    assert answer.status_code == 404 and Source.objects.get().blocking_count == 1


def test_a_line_cut_on_one_page_is_offered_on_the_others_and_kept_for_all(store, at_queue):
    first, second, third = store(
        page("甲的走访", FURNITURE),
        page("乙的走访", FURNITURE, author="王芳"),
        page("丙的走访", author=""),
    )
    queue = at_queue().open(at=first.pk)
    queue.step("line", line=queue.place(FURNITURE))
    assert FURNITURE not in Article.objects.get(pk=first.pk).body
    cut = Decision.objects.get()
    assert "1" in queue.html.partition('value="cut-line">')[2][:40]
    queue.open(at=second.pk)
    assert "q-learned" in queue.html  # offered there
    queue.open(at=third.pk)
    assert "q-learned" not in queue.html
    queue.open(at=first.pk).many("cut-line", decision=cut.pk)
    assert FURNITURE not in Article.objects.get(pk=second.pk).body
    entry = AuditEntry.objects.get(action="cut-line")
    queue.many("undo-many", entry=entry.pk)
    assert FURNITURE in Article.objects.get(pk=second.pk).body
    queue.many("keep-line", decision=cut.pk)
    (later,) = store(page("丁的走访", FURNITURE))
    assert FURNITURE not in later.body
    edits = [edit["before"].strip() for edit in later.source.edits if edit["kind"] == "boilerplate"]
    assert FURNITURE in edits
    SiteLine.objects.update(is_kept=False)
    (again,) = store(page("戊的走访", FURNITURE))
    assert FURNITURE in again.body
    queue.open(at=first.pk).step("undo")
    assert FURNITURE in Article.objects.get(pk=first.pk).body


def test_only_who_keeps_lines_of_sites_may_keep_one(store, at_queue):
    store(page("甲的走访", FURNITURE))
    queue = at_queue(EDITOR)
    queue.step("line", line=queue.place(FURNITURE))
    sent = queue.asked | {"do": "keep-line", "decision": Decision.objects.get().pk}
    assert queue.client.post(f"{QUEUE}many/", sent).status_code == 403
    assert not SiteLine.objects.filter(is_kept=True).exists()


def test_an_update_keeps_what_was_stated_and_cut(store, at_queue):
    (one,) = store(page("甲的走访", FURNITURE), name="same")
    queue = at_queue()
    queue.step("line", line=queue.place(FURNITURE))
    queue.step("state", field="authors", text="李四")
    store(
        page("甲的走访", "新加的一段話，說的是別的事情。", FURNITURE),
        name="same",
        on_conflict="update",
    )
    one.refresh_from_db()
    assert FURNITURE not in one.body and "新加的一段話" in one.body
    assert [str(author) for author in one.byline] == ["李四"]
    assert not Decision.objects.filter(lost_at__isnull=False).exists()


def test_a_reading_accepted_on_one_page_is_offered_where_the_same_damage_stands(store, at_queue):
    damaged = "这一年工会\ufffd\ufffd办得好。"
    first, second = store(page("甲的走访", damaged), page("乙的走访", damaged, author="王芳"))
    queue = at_queue().open(at=first.pk)
    flag = next(flag for flag in Source.objects.get(article=first).flags if flag["end"])
    queue.step("put_in", token=token(flag), text="家家")
    assert not queue.told[1]
    queue.open(at=second.pk)
    assert 'value="家家" class="q-chip"' in queue.html


def test_a_line_of_the_text_becomes_the_title(store, at_queue):
    (one,) = store(page("", f"{BODY}另起一段。", "走訪札記一則", date=""))
    assert one.source.blocking_count
    queue = at_queue()
    queue.step("line", line=queue.place("走訪札記一則", "title"))
    assert Article.objects.get(pk=one.pk).title == "走訪札記一則"
    assert Source.objects.get(article=one).blocking_count == 0


def test_a_field_that_was_read_wrong_is_emptied(store, at_queue):
    (one,) = store(page(author="王芳"))
    queue = at_queue()
    queue.step("empty", field="authors").step("empty", field="stated_date")
    one.refresh_from_db()
    assert not one.byline and one.stated_date is None
    queue.step("undo").step("undo")
    one.refresh_from_db()
    assert [str(author) for author in one.byline] == ["王芳"] and one.stated_date


def test_without_a_script_each_form_leads_to_the_page_again(store, sign_in):
    first, second = store(page("", date=""), page("乙的走访"))
    client = sign_in(REVIEWER)
    queue = Curator(client, store.run)
    sent = queue.asked | {"article": first.pk, "seen": queue.seen, "do": "state", "field": "title"}
    answer = client.post(f"{QUEUE}step/", sent | {"text": "走访"}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"at={first.pk}")
    queue.html = answer.content.decode()
    sent = queue.asked | {"article": first.pk, "seen": queue.seen, "do": "publish"}
    answer = client.post(f"{QUEUE}step/", sent, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"at={second.pk}")
    assert Article.objects.get(pk=first.pk).status == Status.PUBLISHED


def test_an_update_that_lies_over_a_live_text_is_published_from_here(store, at_queue):
    (one,) = store(page("甲的走访"), name="same")
    move(Article.objects.filter(pk=one.pk), Status.PUBLISHED, None)
    one.refresh_from_db()
    drafts.keep_draft(one, drafts.working_copy(one) | {"title": "改過的題目"}, None)
    queue = at_queue()
    assert queue.at == one.pk
    queue.step("publish")
    one.refresh_from_db()
    assert one.title == "改過的題目" and one.draft is None and queue.left == 0
    assert queue.step("undo").told[1]  # a revision brings back what stood there


def test_steps_take_as_many_queries_in_a_long_queue(store, at_queue):
    def cost(queue: Curator) -> list[int]:
        costs = []
        for do in ("leave", "through", "undo"):
            kind = {"leave": "missing-author"}.get(do)
            with CaptureQueriesContext(connection) as found:
                queue.step(do, **({"token": queue.token(kind)} if kind else {}))
            costs.append(len(found))
        with CaptureQueriesContext(connection) as found:
            queue.open()
        return [*costs, len(found)]

    store(*(page(f"甲{n}走访", author="") for n in range(3)))
    queue = at_queue()
    few = cost(queue)
    store(*(page(f"乙{n}走访", author="") for n in range(25)))
    many = cost(queue)
    assert many == few and max(few) <= 100, (few, many)


def test_the_start_page_has_one_line_for_a_run_and_not_a_draft_for_each(store, sign_in):
    client = sign_in(REVIEWER)
    curator = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    type(store.run).objects.update(started_by=curator)
    store.run.refresh_from_db()
    store(page("甲的走访"), page("乙的走访"), page("丙的走访"))
    assert Article.objects.filter(modified_by=curator).count() == 3
    content = client.get("/admin/").content.decode()
    assert f'href="{QUEUE}?run={store.run.pk}"' in content and "還有 3 篇待看" in content
    assert "甲的走訪" not in content
    queue = Curator(client, store.run)
    queue.step("state", field="title", text="改過的題目")
    content = client.get("/admin/").content.decode()
    assert "改過的題目" in content  # begun by hand, it is a draft of one's own


def test_all_that_are_ready_are_listed_before_they_are_published(store, at_queue):
    ready = store(page("甲的走访"), page("乙的走访", author="王芳"))
    store(page("", date=""))
    queue = at_queue(kind="ready")
    answer = queue.client.post(f"{QUEUE}many/", queue.asked | {"do": "publish-ready"}, follow=True)
    content = answer.content.decode()
    assert all(f">{one.title}</a>" in content for one in ready) and ">王芳</td>" in content
    queue.client.post(answer.redirect_chain[0][0], {"action": "confirm"})
    assert set(Article.objects.published()) == set(ready)
    editor = at_queue(EDITOR, kind="ready")
    answer = editor.client.post(f"{QUEUE}many/", editor.asked | {"do": "publish-ready"})
    assert answer.status_code == 403


def test_a_step_that_was_taken_back_elsewhere_does_not_stand_in_the_way(store, at_queue):
    first, second = store(page("甲的走访", author=""), page("乙的走访", author=""))
    queue = at_queue().step("leave", token=token(first.source.flags[0]))
    queue.open(at=second.pk).step("leave", token=token(second.source.flags[0]))
    decisions.take_back(second, second.source.decisions.get().pk, None)
    queue.step("undo").step("undo")
    assert not queue.told[1] and queue.at == first.pk
    assert not Decision.objects.standing().exists()


@TWO_WRITERS
@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_the_same_moment_one_is_told(store):
    (one,) = store(page("", date=""))
    people = []
    for name in ("甲", "乙"):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser(name))
        people.append(Curator(client, store.run))
    gate = barrier(2)

    def state(curator: Curator, text: str) -> str:
        gate.wait()
        return curator.step("state", field="title", text=text).told[1]

    texts = ("甲定的題目", "乙定的題目")
    told = together(*(partial(state, *pair) for pair in zip(people, texts, strict=True)))
    assert sorted(map(bool, told)) == [False, True]
    one.refresh_from_db()
    assert one.title == texts[told.index("")] and Decision.objects.count() == 1

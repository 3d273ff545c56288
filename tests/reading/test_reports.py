"""Errors readers report: the form anybody may send, its limits, and the curators' queue."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles.models import Article, Report
from articles.models import report as queue

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/report/"
SENT = {
    "kind": "character",
    "passage": "壹個",
    "note": "應作「一個」",
    "contact": "",
    "website": "",
}


@pytest.fixture
def article(make_article):
    return make_article("工會要走進班組")


def form_of(article, script="zh-hant") -> str:
    return f"/{script}/articles/{article.pk}-{article.slug}/report/"


def send(client, article, script="zh-hant", **changes):
    return client.post(form_of(article, script), SENT | changes)


class TestForm:
    def test_a_reader_without_an_account_sends_one(self, client, article):
        content = client.get(form_of(article)).content.decode()
        assert "工會要走進班組" in content and "錯別字" in content
        assert (
            f'href="{form_of(article)}"' in client.get(article.url_in("zh-Hant")).content.decode()
        )
        response = send(client, article, "zh-hans", contact="a@example.org")
        assert response.url == f"{form_of(article, 'zh-hans')}thanks/"
        assert "谢谢您" in client.get(response.url).content.decode()
        report = Report.objects.get()
        assert (report.article, report.kind, report.passage) == (article, "character", "壹個")
        assert (report.note, report.contact) == ("應作「一個」", "a@example.org")
        assert (report.status, report.script, report.handled_by) == ("open", "zh-Hans", None)

    @pytest.mark.parametrize(
        ("passage", "kind"), [("壹個", "character"), ("", None), ("壹" * 13, None)]
    )
    def test_a_word_that_was_marked_is_sent_with_one_touch_more(
        self, client, article, passage, kind
    ):
        form = client.get(form_of(article), {"passage": passage}).context["form"]
        assert form["kind"].initial == kind

    def test_the_passage_that_was_marked_stands_in_it(self, client, article):
        passage = "<b>走進\x00\x1b" + "字" * 600
        content = client.get(form_of(article), {"passage": passage}).content.decode()
        assert "&lt;b&gt;走進字" in content and "<b>走進" not in content
        assert content.count("字") < 520

    @pytest.mark.parametrize(
        "changes",
        [
            {"kind": ""}, {"kind": "praise"}, {"passage": "", "note": ""}, {"passage": " ", "note": "\n"},
            {"passage": "字" * 501}, {"note": "字" * 2001}, {"contact": "a" * 121}, {"note": "a\x00b"},
        ],
    )  # fmt: skip
    def test_bad_input_is_told_and_what_was_typed_is_kept(self, client, article, changes):
        typed = {"contact": "someone@example.org"} | changes
        response = send(client, article, **typed)
        assert response.status_code == 422
        assert "errorlist" in response.content.decode()
        assert "contact" in changes or "someone@example.org" in response.content.decode()
        assert not Report.objects.exists()

    @pytest.mark.parametrize("changes", [{"passage": ""}, {"note": ""}])
    def test_either_the_passage_or_a_note_will_do(self, client, article, changes):
        assert send(client, article, **changes).status_code == 302

    def test_an_empty_one_is_told_in_words(self, client, article):
        content = client.post(f"{article.get_absolute_url()}report/", {}).content.decode()
        assert "請貼上有問題的原文，或說明哪裡不對。" in content
        assert "reports_say_something" not in content

    def test_only_public_articles_take_reports(self, client, make_article):
        past = timezone.now() - timedelta(days=1)
        for fields in ({"status": "draft"}, {"status": "archived"}, {"published_at": past - timedelta(days=1), "expires_at": past}):  # fmt: skip
            hidden = make_article("不公開的", **fields)
            for response in (
                client.get(form_of(hidden)),
                send(client, hidden),
                client.get(f"{form_of(hidden)}thanks/"),
            ):
                assert response.status_code == 404
        assert not Report.objects.exists()

    def test_a_wrong_slug_leads_to_the_right_one_and_loses_no_report(self, client, article):
        wrong = form_of(article).replace(article.slug, "old-title")
        assert client.get(wrong).url == form_of(article)
        assert client.post(wrong, SENT).url == f"{form_of(article)}thanks/"
        assert Report.objects.count() == 1

    def test_it_needs_its_token(self, article):
        strict = Client(enforce_csrf_checks=True)
        assert send(strict, article).status_code == 403
        strict.get(form_of(article))
        token = strict.cookies["csrftoken"].value
        assert send(strict, article, csrfmiddlewaretoken=token).status_code == 302

    def test_queries(self, client, article, django_assert_num_queries):
        with django_assert_num_queries(2):
            client.get(form_of(article))
        with django_assert_num_queries(11):  # six of them ask the database for its constraints
            send(client, article)
        with django_assert_num_queries(1):
            client.get(f"{form_of(article)}thanks/")


class TestFlood:
    def test_a_machine_that_fills_in_everything_is_thanked_and_forgotten(self, client, article):
        assert send(client, article, website="https://spam.example").status_code == 302
        assert not Report.objects.exists()

    def test_pressed_twice_is_one_report(self, client, article):
        send(client, article)
        assert send(client, article).status_code == 302
        assert Report.objects.count() == 1

    def test_five_an_hour_from_one_address(self, client, article):
        for number in range(5):
            assert send(client, article, note=f"第{number}處").status_code == 302
        response = send(client, article, note="第六處")
        assert response.status_code == 429
        assert "請一小時後再送" in response.content.decode()
        assert "第六處" in response.content.decode()
        assert Report.objects.count() == 5
        assert send(Client(REMOTE_ADDR="192.0.2.7"), article, note="第六處").status_code == 302

    def test_what_was_wrong_does_not_count(self, client, article):
        for _ in range(9):
            send(client, article, kind="")
        assert send(client, article).status_code == 302

    @pytest.mark.parametrize(("of_one", "of_all", "elsewhere"), [(3, 99, 302), (99, 3, 429)])
    def test_a_full_queue_takes_no_more(
        self, article, make_article, monkeypatch, of_one, of_all, elsewhere
    ):
        monkeypatch.setattr(queue, "MOST_OPEN_OF_ONE", of_one)
        monkeypatch.setattr(queue, "MOST_OPEN", of_all)
        other = make_article("別的")

        def send_from(number, one=article):
            sender = Client(REMOTE_ADDR=f"192.0.2.{number}")
            return send(sender, one, note=f"第{number}處")

        assert [send_from(number).status_code for number in range(4)] == [302, 302, 302, 429]
        assert send_from(5, other).status_code == elsewhere
        for report in Report.objects.all():
            report.handle("rejected", None)
            report.save()
        assert send_from(6).status_code == 302

    def test_nothing_of_the_sender_is_kept(self, article):
        send(Client(REMOTE_ADDR="192.0.2.77"), article)
        report = Report.objects.values().get()
        assert "192.0.2.77" not in str(report)
        assert not {"address", "ip", "user", "agent"} & set(report)


class TestQueue:
    @pytest.fixture
    def report(self, article):
        return Report.objects.create(
            article=article, kind="garbled", passage="<script>x</script>", script="zh-Hans"
        )

    @pytest.mark.parametrize(
        ("group", "status"), [("編輯", 200), ("審核", 200), ("管理員", 200), (None, 403)]
    )
    def test_who_may_see_it(self, sign_in, report, group, status):
        desk = sign_in(group)
        assert desk.get(DESK).status_code == status
        assert desk.get(f"{DESK}{report.pk}/change/").status_code == status
        assert desk.get(f"{DESK}add/").status_code == 403

    @pytest.mark.parametrize(("group", "status"), [("編輯", 403), ("審核", 403), ("管理員", 200)])
    def test_who_may_throw_it_away(self, sign_in, report, group, status):
        assert sign_in(group).get(f"{DESK}{report.pk}/delete/").status_code == status

    def test_a_reader_is_sent_to_sign_in(self, client, report):
        assert client.get(DESK).status_code == 302

    def test_what_waits_is_shown_first(self, sign_in, article, report):
        done = Report(article=article, kind="other", note="早就改好了", script="zh-Hant")
        done.handle("resolved", None)
        done.save()
        desk = sign_in("編輯")
        for query, waiting, handled in [("", True, False), ("?state=resolved", False, True), ("?state=rejected", False, False), ("?state=all", True, True)]:  # fmt: skip
            content = desk.get(f"{DESK}{query}").content.decode()
            assert ("&lt;script&gt;x" in content) is waiting, query
            assert ("早就改好了" in content) is handled, query
            assert "<script>x" not in content

    def test_it_leads_to_the_article_and_its_page(self, sign_in, article, report):
        address = f"{DESK}{report.pk}/change/"
        content = sign_in("編輯").get(address).content.decode()
        assert f"/admin/articles/article/{article.pk}/change/" in content
        assert article.url_in("zh-Hans") in content
        assert "&lt;script&gt;x&lt;/script&gt;" in content and "<script>x" not in content
        Article.objects.update(status="draft")
        content = sign_in("審核").get(address).content.decode()
        assert article.url_in("zh-Hans") not in content
        assert "已不公開" in content

    @pytest.mark.parametrize(("action", "state"), [("resolve", "resolved"), ("reject", "rejected")])
    def test_many_are_handled_at_once(self, sign_in, report, action, state):
        desk = sign_in("編輯")
        desk.post(DESK, {"action": action, "_selected_action": [report.pk]})
        report.refresh_from_db()
        assert (report.status, report.handled_by.username) == (state, "member of 編輯")
        assert report.handled_at is not None
        assert LogEntry.objects.get().object_id == str(report.pk)

    def test_who_may_only_look_changes_nothing(self, sign_in, report):
        from django.contrib.auth.models import Permission, User

        desk = sign_in(None)
        user = User.objects.get(username="member of None")
        user.user_permissions.add(Permission.objects.get(codename="view_report"))
        desk.post(DESK, {"action": "resolve", "_selected_action": [report.pk]})
        address = f"{DESK}{report.pk}/change/"
        assert desk.post(address, {"status": "resolved", "answer": ""}).status_code == 403
        report.refresh_from_db()
        assert report.status == "open"

    def test_one_is_answered_for_in_its_form_and_opened_again(self, sign_in, report):
        desk, address = sign_in("編輯"), f"{DESK}{report.pk}/change/"
        forged = {"passage": "改過的", "contact": "x", "handled_at": ""}
        desk.post(address, {"status": "resolved", "answer": "已改"} | forged)
        report.refresh_from_db()
        assert (report.status, report.answer) == ("resolved", "已改")
        assert report.handled_by.username == "member of 編輯"
        assert report.passage == "<script>x</script>"
        first = report.handled_at
        desk.post(address, {"status": "resolved", "answer": "已改，見第二段"})
        report.refresh_from_db()
        assert report.handled_at == first
        desk.post(address, {"status": "open", "answer": ""})
        report.refresh_from_db()
        assert (report.status, report.handled_by, report.handled_at) == ("open", None, None)

    def test_it_goes_with_its_article_and_stays_without_its_curator(self, sign_in, article, report):
        desk = sign_in("編輯")
        desk.post(DESK, {"action": "resolve", "_selected_action": [report.pk]})
        report.refresh_from_db()
        report.handled_by.delete()
        report.refresh_from_db()
        assert (report.status, report.handled_by) == ("resolved", None)
        article.delete()
        assert not Report.objects.exists()

    def test_reports_go_into_the_bin_and_out_with_their_article(self, sign_in, article, report):
        address = f"/admin/articles/article/{article.pk}/delete/"
        assert sign_in("管理員").post(address, {"post": "yes"}).status_code == 302
        assert Report.objects.exists()
        Article.objects.in_bin().delete()
        assert not Report.objects.exists()

    def test_the_list_costs_the_same_however_long(
        self, sign_in, article, report, django_assert_num_queries
    ):
        desk = sign_in("編輯")
        desk.get(DESK)
        with django_assert_num_queries(6):
            desk.get(DESK)
        for number in range(20):
            Report.objects.create(article=article, kind="other", note=f"{number}", script="zh-Hans")
        with django_assert_num_queries(6):
            desk.get(DESK)

    @pytest.mark.parametrize("number", ["9" * 30, "x"])
    def test_an_impossible_number_is_no_fault(self, sign_in, number):
        assert sign_in("編輯").get(f"{DESK}{number}/change/").status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "praise"}, {"passage": "", "note": ""}, {"status": "resolved"}, {"status": "lost"},
        {"handled_at": timezone.now()},
    ],
)  # fmt: skip
def test_the_database_refuses_what_makes_no_sense(article, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(
            **{"article": article, "kind": "other", "note": "x", "script": "zh-Hans"} | fields
        )

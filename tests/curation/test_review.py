"""Review: requests follow the texts, nothing unseen is published, nobody approves their own."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import desk, revisions
from articles.models import (
    Article,
    AuditEntry,
    Report,
    ReviewComment,
    ReviewRequest,
    Revision,
    Source,
)

from ..admin.test_admin import ADMINISTRATOR, EDITOR, LIST, REVIEWER, form_of, imported  # noqa: F401
from .test_bulk import bulk, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(sign_in):
    return sign_in(EDITOR)


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


def send(client, article, **changes):
    article = Article.objects.get(pk=article.pk)
    return client.post(f"{LIST}{article.pk}/change/", form_of(article, **changes))


def submit(client, article, **changes):
    return send(client, article, **{"_submit": "1", "review_note": "請看第二段"} | changes)


def page(client, article) -> str:
    return client.get(f"{LIST}{article.pk}/review/").content.decode()


def token(client, article) -> str:
    """Return what the page carries of the text it showed."""
    found = re.search(r'name="token" value="([^"]+)"', page(client, article))
    return found[1] if found else ""


def decide(client, article, do, **more) -> str:
    data = {"do": do, "token": token(client, article)} | more
    return client.post(f"{LIST}{article.pk}/review/", data, follow=True).content.decode()


def request_of(article) -> ReviewRequest:
    return ReviewRequest.objects.filter(article=article).latest("pk")


@pytest.fixture
def live_in_review(editor, make_article):
    """A draft over a live text, submitted by an editor."""
    live = make_article()
    submit(editor, live, title="改過的題目", body="<p>工會要到職工中間去。</p>")
    return live


@pytest.fixture
def first_in_review(editor, make_article):
    """An article that was never published, submitted by an editor."""
    draft = make_article("第一篇", status="draft")
    submit(editor, draft)
    return draft


class TestSubmitting:
    def test_a_request_says_who_what_and_why(self, live_in_review):
        asked = ReviewRequest.objects.get()
        assert (asked.state, asked.note) == ("open", "請看第二段")
        assert asked.submitted_by.username == f"member of {EDITOR}"
        assert asked.revision == Article.objects.get().draft

    def test_the_note_on_the_change_serves_where_there_is_no_other(self, editor, make_article):
        submit(editor, make_article(), title="改", review_note="", note="改題")
        assert ReviewRequest.objects.get().note == "改題"

    @pytest.mark.parametrize("status", ["published", "draft"])
    def test_saving_alone_asks_for_nothing(self, editor, make_article, status):
        send(editor, make_article(status=status), title="改")
        assert not ReviewRequest.objects.exists()

    def test_a_new_article_can_be_submitted_at_once(self, editor):
        editor.post(f"{LIST}add/", form_of(title="新的", _submit="1", review_note="首篇"))
        asked = ReviewRequest.objects.get()
        assert (asked.note, asked.revision.number) == ("首篇", 1)

    def test_whatever_puts_a_text_in_review_asks(self, editor, make_article):
        by_status, by_action = make_article(status="draft"), make_article(status="draft")
        send(editor, by_status, status="in_review")
        bulk(editor, "submit", [by_action])
        asked = ReviewRequest.objects.open()
        assert {one.article_id for one in asked} == {by_status.pk, by_action.pk}
        assert all(one.submitted_by and one.revision for one in asked)

    def test_submitting_again_is_the_same_request_of_the_newer_text(self, editor, live_in_review):
        was = ReviewRequest.objects.get()
        submit(editor, live_in_review, title="再改", review_note="改好了")
        asked = ReviewRequest.objects.get()
        assert (asked.pk, asked.note) == (was.pk, "改好了")
        assert asked.revision.content["title"] == "再改"

    def test_nothing_new_is_not_submitted_twice(self, editor, live_in_review):
        was = ReviewRequest.objects.get()
        article = Article.objects.get()
        data = form_of(article, title="改過的題目", body="<p>工會要到職工中間去。</p>", _submit="1")
        editor.post(f"{LIST}{article.pk}/change/", data)
        assert ReviewRequest.objects.get().at == was.at
        assert Revision.objects.count() == 2

    def test_the_database_takes_one_open_request_an_article(self, live_in_review):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewRequest.objects.create(article=live_in_review)

    @pytest.mark.parametrize(
        "wrong",
        [{"state": "approved"}, {"state": "rejected", "decided_at": "now"}, {"decided_at": "now"}],
    )
    def test_the_database_refuses_half_a_decision(self, make_article, wrong):
        if "decided_at" in wrong:
            wrong = wrong | {"decided_at": timezone.now()}
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewRequest.objects.create(article=make_article(), **wrong)


class TestThePage:
    def test_a_draft_stands_beside_what_readers_see(self, reviewer, live_in_review):
        content = page(reviewer, live_in_review)
        for text in (
            "請看第二段",
            "改過的題目",
            "工會要走進班組",
            "<del>",
            "<ins>",
            'value="approve"',
        ):
            assert text in content, text

    def test_a_first_publication_is_shown_whole(self, reviewer, first_in_review):
        content = page(reviewer, first_in_review)
        assert "<p>工會要到職工中間去，聽他們說。</p>" in content
        assert "compare-row" not in content

    def test_without_a_request_it_says_so(self, reviewer, make_article):
        content = page(reviewer, make_article())
        assert "沒有待審" in content
        assert 'value="approve"' not in content

    @pytest.mark.parametrize("kind", ["live", "first"])
    def test_queries(self, reviewer, request, kind, django_assert_max_num_queries):
        article = request.getfixturevalue(f"{kind}_in_review")
        for number in range(5):
            decide(reviewer, article, "comment", note=f"意見{number}", quote="職工")
        with django_assert_max_num_queries(17):
            page(reviewer, article)

    def test_an_impossible_number_is_not_found(self, reviewer):
        assert reviewer.get(f"{LIST}{10**22}/review/").status_code == 404
        assert reviewer.get(f"{LIST}9999/review/").status_code == 404


class TestApproving:
    def test_it_publishes_in_one_step(self, client, reviewer, live_in_review):
        told = decide(reviewer, live_in_review, "approve")
        assert "已核准並發布" in told
        article = Article.objects.get()
        assert (article.title, article.draft, article.status) == ("改過的題目", None, "published")
        asked = ReviewRequest.objects.get()
        assert (asked.state, asked.decided_by.username) == ("approved", f"member of {REVIEWER}")
        assert "改過的題目" in client.get(article.url_in("zh-Hant")).content.decode()
        assert AuditEntry.objects.latest("pk").action == "approve"

    def test_one_that_is_scheduled_is_not_called_seen(self, reviewer, first_in_review):
        Article.objects.update(published_at=timezone.now() + timedelta(days=3))
        content = decide(reviewer, first_in_review, "approve")
        assert Article.objects.get().status == "published"
        assert "已核准。" in content or "已核准。" in content
        assert "並發布" not in content

    def test_a_first_publication(self, reviewer, first_in_review):
        decide(reviewer, first_in_review, "approve")
        assert Article.objects.published().get() == first_in_review
        assert request_of(first_in_review).state == "approved"

    @pytest.mark.parametrize("change", ["saved", "submitted", "withdrawn", "published below"])
    def test_nothing_unseen_is_published(self, editor, reviewer, live_in_review, change):
        seen = token(reviewer, live_in_review)
        match change:
            case "saved":
                send(editor, live_in_review, title="偷偷再改")
            case "submitted":
                submit(editor, live_in_review, title="再改再送")
            case "withdrawn":
                decide(editor, live_in_review, "withdraw")
            case "published below":
                with revisions.recorded([live_in_review.pk], None, Revision.Kind.DECIDED):
                    article = Article.objects.get()
                    article.summary = "底下改了"
                    article.save()
        told = decide(reviewer, live_in_review, "approve", token=seen)
        assert "什麼都沒有做" in told
        assert Article.objects.get().title == "工會要走進班組"

    def test_a_text_changed_after_it_was_submitted_says_so(self, editor, reviewer, live_in_review):
        assert "送審之後又改過" not in page(reviewer, live_in_review)
        send(editor, live_in_review, title="送審後再改")
        content = page(reviewer, live_in_review)
        assert "送審之後又改過" in content
        assert "送審後再改" in content
        decide(reviewer, live_in_review, "approve")
        assert Article.objects.get().title == "送審後再改"
        assert ReviewRequest.objects.get().revision.content["title"] == "送審後再改"

    def test_blocking_flags_have_to_be_confirmed(self, editor, reviewer, imported):  # noqa: F811
        submit(editor, imported)
        assert "須先處理的待核處" in page(reviewer, imported)
        asked = decide(reviewer, imported, "approve")
        assert "須先處理的待核處" in asked
        assert not Article.objects.published().exists()
        decide(
            reviewer, imported, "approve", over=re.findall(r'name="over" value="([^"]+)"', asked)
        )
        assert Article.objects.published().exists()

    def test_twice_is_once(self, reviewer, live_in_review):
        seen = token(reviewer, live_in_review)
        decide(reviewer, live_in_review, "approve")
        decide(reviewer, live_in_review, "approve", token=seen)
        assert Revision.objects.filter(kind="published").count() == 1

    def test_nonsense_does_nothing(self, reviewer, live_in_review):
        for data in (
            {},
            {"do": "explode"},
            {"do": "approve"},
            {"do": "resolve-comment", "comment": "x"},
        ):
            reviewer.post(f"{LIST}{live_in_review.pk}/review/", data)
        assert ReviewRequest.objects.get().state == "open"
        assert Article.objects.get().draft


class TestOwnWork:
    def test_nobody_approves_what_they_submitted(self, reviewer, make_article):
        live = make_article()
        submit(reviewer, live, title="自己的")
        content = page(reviewer, live)
        assert 'value="approve"' not in content
        assert "須由別人核准" in content
        seen = f"{ReviewRequest.objects.get().pk}"
        assert "什麼都沒有做" in decide(reviewer, live, "approve", token=seen)
        own = token(reviewer, live)
        assert "須由別人核准" in decide(reviewer, live, "approve", token=own)
        assert Article.objects.get().title == "工會要走進班組"

    def test_superusers_neither(self, admin_client, make_article):
        live = make_article()
        submit(admin_client, live, title="自己的")
        decide(admin_client, live, "approve")
        assert Article.objects.get().title == "工會要走進班組"

    def test_nor_what_they_changed_last(self, reviewer, live_in_review):
        send(reviewer, live_in_review, title="審核改了")
        decide(reviewer, live_in_review, "approve")
        assert Article.objects.get().title == "工會要走進班組"

    def test_where_the_setting_allows_it_they_do(self, settings, reviewer, make_article):
        settings.REVIEW_BY_ANOTHER = False
        live = make_article()
        submit(reviewer, live, title="自己的")
        decide(reviewer, live, "approve")
        assert Article.objects.get().title == "自己的"

    @pytest.fixture
    def bound(self, reviewer):
        """A reviewer whose group may no longer publish what nobody else has looked at."""
        Group.objects.get(name=REVIEWER).permissions.remove(
            Permission.objects.get(codename="publish_unreviewed")
        )
        return reviewer

    def test_reviewers_publish_at_once_unless_that_is_taken_from_them(
        self, settings, bound, make_article
    ):
        live, draft = make_article(), make_article(status="draft")
        assert send(bound, live, title="立即", _publish="1").status_code == 403
        assert send(bound, draft, _publish="1").status_code == 403
        assert "_publish" not in bound.get(f"{LIST}{live.pk}/change/").content.decode()
        send(bound, live, title="草稿")
        article = Article.objects.get(pk=live.pk)
        address = f"{LIST}{live.pk}/draft/"
        data = {"version": revisions.version(article)}
        assert bound.post(address, data).status_code == 403
        settings.REVIEW_BY_ANOTHER = False
        assert bound.post(address, data).status_code == 302
        assert Article.objects.get(pk=live.pk).title == "草稿"

    def test_they_still_publish_others_work(self, bound, editor, live_in_review, make_article):
        own, other = make_article(status="draft"), make_article(status="draft")
        send(bound, own, title="自己的")
        send(editor, other, title="別人的")
        chosen = [own.pk, other.pk]
        run = bulk(bound, "publish", [own, other])
        assert outcomes(run)[own.pk] == ("left", "own")
        assert "須由其他人發布" in bound.get(f"{LIST}bulk/{run.pk}/").content.decode()
        assert [Article.objects.get(pk=pk).status for pk in chosen] == ["draft", "published"]
        article = Article.objects.get(pk=live_in_review.pk)
        data = {"version": revisions.version(article)}
        bound.post(f"{LIST}{article.pk}/draft/", data)
        assert Article.objects.get(pk=article.pk).title == "改過的題目"


class TestSendingBack:
    @pytest.mark.parametrize("kind", ["live", "first"])
    def test_it_is_a_draft_again_and_the_reason_is_told(self, request, editor, reviewer, kind):
        article = request.getfixturevalue(f"{kind}_in_review")
        decide(reviewer, article, "reject", reason="第二段要查證")
        asked = ReviewRequest.objects.get()
        assert (asked.state, asked.reason) == ("rejected", "第二段要查證")
        article = Article.objects.get()
        assert (article.draft.status if article.draft else article.status) == "draft"
        assert "第二段要查證" in editor.get("/admin/").content.decode()
        assert "第二段要查證" in editor.get(f"{LIST}{article.pk}/change/").content.decode()
        assert "第二段要查證" not in reviewer.get("/admin/").content.decode()
        submit(editor, article)
        assert "第二段要查證" not in editor.get("/admin/").content.decode()
        assert ReviewRequest.objects.open().count() == 1

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_it_takes_a_reason(self, reviewer, live_in_review, reason):
        assert "請說明" in decide(reviewer, live_in_review, "reject", reason=reason)
        assert ReviewRequest.objects.get().state == "open"

    @pytest.mark.parametrize("kind", ["live_in_review", "first_in_review"])
    def test_it_stays_the_draft_of_who_wrote_it(self, request, editor, reviewer, kind):
        article = request.getfixturevalue(kind)
        decide(reviewer, article, "reject", reason="第二段要查證")
        mine = f"{LIST}?desk=mine"
        assert [one.get(mine).context["cl"].result_count for one in (editor, reviewer)] == [1, 0]
        content = editor.get(f"{LIST}{article.pk}/change/").content.decode()
        assert f"這是 member of {REVIEWER}" not in content
        assert "第二段要查證" in content

    def test_a_draft_let_go_is_not_sent_back_any_more(self, editor, reviewer, live_in_review):
        decide(reviewer, live_in_review, "reject", reason="不要")
        article = Article.objects.get()
        editor.post(f"{LIST}{article.pk}/discard/", {"version": revisions.version(article)})
        assert not ReviewRequest.objects.back_with(request_of(article).submitted_by).exists()


class TestTheRevisions:
    """The list of revisions tells what came of a review from what was only saved."""

    def badges(self, client, article) -> list[str]:
        headers = {"accept-language": "zh-TW"}
        content = client.get(f"{LIST}{article.pk}/history/", headers=headers).content.decode()
        return re.findall(r'</time> (.*?)\s*<span class="badge">(.*?)</span>', content)[::-1]

    @pytest.mark.parametrize("kind", ["live", "first"])
    def test_what_was_submitted_and_sent_back(self, request, editor, reviewer, kind):
        article = request.getfixturevalue(f"{kind}_in_review")
        decide(reviewer, article, "reject", reason="第二段要查證")
        send(editor, article, title="再改")
        submit(editor, article)
        decide(editor, article, "withdraw")
        by_editor, by_reviewer = (f"member of {group}" for group in (EDITOR, REVIEWER))
        told = self.badges(editor, article)[1:]
        names = [name for _who, name in told]
        assert names.pop(2) in ("存為草稿", "已儲存")
        assert names == ["送審", "退回", "送審", "撤回送審"]
        assert [who for who, _name in told] == [by_editor, by_reviewer, *[by_editor] * 3]
        content = editor.get(f"{LIST}{article.pk}/history/").content.decode()
        assert content.count("第二段要查證") == 1

    def test_what_was_only_saved_stays_saved(self, editor, make_article):
        live = make_article()
        send(editor, live, title="一")
        send(editor, live, title="二")
        assert [name for _who, name in self.badges(editor, live)][1:] == ["存為草稿"] * 2


class TestWithdrawing:
    @pytest.mark.parametrize("kind", ["live", "first"])
    def test_who_submitted_it_takes_it_back(self, request, editor, kind):
        article = request.getfixturevalue(f"{kind}_in_review")
        decide(editor, article, "withdraw")
        assert request_of(article).state == "withdrawn"
        article = Article.objects.get()
        assert (article.draft.status if article.draft else article.status) == "draft"

    def test_nobody_else_does(self, reviewer, live_in_review):
        assert 'value="withdraw"' not in page(reviewer, live_in_review)
        decide(reviewer, live_in_review, "withdraw")
        assert ReviewRequest.objects.get().state == "open"

    @pytest.mark.parametrize(
        ("how", "state"),
        [("discard", "withdrawn"), ("apply", "approved"), ("delete", None), ("unreview", "withdrawn")],
    )  # fmt: skip
    def test_no_request_stays_behind(self, reviewer, live_in_review, first_in_review, how, state):
        article = Article.objects.get(pk=live_in_review.pk)
        match how:
            case "discard":
                address = f"{LIST}{article.pk}/discard/"
                reviewer.post(address, {"version": revisions.version(article)})
            case "apply":
                send(reviewer, article, _publish="1")
            case "delete":
                article.delete()
            case "unreview":
                article = Article.objects.get(pk=first_in_review.pk)
                send(reviewer, article, status="draft")
        assert not ReviewRequest.objects.open().filter(article=article.pk).exists()
        assert ReviewRequest.objects.open().count() == 1
        if state:
            assert request_of(article).state == state

    def test_publishing_ones_own_at_once_is_no_approval(self, reviewer, make_article):
        live = make_article()
        submit(reviewer, live, title="自己的")
        send(reviewer, live, title="自己的", _publish="1")
        assert ReviewRequest.objects.get().state == "withdrawn"


class TestComments:
    def test_they_stand_by_the_text_and_in_the_form_until_resolved(
        self, editor, reviewer, live_in_review
    ):
        decide(reviewer, live_in_review, "comment", quote="職工中間", note="何人所說？")
        for client in (editor, reviewer):
            for place in ("review", "change"):
                content = client.get(f"{LIST}{live_in_review.pk}/{place}/").content.decode()
                assert "何人所說？" in content
                assert f"member of {REVIEWER}" in content
        decide(reviewer, live_in_review, "reject", reason="改")
        form = f"{LIST}{live_in_review.pk}/change/"
        assert "何人所說？" in editor.get(form).content.decode()
        comment = ReviewComment.objects.get()
        decide(editor, live_in_review, "resolve-comment", comment=comment.pk)
        assert "何人所說？" not in editor.get(form).content.decode()
        comment.refresh_from_db()
        assert comment.resolved_by.username == f"member of {EDITOR}"
        assert "已處理過" in decide(editor, live_in_review, "resolve-comment", comment=comment.pk)

    def test_a_passage_that_is_gone_is_told(self, editor, reviewer, live_in_review):
        decide(reviewer, live_in_review, "comment", quote="到職工\n中間", note="甲")
        assert "已不在文中" not in page(reviewer, live_in_review)
        send(editor, live_in_review, body="<p>全部重寫。</p>")
        assert "已不在文中" in page(reviewer, live_in_review)

    def test_markup_in_them_is_text(self, reviewer, live_in_review):
        decide(reviewer, live_in_review, "comment", quote="<b>職</b>", note="<script>x</script>")
        content = page(reviewer, live_in_review)
        assert "<script>x" not in content
        assert "&lt;script&gt;x" in content

    def test_an_empty_one_is_refused_and_one_without_a_request_is_of_its_article(
        self, reviewer, live_in_review, make_article
    ):
        other = make_article("別篇")
        decide(reviewer, live_in_review, "comment", quote="職工", note=" ")
        assert not ReviewComment.objects.exists()
        decide(reviewer, other, "comment", note="說")
        assert (ReviewComment.objects.get().article, ReviewComment.objects.get().request) == (
            *(other, None),
        )
        assert "說" in page(reviewer, other)

    def test_in_the_form_one_is_written_answered_and_taken_down_with_what_was_answered(
        self, editor, reviewer, live_in_review
    ):
        def say(client, do, **more):
            address = f"{LIST}{live_in_review.pk}/review/"
            return client.post(address, {"beside": "1", "do": do} | more).json()

        told = say(reviewer, "comment", note="何人<b>所說？", quote="職工")
        assert (told["count"], told["error"]) == (1, "")
        assert "何人&lt;b&gt;所說？" in told["list"]
        root = ReviewComment.objects.get()
        told = say(editor, "answer", note="劉明說的。", comment=root.pk)
        assert told["list"].index("何人") < told["list"].index("劉明說的。")
        assert told["count"] == 1
        answer = ReviewComment.objects.get(answers=root)
        assert answer.request == root.request
        assert "處理過" in say(editor, "answer", note="再", comment=answer.pk)["error"]
        assert "劉明說的。" in page(reviewer, live_in_review)
        told = say(editor, "resolve-comment", comment=root.pk)
        assert (told["count"], "劉明說的。" in told["list"]) == (0, False)
        assert not ReviewComment.objects.filter(resolved_at=None).exists()
        assert "處理過" in say(editor, "answer", note="再", comment=root.pk)["error"]
        assert say(editor, "approve")["error"]  # nothing is decided by it
        assert ReviewRequest.objects.get().state == "open"

    def test_one_of_another_article_is_not_resolved_here(
        self, reviewer, live_in_review, first_in_review
    ):
        decide(reviewer, live_in_review, "comment", note="說")
        decide(reviewer, first_in_review, "resolve-comment", comment=ReviewComment.objects.get().pk)
        assert ReviewComment.objects.get().resolved_at is None


class TestWhoMayWhat:
    DOES = ["approve", "reject", "comment", "resolve-comment", "withdraw"]

    def test_editors_decide_nothing(self, editor, live_in_review, make_article):
        content = page(editor, live_in_review)
        assert 'value="approve"' not in content
        assert 'value="reject"' not in content
        for do in ("approve", "reject"):
            data = {"do": do, "reason": "x", "token": token(editor, live_in_review)}
            address = f"{LIST}{live_in_review.pk}/review/"
            assert editor.post(address, data).status_code == 403

    @pytest.mark.parametrize("group", [EDITOR, REVIEWER, ADMINISTRATOR, None, "stranger"])
    def test_who_sees_the_page(self, sign_in, client, make_article, group):
        visitor = client if group == "stranger" else sign_in(group)
        code = visitor.get(f"{LIST}{make_article().pk}/review/").status_code
        assert code == {None: 403, "stranger": 302}.get(group, 200)

    @pytest.mark.parametrize("do", DOES)
    def test_who_may_only_look_changes_nothing(self, sign_in, make_article, do):
        looker = sign_in(None)
        looker_user = Permission.objects.get(codename="view_article")
        from django.contrib.auth.models import User

        User.objects.get(username="member of None").user_permissions.add(looker_user)
        address = f"{LIST}{make_article().pk}/review/"
        assert looker.get(address).status_code == 200
        assert looker.get(address.replace("review", "change")).status_code == 200
        for more in ({}, {"beside": "1"}):
            assert looker.post(address, {"do": do, **more}).status_code == 403

    def test_it_is_a_post_with_a_token_of_the_form(self, live_in_review, django_user_model):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(django_user_model.objects.create_superuser("root"))
        address = f"{LIST}{live_in_review.pk}/review/"
        assert client.post(address, {"do": "approve"}).status_code == 403
        assert client.get(f"{address}?do=approve").status_code == 200
        assert ReviewRequest.objects.get().state == "open"


def test_pruning_spares_what_waits_and_what_a_link_shows(editor, make_article):
    live = make_article()
    for number in range(4):
        send(editor, live, title=f"第{number}稿")
    article = Article.objects.get()
    second, third = article.revisions.order_by("number")[1:3]
    ReviewRequest.objects.create(article=article, revision=second)
    link = article.preview_links.create(
        revision=third, expires_at=timezone.now() + timedelta(days=1)
    )
    old = timezone.now() - timedelta(days=400)
    Revision.objects.update(created_at=old)
    call_command("prune_revisions", keep=1, older_than=90, stdout=StringIO())
    left = set(Revision.objects.values_list("pk", flat=True))
    assert {second.pk, third.pk} <= left
    assert len(left) == 4  # with the first, and the draft that waits
    ReviewRequest.objects.update(state="withdrawn", decided_at=timezone.now())
    link.revoked_at = timezone.now()
    link.save()
    call_command("prune_revisions", keep=1, older_than=90, stdout=StringIO())
    assert Revision.objects.count() == 2
    assert ReviewRequest.objects.get().revision is None


class TestStartPage:
    def sections(self, client) -> dict:
        return {str(one.title): one for one in client.get("/admin/").context["desk"]}

    def test_it_lists_what_is_to_be_done(self, editor, reviewer, make_article, imported):  # noqa: F811
        live = make_article("現行", expires_at=timezone.now() + timedelta(days=3))
        submit(editor, live, title="送審稿")
        make_article("明天", published_at=timezone.now() + timedelta(days=1))
        make_article("遠期", expires_at=timezone.now() + timedelta(days=100))
        Report.objects.create(article=live, kind="other", note="錯字", script="zh-Hant")
        send(reviewer, make_article("審核的稿", status="draft"), title="審核的稿二")
        found = self.sections(reviewer)
        titles = {name: [one.title for one in section.shown] for name, section in found.items()}
        assert titles == {
            "待查看的匯入": [],
            "待我審核": ["現行"],
            "退回給我的": [],
            "我送審、近日發布的": [],
            "我的草稿": ["審核的稿二"],
            "有須先處理之處的匯入": ["談談工會的走訪"],
            "讀者回報": ["現行"],
            "定時發布": ["明天"],
            "即將下線": ["現行"],
        }
        assert list(self.sections(editor)) == [
            "退回給我的",
            "我送審、近日發布的",
            "有須先處理之處的匯入",
            "待查看的匯入",
            "讀者回報",
            "我的草稿",
        ]
        assert [one.title for one in self.sections(editor)["我的草稿"].shown] == ["現行"]

    def test_ones_own_request_waits_for_others(self, reviewer, make_article):
        submit(reviewer, make_article(), title="自己的")
        assert self.sections(reviewer)["待我審核"].count == 0

    def test_each_list_goes_on_in_the_list_of_articles(self, editor, reviewer, make_article):
        live = make_article("現行", expires_at=timezone.now() + timedelta(days=3))
        submit(editor, live, title="送審稿")
        make_article("旁的")
        names = {"waiting": True, "expiring": True, "mine": False, "scheduled": False, "back": False, "flagged": False}  # fmt: skip
        for name, found in names.items():
            response = reviewer.get(f"{LIST}?desk={name}")
            listed = [one.pk for one in response.context["cl"].result_list]
            assert (listed == [live.pk]) is found, name
            if not found:
                assert listed == []
                assert "沒有符合" in response.content.decode()
        assert len(reviewer.get(f"{LIST}?desk=nonsense").context["cl"].result_list) == 2
        assert len(editor.get(f"{LIST}?desk=waiting").context["cl"].result_list) == 2

    def test_without_anything_to_do_it_says_what_to_do(self, reviewer):
        content = reviewer.get("/admin/").content.decode()
        assert "別人送審的會列在這裡" in content
        assert 'class="desk-home"' not in content  # one line names the nine lists
        assert (
            len(
                re.findall("<dt>", content.partition('class="desk-quiet"')[2].partition("</dl>")[0])
            )
            == 9
        )

    def test_who_may_nothing_sees_nothing(self, sign_in):
        assert sign_in(None).get("/admin/").context["desk"] == []

    def test_counts_stop_and_queries_are_constant(
        self, reviewer, django_user_model, make_article, monkeypatch
    ):
        monkeypatch.setattr(desk, "MOST", 9)
        queries = []
        user = django_user_model.objects.create_user("甲")
        for size in (2, 12):
            for number in range(size):
                article = make_article(f"第{number}篇", status="in_review")
                ReviewRequest.objects.create(article=article, submitted_by=user)
                Report.objects.create(article=article, kind="other", note="x", script="zh-Hant")
            reviewer.get("/admin/")
            with CaptureQueriesContext(connection) as captured:
                found = self.sections(reviewer)
            queries.append(len(captured))
        assert queries[0] == queries[1] <= 14
        assert found["待我審核"].counted == "9+"
        assert len(found["待我審核"].shown) == 6
        counting = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
        assert len(counting) == 1 and "articles_look" in counting[0]  # what each import has left

    def test_it_reads_no_bodies(self, reviewer, live_in_review, imported):  # noqa: F811
        assert Source.objects.exists()
        with CaptureQueriesContext(connection) as captured:
            reviewer.get("/admin/")
        for column in ('"body"', '"search_text"', '"raw"', '"packed"', '"facts"'):
            assert not any(column in query["sql"] for query in captured), column


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("articles/article/", "從檔案匯入"),
        ("articles/collection/", "還沒有專題"),
        ("articles/importrun/", "還沒有匯入"),
        ("articles/report/", "沒有待處理"),
    ],
)
def test_an_empty_list_says_what_to_do_next(sign_in, path, said):
    assert said in sign_in(ADMINISTRATOR).get(f"/admin/{path}").content.decode()


def test_each_field_of_the_form_says_what_it_is_for(reviewer, make_article):
    form = reviewer.get(f"{LIST}{make_article().pk}/change/").context["adminform"].form
    silent = [name for name, field in form.fields.items() if not field.help_text]
    assert silent == ["other_script", "version"]  # neither is shown

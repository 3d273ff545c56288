"""Drafts by programs: what a token opens and what not, and that nothing is published or lost."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from articles.api.idempotency import KEPT
from articles.curation import drafts, revisions
from articles.models import ApiAnswer, ApiToken, Article, AuditEntry, Revision, Scope
from articles.models.api_token import digest_of

from ..support.together import barrier, together

pytestmark = pytest.mark.django_db

CLIENT = Client()
BOTH = list(Scope.values)
BODY = "<p>甲段落。</p>\n<p>乙段落。</p>"


def token_of(group="編輯", scopes=BOTH, **fields) -> str:
    """Return a token that acts for a member of a group."""
    owner, _ = User.objects.get_or_create(username=f"of {group}", is_staff=True)
    owner.groups.set(Group.objects.filter(name=group))
    made = ApiToken(name="排版程式", owner=owner, scopes=scopes, **fields)
    made.expires_at = fields.get("expires_at", timezone.now() + timedelta(days=1))
    token = made.make()
    made.save()
    return token


def send(method: str, path: str, token: str, said=None, **headers):
    headers = {"authorization": f"Bearer {token}", **headers}
    body = {} if said is None else {"data": said if isinstance(said, bytes) else json.dumps(said)}
    return getattr(CLIENT, method)(
        f"/api/v1/{path}", content_type="application/json", headers=headers, **body
    )


def fresh(article) -> Article:
    return Article.objects.select_related("draft__text").get(pk=article.pk)


class TestTokens:
    def test_what_opens_nothing(self, make_article):
        draft = make_article(status="draft")
        owner = User.objects.create_user("gone", is_staff=True, is_active=False)
        of_nobody = ApiToken(name="x", owner=owner, scopes=BOTH)
        of_nobody.expires_at = timezone.now() + timedelta(days=1)
        gone = of_nobody.make()
        of_nobody.save()
        past = timezone.now() - timedelta(seconds=1)
        for token in ("", "urr_x", gone, token_of(expires_at=past), token_of(revoked_at=past)):
            for path in ("drafts", f"drafts/{draft.pk}"):
                answer = send("get", path, token)
                assert answer.status_code == 401
                assert answer["WWW-Authenticate"].startswith("Bearer")
                assert draft.title not in answer.content.decode()

    def test_each_scope_opens_its_own(self, make_article):
        draft = make_article(status="draft")
        seen = {"if_match": '"1.1-1"'}
        for scopes, wanted in (([], (403, 403, 403, 403)), (["read:drafts"], (200, 200, 403, 403)),
                               (["write:articles"], (403, 403, 201, 412))):  # fmt: skip
            token = token_of(scopes=scopes)
            answers = (
                send("get", "drafts", token),
                send("get", f"drafts/{draft.pk}", token),
                send("post", "articles", token, {"title": "甲文", "body": BODY}),
                send("patch", f"articles/{draft.pk}", token, {"title": "乙文"}, **seen),
            )
            assert tuple(one.status_code for one in answers) == wanted
            assert all("no-store" in one["Cache-Control"] for one in answers)
            if "read:drafts" not in scopes:  # who writes is not shown what stands there
                assert not any(draft.title in one.content.decode() for one in answers)

    def test_an_account_that_may_not_gives_no_more_than_it_has(self, make_article):
        live = make_article()
        token = token_of(group="稽核")
        assert send("get", "drafts", token).status_code == 403
        assert send("post", "articles", token, {"title": "甲", "body": BODY}).status_code == 403
        patched = send("patch", f"articles/{live.pk}", token, {"title": "乙"}, if_match='"1.1-1"')
        assert patched.status_code == 403

    def test_guessing_ends(self):
        for _ in range(30):
            assert send("get", "drafts", "urr_guess").status_code == 401
        answer = send("get", "drafts", token_of())
        assert (answer.status_code, answer["Retry-After"]) == (429, "600")

    def test_a_session_is_no_token(self, sign_in):
        client = sign_in("管理員")
        assert client.get("/api/v1/drafts").status_code == 401
        said = {"title": "甲", "body": BODY}
        posted = client.post("/api/v1/articles", said, content_type="application/json")
        assert posted.status_code == 401

    def test_one_is_made_shown_once_and_revoked_at_the_desk(self, sign_in):
        owner = User.objects.create_user("editor", is_staff=True)
        chief = sign_in("管理員")
        add = "/admin/articles/apitoken/add/"
        User.objects.create_superuser("root")
        assert "root" not in chief.get(add).content.decode()
        made = chief.post(
            add, {"name": "排版程式", "owner": owner.pk, "scopes": BOTH, "lasts": "30"}
        )
        row = ApiToken.objects.get()
        token = made.context["token"].made
        assert token in made.content.decode()
        assert "no-store" in made["Cache-Control"]
        assert (row.digest, row.created_by.username) == (digest_of(token), "member of 管理員")
        assert timedelta(29) < row.expires_at - timezone.now() <= timedelta(30)
        for path in ("", f"{row.pk}/change/"):
            said = chief.get(f"/admin/articles/apitoken/{path}").content.decode()
            assert token not in said and row.digest not in said
        owner.groups.add(Group.objects.get(name="編輯"))
        assert send("get", "drafts", token).status_code == 200
        assert ApiToken.objects.get().used_on == timezone.localdate()
        chosen = {"action": "revoke", "_selected_action": [row.pk]}
        assert chief.post("/admin/articles/apitoken/", chosen).status_code == 302
        assert send("get", "drafts", token).status_code == 401
        lines = AuditEntry.objects.filter(kind="articles.apitoken").order_by("pk")
        assert [one.action for one in lines] == ["add", "revoke-token"]
        told = json.dumps([[one.before, one.after, one.note, one.label] for one in lines])
        assert token not in told and row.digest not in told


class TestBeginning:
    def test_it_is_a_draft_with_its_revision_and_line(self, make_article):
        make_article(authors=["劉明"], tags=["維權"])
        said = {
            "title": "工會進車間", "body": "<p onclick='x'>甲<script>alert(1)</script>段落。</p>",
            "authors": ["liu-ming"], "tags": ["weiquan"], "stated_date": "2024-05-06",
            "genre": "paper", "source_name": "工人日報", "note": "排好了",
        }  # fmt: skip
        answer = send("post", "articles", token_of(), said)
        assert answer.status_code == 201, answer.content.decode()
        made = Article.objects.get(pk=answer.json()["id"])
        assert (made.status, made.original_script) == ("draft", "zh-Hant")
        assert made.body == "<p>甲段落。</p>"
        assert [one.slug for one in made.byline] == ["liu-ming"]
        assert [one.slug for one in made.tags.all()] == ["weiquan"]
        owner = User.objects.get(username="of 編輯")
        assert made.created_by == made.modified_by == owner
        [revision] = made.revisions.all()
        assert (revision.created_by, revision.note) == (owner, "API 排版程式：排好了")
        line = AuditEntry.objects.get()
        assert (line.action, line.user, line.ids) == ("add", owner, [made.pk])
        assert answer["Location"] == f"/api/v1/drafts/{made.pk}"
        shown = send("get", f"drafts/{made.pk}", token_of())
        assert shown["ETag"] == answer["ETag"] == f'"{shown.json()["version"]}"'
        assert Client().get(f"/api/v1/articles/{made.pk}").status_code == 404

    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ({"title": "甲"}, "body"),
            ({"title": "", "body": BODY}, "title"),
            ({"title": "   ", "body": BODY}, "title"),
            ({"title": "甲" * 201, "body": BODY}, "title"),
            ({"title": "甲\u0000", "body": BODY}, "title"),
            ({"title": "甲\ud800", "body": BODY}, "title"),
            ({"title": "甲", "body": "<script>x</script>"}, "body"),
            ({"title": "甲", "body": BODY, "tags": ["none"]}, "tags"),
            ({"title": "甲", "body": BODY, "authors": "liu-ming"}, "authors"),
            ({"title": "甲", "body": BODY, "stated_date": "2024-02-30"}, "stated_date"),
            ({"title": "甲", "body": BODY, "date_precision": "day"}, "date_precision"),
            ({"title": "甲", "body": BODY, "source_url": "javascript:1"}, "source_url"),
            ({"title": "甲", "body": BODY, "status": "published"}, "status"),
            ({"title": "甲", "body": BODY, "published_at": "2024-01-01"}, "published_at"),
        ],
    )
    def test_what_cannot_be_kept_is_told_by_field(self, said, wrong):
        answer = send("post", "articles", token_of(), said)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [wrong]
        assert not Article.objects.exists()

    @pytest.mark.parametrize(
        ("body", "status"),
        [(b"", 415), (b"{", 400), (b"\xff", 400), (b"[" * 100_000, 400), (b'{"title": NaN}', 400),
         (b"[]", 422), (b"{}", 422), (b"1", 422)],
    )  # fmt: skip
    def test_what_is_no_object(self, body, status):
        assert send("post", "articles", token_of(), body).status_code == status

    def test_too_much_and_of_another_kind(self, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        said = {"title": "甲", "body": BODY * 50}
        assert send("post", "articles", token_of(), said).status_code == 413
        headers = {"authorization": f"Bearer {token_of()}"}
        form = Client().post("/api/v1/articles", {"title": "甲"}, headers=headers)
        assert form.status_code == 415


def seen_of(pk: int, token: str) -> str:
    return send("get", f"drafts/{pk}", token)["ETag"]


class TestChanging:
    def test_over_what_readers_see_a_draft_is_kept(self, make_article):
        live = make_article("讀者看的", tags=["維權"], body=BODY)
        token = token_of("管理員")  # who might publish at the desk
        seen = seen_of(live.pk, token)
        said = {"title": "草稿的題目", "tags": []}
        answer = send("patch", f"articles/{live.pk}", token, said, if_match=seen)
        assert answer.status_code == 200, answer.content.decode()
        assert answer.json()["has_draft_over_it"] is True
        now = fresh(live)
        assert (now.title, now.status, now.draft.content["title"]) == (
            "讀者看的", "published", "草稿的題目",
        )  # fmt: skip
        assert [one.slug for one in now.tags.all()] == ["weiquan"]
        assert now.draft.content["tags"] == []
        for path in (f"articles/{live.pk}", "articles", "search?q=題目"):
            assert "草稿的題目" not in Client().get(f"/api/v1/{path}").content.decode()
        line = AuditEntry.objects.get()
        assert (line.action, line.before["title"], line.after["title"]) == (
            "draft", "讀者看的", "草稿的題目",
        )  # fmt: skip
        shown = send("get", f"drafts/{live.pk}", token).json()
        assert (shown["title"], shown["tags"], shown["body"]) == ("草稿的題目", [], BODY)

    def test_what_nobody_released_is_changed_itself(self, make_article):
        draft = make_article("舊題", status="draft")
        token = token_of()
        seen = seen_of(draft.pk, token)
        answer = send("patch", f"articles/{draft.pk}", token, {"title": "新題"}, if_match=seen)
        assert answer.json()["status"] == "draft"
        now = fresh(draft)
        assert (now.title, now.status, now.draft) == ("新題", "draft", None)
        assert now.revisions.first().kind == Revision.Kind.SAVED
        before = AuditEntry.objects.count()
        same = send(
            "patch", f"articles/{draft.pk}", token, {"title": "新題"}, if_match=answer["ETag"]
        )
        assert same["ETag"] == answer["ETag"]
        assert AuditEntry.objects.count() == before

    def test_what_was_not_seen_is_not_written_over(self, make_article):
        live = make_article("讀者看的")
        token = token_of()
        seen = seen_of(live.pk, token)
        wanted = revisions.state(live.pk) | {"title": "編輯的草稿"}
        drafts.keep_draft(live, wanted, User.objects.get())
        path = f"articles/{live.pk}"
        assert send("patch", path, token, {"title": "程式的"}, if_match=seen).status_code == 412
        assert send("patch", path, token, {"title": "程式的"}).status_code == 428
        assert send("patch", path, token, {"title": "程式的"}, if_match="*").status_code == 400
        public = Client().get(f"/api/v1/{path}")["ETag"]
        assert send("patch", path, token, {"title": "程式的"}, if_match=public).status_code == 412
        assert fresh(live).draft.content["title"] == "編輯的草稿"
        # Compression weakens an ETag on its way; it still names the version.
        again = f"W/{seen_of(live.pk, token)}"
        assert send("patch", path, token, {"title": "程式的"}, if_match=again).status_code == 200

    def test_what_lies_in_the_bin_is_not_there(self, make_article):
        gone = make_article(status="draft")
        token = token_of()
        seen = seen_of(gone.pk, token)
        Article.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        assert send("get", f"drafts/{gone.pk}", token).status_code == 404
        answer = send("patch", f"articles/{gone.pk}", token, {"title": "新"}, if_match=seen)
        assert answer.status_code == 404

    def test_a_draft_in_the_same_place_as_a_change_below_is_for_the_desk(self, make_article):
        live = make_article("讀者看的", body=BODY)
        token = token_of()
        user = User.objects.get()
        drafts.keep_draft(live, revisions.state(live.pk) | {"title": "草稿的"}, user)
        with revisions.recorded([live.pk], user, Revision.Kind.DECIDED):
            one = fresh(live)
            one.title = "下面改的"
            one.save()
        seen = seen_of(live.pk, token)
        answer = send("patch", f"articles/{live.pk}", token, {"genre": "paper"}, if_match=seen)
        assert answer.status_code == 409
        assert fresh(live).draft.content["title"] == "草稿的"

    def test_the_list_of_drafts(self, make_article):
        make_article("讀者看的")
        mine = make_article("草稿", status="draft")
        over = make_article("有草稿的")
        token = token_of()
        drafts.keep_draft(over, revisions.state(over.pk) | {"title": "x"}, User.objects.get())
        first = send("get", "drafts?limit=1", token).json()
        rest = send("get", f"drafts?limit=1&cursor={first['next']}", token).json()
        items = [*first["items"], *rest["items"]]
        assert [(one["id"], one["has_draft_over_it"]) for one in items] == [
            (over.pk, True), (mine.pk, False),
        ]  # fmt: skip
        assert rest["next"] is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", ["published", "draft"])
def test_of_two_at_once_one_is_told_to_look_again(make_article, status):
    article = make_article("原來的", status=status)
    token = token_of()
    User.objects.update(is_superuser=True)  # the groups go when a test has committed
    seen = seen_of(article.pk, token)
    both = barrier(2)

    def change(title: str) -> int:
        both.wait()
        said = {"title": title}
        return send("patch", f"articles/{article.pk}", token, said, if_match=seen).status_code

    codes = together(lambda: change("甲的"), lambda: change("乙的"))
    assert sorted(codes) == [200, 412]
    now = fresh(article)
    title = now.draft.content["title"] if status == "published" else now.title
    assert title == ("甲的", "乙的")[codes.index(200)]
    assert AuditEntry.objects.filter(action__in=["draft", "change"]).count() == 1


class TestOnce:
    """`Idempotency-Key`: who heard no answer sends a request again."""

    SAID = {"title": "甲文", "body": BODY}

    def test_sent_again_it_is_answered_alike_and_done_once(self):
        token = token_of()
        first = send("post", "articles", token, self.SAID, idempotency_key="7d-1")
        assert first.status_code == 201 and "Idempotent-Replayed" not in first
        for key in ("7d-1", '"7d-1"'):
            again = send("post", "articles", token, self.SAID, idempotency_key=key)
            assert (again.status_code, again.json()) == (201, first.json())
            assert all(again[name] == first[name] for name in ("Location", "ETag"))
            assert again["Idempotent-Replayed"] == "true"
        assert Article.objects.count() == 1
        assert AuditEntry.objects.filter(action="add").count() == 1

    def test_another_body_is_refused_and_another_key_or_token_is_another_request(self):
        token = token_of()
        send("post", "articles", token, self.SAID, idempotency_key="k")
        other = self.SAID | {"title": "乙文"}
        assert send("post", "articles", token, other, idempotency_key="k").status_code == 422
        assert Article.objects.count() == 1
        assert send("post", "articles", token, other, idempotency_key="l").status_code == 201
        mine = token_of(group="審核")
        assert send("post", "articles", mine, self.SAID, idempotency_key="k").status_code == 201
        assert Article.objects.count() == 3

    def test_what_was_refused_is_looked_at_anew(self):
        token = token_of()
        bad = self.SAID | {"authors": ["new-one"]}
        assert send("post", "articles", token, bad, idempotency_key="k").status_code == 422
        assert send("post", "articles", token, self.SAID, idempotency_key="k").status_code == 201

    def test_a_day_later_it_is_forgotten(self):
        token = token_of()
        send("post", "articles", token, self.SAID, idempotency_key="k")
        ApiAnswer.objects.update(answered_at=timezone.now() - KEPT - timedelta(seconds=1))
        answer = send("post", "articles", token, self.SAID, idempotency_key="k")
        assert "Idempotent-Replayed" not in answer and Article.objects.count() == 2
        assert ApiAnswer.objects.count() == 1

    @pytest.mark.parametrize("key", ["", " ", "a b", "鍵", '"', "x" * 201])
    def test_what_is_no_key(self, key):
        answer = send("post", "articles", token_of(), self.SAID, idempotency_key=key)
        assert answer.status_code == 400 and not Article.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_sent_at_once_one_is_done():
    token = token_of()
    User.objects.update(is_superuser=True)  # the groups go when a test has committed
    all_four = barrier(4)

    def post():
        all_four.wait()
        return send("post", "articles", token, TestOnce.SAID, idempotency_key="k")

    answers = together(*[post] * 4)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.json()["id"] for one in answers}) == 1
    assert Article.objects.count() == 1

"""Two curators at one article: the second sees both texts, and nothing is overwritten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from articles.admin.contents import body_rows
from articles.curation import drafts, revisions
from articles.curation.conflicts import By, Conflict, hinted
from articles.curation.publishing import move
from articles.models import Article, AuditEntry, Presence, Revision, Tag
from articles.text import html

from ..admin.test_admin import EDITOR, LIST, REVIEWER, form_of

pytestmark = pytest.mark.django_db

BODY = "<h2>一、走訪</h2><p>工會要到職工中間去。</p><p>聽他們說。</p><p>辦完再問一聲。</p>"


@pytest.fixture
def curators(db, django_user_model):
    """Two reviewers, signed in."""

    def client_of(name):
        user = django_user_model.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name=REVIEWER))
        client = Client()
        client.force_login(user)
        return client

    return client_of("王芳"), client_of("劉明")


@pytest.fixture
def article(make_article):
    return make_article(status="draft", body=BODY, authors=["劉明"], tags=["維權"], summary="摘要")


def opened(article) -> dict:
    """Return the form as somebody opens it now."""
    article = Article.objects.select_related("draft__text").get(pk=article.pk)
    data = form_of(article, summary=article.summary)
    if article.draft:
        content = article.draft.content
        data |= {name: content[name] for name in ("title", "summary", "body")}
    return data


def address(article) -> str:
    return f"{LIST}{article.pk}/change/"


def sent_again(response, **changes) -> dict:
    """Return what the form on the page would send."""
    form = response.context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        if field.name in ("published_at", "expires_at"):
            continue
        data[field.name] = "" if value is None else value
    if not data.get("date_is_upload"):
        data.pop("date_is_upload", None)
    return data | changes


def test_the_second_saver_sees_both_and_overwrites_nothing(curators, article):
    first, second = curators
    one, other = opened(article), opened(article)
    first.post(address(article), one | {"body": BODY.replace("聽他們說", "先聽他們說")})
    mine = BODY.replace("辦完再問一聲", "辦完一定再問一聲")
    response = second.post(address(article), other | {"body": mine, "title": "我的題目"})
    assert response.status_code == 200
    content = response.content.decode()
    for text in ("這篇文章剛才被別人儲存過", "王芳 於", "<del>先</del>", "<ins>一定</ins>"):
        assert text in content
    stored = Article.objects.get()
    assert "先聽他們說" in stored.body
    assert stored.title != "我的題目"
    form = response.context["adminform"].form
    assert form["body"].value() == mine
    assert form["title"].value() == "我的題目"
    merged = mine.replace("聽他們說", "先聽他們說")
    response = second.post(address(article), sent_again(response, body=merged))
    assert response.status_code == 302
    stored = Article.objects.get()
    assert (stored.body, stored.title) == (merged, "我的題目")
    assert stored.byline and stored.tags.exists()
    assert [one.number for one in stored.revisions.all()] == [3, 2, 1]


def test_a_third_who_comes_meanwhile_is_no_less_a_conflict(curators, article):
    first, second = curators
    one, other = opened(article), opened(article)
    first.post(address(article), one | {"title": "甲"})
    response = second.post(address(article), other | {"title": "乙"})
    first.post(address(article), opened(article) | {"title": "丙"})
    response = second.post(address(article), sent_again(response))
    assert response.status_code == 200
    assert Article.objects.get().title == "丙"


def test_what_only_the_first_changed_is_taken_over(curators, article):
    first, second = curators
    one, other = opened(article), opened(article)
    tag = Tag.objects.get(name="提案")
    changes = {"summary": "新的摘要", "tags": [tag.pk], "byline": [], "stated_date": "2020-05-09"}
    first.post(address(article), one | changes)
    response = second.post(address(article), other | {"title": "我的題目"})
    content = response.content.decode()
    assert content.count("下面已採用") == 5  # with the precision of the date
    second.post(address(article), sent_again(response, stated_date="2020-05-09"))
    stored = Article.objects.get()
    assert (stored.title, stored.summary) == ("我的題目", "新的摘要")
    assert (stored.tags.get(), stored.byline, str(stored.stated_date)) == (tag, [], "2020-05-09")


@pytest.mark.parametrize("wrong", [{}, {"date_precision": "day"}], ids=["right", "wrong"])
def test_a_tag_that_is_typed_is_made_when_the_form_is_saved_and_not_before(
    curators, article, wrong
):
    first, second = curators
    one, other = opened(article), opened(article)
    first.post(address(article), one | {"title": "別人的題目"})
    before = AuditEntry.objects.count()
    typed = {"title": "我的題目", "tags-typed": "數位轉型"} | wrong
    response = second.post(address(article), other | typed)
    assert "這篇文章剛才被別人儲存過" in response.content.decode()
    assert not Tag.objects.filter(name_hant="數位轉型").exists()
    assert AuditEntry.objects.count() == before
    sent = sent_again(response, date_precision="")
    assert "+數位轉型" in sent["tags"]
    assert second.post(address(article), sent).status_code == 302
    assert {tag.name_hant for tag in Article.objects.get().tags.all()} == {"維權", "數位轉型"}


def test_two_drafts_over_a_live_text(curators, make_article):
    first, second = curators
    live = make_article(body=BODY)
    for client, code in ((first, 302), (second, 302)):  # one after the other is no conflict
        data = opened(live) | {"title": f"{client is first}"}
        assert client.post(address(live), data).status_code == code
    one, other = opened(live), opened(live)
    assert first.post(address(live), one | {"summary": "甲"}).status_code == 302
    response = second.post(address(live), other | {"summary": "乙", "_publish": "1"})
    assert response.status_code == 200
    assert Article.objects.get().draft.content["summary"] == "甲"
    assert "改了" in response.content.decode() or "雙方都改了" in response.content.decode()
    assert Article.objects.get().summary == ""


def test_a_live_text_that_changed_below_is_a_conflict(curators, make_article):
    live = make_article(body=BODY)
    data = opened(live)
    move(Article.objects.all(), "draft", None)
    response = curators[0].post(address(live), data | {"title": "改"})
    assert response.status_code == 200
    assert Article.objects.get().title != "改"


@pytest.mark.parametrize("version", ["", "0.0-0", "²", "9.9-1", "x" * 200, "1.99999999999-"])
def test_a_form_without_its_version_saves_nothing(curators, article, version):
    response = curators[0].post(
        address(article), opened(article) | {"title": "改", "version": version}
    )
    assert response.status_code == 200
    assert Article.objects.get().title != "改"
    assert "這篇文章剛才被別人儲存過" in response.content.decode()
    response = curators[0].post(address(article), sent_again(response))
    assert Article.objects.get().title == "改"


def test_what_was_typed_wrong_stays_beside_the_conflict(curators, article):
    first, second = curators
    one, other = opened(article), opened(article)
    first.post(address(article), one | {"title": "甲"})
    response = second.post(address(article), other | {"stated_date": "什麼時候", "title": "乙"})
    assert response.context["adminform"].form["stated_date"].value() == "什麼時候"
    assert response.context["adminform"].form["title"].value() == "乙"


def test_who_changed_what():
    base = {"title": "題", "summary": "", "body": "", "genre": ""}
    theirs = base | {"title": "他的", "summary": "他", "genre": "paper"}
    mine = base | {"title": "我的", "body": "我", "genre": "paper"}
    conflict = Conflict(base, theirs, mine)
    assert conflict.fields == {"title": By.BOTH, "summary": By.THEM, "body": By.YOU}
    assert conflict.taken_over == ["summary"]
    assert set(Conflict(None, theirs, mine).fields.values()) == {By.UNKNOWN}
    assert Conflict(None, theirs, mine).taken_over == []


@pytest.mark.parametrize(
    ("theirs", "mine", "by"),
    [
        ("甲乙丙丁戊。|己庚辛。", "甲乙丙丁戊。|己庚辛壬。", [None, By.YOU]),
        ("甲乙丙丁戊己。|己庚辛。", "甲乙丙丁戊。|己庚辛。", [By.THEM, None]),
        ("甲乙丙丁戊己。|己庚辛。", "甲乙丙丁戊庚。|己庚辛。", [By.BOTH, None]),
        ("甲乙丙丁戊。|己庚辛。|新的一段", "甲乙丙丁戊。|己庚辛。", [None, None, By.THEM]),
        ("甲乙丙丁戊。|己庚辛。", "甲乙丙丁戊。", [None, By.YOU]),
        ("甲乙丙丁戊。", "甲乙丙丁戊。|己庚辛。", [None, By.THEM]),
    ],
)
def test_who_changed_which_paragraph(theirs, mine, by):
    base, theirs, mine = (
        "".join(f"<p>{line}</p>" for line in text.split("|"))
        for text in ("甲乙丙丁戊。|己庚辛。", theirs, mine)
    )
    rows = hinted(body_rows(theirs, mine), html.signed_text(base))
    assert [row.by for row in rows] == by


class TestPresence:
    def beat(self, client, article):
        return client.post(f"{LIST}{article.pk}/presence/").json()

    def test_others_are_named_for_a_minute(self, curators, article):
        first, second = curators
        assert self.beat(first, article)["others"] == []
        told = self.beat(second, article)
        assert len(told["others"]) == 1
        assert told["others"][0].startswith("王芳 正在編輯")
        assert "王芳 正在編輯" in second.get(address(article)).content.decode()
        assert "王芳 正在編輯" not in first.get(address(article)).content.decode()
        Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
        assert self.beat(second, article)["others"] == []
        assert Presence.objects.count() == 1  # who is gone is forgotten

    def test_it_tells_since_when(self, curators, article):
        first, second = curators
        self.beat(first, article)
        Presence.objects.update(opened_at=timezone.now() - timedelta(minutes=2))
        self.beat(first, article)
        assert "2 分前打開" in self.beat(second, article)["others"][0].replace("\xa0", " ")

    def test_at_first_it_tells_just_now(self, curators, article):
        self.beat(curators[0], article)
        assert self.beat(curators[1], article)["others"] == ["王芳 正在編輯這篇文章（剛剛打開）"]

    @pytest.mark.parametrize("how", ["leave", "save", "submit"])
    def test_who_saved_or_left_is_there_no_more(self, curators, article, how):
        first, second = curators
        self.beat(first, article)
        self.beat(second, article)
        if how == "leave":
            first.post(f"{LIST}{article.pk}/presence/", {"leave": "1"})
        else:
            sent = opened(article) | {"title": "改"} | ({"_submit": "1"} if how == "submit" else {})
            assert first.post(address(article), sent).status_code == 302
        assert self.beat(second, article)["others"] == []
        assert len(self.beat(first, article)["others"]) == 1

    def test_a_form_that_is_refused_stays_open(self, curators, article):
        first, second = curators
        self.beat(first, article)
        first.post(address(article), opened(article) | {"title": ""})
        assert len(self.beat(second, article)["others"]) == 1

    def test_it_tells_that_the_article_is_in_the_bin(self, curators, article, sign_in):
        first, second = curators
        self.beat(first, article)
        assert not self.beat(second, article)["binned"]
        first.post(f"{LIST}{article.pk}/delete/")
        told = self.beat(second, article)
        assert (told["binned"], told["others"]) == (True, [])
        assert sign_in(None).post(f"{LIST}{article.pk}/presence/").status_code == 403

    def test_it_tells_what_was_saved(self, curators, article):
        version = self.beat(curators[0], article)["version"]
        assert version == opened(article)["version"]
        curators[0].post(address(article), opened(article) | {"title": "改"})
        assert self.beat(curators[1], article)["version"] != version

    def test_it_changes_no_article(self, curators, article):
        before = Article.objects.values().get()
        self.beat(curators[0], article)
        assert Article.objects.values().get() == before
        assert not Revision.objects.exists()
        assert curators[0].get(f"{LIST}{article.pk}/presence/").status_code == 405


def test_the_browser_learns_what_was_saved(curators, article, sign_in):
    data = opened(article) | {"title": "改"}
    response = curators[0].post(address(article), data)
    cookie = response.cookies["desk-saved"]
    assert (cookie.value, cookie["path"]) == (data["version"], address(article))
    response = curators[0].post(address(article), data | {"title": "舊"})
    assert "desk-saved" not in response.cookies


def test_a_version_is_that_of_row_revisions_and_draft(sign_in, make_article):
    live = make_article()
    seen = {revisions.version(Article.objects.get())}
    sign_in(EDITOR).post(address(live), opened(live) | {"title": "草"})
    seen.add(revisions.version(Article.objects.get()))
    drafts.discard_draft(live, None, revisions.version(Article.objects.get()))
    seen.add(revisions.version(Article.objects.get()))
    move(Article.objects.all(), "archived", None)
    seen.add(revisions.version(Article.objects.get()))
    assert len(seen) == 4

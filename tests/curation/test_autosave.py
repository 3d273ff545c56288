"""Forms that save themselves: a draft, one revision, nothing before readers, nothing over others."""

import pytest

from articles.models import Article, AuditEntry, Revision, Status, Tag

from ..admin.test_admin import EDITOR, LIST, REVIEWER, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


def send(client, article, *, version: str | None = None, by_itself: bool = True, **changes):
    """Send the form of an article, by itself or by hand; return what is told."""
    article = Article.objects.get(pk=article.pk)
    data = form_of(article, **changes)
    if version:
        data["version"] = version
    address = f"{LIST}{article.pk}/{'autosave' if by_itself else 'change'}/"
    answer = client.post(address, data)
    return answer.json() if by_itself else answer


def kinds(article) -> list[str]:
    return list(article.revisions.order_by("number").values_list("kind", flat=True))


def test_a_live_text_gets_one_draft_however_often_it_is_saved(reviewer, make_article):
    live = make_article(body="<p>祕密正文</p>")
    first = send(reviewer, live, body="<p>一</p>")
    second = send(reviewer, live, version=first["version"], body="<p>一二</p>")
    third = send(reviewer, live, version=second["version"], body="<p>一二三</p>")
    assert [first["state"], second["state"], third["state"]] == ["saved"] * 3
    live.refresh_from_db()
    assert live.body == "<p>祕密正文</p>"
    assert live.draft.content["body"] == "<p>一二三</p>"
    assert kinds(live) == ["before", "by-itself"]
    assert AuditEntry.objects.filter(action="draft").count() == 1
    told = send(reviewer, live, version=third["version"], body="<p>一二三</p>")
    assert told == {"state": "unchanged"}
    send(
        reviewer,
        live,
        version=third["version"],
        by_itself=False,
        body="<p>一二三</p>",
        note="寫好了",
    )
    assert kinds(live) == ["before", "draft"]
    assert live.revisions.first().note == "寫好了"


def test_what_somebody_saved_by_hand_stays_a_revision(reviewer, make_article):
    article = make_article(status="draft", body="<p>零</p>")
    send(reviewer, article, by_itself=False, body="<p>一</p>")
    for body in ("<p>二</p>", "<p>三</p>"):
        assert send(reviewer, article, body=body)["state"] == "saved"
    assert kinds(article) == ["before", "saved", "by-itself"]
    article.refresh_from_db()
    assert article.body == "<p>三</p>"


def test_nothing_is_published_by_itself(reviewer, make_article):
    article = make_article(status="draft")
    told = send(reviewer, article, title="改", status="published", _publish="1", _submit="1")
    article.refresh_from_db()
    assert (told["state"], article.title, article.status) == ("saved", "改", Status.DRAFT)
    live = make_article()
    send(reviewer, live, title="改", status="archived", _publish="1")
    live.refresh_from_db()
    assert (live.status, live.title) == (Status.PUBLISHED, "工會要走進班組")
    assert live.draft.status == Status.DRAFT


def test_nothing_is_written_over_what_another_saved(reviewer, sign_in, make_article):
    article = make_article(body="<p>零</p>", status="draft")
    seen = form_of(article)["version"]
    mine = send(reviewer, article, version=seen, body="<p>我的</p>")
    assert mine["state"] == "saved"
    told = send(sign_in(EDITOR), article, version=seen, body="<p>別人的</p>")
    assert told == {"state": "overtaken"}
    again = send(reviewer, article, version=seen, body="<p>我的另一個分頁</p>")
    assert again == {"state": "overtaken"}
    article.refresh_from_db()
    assert article.body == "<p>我的</p>"


def test_who_may_not_change_an_article_saves_nothing(sign_in, make_article):
    article = make_article(status="draft")
    data = form_of(article, title="改")
    assert sign_in(None).post(f"{LIST}{article.pk}/autosave/", data).status_code == 403
    assert sign_in(REVIEWER).get(f"{LIST}{article.pk}/autosave/").status_code == 405
    assert Article.objects.get(pk=article.pk).title == "工會要走進班組"


def test_a_new_article_is_made_once_it_says_enough(reviewer, make_article):
    data = form_of(make_article(status="draft"))
    data |= {"version": "new-1", "title": "", "body": "<p>先寫一句</p>", "status": "published"}
    assert reviewer.post(f"{LIST}autosave/", data).json() == {"state": "incomplete"}
    told = reviewer.post(f"{LIST}autosave/", data | {"title": "新的一篇"}).json()
    made = Article.objects.get(title="新的一篇")
    assert told["change"] == f"{LIST}{made.pk}/change/"
    assert (made.status, made.body) == (Status.DRAFT, "<p>先寫一句</p>")
    more = data | {"title": "新的一篇", "body": "<p>又一句</p>", "version": told["version"]}
    assert reviewer.post(told["autosave"], more).json()["state"] == "saved"
    made.refresh_from_db()
    assert made.body == "<p>又一句</p>"
    assert made.revisions.count() == 1


def test_no_tag_is_made_of_what_is_half_typed(reviewer, make_article):
    article = make_article(status="draft")
    before = Tag.objects.count()
    tags = [*form_of(article)["tags"], "new:半個新標籤"]
    send(reviewer, article, title="改", tags=tags)
    assert Tag.objects.count() == before


def test_an_article_in_the_bin_is_left_alone(reviewer, make_article):
    from articles.curation.publishing import to_bin

    article = make_article(status="draft")
    data = form_of(article, title="改")
    to_bin(Article.objects.filter(pk=article.pk), None)
    assert reviewer.post(f"{LIST}{article.pk}/autosave/", data).json() == {"state": "binned"}
    assert not Revision.objects.filter(kind="by-itself").exists()

"""Words typed in the other script: shown before they are saved, put right or kept as was chosen."""

import re

import pytest

from articles.models import Article, AuditEntry, Author, Collection, Tag

from .test_admin import ADMINISTRATOR, LIST, form_of

pytestmark = pytest.mark.django_db

OWN = "<p>工會幹部到車間裡聽大家說話，記下來，再一件一件答覆。</p>"
TYPED = f"{OWN}<p>總工會的干部联系<em>群</em>眾，“龙”字不改；余光明和于师傅都來了。</p>"


@pytest.fixture
def client(sign_in):
    return sign_in(ADMINISTRATOR)


@pytest.fixture
def article(make_article):
    return make_article("工會的話", body=OWN, status="draft")


def choices(response) -> dict[str, str]:
    """Return the values a form offers for the passages, by what is chosen."""
    found = re.findall(r'name="other_script" value="(\w+):(\w+)"', response.content.decode())
    return {choice: f"{choice}:{version}" for choice, version in found}


def post(client, article, **data):
    return client.post(f"{LIST}{article.pk}/change/", form_of(article, **data))


def test_passages_are_shown_and_nothing_is_saved_yet(client, article):
    response = post(client, article, body=TYPED, title="工會的话")
    content = response.content.decode()
    assert response.status_code == 200
    assert "<del>干部联系</del><ins>幹部聯繫</ins>" in content
    assert "<del>话</del><ins>話</ins>" in content
    assert list(choices(response)) == ["convert", "keep"]
    article.refresh_from_db()
    assert article.body == OWN


def test_they_are_put_into_the_script_of_the_article_and_the_revision_tells(client, article):
    chosen = choices(post(client, article, body=TYPED, summary="一线"))["convert"]
    assert post(client, article, body=TYPED, summary="一线", other_script=chosen).status_code == 302
    article.refresh_from_db()
    assert "總工會的幹部聯繫<em>群</em>眾，“龙”字不改；余光明和于師傅都來了。" in article.body
    assert article.summary == "一線"
    assert article.revisions.latest("number").note == "3 處由簡體轉為繁體"


def test_what_is_kept_is_kept_and_not_asked_about_again(client, article):
    chosen = choices(post(client, article, body=TYPED))["keep"]
    assert post(client, article, body=TYPED, other_script=chosen).status_code == 302
    article.refresh_from_db()
    assert "干部联系" in article.body
    assert article.revisions.latest("number").note == "2 處保留簡體"
    again = f"{article.body}<p>再加一句。</p>"
    assert post(client, article, body=again).status_code == 302
    asked = post(client, article, body=f"{again}<p>這是新写的。</p>")
    assert asked.content.decode().count("<del>") == 1


def test_what_the_form_saved_by_itself_is_asked_about_all_the_same(client, article):
    by_itself = client.post(f"{LIST}{article.pk}/autosave/", form_of(article, body=TYPED))
    assert by_itself.json()["state"] == "saved"
    article.refresh_from_db()
    assert "干部联系" in article.body
    asked = post(client, article, body=TYPED)
    assert asked.status_code == 200
    assert "<del>干部联系</del><ins>幹部聯繫</ins>" in asked.content.decode()
    answered = {"body": TYPED, "other_script": choices(asked)["convert"]}
    assert post(client, article, **answered).status_code == 302
    article.refresh_from_db()
    assert "總工會的幹部聯繫<em>群</em>眾" in article.body
    assert article.revisions.latest("number").note == "2 處由簡體轉為繁體"
    assert post(client, article, body=article.body).status_code == 302


def test_so_is_a_new_article_that_the_form_has_made(client):
    new = {"title": "工会的话", "body": TYPED, "original_script": "zh-Hant"}
    made = client.post(f"{LIST}autosave/", form_of(None, **new)).json()
    article = Article.objects.get(pk=int(re.search(r"\d+", made["change"])[0]))
    asked = post(client, article, **new)
    assert list(choices(asked)) == ["convert", "keep"]
    answered = new | {"other_script": choices(asked)["keep"]}
    assert post(client, article, **answered).status_code == 302
    article.refresh_from_db()
    assert article.title == "工会的话"
    assert "保留簡體" in article.revisions.latest("number").note


def test_a_choice_is_of_what_was_shown(client, article):
    chosen = choices(post(client, article, body=TYPED))["convert"]
    changed = f"{TYPED}<p>又写了一句。</p>"
    assert post(client, article, body=changed, other_script=chosen).status_code == 200
    article.refresh_from_db()
    assert article.body == OWN


def test_a_simplified_article_is_asked_about_traditional(client, make_article):
    article = make_article(
        "工会的话", body="<p>乾隆年间的会。</p>", original_script="zh-Hans", status="draft"
    )
    body = "<p>乾隆年间的会。</p><p>這裡有工會。</p>"
    chosen = choices(post(client, article, body=body))["convert"]
    post(client, article, body=body, other_script=chosen)
    article.refresh_from_db()
    assert article.body.endswith("<p>这里有工会。</p>")


@pytest.mark.parametrize(
    ("body", "found"), [(OWN, "zh-Hant"), ("<p>工会干部说话。</p>", "zh-Hans")]
)
def test_the_script_of_a_new_article_is_found_out(client, body, found):
    data = form_of(title="工人", body=body, original_script="", version="new-1")
    assert client.post(f"{LIST}add/", data).status_code == 302
    assert Article.objects.get().original_script == found


def test_a_script_that_contradicts_the_text_is_asked_about(client):
    data = form_of(title="工会", body="<p>工会干部说话。</p>", original_script="zh-Hant")
    offered = choices(client.post(f"{LIST}add/", data))
    assert list(offered) == ["switch", "convert", "keep"]
    assert client.post(f"{LIST}add/", data | {"other_script": offered["switch"]}).status_code == 302
    article = Article.objects.get()
    assert (article.original_script, article.body) == ("zh-Hans", "<p>工会干部说话。</p>")


def test_a_script_chosen_against_a_text_that_stands_is_asked_about(client, article):
    offered = choices(post(client, article, original_script="zh-Hans"))
    assert list(offered) == ["switch", "convert", "keep"]
    post(client, article, original_script="zh-Hans", other_script=offered["convert"])
    article.refresh_from_db()
    assert (article.original_script, article.title) == ("zh-Hans", "工会的话")


@pytest.mark.parametrize("typed", [{"name_hant": "职代会提案机制"}, {"name": "職代會提案機制"}])
def test_a_tag_typed_into_the_field_of_the_other_script_has_both_names(client, typed):
    data = {"name": "", "name_hant": "", "slug": "", "description": "", "description_hant": ""}
    data |= {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0", "group": "duty"} | typed
    client.post("/admin/articles/tag/add/", data)
    tag = Tag.objects.get(name="职代会提案机制")
    assert tag.name_hant == "職代會提案機制"


TAG = {
    "name": "", "name_hant": "提案答覆", "slug": "", "group": "duty", "aliases-TOTAL_FORMS": "0",
    "aliases-INITIAL_FORMS": "0", "description": "", "description_hant": "職工的意見，办理了再答覆，人人看得見",
}  # fmt: skip


def tag_made() -> Tag | None:
    return Tag.objects.filter(name="提案答复").first()


def test_passages_in_a_tags_texts_are_shown_and_put_right(client):
    response = client.post("/admin/articles/tag/add/", TAG)
    content, offered = response.content.decode(), choices(response)
    assert not tag_made() and list(offered) == ["convert", "keep"]
    assert "有 1 處與所在欄位的繁簡不同" in content and "<del>办</del><ins>辦</ins>" in content
    sent = TAG | {"other_script": offered["convert"]}
    done = client.post("/admin/articles/tag/add/", sent, follow=True)
    tag = tag_made()
    assert tag.description_hant == "職工的意見，辦理了再答覆，人人看得見"
    assert tag.description == "职工的意见，办理了再答复，人人看得见"
    assert "1 處已照所在欄位轉為繁體或簡體" in done.content.decode()


def test_they_can_be_kept_and_are_not_asked_about_again(client):
    offered = choices(client.post("/admin/articles/tag/add/", TAG))
    sent = TAG | {"other_script": offered["keep"]}
    done = client.post("/admin/articles/tag/add/", sent, follow=True)
    tag = tag_made()
    assert tag.description_hant == TAG["description_hant"]
    assert "1 處照原樣保留" in done.content.decode()
    entry = AuditEntry.objects.get(kind="articles.tag")
    assert "other_script" not in entry.after
    page = f"/admin/articles/tag/{tag.pk}/change/"
    stands = client.get(page).context["stands_as"]
    again = TAG | {"name": tag.name, "slug": tag.slug, "description": tag.description}
    again |= {"description_hant": f"{tag.description_hant}。", "_seen": stands}
    assert client.post(page, again).status_code == 302
    tag.refresh_from_db()
    assert tag.description_hant == f"{TAG['description_hant']}。"


def test_a_choice_about_a_tag_is_of_what_was_shown(client):
    offered = choices(client.post("/admin/articles/tag/add/", TAG))
    other = TAG | {"description_hant": "職工的意见", "other_script": offered["convert"]}
    assert client.post("/admin/articles/tag/add/", other).status_code == 200
    assert not tag_made()


@pytest.fixture
def collection_of(make_article):
    """What the form of a collection sends, with a note on an article."""
    return {
        "name_hant": "工會入門", "name": "", "summary_hant": "給新干部们", "summary": "",
        "introduction_hant": "<p>這裡有<em>三篇</em>关于走访的文章。</p>", "introduction": "",
        "status": "draft", "slug": "", "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0",
        "items-0-article": str(make_article("工會的話", body=OWN).pk), "items-0-position": "1",
        "items-0-note_hant": "先讀這篇，发言很短", "items-0-note": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "summary", "introduction", "note"),
    [
        ("convert", "給新幹部們", "關於走訪", "先讀這篇，發言很短"),
        ("keep", "給新干部们", "关于走访", "先讀這篇，发言很短"),
    ],
)
def test_passages_in_a_collections_texts_are_asked_about_together(
    client, collection_of, choice, summary, introduction, note
):
    response = client.post("/admin/articles/collection/add/", collection_of)
    assert "有 3 處與所在欄位的繁簡不同" in response.content.decode()
    sent = collection_of | {"other_script": choices(response)[choice]}
    assert client.post("/admin/articles/collection/add/", sent).status_code == 302
    made = Collection.objects.get()
    assert (made.summary_hant, made.items.get().note_hant) == (summary, note)
    assert introduction in made.introduction_hant
    assert (made.name, made.summary) == ("工会入门", "给新干部们")


def test_what_is_told_of_an_author_is_asked_about_and_the_name_is_not(client):
    sent = {
        "name": "于志远", "name_hant": "于志远", "unit": "", "unit_hant": "", "slug": "",
        "biography": "", "biography_hant": "在車間當了十年班长", "aliases-TOTAL_FORMS": "0",
        "aliases-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = client.post("/admin/articles/author/add/", sent)
    assert "有 1 處與所在欄位的繁簡不同" in response.content.decode()
    sent["other_script"] = choices(response)["convert"]
    assert client.post("/admin/articles/author/add/", sent).status_code == 302
    author = Author.objects.get()
    assert (author.name_hant, author.biography_hant) == ("于志远", "在車間當了十年班長")

"""Words typed in the other script: shown before they are saved, put right or kept as was chosen."""

import re

import pytest

from articles.models import Article, Collection, Tag

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


def test_passages_in_a_collections_texts_are_put_into_the_script_of_their_field(client):
    data = {
        "name_hant": "工会入門", "name": "", "summary_hant": "給新干部", "summary": "",
        "introduction_hant": "<p>這裡有<em>三篇</em>关于走访的文章。</p>", "introduction": "",
        "status": "draft", "slug": "", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = client.post("/admin/articles/collection/add/", data, follow=True)
    made = Collection.objects.get()
    assert (made.name_hant, made.name) == ("工會入門", "工会入门")
    assert made.introduction_hant == "<p>這裡有<em>三篇</em>關於走訪的文章。</p>"
    assert "2 處已照所在欄位轉為繁體或簡體" in response.content.decode()
